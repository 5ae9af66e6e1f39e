"""The rows of the campaign page: what is read of each simulation, and how its state, pictures and numbers are shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spikelib import errors
from spikelib.page.campaign.curves import filter_of
from spikelib.page.campaign.digest import overview, read_overview
from spikelib.page.campaign.words import STATES
from spikelib.page.checks import check_populations, check_simulation, verdict
from spikelib.page.embed import relative_url
from spikelib.page.format import MISSING, counted, milliseconds, number
from spikelib.page.measures import MEASURES, Cell
from spikelib.results import DAMAGE, SimulationResults, find_filters, read_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from spikelib.campaign.logs import Failure, Jobs
    from spikelib.campaign.record import Member
    from spikelib.page.campaign.words import State
    from spikelib.page.measures import Measure

__all__ = ["COLUMNS", "SPARK_HEIGHT", "Row", "read_row", "row_context", "spark_path", "state_counts"]

SPARK_HEIGHT = 24
"""Steps of the vertical axis of a sparkline."""

COLUMNS = tuple(
    MEASURES[key]
    for key in (
        "rate_mean_hz",
        "rate_median_hz",
        "peak_rate_hz",
        "isi_median_ms",
        "cv_mean",
        "lv_mean",
        "sync_fano",
        "rhythm_hz",
        "active_fraction",
        "n_spikes",
        "n_nodes",
    )
)
"""The columns of numbers: how much a simulation fired and how before how large it is."""


@dataclass(frozen=True)
class Row:
    """What is known of a simulation."""

    number: int
    """Its place on the page."""
    member: Member
    jobs: Jobs
    report: Path | None
    """Its page, if it has one."""
    digest: Mapping[str, Any]
    """Content of ``overview.json``, or as much as the statistics hold; empty if there are none."""
    state: State
    remarks: tuple[str, ...]
    """What the state rests on, besides failures: lines."""

    @property
    def drawn(self) -> bool:
        """Whether there is anything to compare."""
        return any("curve" in found for found in self.digest.get("filters", ()))


def read_row(number: int, member: Member, jobs: Jobs, results: Path) -> Row:
    """Read what there is of a simulation; what cannot be read is said in the row."""
    folder = results / member.name
    report = SimulationResults(folder).page
    level, remarks = _checks(folder)
    digest, problem = _digest(folder)
    if jobs.failures or member.state == "broken":
        state: State = "failed"
        remarks = () if jobs.failures else (member.problem,)
        remarks += ("the numbers are those of an earlier run",) if digest else ()
    elif member.state == "waiting":
        state, remarks = "waiting", (member.problem,)
    elif not report.is_file() and not digest:
        state = "unfinished"
        remarks = ("a job was begun, but there is no page yet" if jobs.last_log else "not run yet",)
    elif problem:
        state, remarks = "warning", (problem,)
    else:
        state, remarks = _with_filters(level, remarks, digest)
    return Row(number, member, jobs, report if report.is_file() else None, digest, state, remarks)


def _checks(folder: Path) -> tuple[State, tuple[str, ...]]:
    """Return the verdict on a simulation's data, and its warnings in short."""
    try:
        description = read_json(SimulationResults(folder).description)
        populations, config = check_populations(description), check_simulation(description)
        found = verdict(populations, config)
    except (errors.SpikelibError, *DAMAGE):
        return "note", ()  # `_digest` says what is missing
    warnings = [
        f"{population.name}: {check.label.lower()}: {check.text}"
        for population in populations
        for check in population.checks
        if check.level == "warning"
    ]
    if found.level == "warning" and not warnings:
        warnings = [found.text]
    more = [f"and {counted(len(warnings) - 1, 'more warning')}"] if len(warnings) > 1 else []
    return found.level, tuple(warnings[:1] + more)


def _with_filters(level: State, remarks: tuple[str, ...], digest: Mapping[str, Any]) -> tuple[State, tuple[str, ...]]:
    """Add what filters warn of, unless there is something worse to say."""
    found = [
        f"filter {each['name']}: {text}" for each in digest.get("filters", ()) for text in each.get("warnings", ())
    ]
    if not found or remarks:
        return level, remarks
    more = [f"and {counted(len(found) - 1, 'more warning')}"] if len(found) > 1 else []
    return "warning", (found[0], *more)


