"""How reports show themselves in a notebook: small tables; no spike is read for them."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLUMNS = ("population", "spikes", "nodes", "sorting claimed", "units")


@dataclass(frozen=True)
class PopulationRow:
    """What is shown of a population."""

    name: str
    n_spikes: int
    n_nodes: int | None
    sorting_claim: str | None
    units: str | None

    def cells(self) -> tuple[str, ...]:
        """Return the texts of the row."""
        nodes = "unknown" if self.n_nodes is None else f"{self.n_nodes:,}"
        return self.name, f"{self.n_spikes:,}", nodes, self.sorting_claim or "–", self.units or "–"


def report_html(file: str, start: float, stop: float | None, rows: Sequence[PopulationRow]) -> str:
    """Show a report: its file, the run (ms), and a row for each population."""
    end = "?" if stop is None else f"{stop:g}"
    return _table(f"Spike report {file}, run of {start:g} to {end} ms", _COLUMNS, [row.cells() for row in rows])


def population_html(name: str, file: str, row: PopulationRow) -> str:
    """Show one population of a report."""
    return _table(f"Population {name} of {file}", _COLUMNS, [row.cells()])


def filtered_html(
    group: Any, t_start: float | None, t_stop: float | None, populations: Sequence[str], counts: Sequence[int] | None
) -> str:
    """Show a filter; `counts`, the spikes of each population, are None while they have not been read."""
    start = "start" if t_start is None else f"{t_start:g} ms"
    stop = "end" if t_stop is None else f"{t_stop:g} ms"
    nodes = "all nodes" if group is None else repr(group)
    read = ["not read yet"] * len(populations) if counts is None else [f"{count:,}" for count in counts]
    rows = list(zip(populations, read, strict=True))
    return _table(f"Filter: {nodes}, {start} to {stop}", ("population", "spikes"), rows)


def _table(heading: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{escape(heading)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
