"""The demo on SLURM, through profiles/slurm; `.ci/slurm_single_node.sh` starts a SLURM that will do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import SLURM_CONF

if TYPE_CHECKING:
    from .conftest import Workflow

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def slurm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Need a SLURM that answers: skip without one, fail without one in CI."""
    if SLURM_CONF is None:
        monkeypatch.delenv("SLURM_CONF")
    else:
        monkeypatch.setenv("SLURM_CONF", SLURM_CONF)
    if shutil.which("sinfo"):
        done = subprocess.run(["sinfo", "--noheader"], capture_output=True, timeout=30, check=False)
        if done.returncode == 0 and done.stdout.strip():
            return
    if os.environ.get("CI") == "true":
        pytest.fail("no SLURM answers on this machine, and CI must not skip it: run .ci/slurm_single_node.sh")
    pytest.skip("no SLURM answers on this machine")


@pytest.mark.slow
@pytest.mark.slurm
@pytest.mark.usefixtures("slurm")
def test_demo_on_slurm(workflow: Workflow) -> None:
    workflow.configure(simulations={"demo": "demo"}, filters={"all": {}}, figures={})
    # A test cannot wait for files and for the queue as patiently as a real cluster must.
    quick = ["--latency-wait", "10", "--slurm-init-seconds-before-status-checks", "3"]
    printed = workflow.run("--workflow-profile", str(PROJECT / "profiles/slurm"), *quick)
    assert "SLURM jobid" in printed, printed
    assert (workflow.folder / "results/demo/report.html").stat().st_size > 100_000
    assert "Nothing to be done" in workflow.run()