def _digest(folder: Path) -> tuple[Mapping[str, Any], str]:
    """Return the digest of a simulation, and why it is not all that it should be."""
    try:
        read_json(SimulationResults(folder).description)["populations"]
        return _complete_digest(folder), ""
    except errors.MissingFileError:
        return {}, "not summarised: its description.json is missing"
    except errors.TableError as error:
        return {}, f"cannot be read: {str(error).removeprefix(f'{folder}/')}"
    except DAMAGE:
        return {}, "cannot be read: another version of spikelib wrote it; run it again"


def _complete_digest(folder: Path) -> Mapping[str, Any]:
    try:
        return read_overview(SimulationResults(folder).overview)
    except errors.MissingFileError:  # results of an older spikelib have numbers only
        return overview(folder.name, ((found.statistics, None) for found in find_filters(folder)))


def state_counts(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Count the simulations in each state, the most severe first; states that none has are left out."""
    counts = Counter(row.state for row in rows)
    return [{"state": state, "word": word, "count": counts[state]} for state, word in STATES.items() if counts[state]]


def row_context(row: Row, chosen: str, columns: Sequence[str], out: Path, left_out: frozenset[str]) -> dict[str, Any]:
    """Arrange a row for the template.

    Parameters
    ----------
    row
        The simulation.
    chosen
        The filter whose numbers and pictures are shown.
    columns
        Names of the columns of metadata.
    out
        The page, as seen from which links are made.
    left_out
        What the page has no room for, of "pictures" and "sparklines".

    Examples
    --------
    >>> from pathlib import Path
    >>> from spikelib.campaign.logs import Jobs
    >>> from spikelib.campaign.record import Member
    >>> row = read_row(0, Member("weak", metadata={"g": "4.5"}), Jobs(), Path("results"))
    >>> context = row_context(row, "all", ["g"], Path("results/index.html"), frozenset())
    >>> context["state"], context["remarks"], context["metadata"]
    ('unfinished', ('not run yet',), ['4.5'])
    """
    found = filter_of(row.digest, chosen) if row.digest else None
    statistics = found["statistics"] if found else {}
    return {
        "number": row.number,
        "name": row.member.name,
        "url": None if row.report is None else relative_url(row.report, out),
        "state": row.state,
        "word": STATES[row.state],
        "told": ": ".join([STATES[row.state], *[failure.error for failure in row.jobs.failures[:1]], *row.remarks]),
        "failures": [_failure(failure, out) for failure in row.jobs.failures] if row.state == "failed" else [],
        "n_more": row.jobs.n_more,
        "last_log": relative_url(row.jobs.last_log, out) if row.jobs.last_log and row.state == "unfinished" else None,
        "remarks": row.remarks,
        "metadata": [row.member.metadata.get(column, "") for column in columns],
        "comparable": row.drawn,
        "curve": _curve(found) if found and "sparklines" not in left_out else None,
        "thumbnail": found.get("thumbnail") if found and "pictures" not in left_out else None,
        "cells": [_cell(measure, statistics.get(measure.key)) for measure in COLUMNS],
    }


def _cell(measure: Measure, value: Any) -> Cell:
    return Cell(MISSING if value is None else measure.write(value), value)


def _failure(failure: Failure, out: Path) -> dict[str, str]:
    return {"job": failure.job, "error": failure.error, "url": relative_url(failure.log, out)}


def _curve(found: Mapping[str, Any]) -> dict[str, Any] | None:
    curve = found.get("curve")
    if curve is None:
        return None
    peak = max(curve["hz"], default=0)
    window = f"{milliseconds(curve['start'])} to {milliseconds(curve['stop'])}"
    return {
        "points": len(curve["hz"]),
        "path": spark_path(curve["hz"], peak),
        "peak": number(peak, 3),
        "peak_hz": peak,
        "text": f"Firing rate, {window}, highest {number(peak, 3)} Hz",
    }


def spark_path(rates: Sequence[float], peak: float) -> str:
    """Write a curve as the path of an SVG: one unit wide for each bin, `SPARK_HEIGHT` high at the peak.

    Examples
    --------
    >>> spark_path([0, 5, 5, 10], 10)
    'M0 24V24h1V12h2V0h1V24z'
    """
    heights = [SPARK_HEIGHT - round(SPARK_HEIGHT * rate / (peak or 1)) for rate in rates]
    path, run = f"M0 {SPARK_HEIGHT}", 0
    for place, height in enumerate(heights):
        run += 1
        if place + 1 == len(heights) or heights[place + 1] != height:
            path, run = f"{path}V{height}h{run}", 0
    return f"{path}V{SPARK_HEIGHT}z"
