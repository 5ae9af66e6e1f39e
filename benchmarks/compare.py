"""Both sides of every comparison in turn, medians, ratios, goals: a table, JSON and a plot."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.machine import describe_machine
from benchmarks.measure import MeasurementError, measure
from benchmarks.place import PYTHON, ROOT
from benchmarks.sizes import format_count
from benchmarks.table import markdown, row
from benchmarks.tasks import CURVE, TASKS, Run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from benchmarks.tasks import Task

WARM_UP_SPIKES = 10_000


@dataclass
class Comparison:
    """The measurements of one call of ``compare``, and where its simulations are."""

    data: Path
    spikes: int
    repeat: int
    records: list[dict[str, Any]] = field(default_factory=list)
    """One for each run that was timed, in order."""
    checked: set[Path] = field(default_factory=set)
    """Folders that are known to hold the right simulation."""

    def task(self, task: Task) -> dict[str, Any]:
        """Run both sides in turn, ours first, and return the task's row of the table."""
        runs = [run for run in (task.ours, task.theirs) if run is not None]
        try:
            self._warm_up(runs)
            found: list[list[dict[str, Any]]] = [[] for _ in runs]
            # In turn, so that a busy minute of the machine slows both sides and not one of them.
            for number in range(self.repeat):
                for place, run in zip(found, runs, strict=True):
                    place.append(self._measure(run, f"{task.name}, {number + 1} of {self.repeat}"))
        except MeasurementError as error:
            _say(f"{task.name} failed: {error}")
            return {"name": task.name, "title": task.title, "error": str(error)}
        return row(task, *(_medians(records, task.clock) for records in found))

    def curve(self, sizes: Iterable[int]) -> None:
        """Measure the lines of the plot, once at each size that a line can reach."""
        for size in sizes:
            for run, most in CURVE:
                if size <= most:
                    try:
                        self._measure(Run(run.work, run.side, size / self.spikes), "curve")
                    except MeasurementError as error:
                        _say(f"{run.work} of {run.side} failed: {error}")

    def _measure(self, run: Run, why: str) -> dict[str, Any]:
        spikes = round(self.spikes * run.scale)
        record = measure(run.work, run.side, self._simulation(spikes, run.sorting))
        _say(
            f"{why}: {run.side} {run.work} of {format_count(spikes)}: "
            f"{record['seconds']:.3g} s, process {record['seconds_process']:.3g} s, {record['peak_mb']:.0f} MiB"
        )
        self.records.append({**record, "sorting": run.sorting})
        return record

    def _warm_up(self, runs: Iterable[Run]) -> None:
        """Compile what is compiled once per machine, on few spikes, and bring the files into the page cache."""
        for run in runs:
            if run.side == "spikelib":
                measure(run.work, run.side, self._simulation(WARM_UP_SPIKES, run.sorting))
            with (self._simulation(round(self.spikes * run.scale), run.sorting) / "output/spikes.h5").open(
                "rb"
            ) as file:
                while file.read(1 << 24):
                    pass

    def _simulation(self, spikes: int, sorting: str) -> Path:
        """Return the folder of a simulation; a process of its own makes it, so that this one stays small."""
        folder = self.data / f"{sorting}-{format_count(spikes)}"
        recipe = ("--spikes", str(spikes), "--sorting", sorting, "--out", str(folder.resolve()))
        if folder not in self.checked:
            subprocess.run([PYTHON, "-m", "benchmarks", "generate", *recipe], cwd=ROOT, check=True, stdout=sys.stderr)
            self.checked.add(folder)
        return folder


def compare(comparison: Comparison, names: list[str], sizes: list[int], out: Path) -> str:
    """Run comparisons and write ``comparison.md``, ``comparison.json`` and the plot.

    Parameters
    ----------
    comparison
        Holds the data's folder, spikes and repeats.
    names
        The tasks.
    sizes
        Numbers of spikes for the plot; none for no plot.
    out
        Folder of the results. The table and the JSON are written after every task.

    Returns
    -------
    str
        The table, Markdown.
    """
    out.mkdir(parents=True, exist_ok=True)
    machine, rows, text = describe_machine(), [], ""
    for task in (task for task in TASKS if task.name in names):
        rows.append(comparison.task(task))
        text = markdown(rows, machine, comparison.repeat)
        _write(out, text, {"machine": machine, "repeat": comparison.repeat, "rows": rows}, comparison.records)
    if sizes:
        comparison.curve(sizes)
        _write(out, text, {"machine": machine, "repeat": comparison.repeat, "rows": rows}, comparison.records)
        subprocess.run([PYTHON, "-m", "benchmarks", "plot", str(out.resolve())], cwd=ROOT, check=True)
    return text


def _medians(records: list[dict[str, Any]], clock: str) -> dict[str, Any]:
    """Unite the repeats of one side; ``seconds`` become those of the task's clock."""
    numbers = {
        "seconds": median(record[clock] for record in records),
        **{key: median(record[key] for record in records) for key in ("seconds_process", "peak_mb", "grown_mb")},
    }
    return {**{key: records[0][key] for key in ("work", "side", "n_spikes", "result")}, **numbers}


def _write(out: Path, text: str, content: dict[str, Any], records: list[dict[str, Any]]) -> None:
    (out / "comparison.md").write_text(text)
    (out / "comparison.json").write_text(json.dumps({**content, "records": records}, indent=1))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
