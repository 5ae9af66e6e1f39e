"""The workflow on a real SLURM, through its profiles; `.ci/slurm_single_node.sh` starts one that will do.

Jobs here are real submissions, and what became of them is read from the scheduler. Results are compared to the byte
with those that the same simulations give without it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from tests.missing import SLURM, skip_without
from tests.real_data import DATA
from tests.workflow.conftest import PROJECT, SLURM_CONF, Workflow, write_simulation
from tests.workflow.scheduler import (
    PATIENCE,
    Job,
    ask,
    count_waiting,
    environments,
    find_submitted,
    has_accounting,
    look_up,
    wait_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.slurm, pytest.mark.usefixtures("slurm")]

NAMES = ("one", "two")
WHOLE = "{name}/.whole"
TROUBLE = """
import pathlib, sys, time

command = " ".join(sys.orig_argv)
mark = pathlib.Path("trouble-{kind}")
if "bin/spikelib report" in command and "runs/{name}/" in command and not mark.exists():
    mark.touch()
    taken = bytearray(b"x") * ({megabytes} << 20)
    time.sleep(600)
"""
"""Code that Python runs at its start: the first attempt at a simulation takes memory and does not end."""


@pytest.fixture(scope="module")
def slurm() -> Iterator[None]:
    """Need a SLURM that answers: skip without one, fail without one in CI."""
    with pytest.MonkeyPatch.context() as patch:
        if SLURM_CONF is None:
            patch.delenv("SLURM_CONF", raising=False)
        else:
            patch.setenv("SLURM_CONF", SLURM_CONF)
        if not _answers():
            skip_without(SLURM)
        yield


def _answers() -> bool:
    if not shutil.which("sinfo"):
        return False
    done = subprocess.run(["sinfo", "--noheader"], capture_output=True, timeout=30, check=False)
    return done.returncode == 0 and bool(done.stdout.strip())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two small simulations in runs/ and the results that a run without SLURM has made of them."""
    place = tmp_path_factory.mktemp("slurm")
    for seed, name in enumerate(NAMES):
        write_simulation(place / "runs" / name, seed)
    run_locally(campaign(place, "local"))
    return place


def campaign(place: Path, name: str, **content: Any) -> Workflow:
    """Return a workflow over the small simulations; the pages show the name of its folder, the same for all."""
    workflow = Workflow(place / name / "work")
    workflow.folder.mkdir(parents=True)
    sources = {name: str(place / "runs" / name / "simulation_config.json") for name in NAMES}
    workflow.configure(**{"simulations": sources, **content})
    return workflow


def run_locally(workflow: Workflow) -> None:
    """Run the workflow with the default profile, which needs no scheduler."""
    workflow.run(env={**os.environ, "SLURM_CONF": os.devnull}, timeout=PATIENCE)


def options(profile: str = "slurm") -> list[str]:
    """Return options that take a profile, with polls that suit a test; a real cluster needs more patience."""
    chosen = ["--workflow-profile", str(PROJECT / "profiles" / profile), "--latency-wait", "10"]
    if profile == "cluster-generic":
        return [*chosen, "--seconds-between-status-checks", "1"]
    chosen += ["--slurm-init-seconds-before-status-checks", "2"]
    return [*chosen, "--slurm-status-command", "sacct"] if has_accounting() else chosen


def run_on_slurm(workflow: Workflow, profile: str = "slurm", **settings: Any) -> list[Job]:
    """Run the workflow on SLURM; return its jobs in the order of submission."""
    printed = workflow.run(*options(profile), timeout=PATIENCE, **settings)
    return [look_up(number) for number in find_submitted(printed)]


def start(workflow: Workflow, **settings: Any) -> subprocess.Popen[str]:
    """Start the workflow on SLURM; what it prints goes to a file, `printed`."""
    with (workflow.folder / "printed").open("w") as out:
        return subprocess.Popen(
            workflow.command(*options()), cwd=workflow.folder, stdout=out, stderr=out, text=True, **settings
        )


def find_started(workflow: Workflow) -> list[Job]:
    """Return the jobs that a started workflow has submitted so far."""
    return [look_up(number) for number in find_submitted((workflow.folder / "printed").read_text())]


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of each file of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check_same(made: Path, expected: Path) -> None:
    """Check that results are the same to the byte, but for the marks of simulations that one job has made."""
    ours, theirs = (
        {name: content for name, content in files(folder).items() if not name.endswith("/.whole")}
        for folder in (made, expected)
    )
    assert sorted(ours) == sorted(theirs)
    assert "index.html" in ours
    assert [name for name, content in ours.items() if content != theirs[name]] == []


def test_demo_is_the_same_as_without_slurm(workflow: Workflow) -> None:
    workflow.configure(simulations={"demo": "demo"}, filters={"all": {}}, figures={})
    run_locally(workflow)
    # In the same folder, as results tell where the demo was written.
    (workflow.folder / "results").rename(workflow.folder / "local")
    shutil.rmtree(workflow.folder / ".snakemake")
    jobs = run_on_slurm(workflow)
    assert [job.state for job in jobs] == ["COMPLETED"] * 4  # two populations, a group of a filter, the page
    assert all(job.comment.startswith("rule_") for job in jobs)
    check_same(workflow.folder / "results", workflow.folder / "local")
    assert "Nothing to be done" in workflow.run(*options(), timeout=PATIENCE)


