"""What the logs of a workflow say of its jobs: which failed, and with which error."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spikelib.results import SimulationResults

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "Failure",
    "Jobs",
    "find_jobs",
]


NO_SIMULATIONS = ("benchmarks", "slurm")
"""Folders of logs that are not those of a rule."""

SILENT = "the job ended without an error message: it was stopped, or ran out of memory or time"

_ERROR = "spikelib: error: "
_TRACEBACK = "Traceback (most recent call last)"
_TAIL_BYTES = 16_384
_SHOWN = 3
_FAILED_LOG = re.compile(r"^ +log: (.+) \(check log file\(s\) for error details\)$", re.MULTILINE)


@dataclass(frozen=True)
class Failure:
    """A job that failed."""

    job: str
    """The rule and what it was for, as ``filter_spikes late``."""
    error: str
    """One line."""
    log: Path


@dataclass(frozen=True)
class Jobs:
    """What the logs say of a simulation's jobs."""

    failures: tuple[Failure, ...] = ()
    """The first ones; of several jobs with the same error only one."""
    n_more: int = 0
    """Failures that are not among them."""
    last_log: Path | None = None
    """The newest log, None if no job was ever begun."""


def find_jobs(logs: Path, results: Path, names: Sequence[str], run_logs: Sequence[Path] = ()) -> dict[str, Jobs]:
    """Find out from the logs which simulations failed.

    A job failed if its log ends in an error and is newer than the simulation's page, or if there is no page.

    Parameters
    ----------
    logs
        Folder of logs: ``<rule>/<simulation>.log`` or ``<rule>/<simulation>/....log``.
    results
        Folder of results, with ``<simulation>/report.html``.
    names
        Simulations to look for.
    run_logs
        What the workflow itself wrote. They name the logs of failed jobs, also of those that were stopped before they
        could say why.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     logs = Path(folder, "logs")
    ...     Path(logs, "assemble_page").mkdir(parents=True)
    ...     _ = Path(logs, "assemble_page/weak.log").write_text("spikelib: error: weak.h5: no such file")
    ...     find_jobs(logs, Path(folder, "results"), ["weak"])["weak"].failures[0].error
    'weak.h5: no such file'
    """
    wanted, stopped = set(names), _failed_logs(run_logs)
    found: dict[str, list[tuple[float, Path]]] = defaultdict(list)
    for name, log in _logs(logs):
        if name in wanted:
            found[name].append((log.stat().st_mtime, log))
    return {name: _jobs(entries, logs, _page_time(results / name), stopped) for name, entries in found.items()}


def _jobs(entries: list[tuple[float, Path]], logs: Path, page_time: float, stopped: set[Path]) -> Jobs:
    failures: dict[str, Failure] = {}
    n_failed = 0
    for time, log in sorted(entries):
        if time <= page_time:
            continue
        error = _last_error(log) or (SILENT if log.absolute() in stopped else "")
        if error:
            # Of a damaged file the jobs of all populations and slabs say the same.
            n_failed += 1
            rule, *rest = log.relative_to(logs).with_suffix("").parts
            failures.setdefault(error, Failure(" ".join([rule, *rest[1:]]), error, log))
    shown = tuple(failures.values())[:_SHOWN]
    return Jobs(shown, n_failed - len(shown), max(entries)[1])


def _logs(logs: Path) -> Iterator[tuple[str, Path]]:
    """Yield each log with the name of its simulation."""
    for rule in sorted(path for path in logs.glob("*/") if path.name not in NO_SIMULATIONS):
        for log in rule.rglob("*.log"):
            first = log.relative_to(rule).parts[0]
            yield first.removesuffix(".log") if log.parent == rule else first, log


def _page_time(folder: Path) -> float:
    """Return when the page of a simulation was made, or a time before all others."""
    try:
        return SimulationResults(folder).page.stat().st_mtime
    except OSError:
        return float("-inf")


def _last_error(log: Path) -> str:
    """Return the error that a log ends in: our own line, or the last of a traceback; "" if there is none."""
    # Warnings may fill megabytes, and a thousand logs are read for one page; an error ends its log.
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
        text = file.read().decode(errors="replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    if lines[-1].startswith(_ERROR):
        return lines[-1].removeprefix(_ERROR)
    return lines[-1] if _TRACEBACK in text else ""


def _failed_logs(run_logs: Sequence[Path]) -> set[Path]:
    """Return the logs of the jobs that runs of the workflow call failed."""
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in run_logs if path.is_file()]
    found = [names for text in texts for names in _FAILED_LOG.findall(text)]
    return {Path(name).absolute() for names in found for name in names.split(", ")}
