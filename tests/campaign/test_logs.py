"""What the logs of jobs say of a simulation: which jobs failed since its page was made, and why."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spikelib.campaign.logs import SILENT, Jobs, find_jobs

ERROR = "spikelib: error: a.h5: the HDF5 file is truncated"
TEXT = ERROR.removeprefix("spikelib: error: ")


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Return a folder for logs beside one of results."""
    (tmp_path / "results/a").mkdir(parents=True)
    return tmp_path / "logs"


def add(logs: Path, name: str, text: str, time: int = 1000) -> Path:
    """Write a log that is as old as is wanted."""
    path = logs / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (time, time))
    return path


def find(logs: Path, *run_logs: Path) -> Jobs | None:
    return find_jobs(logs, logs.parent / "results", ["a"], run_logs).get("a")


def test_no_log_is_no_job(logs: Path) -> None:
    add(logs, "filter_spikes/b/all.log", ERROR)
    add(logs, "slurm/a/all.log", ERROR)
    assert find(logs) is None


def test_failure_names_the_rule_and_what_it_was_for(logs: Path) -> None:
    log = add(logs, "filter_slab/a/late/00001.log", f"warning: odd\n{ERROR}\n")
    jobs = find(logs)
    assert jobs is not None
    assert [(failure.job, failure.error, failure.log) for failure in jobs.failures] == [
        ("filter_slab late 00001", TEXT, log)
    ]
    assert (jobs.n_more, jobs.last_log) == (0, log)


def test_page_that_is_newer_forgives(logs: Path) -> None:
    log = add(logs, "assemble_page/a.log", ERROR, time=1000)
    page = add(logs.parent / "results", "a/report.html", "", time=1001)
    assert find(logs) == Jobs(last_log=log)
    os.utime(page, (999, 999))
    jobs = find(logs)
    assert jobs is not None
    assert len(jobs.failures) == 1


def test_last_line_of_a_traceback(logs: Path) -> None:
    add(logs, "assemble_page/a.log", "Traceback (most recent call last):\n  File x\nKeyError: 7\n")
    jobs = find(logs)
    assert jobs is not None
    assert jobs.failures[0].error == "KeyError: 7"


def test_of_many_errors_the_first_three_are_shown(logs: Path) -> None:
    for number in range(5):
        add(logs, f"extract_population/a/{number}.log", f"spikelib: error: {number}", time=1000 + number)
    add(logs, "extract_population/a/again.log", "spikelib: error: 0", time=2000)
    jobs = find(logs)
    assert jobs is not None
    assert [failure.error for failure in jobs.failures] == ["0", "1", "2"]
    assert jobs.n_more == 3


def test_job_that_was_stopped_is_known_from_the_log_of_the_run(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    add(logs, "assemble_page/a.log", "")
    run_log = add(tmp_path, "run.log", "    log: logs/assemble_page/a.log (check log file(s) for error details)\n")
    assert find(logs) == Jobs(last_log=logs / "assemble_page/a.log")
    jobs = find(logs, run_log, Path("missing.log"))
    assert jobs is not None
    assert jobs.failures[0].error == SILENT
