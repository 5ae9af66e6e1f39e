"""The tables of statistics: one over all filters and populations, and one for each property of nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spikelib.page.captions import only_fired
from spikelib.page.format import MISSING
from spikelib.page.measures import MEASURES, Cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spikelib.page.measures import Measure

__all__ = [
    "ALL_NEURONS",
    "ALL_POPULATIONS",
    "PropertyTable",
    "Row",
    "StatisticsTable",
    "property_tables",
    "statistics_table",
]

ALL_POPULATIONS = "All populations"
"""Name of the row of all populations together."""
ALL_NEURONS = "All neurons"
"""Its name where there are inputs too, which it leaves out."""

NOT_WRITTEN = "another version of spikelib wrote the statistics and did not compute this"

PROPERTY_MEASURES = tuple(
    MEASURES[key]
    for key in (
        "n_nodes",
        "active_fraction",
        "n_spikes",
        "rate_mean_hz",
        "rate_median_hz",
        "rate_sd_hz",
        "rate_p95_hz",
        "rate_max_hz",
        "isi_mean_ms",
        "cv_mean",
    )
)
"""Columns of the tables by property."""

MOST_CLASS_ROWS = 150
"""With more classes in all filters together, the table would be more than a page can show."""

BAR = "rate_mean_hz"
"""The measure that has bars in the tables by property."""


@dataclass(frozen=True)
class Row:
    """The statistics of one population under one filter."""

    filter: str
    anchor: str
    """Fragment of the section of the filter."""
    population: str
    overall: bool
    """Whether this is the row of all populations together."""
    cells: tuple[Cell, ...]
    """One for each of `MEASURES`."""
    of_class: bool = False
    """Whether it is of a class of the population in the row before."""
    prefix: str = ""
    """How `population` begins where it is that of a class: paper has no room to repeat it."""


@dataclass(frozen=True)
class StatisticsTable:
    """The statistics of all filters, ready to be printed."""

    rows: tuple[Row, ...]
    footnotes: Mapping[str, str]
    """Reason -> mark."""
    note: str = ""
    """What the reader must know of what is not shown; "" if nothing."""


@dataclass(frozen=True)
class PropertyTable:
    """The statistics of the nodes of a population by the value of one property."""

    population: str
    property: str
    measures: tuple[Measure, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    """(value, cells) of each value."""
    n_missing: int
    """Nodes without a value: in no row."""
    note: str


def statistics_table(filters: Sequence[tuple[str, str, Mapping[str, Any]]]) -> StatisticsTable:
    """Arrange what filters' ``statistics.json`` hold as one table.

    Parameters
    ----------
    filters
        Name, anchor and statistics of each.

    Returns
    -------
    A row for all populations of a filter together, unless there is but one, then one for each population of which the
    filter selects a node, followed by those of its classes unless all filters have more than `MOST_CLASS_ROWS`.

    Examples
    --------
    >>> populations = {name: {"n_nodes": 3, "n_spikes": 5} for name in ("cortex", "thalamus")}
    >>> statistics = {"overall": {"n_nodes": 6, "n_spikes": 10}, "populations": populations}
    >>> table = statistics_table([("all", "filter-all", statistics)])
    >>> [(row.population, row.cells[0].text) for row in table.rows]
    [('All populations', '6'), ('cortex', '3'), ('thalamus', '3')]
    """
    footnotes: dict[str, str] = {}
    rows = []
    classes = [_classes(statistics) for _, _, statistics in filters]
    n_classes = sum(len(members) for of_filter in classes for members in of_filter.values())
    if n_classes > MOST_CLASS_ROWS:
        classes = [{} for _ in filters]
    for (name, anchor, statistics), of_filter in zip(filters, classes, strict=True):
        populations = statistics["populations"].items()
        parts = [(population, False, values) for population, values in populations if values["n_nodes"] != 0]
        if len(parts) != 1:
            shown = {population for population, _, _ in parts}
            inputs = shown & set(statistics.get("inputs", ()))
            parts.insert(
                0, (ALL_NEURONS if inputs and inputs < shown else ALL_POPULATIONS, True, statistics["overall"])
            )
        for population, overall, values in parts:
            cells = tuple(_cell(measure, values, footnotes) for measure in MEASURES.values())
            rows.append(Row(name, anchor, population, overall, cells))
            for label, members in () if overall else of_filter.get(population, {}).items():
                cells = tuple(_cell(measure, members, footnotes) for measure in MEASURES.values())
                prefix = "" if len(parts) == 1 else f"{population}: "
                rows.append(Row(name, anchor, prefix + label, False, cells, of_class=True, prefix=prefix))
    hidden = n_classes > MOST_CLASS_ROWS
    note = f"{n_classes:,} rows of classes are too many for this page: they are in statistics.json" if hidden else ""
    return StatisticsTable(tuple(rows), footnotes, note)


def _classes(statistics: Mapping[str, Any]) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Return the classes that have nodes, of each population that has several."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for values in statistics.get("classes") or ():
        if values["n_nodes"] != 0:
            found.setdefault(values["population"], {})[values["class"]] = values
    return {population: members for population, members in found.items() if list(members) != [population]}


def property_tables(statistics: Mapping[str, Any]) -> tuple[PropertyTable, ...]:
    """Arrange the statistics by property; none if an older version wrote the statistics."""
    return tuple(_property_table(entry) for entry in statistics.get("by_property", ()))


def _property_table(entry: Mapping[str, Any]) -> PropertyTable:
    values = entry["values"]
    longest = max((value.get(BAR) or 0.0 for value in values), default=0.0)
    return PropertyTable(
        population=entry["population"],
        property=entry["property"],
        measures=PROPERTY_MEASURES,
        rows=tuple(
            (value["value"], tuple(_property_cell(measure, value, longest) for measure in PROPERTY_MEASURES))
            for value in values
        ),
        n_missing=entry["n_missing"],
        note=entry["note"],
    )


def _property_cell(measure: Measure, values: Mapping[str, Any], longest: float) -> Cell:
    value = values.get(measure.key)
    if value is None:
        return Cell(MISSING)
    bar = round(100 * value / longest, 1) if measure.key == BAR and longest else None
    return Cell(measure.write(value), _as_number(value), bar=bar)


def _cell(measure: Measure, values: Mapping[str, Any], footnotes: dict[str, str]) -> Cell:
    value = values.get(measure.key)
    if value is not None:
        text = measure.write(value)
        # Where silent nodes are unknown, the number of nodes is that of those that fired.
        return Cell(f"{text} fired" if measure.key == "n_nodes" and only_fired(values) else text, _as_number(value))
    reason = measure.absent if measure.key in values else NOT_WRITTEN
    return Cell(MISSING, mark=footnotes.setdefault(reason, chr(ord("a") + len(footnotes))))


def _as_number(value: Any) -> Any:
    """Return a truth value as 0 or 1, which tables can sort and save."""
    return int(value) if isinstance(value, bool) else value
