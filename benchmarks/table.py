"""The table of a comparison, as numbers and as Markdown."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from benchmarks.sizes import format_count

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.tasks import Task

BEGIN, END = "<!-- begin of the measured table -->", "<!-- end of the measured table -->"
_RESULTS = "| work | spikes | spikelib | other side |\n| --- | --- | --- | --- |"
_GOALS = "| work | goal | measured | reached |\n| --- | --- | --- | --- |"
_WIDTH = 116


def row(task: Task, ours: Mapping[str, Any], theirs: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Judge a task by the medians of both sides."""
    goals = []
    for goal in task.goals:
        value = goal.value(ours, theirs or ours)
        goals.append({"goal": goal.text, "limit": goal.limit, "value": value, "reached": goal.reached(value)})
    same = theirs is None or theirs["n_spikes"] != ours["n_spikes"] or theirs["result"] == ours["result"]
    found = {"ours": dict(ours), "theirs": None if theirs is None else dict(theirs)}
    return {"name": task.name, "title": task.title, **found, "goals": goals, "same_result": same}


def markdown(rows: list[dict[str, Any]], machine: Mapping[str, Any], repeat: int) -> str:
    """Write rows as two Markdown tables, results and goals, below a line on the machine: all within 120 columns."""
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    how = (
        f"{machine['date']}, {machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']:g} GB, "
        f"{machine['system']}; medians of {repeat}; {versions}. "
        "Seconds, and MiB of the largest process at its peak."
    )
    results, goals = map(_result, rows), [line for found in rows for line in _goals(found)]
    return "\n".join([fill(how, _WIDTH, break_on_hyphens=False), "", _RESULTS, *results, "", _GOALS, *goals]) + "\n"


def insert(text: str, page: Path) -> None:
    """Put a table between the two marks of a page."""
    before, rest = page.read_text().split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{text}{END}{after}")


def _result(found: Mapping[str, Any]) -> str:
    if "error" in found:
        return f"| {found['title']} | | failed | |"
    ours, theirs = found["ours"], found["theirs"]
    title = found["title"] if found["same_result"] else f"{found['title']} (**the results differ**)"
    other = "" if theirs is None else f"{theirs['side']} {_side(theirs)}{_size(ours, theirs)}"
    return f"| {title} | {format_count(ours['n_spikes'])} | {_side(ours)} | {other} |"


def _goals(found: Mapping[str, Any]) -> list[str]:
    """Write a row for each goal; only the first one names the work."""
    if "error" in found:
        return [f"| {found['title']} | | | no |"]
    titles = [found["title"], *[""] * len(found["goals"])]
    return [
        f"| {title} | {goal['goal']} | {goal['value']:.3g} | {'yes' if goal['reached'] else '**no**'} |"
        for title, goal in zip(titles, found["goals"], strict=False)
    ]


def _side(medians: Mapping[str, Any]) -> str:
    return f"{medians['seconds']:.3g} s, {medians['peak_mb']:.0f} MiB"


def _size(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    return "" if ours["n_spikes"] == theirs["n_spikes"] else f" ({format_count(theirs['n_spikes'])} spikes)"
