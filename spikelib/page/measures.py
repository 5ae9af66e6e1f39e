"""What is measured: the columns of the tables of statistics, their units and definitions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spikelib.page.format import integer, number, percent, plain, yes_or_no
from spikelib.summary.model import SummarySpec

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["GROUPS", "MEASURES", "Measure"]

NO_NODES = "no nodes are selected"
NO_SHARE = "no nodes are selected, or nodes that did not fire are unknown"
NO_RATE = "no nodes are selected, or the window has no length"
NO_FIRING = "no node fired"
NO_INTERVAL = "no node fired twice"
NO_PAIR = "no node fired three times"
NO_LONG_TRAIN = "no node has ten intervals"
NO_BINS = "no spikes, or fewer than ten bins"
NO_PAIRS = "fewer than two active nodes, or fewer than ten bins"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Measure:
    """One column of the tables of statistics."""

    key: str
    """Key in ``statistics.json``."""
    label: str
    unit: str
    """Unit, or "" for a count or a ratio."""
    meaning: str
    """One or two sentences that define it."""
    absent: str
    """Why the value may be missing."""
    write: Callable[[Any], str] = number
    important: bool = False
    """Shown unless the reader chooses otherwise."""

    @property
    def title(self) -> str:
        """The label with its unit."""
        return f"{self.label} [{self.unit}]" if self.unit else self.label


_ACTIVITY = (
    Measure(
        "n_nodes",
        "Nodes",
        "",
        "Nodes selected that were simulated, silent ones included. Where the simulated nodes are unknown (a bare "
        "spike file), only those that fired.",
        UNKNOWN,
        integer,
        important=True,
    ),
    Measure("n_active", "Active nodes", "", "Nodes with at least one spike in the window.", UNKNOWN, integer),
    Measure("active_fraction", "Active", "", "Active nodes / nodes.", NO_SHARE, percent, important=True),
    Measure("n_spikes", "Spikes", "", "Spikes of these nodes in the window.", UNKNOWN, integer, important=True),
    Measure("duration_ms", "Window", "ms", "Length of the time window.", UNKNOWN, plain),
    Measure(
        "first_spike_median_ms",
        "First spike, median",
        "ms",
        "Median over the active nodes of the time of a node’s first spike in the window.",
        NO_FIRING,
        plain,
    ),
)

_RATES = (
    Measure(
        "rate_mean_hz",
        "Mean rate",
        "Hz",
        "Spikes / nodes / length of the window. Silent nodes count.",
        NO_RATE,
        important=True,
    ),
    Measure(
        "rate_median_hz",
        "Median rate",
        "Hz",
        "Median of the rates of all nodes, silent ones included. The rate of a node is its spikes / length of the "
        "window.",
        NO_RATE,
        important=True,
    ),
    Measure(
        "rate_sd_hz",
        "SD of rates",
        "Hz",
        "Standard deviation (N in the denominator) of the rates of all nodes, silent ones included.",
        NO_RATE,
    ),
    Measure("rate_p05_hz", "P5 of rates", "Hz", "5th percentile of the rates of all nodes.", NO_RATE),
    Measure("rate_p95_hz", "P95 of rates", "Hz", "95th percentile of the rates of all nodes.", NO_RATE),
    Measure("rate_max_hz", "Highest rate", "Hz", "Rate of the most active node over the whole window.", NO_RATE),
    Measure("rate_mean_active_hz", "Mean rate, active", "Hz", "Mean of the rates of the active nodes only.", NO_FIRING),
    Measure(
        "rate_median_active_hz",
        "Median rate, active",
        "Hz",
        "Median of the rates of the active nodes only.",
        NO_FIRING,
    ),
    Measure(
        "peak_rate_hz",
        "Peak rate",
        "Hz",
        "Highest rate per node in bins of 5 ms, whatever the bins of the firing-rate figure.",
        NO_FIRING,
        important=True,
    ),
    Measure("peak_time_ms", "Time of the peak", "ms", "Middle of the bin with the peak rate.", NO_FIRING, plain),
)

_INTERVALS = (
    Measure(
        "isi_median_ms",
        "Median ISI",
        "ms",
        "Median of the interspike intervals (between successive spikes of one node) of all nodes together, to half a "
        "time step.",
        NO_INTERVAL,
        important=True,
    ),
    Measure("isi_mean_ms", "Mean ISI", "ms", "Mean of the interspike intervals of all nodes together.", NO_INTERVAL),
    Measure("isi_min_ms", "Shortest ISI", "ms", "The shortest interspike interval.", NO_INTERVAL),
    Measure(
        "n_isi",
        "ISIs",
        "",
        "Number of interspike intervals. Spikes of different nodes are never paired.",
        UNKNOWN,
        integer,
    ),
    Measure(
        "refractory_violations",
        "Short ISIs",
        "",
        f"Interspike intervals shorter than {SummarySpec.refractory:g} ms, about the refractory period: many of them "
        "point to an error of the model, of sorting or of recording.",
        UNKNOWN,
        integer,
    ),
)

_IRREGULARITY = (
    Measure(
        "cv_mean",
        "Mean CV",
        "",
        "Coefficient of variation of a node’s intervals (SD / mean), mean over the nodes with at least ten intervals: "
        "shorter trains look more regular than they are. 0 is a clock, 1 a Poisson process.",
        NO_LONG_TRAIN,
        important=True,
    ),
    Measure("cv_median", "Median CV", "", "Median over the same nodes of the coefficient of variation.", NO_LONG_TRAIN),
    Measure(
        "n_cv", "Nodes with a CV", "", "Nodes with at least ten intervals, over which CV is taken.", UNKNOWN, integer
    ),
    Measure(
        "cv2_mean",
        "Mean CV2",
        "",
        "Variation of neighbouring intervals a and b, 2 |a − b| / (a + b), averaged over a node’s pairs, then over "
        "nodes. A slow change of the rate does not raise it. 1 for a Poisson process (Holt et al. 1996).",
        NO_PAIR,
    ),
    Measure(
        "lv_mean",
        "Mean LV",
        "",
        "Local variation, 3 ((a − b) / (a + b))² over neighbouring intervals a and b, mean over nodes. 0 is a clock, "
        "1 a Poisson process, more is bursting (Shinomoto et al. 2003).",
        NO_PAIR,
        important=True,
    ),
    Measure(
        "lvr_mean",
        "Mean LvR",
        "",
        "Local variation revised for a refractory period of 5 ms, mean over nodes (Shinomoto et al. 2009).",
        NO_PAIR,
    ),
    Measure(
        "n_lv",
        "Nodes with an LV",
        "",
        "Nodes with two neighbouring intervals of at least 0.01 ms together, over which CV2, LV and LvR are taken.",
        UNKNOWN,
        integer,
    ),
    Measure(
        "burst_spike_share",
        "Spikes in bursts",
        "",
        "Share of the spikes that are in bursts: runs of at least 3 spikes of a node with intervals of at most 10 ms.",
        NO_FIRING,
        percent,
    ),
    Measure("bursting_share", "Bursting nodes", "", "Active nodes with a burst / active nodes.", NO_FIRING, percent),
    Measure("burst_length_mean", "Burst length", "", "Mean number of spikes in a burst.", "no burst"),
)

_SYNCHRONY = (
    Measure(
        "sync_fano",
        "Synchrony",
        "",
        "Variance / mean of the number of spikes of all nodes together in bins of 3 ms. 1 if they fire independently "
        "and evenly; above, nodes fire together, or the rate changes (Potjans and Diesmann 2014).",
        NO_BINS,
        important=True,
    ),
    Measure(
        "sync_cv", "CV of counts", "", "SD / mean of the same number in bins of 1 ms (Schmidt et al. 2018).", NO_BINS
    ),
    Measure(
        "pair_correlation",
        "Pair correlation",
        "",
        "Mean covariance of the counts of two active nodes in bins of 2 ms, over all pairs, / mean variance of a node: "
        "a ratio of means, not the mean of the correlations of pairs.",
        NO_PAIRS,
    ),
    Measure("pair_covariance", "Pair covariance", "", "Mean covariance of these counts, over all pairs.", NO_PAIRS),
    Measure(
        "chi",
        "Chi",
        "",
        "SD of the mean count of the active nodes / root of the mean variance of a node, in bins of 2 ms: 1 / √nodes "
        "if they are independent, 1 if they are identical (Golomb and Rinzel 1994).",
        NO_PAIRS,
    ),
    Measure(
        "rhythm_hz",
        "Rhythm",
        "Hz",
        "Frequency from 2 to 250 Hz whose power stands out of the spectrum of the rate (bins of 1 ms, Welch’s method), "
        "by more than independent Poisson trains show in 1 % of the runs.",
        "no frequency stands out, or the window is too short for a spectrum",
        important=True,
    ),
    Measure(
        "rhythm_ratio",
        "Rhythm, power",
        "",
        "Power at that frequency / power of independent Poisson trains of the same rate.",
        "there is no rhythm",
    ),
)

_STEADINESS = (
    Measure(
        "drift",
        "Drift",
        "",
        "Rate of the second half of the window less that of the first / rate of the whole.",
        NO_FIRING,
        important=True,
    ),
    Measure(
        "transient",
        "Transient",
        "",
        "Whether the first tenth of the window differs from the others by more than 20 % and their scatter.",
        "no node fired, or all other tenths are equal",
        yes_or_no,
    ),
    Measure(
        "presence_mean",
        "Presence",
        "",
        "Share of ten equal parts of the window in which a node fires, mean over active nodes.",
        NO_FIRING,
        percent,
    ),
    Measure(
        "sparseness",
        "Sparseness",
        "",
        "Of the rates of all nodes, silent ones included: 0 if all fire alike, 1 if one does (Vinje and Gallant 2000).",
        NO_FIRING,
    ),
    Measure("gini", "Gini", "", "Gini coefficient of the same rates: 0 if all are equal.", NO_FIRING),
)

GROUPS = {
    "Activity": _ACTIVITY,
    "Firing rates": _RATES,
    "Intervals": _INTERVALS,
    "Irregularity": _IRREGULARITY,
    "Synchrony": _SYNCHRONY,
    "Steadiness": _STEADINESS,
}
"""Heading -> its columns; the first of each is important, as the heading stands above it."""

MEASURES = {measure.key: measure for measures in GROUPS.values() for measure in measures}
"""Key -> measure, in the order of the columns."""


@dataclass(frozen=True)
class Cell:
    """One value."""

    text: str
    """As written."""
    value: Any = None
    """In full, for sorting and copying; None where there is none."""
    mark: str = ""
    """Mark of the footnote that says why the value is missing; "" if it is not."""
    bar: float | None = None
    """Length of a bar, per cent of the longest; None for no bar."""

    @property
    def full(self) -> str | None:
        """The value with all digits, if it is not as written."""
        return None if self.value is None or str(self.value) == self.text else str(self.value)
