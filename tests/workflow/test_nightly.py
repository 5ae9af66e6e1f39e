"""Unattended runs: one at a time, with an end, and going on after whatever happened to the one before."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from spikelib.campaign.lock import hold_lock
from tests.workflow.conftest import PROJECT, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

NIGHTLY = [sys.executable, str(PROJECT / "workflow/nightly.py")]
STILL = {"raster": {}, "others": False}
SMALL = {"small": "runs/small/simulation_config.json"}


def command(workflow: Workflow, *options: str) -> list[str]:
    return [*NIGHTLY, "--directory", str(workflow.folder), *options, "--", "--cores", "2"]


def nightly(workflow: Workflow, *options: str, status: int = 0) -> str:
    """Run it to its end and check its exit status; gives what it printed."""
    done = subprocess.run(
        command(workflow, *options), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == status, done.stdout
    return done.stdout


def wait_for(path: Path, process: subprocess.Popen[Any]) -> None:
    """Wait until a file exists, as long as a process runs."""
    while not path.exists():
        assert process.poll() is None
        time.sleep(0.02)


@pytest.fixture
def small(workflow: Workflow) -> Workflow:
    """Return a workflow with little to do."""
    workflow.configure(simulations=SMALL, filters={"all": {}}, figures=STILL, jobs="per_simulation")
    return workflow


@pytest.fixture
def locked(workflow: Workflow) -> Iterator[Workflow]:
    """Return a workflow in a folder in which this process is at work."""
    file = hold_lock(workflow.folder / "results.lock")
    assert file is not None
    yield workflow
    os.close(file)


def test_night_after_night(small: Workflow) -> None:
    other = small.add_simulation("departed", seed=1)
    simulations = {**SMALL, "departed": str(other)}
    small.configure(simulations=simulations, filters={"all": {}}, figures=STILL, jobs="per_simulation")
    nightly(small)
    assert {"small/report.html", "departed/report.html"} <= set(small.results())
    assert "Nothing to be done" in nightly(small)
    small.configure(simulations=SMALL, filters={"all": {}}, figures=STILL, jobs="per_simulation")
    nightly(small)
    assert "departed/report.html" in small.results()
    printed = nightly(small, "--remove-gone")
    assert "nightly: removed the results of departed, which is no longer in the campaign" in printed
    assert not [path for path in small.results() if path.startswith("departed/")]
    assert "departed" not in (small.folder / "results/index.html").read_text()
    assert "removed" not in nightly(small, "--remove-gone")


def test_of_two_at_once_one_works_and_one_leaves(small: Workflow) -> None:
    runs = [
        subprocess.Popen(command(small), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)
    ]
    printed = {run.communicate()[0]: run.returncode for run in runs}
    assert sorted(printed.values()) == [0, 75]
    (left,) = [text for text, status in printed.items() if status == 75]
    assert re.search(r"^nightly: .*results\.lock: another run is at work here \(process \d+ on .* since", left), left
    assert "small/report.html" in small.results()


def test_plain_snakemake_leaves_too_but_may_plan(locked: Workflow) -> None:
    assert "another run is at work here" in locked.run(status=1)
    assert not (locked.folder / "results/small").exists()
    assert "default" in locked.plan()
    assert "another run is at work here" in nightly(locked, status=75)


def test_killed_run_blocks_nobody(small: Workflow) -> None:
    with subprocess.Popen(command(small), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_for(small.folder / "logs/report_simulation", process)
        process.kill()
    # The kernel takes Snakemake along; it may need a moment.
    for _ in range(50):
        done = subprocess.run(command(small), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 75:
            break
        time.sleep(0.1)
    assert done.returncode == 0, done.stdout
    assert "small/report.html" in small.results()


def test_time_limit_ends_a_run_and_the_next_goes_on(workflow: Workflow) -> None:
    printed = nightly(workflow, "--time-limit", "2.5s", "--grace", "20s", status=124)
    assert "nightly: the time limit is reached; the next run goes on from here" in printed
    nightly(workflow)
    assert "small/report.html" in workflow.results()


def test_stop_of_a_scheduler_ends_snakemake_too(small: Workflow) -> None:
    with subprocess.Popen(command(small), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        wait_for(small.folder / "logs/report_simulation", process)
        process.send_signal(signal.SIGTERM)
        printed = process.communicate()[0]
    assert process.returncode == 143
    assert "nightly: stopped; the next run goes on from here" in printed
    nightly(small)
    assert "small/report.html" in small.results()


def test_failure_is_told_by_the_status(small: Workflow) -> None:
    (small.folder / "runs/small/spikes.h5").write_text("no HDF5")
    assert "it is not an HDF5 file" in nightly(small, status=1)


@pytest.mark.parametrize("text", ["8", "h", "8 h", "-1h"])
def test_odd_times_are_refused(workflow: Workflow, text: str) -> None:
    assert "is not a time such as 90s, 45m, 8h or 2d" in nightly(workflow, f"--time-limit={text}", status=2)


@pytest.mark.parametrize("option", ["--directory", "--profile"])
def test_folder_that_does_not_exist_is_refused(workflow: Workflow, option: str) -> None:
    printed = nightly(workflow, f"{option}={workflow.folder}/nowhere", status=2)
    assert "nowhere: there is no such folder" in printed
    assert not (workflow.folder / "nowhere").exists()


def test_cluster_generic_profile(workflow: Workflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow.configure(simulations=SMALL, filters={"all": {}}, figures={"animation": False})
    folder = Path(shutil.copytree(Path(__file__).parent / "fake_scheduler", tmp_path / "scheduler"))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    quick = ["--latency-wait", "5", "--seconds-between-status-checks", "1", "--cores", "2"]
    workflow.run("--workflow-profile", str(PROJECT / "profiles/cluster-generic"), *quick)
    submitted = (workflow.folder / "logs/cluster/submitted").read_text()
    assert re.findall(r"--job-name (\w+) --cpus-per-task (\d) --mem (\d+) --time (\d+)", submitted) == [
        ("extract_population", "1", "1000", "16"),
        ("GROUP", "1", "1000", "32"),
        ("assemble_page", "1", "1000", "16"),
    ]
    assert "small/report.html" in workflow.results()
    assert "Nothing to be done" in workflow.run()
