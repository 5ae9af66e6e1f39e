"""Measuring a work: its commands in fresh processes, wall clock and the peak memory of the largest process."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.commands import COMMANDS, Command
from benchmarks.place import PYTHON, ROOT, Place


class MeasurementError(Exception):
    """A measured command failed."""


def measure(work: str, side: str, data: Path) -> dict[str, Any]:
    """Run one side of a work once.

    The process that calls this must be a small one: on Linux, a process starts its peak memory from that of
    the process that made it.

    Parameters
    ----------
    work, side
        A work, and who does it: spikelib, bluepysnap, careful or bare.
    data
        A folder made by ``generate``.

    Returns
    -------
    dict
        ``seconds`` (the work alone; of a command, all of it), ``seconds_process`` (the whole process),
        ``peak_mb`` (of the largest process), ``grown_mb`` (peak beyond imports and what was loaded before),
        ``jobs`` (each command's time and peak) and ``result`` (numbers that must be the same on all sides).

    Raises
    ------
    MeasurementError
        A command failed; the text is the end of what it said.
    """
    with tempfile.TemporaryDirectory(prefix="spikelib-benchmark-") as folder:
        place = Place(data.resolve(), Path(folder))
        commands = COMMANDS[work, side](place) if (work, side) in COMMANDS else [_inside(work, side, place)]
        jobs, printed = [], ""
        for command in commands:
            job, printed = run_command(command, Path(folder))
            jobs += [job] if command.counted else []
    seconds = sum(job["seconds"] for job in jobs)
    peak = max(job["peak_mb"] for job in jobs)
    found = json.loads(printed.splitlines()[-1]) if (work, side) not in COMMANDS else {}
    return {
        "work": work,
        "side": side,
        "n_spikes": place.n_spikes,
        "seconds": found.get("seconds", seconds),
        "seconds_process": seconds,
        "seconds_before": found.get("seconds_before", 0.0),
        "peak_mb": peak,
        "grown_mb": max(peak - found.get("mb_before", 0.0), 0.0),
        "jobs": jobs,
        "result": found.get("result", {}),
    }


def _inside(work: str, side: str, place: Place) -> Command:
    return Command(work, (PYTHON, "-m", "benchmarks.inside", work, side, str(place.data), str(place.out)))


def run_command(command: Command, folder: Path) -> tuple[dict[str, Any], str]:
    """Run a command from the project's root; return its time and peak, and what it printed."""
    # Snakemake's SLURM plugin asks for the controller when it is imported, and waits 9 s for one that is down.
    environment = {**os.environ, "MPLBACKEND": "agg", "SLURM_CONF": os.devnull}
    log = folder / "benchmark.log"
    with log.open("w") as complaints, tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command.words, cwd=ROOT, env=environment, stdout=output, stderr=complaints)
        _, status, usage = os.wait4(process.pid, 0)  # its own peak, or that of the largest process below it
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read()
    if process.returncode != 0:
        end = log.read_text(errors="replace")[-2000:]
        msg = f"{' '.join(command.words)}: exit status {process.returncode}\n{end}"
        raise MeasurementError(msg)
    return {"name": command.name, "seconds": seconds, "peak_mb": usage.ru_maxrss / 1024}, printed
