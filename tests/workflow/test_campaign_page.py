"""The page of a campaign in which simulations fail, wait, are corrected and leave."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflow.conftest import Workflow

NO_FIGURES = {"others": False}
YESTERDAY = 86_400
KILLER = """
import os, signal, sys
if "--summarise" in sys.orig_argv and any("seed_2" in word for word in sys.orig_argv):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def configure(workflow: Workflow, names: tuple[str, ...]) -> None:
    sources = {name: f"runs/{name}/simulation_config.json" for name in names}
    workflow.configure(simulations=sources, filters={"all": {}}, figures=NO_FIGURES)


def truncate(spikes: Path, age: float) -> bytes:
    """Cut a file in half, as if it had been written `age` seconds ago; return what it held."""
    content = spikes.read_bytes()
    spikes.write_bytes(content[: len(content) // 2])
    time = spikes.stat().st_mtime - age
    os.utime(spikes, (time, time))
    return content


def states(workflow: Workflow) -> dict[str, str]:
    """Return the state of each row of the page, with its reason."""
    page = (workflow.folder / "results/index.html").read_text()
    rows = re.findall(r'<tr data-row.*?<th scope="row">(.*?)</th><td class="state" data-value="(.*?)">', page)
    return {re.sub(r"<.*?>", "", name): told for name, told in rows}


@pytest.mark.slow
def test_broken_simulation_is_listed_with_its_error_and_the_others_are_made(workflow: Workflow) -> None:
    for name, seed in (("seed_1", 1), ("seed_2", 2), ("seed_3", 3)):
        workflow.add_simulation(name, seed)
    content = truncate(workflow.folder / "runs/seed_2/spikes.h5", YESTERDAY)
    truncate(workflow.folder / "runs/seed_3/spikes.h5", 0)
    configure(workflow, ("seed_1", "seed_2", "seed_3"))
    printed = workflow.run("--nocolor", status=1)
    assert "Traceback" not in printed
    told = states(workflow)
    assert told["seed_1"] == "OK"
    assert re.match(r"Failed: .*seed_2/spikes\.h5: the HDF5 file is truncated", told["seed_2"])
    assert told["seed_3"].startswith("Waiting: its spike report ")
    page = (workflow.folder / "results/index.html").read_text()
    (log,) = re.findall(r'href="\.\./(logs/[^"]*)"', page)
    assert "truncated" in (workflow.folder / log).read_text()
    assert 'href="seed_1/report.html"' in page

    (workflow.folder / "runs/seed_2/spikes.h5").write_bytes(content)
    workflow.run()
    assert (states(workflow)["seed_1"], states(workflow)["seed_2"]) == ("OK", "OK")


@pytest.mark.slow
def test_simulation_whose_job_was_killed_is_listed(workflow: Workflow, tmp_path: Path) -> None:
    for name, seed in (("seed_1", 1), ("seed_2", 2)):
        workflow.add_simulation(name, seed)
    configure(workflow, ("seed_1", "seed_2"))
    (tmp_path / "killer").mkdir()
    (tmp_path / "killer/sitecustomize.py").write_text(KILLER)
    workflow.run(status=1, env={**os.environ, "PYTHONPATH": str(tmp_path / "killer")})
    told = states(workflow)
    assert told["seed_1"] == "OK"
    assert told["seed_2"].startswith("Failed: the job ended without an error message")


@pytest.mark.slow
def test_simulation_that_left_the_config_is_listed_apart(workflow: Workflow) -> None:
    workflow.add_simulation("seed_1", 1)
    configure(workflow, ("seed_1", "small"))
    workflow.run()
    assert set(states(workflow)) == {"seed_1", "small"}
    configure(workflow, ("small",))
    workflow.run()
    assert set(states(workflow)) == {"small"}
    page = (workflow.folder / "results/index.html").read_text()
    assert 'href="seed_1/report.html"' in page.partition('id="absent"')[2]
    assert "Nothing to be done" in workflow.run()