def test_campaign_with_a_job_for_each_simulation(tmp_path: Path) -> None:
    found = brunel_simulations()
    settings = {"simulations": found, "filters": {"all": {}}, "jobs": "per_simulation"}
    here, there = Workflow(tmp_path / "local/work"), Workflow(tmp_path / "slurm/work")
    for workflow in (here, there):
        workflow.folder.mkdir(parents=True)
        workflow.configure(**settings)
    run_locally(here)
    jobs = run_on_slurm(there)
    assert {job.comment for job in jobs} == {f"rule_report_simulation_wildcards_{name}" for name in found}
    assert [job.state for job in jobs] == ["COMPLETED"] * len(found)
    check_same(there.folder / "results", here.folder / "results")


def brunel_simulations() -> dict[str, str]:
    """Return the simulations of the Brunel campaign."""
    paths = sorted((DATA / "brunel_campaign_nest/sims").glob("*/simulation_config.json"))
    return {path.parent.name: str(path) for path in paths}


def test_cluster_generic_profile(place: Path) -> None:
    workflow = campaign(place, "generic")
    jobs = run_on_slurm(workflow, "cluster-generic")
    assert [job.state for job in jobs] == ["COMPLETED"] * 8  # a population, two groups of a filter, the page; twice
    assert all(job.log.parent == workflow.folder / "logs/cluster" for job in jobs)
    check_same(workflow.folder / "results", place / "local" / "work" / "results")


def test_killed_jobs_are_tried_again_with_more(place: Path) -> None:
    workflow = campaign(place, "killed", jobs="per_simulation")
    slow, greedy = NAMES
    hook = workflow.folder / "hook/sitecustomize.py"
    hook.parent.mkdir()
    hook.write_text(
        TROUBLE.format(kind="time", name=slow, megabytes=0) + TROUBLE.format(kind="memory", name=greedy, megabytes=1500)
    )
    with start(workflow, env={**os.environ, "PYTHONPATH": str(hook.parent)}) as process:
        wait_for((workflow.folder / "trouble-time").exists, process)
        first = {job.comment.rpartition("_")[2]: job for job in find_started(workflow)}
        # A limit is at least a minute, and looked at twice a minute: put the end of the granted time to now.
        ask("scontrol", "update", f"JobId={first[slow].number}", "EndTime=now+1")
        assert process.wait(PATIENCE) == 0, (workflow.folder / "printed").read_text()
    attempts = defaultdict(list)
    for job in find_started(workflow):
        attempts[job.comment.rpartition("_")[2]].append(job)
    assert [job.state for job in attempts[slow]] == ["TIMEOUT", "COMPLETED"]
    assert attempts[slow][1].minutes == 2 * first[slow].minutes
    # Where there are control groups, the kernel kills, and the state is OUT_OF_MEMORY.
    assert attempts[greedy][0].state in {"FAILED", "OUT_OF_MEMORY"}
    assert re.search("exceeded memory limit|oom[-_]kill", attempts[greedy][0].log.read_text())
    assert attempts[greedy][1].state == "COMPLETED"
    assert attempts[greedy][1].memory_mb == 2 * attempts[greedy][0].memory_mb
    assert {name: len(jobs) for name, jobs in attempts.items()} == {slow: 2, greedy: 2}
    check_same(workflow.folder / "results", place / "local" / "work" / "results")


def test_interrupted_run_cancels_its_jobs_and_goes_on(place: Path) -> None:
    workflow = campaign(place, "interrupted", jobs="per_simulation")
    with start(workflow) as process:
        wait_for(lambda: [job for job in find_started(workflow) if job.state == "RUNNING"], process)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 1, (workflow.folder / "printed").read_text()
    jobs = find_started(workflow)
    assert jobs
    assert {job.state for job in jobs} == {"CANCELLED"}
    assert count_waiting() == 0
    assert not (workflow.folder / "results/one/report.html").exists()
    assert [job.state for job in run_on_slurm(workflow)] == ["COMPLETED"] * len(NAMES)
    check_same(workflow.folder / "results", place / "local" / "work" / "results")


def test_temporary_files_go_to_the_disk_of_the_node(workflow: Workflow) -> None:
    # More spikes than are sorted in memory, in no order.
    random = np.random.default_rng(0)
    n_spikes = (4 << 20) + 1000
    with h5py.File(workflow.folder / "runs/small/spikes.h5", "a") as file:
        spikes = file["spikes/cells"]
        del spikes["timestamps"], spikes["node_ids"]
        spikes["timestamps"] = random.uniform(0, 100, n_spikes)
        spikes["timestamps"].attrs["units"] = "ms"
        spikes["node_ids"] = random.integers(0, 40, n_spikes, dtype=np.uint64)
    with (workflow.folder / "printed").open("w") as out:
        command = workflow.command(*options(), "tables")
        process = subprocess.Popen(command, cwd=workflow.folder, stdout=out, stderr=out, text=True)
    with process:
        variables = wait_for(lambda: environments("bin/spikelib extract"), process)[0]
        assert variables["TMPDIR"] == variables["SLURM_TMPDIR"]
        folder = Path(variables["TMPDIR"])
        wait_for(lambda: list(folder.glob("spikelib-sort-*")), process)
        assert process.wait(PATIENCE) == 0, (workflow.folder / "printed").read_text()
    assert [job.state for job in find_started(workflow)] == ["COMPLETED"]
    wait_for(lambda: not folder.exists())  # SLURM tidies up after the end of the job
