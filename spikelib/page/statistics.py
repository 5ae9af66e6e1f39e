"""The table of statistics of a filter: which rows it has, what they mean, why a value may be missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spikelib.page.format import MISSING, integer, number, percent, plain
from spikelib.summary.model import SummarySpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["GROUPS", "Cell", "Measure", "StatisticsTable", "statistics_table"]

NO_RATE = "no nodes are selected, or the window has no length"
NO_FIRING = "no node fired"
NO_INTERVAL = "no node fired twice"
NO_PAIR = "no node fired three times"
NOT_WRITTEN = "another version of spikelib wrote the statistics and did not compute this"


@dataclass(frozen=True)
class Measure:
    """One row of the table."""

    key: str
    """Key in ``statistics.json``."""
    label: str
    unit: str
    """Unit, or "" for a count or a ratio."""
    meaning: str
    """One phrase that defines it."""
    absent: str
    """Why the value may be missing."""
    write: Callable[[Any], str] = number


ACTIVITY = (
    Measure(
        "n_nodes",
        "Nodes",
        "",
        "nodes selected that were simulated; only the nodes that fired where the simulated ones are unknown",
        "unknown",
        integer,
    ),
    Measure("n_active", "Active nodes", "", "nodes with at least one spike", "unknown", integer),
    Measure("active_fraction", "Active share", "", "active nodes / nodes", "no nodes are selected", percent),
    Measure("n_spikes", "Spikes", "", "spikes of these nodes in the window", "unknown", integer),
    Measure("duration_ms", "Window", "ms", "length of the time window", "unknown", plain),
    Measure(
        "first_spike_median_ms",
        "First spike, median",
        "ms",
        "median over the active nodes of the time of the first spike",
        NO_FIRING,
        plain,
    ),
)

RATES = (
    Measure("rate_mean_hz", "Mean rate", "Hz", "spikes / nodes / window; silent nodes count", NO_RATE),
    Measure("rate_median_hz", "Median rate", "Hz", "median over all nodes, silent ones included", NO_RATE),
    Measure("rate_sd_hz", "SD of rates", "Hz", "standard deviation of the rates of all nodes", NO_RATE),
    Measure("rate_p05_hz", "P5 of rates", "Hz", "5th percentile of the rates of all nodes", NO_RATE),
    Measure("rate_p95_hz", "P95 of rates", "Hz", "95th percentile of the rates of all nodes", NO_RATE),
    Measure("rate_max_hz", "Highest rate", "Hz", "rate of the most active node", NO_RATE),
    Measure("rate_mean_active_hz", "Mean rate, active", "Hz", "mean over the active nodes only", NO_FIRING),
    Measure("rate_median_active_hz", "Median rate, active", "Hz", "median over the active nodes only", NO_FIRING),
    Measure("peak_rate_hz", "Peak rate", "Hz", "rate per node in the fullest bin of the firing rate", NO_FIRING),
    Measure("peak_time_ms", "Time of the peak", "ms", "middle of that bin", NO_FIRING, plain),
)

INTERVALS = (
    Measure("n_isi", "ISIs", "", "interspike intervals: between successive spikes of a node", "unknown", integer),
    Measure("isi_mean_ms", "Mean ISI", "ms", "mean of all interspike intervals", NO_INTERVAL),
    Measure(
        "isi_median_ms",
        "Median ISI",
        "ms",
        "median of all interspike intervals, interpolated in their histogram",
        NO_INTERVAL,
    ),
    Measure("isi_min_ms", "Shortest ISI", "ms", "the shortest interspike interval", NO_INTERVAL),
    Measure(
        "refractory_violations",
        "Refractory violations",
        "",
        f"interspike intervals shorter than {SummarySpec.refractory:g} ms",
        "unknown",
        integer,
    ),
)

IRREGULARITY = (
    Measure("n_cv", "Nodes with a CV", "", "nodes with at least two intervals", "unknown", integer),
    Measure(
        "cv_mean",
        "Mean CV",
        "",
        "coefficient of variation of a node’s intervals (SD / mean), mean over nodes; 0 regular, 1 Poisson",
        NO_PAIR,
    ),
    Measure("cv_median", "Median CV", "", "median over nodes of the coefficient of variation", NO_PAIR),
    Measure(
        "cv2_mean",
        "Mean CV2",
        "",
        "CV of neighbouring intervals, 2|a - b| / (a + b), which a slow change of rate does not raise "
        "(Holt et al. 1996)",
        NO_PAIR,
    ),
    Measure(
        "lv_mean",
        "Mean LV",
        "",
        "local variation, 3 ((a - b) / (a + b))² over neighbouring intervals (Shinomoto et al. 2003)",
        NO_PAIR,
    ),
    Measure(
        "lvr_mean",
        "Mean LvR",
        "",
        "local variation revised for the refractory period, 5 ms (Shinomoto et al. 2009)",
        NO_PAIR,
    ),
    Measure(
        "fano_factor",
        "Fano factor",
        "",
        "variance / mean of the number of spikes in the full bins of the firing rate",
        "no spikes, or too few bins",
    ),
)

GROUPS = {
    "Activity": ACTIVITY,
    "Firing rates": RATES,
    "Interspike intervals (ISI)": INTERVALS,
    "Irregularity": IRREGULARITY,
}
"""Heading -> its rows."""


@dataclass(frozen=True)
class Cell:
    """One value as written, and the mark of the footnote that says why it is missing ("" if it is not)."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class StatisticsTable:
    """The statistics of a filter, ready to be printed."""

    columns: tuple[str, ...]
    groups: Mapping[str, tuple[tuple[Measure, tuple[Cell, ...]], ...]]
    """Heading -> rows of (measure, one cell per column)."""
    footnotes: Mapping[str, str]
    """Reason -> mark."""


def statistics_table(statistics: Mapping[str, Any], overall_label: str = "All populations") -> StatisticsTable:
    """Arrange ``statistics.json`` as a table with one column per population.

    The column of all populations together comes first; it is left out if there is only one population.
    """
    columns = list(statistics["populations"].items())
    if len(columns) != 1:
        columns.insert(0, (overall_label, statistics["overall"]))
    footnotes: dict[str, str] = {}
    groups = {
        heading: tuple(
            (measure, tuple(_cell(measure, values, footnotes) for _, values in columns)) for measure in measures
        )
        for heading, measures in GROUPS.items()
    }
    return StatisticsTable(tuple(name for name, _ in columns), groups, footnotes)


def _cell(measure: Measure, column: Mapping[str, Any], footnotes: dict[str, str]) -> Cell:
    value = column.get(measure.key)
    if value is not None:
        return Cell(measure.write(value))
    reason = measure.absent if measure.key in column else NOT_WRITTEN
    mark = footnotes.setdefault(reason, chr(ord("a") + len(footnotes)))
    return Cell(MISSING, mark)
