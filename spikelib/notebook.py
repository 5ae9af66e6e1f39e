"""How reports show themselves in a notebook: small tables; no spike is read for them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spikelib.spike_report import FilteredSpikeReport, PopulationSpikeReport, SpikeReport


def report_html(report: SpikeReport) -> str:
    """Show a report: its file, the run, and a row for each population."""
    stop = "?" if report.time_stop is None else f"{report.time_stop:g}"
    rows = [_population_row(report[name]) for name in report]
    heading = f"Spike report {report.path.name}, run of {report.time_start:g} to {stop} ms"
    return _table(heading, ("population", "spikes", "nodes", "sorting claimed", "units"), rows)


def population_html(part: PopulationSpikeReport) -> str:
    """Show one population of a report."""
    columns = ("population", "spikes", "nodes", "sorting claimed", "units")
    return _table(f"Population {part.name} of {part.source.path.name}", columns, [_population_row(part)])


def filtered_html(report: FilteredSpikeReport) -> str:
    """Show a filter; its spikes too if they have been read."""
    start = "start" if report.t_start is None else f"{report.t_start:g} ms"
    stop = "end" if report.t_stop is None else f"{report.t_stop:g} ms"
    group = "all nodes" if report.group is None else repr(report.group)
    read = "spikes" in vars(report)
    rows = [(name, f"{_count(report, k):,}" if read else "not read yet") for k, name in enumerate(report.populations)]
    return _table(f"Filter: {group}, {start} to {stop}", ("population", "spikes"), rows)


def _count(report: FilteredSpikeReport, code: int) -> int:
    return int((report.spikes[2] == code).sum())


def _population_row(part: PopulationSpikeReport) -> tuple[str, ...]:
    source, size = part.source, part.facts.n_nodes
    nodes = "unknown" if size is None else f"{size:,}"
    return part.name, f"{source.n_spikes:,}", nodes, source.sorting_claim or "–", source.units or "–"


def _table(heading: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{escape(heading)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
