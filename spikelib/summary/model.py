"""What a summary holds: plain frozen dataclasses of arrays, no behaviour beyond looking things up.

Rows: all per-node arrays of one summary share one order of nodes, population after population
and ascending by id within each (`Nodes`). "Row" below is an index into that order.

Times are ms. A time within `EPSILON_MS` below an edge belongs to the bin above it, so that
the floating-point noise of NEURON's clock (44.39999999999964) never moves a spike between bins.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

FIXED_POINT = 2.0**32
"""Scale of the fixed-point sums of `NodeCounters`: integers add exactly in any order, floats do not."""

HISTOGRAM_BINS = 1 << 14
"""Bins of a histogram of a figure, before its bin width doubles."""

ANALYSIS_BINS = 1 << 16
"""Bins of the histogram that statistics of intervals are taken from."""

PARTS = 10
"""Equal parts of the window, in which the presence of nodes and the steadiness of classes are told."""

PAIR_BINS = 2000
"""Bins of correlation coefficients, from -1 to 1."""

SHORTEST_PAIR_MS = 0.01
"""Two neighbouring intervals that are shorter together say nothing of irregularity: they are no valid pair."""

LARGEST_SUM = 1 << 62
"""A fixed-point sum goes no further: it is told as saturated, and never wraps."""


@dataclass(frozen=True)
class SummarySpec:
    """The bins of a summary, fixed before the first spike; summaries merge only if these are equal."""

    start: float
    """Start of the window, ms, included."""
    stop: float
    """End of the window, ms, included: a spike exactly there falls in the last bin."""
    rate_bin: float
    """Width of the rate bins, ms; the last bin is narrower if the window is no multiple of it."""
    isi_bin: float = 0.1
    """Narrowest width of the ISI bins, ms."""
    frequency_bin: float = 0.1
    """Narrowest width of the bins of instantaneous frequency 1000/ISI, Hz."""
    raster_cap: int = 100_000
    """Up to this many spikes the raster keeps every spike; beyond, a density grid."""
    raster_shape: tuple[int, int] = (600, 1200)
    """Rows (nodes) and columns (time) of the density grid."""
    frame: float | None = None
    """Duration of an animation frame, ms, or None for no animation. Frames are half-open [start, end)."""
    frame_shape: tuple[int, int] = (96, 128)
    """Rows (vertical axis) and columns (horizontal axis) of the cells of an animation frame."""
    intervals: bool = True
    """Count intervals and all that is made of them; if not, only the spikes of each node are counted."""
    refractory: float = 2.0
    """Intervals shorter than this count as refractory violations, ms."""
    base: float = 1.0
    """Width of the bins of the base grid, ms: the widths of all analysis in time are whole multiples of it."""
    interval_bin: float = 0.1
    """Narrowest width of the bins of the intervals that statistics are taken from, ms."""
    centred: bool = False
    """Whether those bins are centred on multiples of their width, which is the time step then."""
    pair_bin: float = 2.0
    """Width of the bins in which nodes are correlated, ms."""
    burst_isi: float = 10.0
    """Longest interval within a burst, ms."""
    burst_spikes: int = 3
    """Fewest spikes of a burst."""
    lvr_refractoriness: float = 5.0
    """R of LvR, ms (Shinomoto et al. 2009)."""
    cv_min_intervals: int = 10
    """Fewest intervals of a node whose CV is told: shorter trains look more regular than they are."""
    rate_parts: int = 1
    """Fine bins in each rate bin: spikes are counted in these, so that narrower bins can be shown as well."""


@dataclass(frozen=True)
class Classes:
    """Nodes whose spikes are counted together over time; each class lies within one population."""

    names: tuple[str, ...]
    """In the order in which they are shown, population after population; unique within a population."""
    population: Integers
    """Shape (classes,): index of the population of each; ascending."""
    of_row: NDArray[np.int32]
    """Shape (rows,): index of the class of each node."""


@dataclass(frozen=True)
class Nodes:
    """The nodes that are summarised: the rows of everything that is per node."""

    populations: tuple[str, ...]
    """Names, in the order of the rows."""
    offsets: Integers
    """Shape (populations + 1,): rows ``offsets[p]:offsets[p + 1]`` are of ``populations[p]``."""
    ids: Integers
    """Shape (rows,): node ids, ascending within each population."""
    simulated: NDArray[np.bool_]
    """Shape (rows,): nodes known to have been simulated, the denominator of rates (with all that fired)."""
    inputs: tuple[str, ...] = ()
    """Those of `populations` that are no neurons of the network, but inputs to it."""
    grouped: Classes | None = None
    """The classes; None if each population is one."""
    depth: Floats | None = None
    """Shape (rows,): position on the axis `depth_axis`, µm, NaN where unknown; None if no population has positions."""
    depth_axis: str = ""
    """The axis of `depth`: "x", "y" or "z"."""

    @cached_property
    def classes(self) -> Classes:
        """The classes, each population one where nobody asked for others."""
        if self.grouped is not None:
            return self.grouped
        everything = np.arange(len(self.populations))
        of_row = np.repeat(everything, np.diff(self.offsets)).astype(np.int32)
        return Classes(self.populations, everything, of_row)


@dataclass(frozen=True)
class RasterAxis:
    """Where a raster draws each node, and how its vertical axis is labelled."""

    label: str
    """Label of the axis with its unit, for example "node" or "y [µm]"."""
    y: Floats
    """Shape (rows,): vertical place of each node; NaN where the node lacks the property."""
    limits: tuple[float, float]
    """Lower and upper end of the axis, lower < upper."""
    ticks: tuple[tuple[float, str], ...]
    """Places and texts of named ticks (categories, populations); empty for a plain numeric axis."""
    separators: tuple[float, ...]
    """Places of the lines between populations or categories."""

    @property
    def quantity(self) -> str:
        """What the axis shows, without a unit or what else its label explains."""
        return re.sub(r" (\[µm\]|\(number of nodes\))$", "", self.label)

    @property
    def by_id(self) -> bool:
        """Whether nodes are ordered by their ids, population above population."""
        return bool((np.diff(self.y) > 0).all())

    @property
    def bands(self) -> tuple[tuple[float, float, str], ...]:
        """Lower end, upper end and name of each named band, from below; they part where the separators are."""
        ticks = sorted(self.ticks)
        parts = sorted(self.separators)
        if len(parts) != len(ticks) - 1:
            parts = [(below + above) / 2 for (below, _), (above, _) in itertools.pairwise(ticks)]
        ends = itertools.pairwise([self.limits[0], *parts, self.limits[1]])
        return tuple((low, high, name) for (low, high), (_, name) in zip(ends, ticks, strict=True)) if ticks else ()


@dataclass(frozen=True)
class Places:
    """Positions of the nodes on the two axes of the animation."""

    x_axis: str
    y_axis: str
    xy: Floats
    """Shape (rows, 2), µm; NaN where a node has no position."""
    limits: tuple[float, float, float, float]
    """x lowest, x highest, y lowest, y highest over nodes with a position, µm; lowest < highest."""
    cells: Integers
    """Shape (rows,): flat index of each node's cell in a frame (row-major, row 0 lowest y); -1: no position."""


@dataclass(frozen=True)
class NodeCounters:
    """What is counted for each node; every array has shape (rows,).

    `first` to `last` are times in ms (NaN where the node fired too few spikes). The sums are integers in units of
    1 / `FIXED_POINT` (`square_whole`: of 1 ms²), so that merging parts gives the same bits as one pass.
    """

    count: Integers
    first: Floats
    second: Floats
    """With `first` the first interval of a train, which makes a pair with the interval across a merge's seam."""
    previous: Floats
    """The spike before the last: a merge needs the last interval of the earlier slab, for the pair across the seam."""
    last: Floats
    shortest: Floats
    """Shortest interval, ms; inf where there is none."""
    square_whole: Integers
    """Sum of squared intervals, whole ms²."""
    square_rest: Integers
    """Sum of the fractional parts of the squared intervals."""
    cv2: Integers
    """Sum of 2 |a - b| / (a + b) over pairs of neighbouring intervals a, b (Holt et al. 1996)."""
    lv: Integers
    """Sum of 3 ((a - b) / (a + b))² over pairs (Shinomoto et al. 2003)."""
    lvr: Integers
    """Sum of 3 (1 - 4ab / (a + b)²) (1 + 4R / (a + b)), ``SummarySpec.lvr_refractoriness`` for R, over pairs
    (Shinomoto et al. 2009)."""
    refractory: Integers
    """Intervals shorter than ``SummarySpec.refractory``."""
    pairs: Integers
    """Valid pairs of neighbouring intervals, those that the three sums are over."""
    bin_first: Integers
    """Spikes in the first pair bin (``SummarySpec.pair_bin``) that has any."""
    bin_open: Integers
    """Spikes in the last pair bin that has any; the same where it is the first."""
    bin_squares: Integers
    """Sum of the squared counts of the pair bins between these two."""
    run_first: Integers
    """Spikes in the first run, in which intervals are at most ``SummarySpec.burst_isi``."""
    run_open: Integers
    """Spikes in the last run; the same where it is the first."""
    bursts: Integers
    """Runs between these two of at least ``SummarySpec.burst_spikes`` spikes."""
    burst_spikes: Integers
    """Spikes in those."""
    parts: Integers
    """A bit for each of `PARTS` equal parts of the window that has a spike, the first in the lowest bit."""
    train: Integers
    """Hash of the times of all spikes: equal for equal trains, and a sum, so that parts add up."""


@dataclass(frozen=True)
class PropertyGroups:
    """The nodes of one population in groups by the value of a property."""

    population: int
    """Index of the population."""
    name: str
    """Name of the property."""
    labels: tuple[str, ...]
    """The values or ranges of values, in the order in which they are shown."""
    codes: Integers
    """Shape (rows of the population,): index of each node's label; -1 where it has none."""
    note: str
    """What the reader must know about the groups; empty if nothing."""


@dataclass(frozen=True)
class GrowingHistogram:
    """Counts in bins [k w, (k + 1) w), k = 0 ..., whose width w doubles until the largest value fits."""

    width: float
    """Narrowest width."""
    doublings: int
    """How often the width was doubled: w = width * 2**doublings."""
    counts: Integers
    """Shape (classes or populations, bins)."""

    @property
    def bin_width(self) -> float:
        """Width of the bins as they are now."""
        return float(self.width * 2.0**self.doublings)


@dataclass(frozen=True)
class PairSample:
    """How the spike counts of pairs of nodes correlate within each class, for some of its active nodes."""

    n_nodes: Integers
    """Shape (classes,): nodes that were taken."""
    means: Floats
    """Shape (classes,): mean of the coefficients; NaN without a pair."""
    deviations: Floats
    """Shape (classes,): their standard deviation; NaN without a pair."""
    counts: Integers
    """Shape (classes, `PAIR_BINS`): pairs in equal bins of the coefficient from -1 to 1."""


@dataclass(frozen=True)
class Summary:
    """All that figures and pages need to know about the spikes of one filter."""

    spec: SummarySpec
    nodes: Nodes
    axis: RasterAxis
    places: Places | None
    """None if there is no animation."""
    counters: NodeCounters
    fine_edges: Floats
    """Shape (fine bins + 1,), ms, from spec.start to spec.stop: every ``spec.rate_parts``-th is a rate bin's edge."""
    class_fine_counts: Integers
    """Shape (classes, fine bins): spikes per fine bin."""
    class_isi: GrowingHistogram
    """Interspike intervals of each class, ms."""
    class_frequency: GrowingHistogram
    """1000 / interval, Hz, of the intervals of each class that are not zero."""
    intervals: GrowingHistogram
    """Interspike intervals of each class, ms, in bins that no option of a figure changes."""
    base_counts: NDArray[np.uint32]
    """Shape (classes, base bins): spikes in bins of ``spec.base`` from the window's start; the last may be short."""
    part_counts: Integers
    """Shape (classes, `PARTS`): spikes in equal parts of the window."""
    times: Floats | None
    """Shape (spikes,): every spike, sorted, if there are at most spec.raster_cap; else None. ms."""
    rows: NDArray[np.int32] | None
    """Shape (spikes,): the row of each of `times`; None with it."""
    density: Integers
    """Shape spec.raster_shape: spikes per cell; row 0 is the lower end of the axis."""
    frames: NDArray[np.uint32] | None
    """Shape (frames, *spec.frame_shape): spikes per cell and frame; None without animation."""
    pairs: PairSample | None = None
    """Correlations, found after merging; None where nobody asked for them."""

    @cached_property
    def fine_counts(self) -> Integers:
        """Spikes per fine bin, shape (populations, fine bins)."""
        return self.of_populations(self.class_fine_counts)

    @cached_property
    def isi(self) -> GrowingHistogram:
        """Interspike intervals of each population, ms."""
        return replace(self.class_isi, counts=self.of_populations(self.class_isi.counts))

    @cached_property
    def frequency(self) -> GrowingHistogram:
        """1000 / interval, Hz, of the intervals of each population that are not zero."""
        return replace(self.class_frequency, counts=self.of_populations(self.class_frequency.counts))

    def of_populations(self, counts: Integers) -> Integers:
        """Add up counts of classes, shape (classes, bins), to those of populations."""
        if self.nodes.grouped is None:
            return counts
        summed = np.zeros((len(self.nodes.populations), counts.shape[1]), np.int64)
        np.add.at(summed, self.nodes.classes.population, counts)
        return summed

    @property
    def rate_edges(self) -> Floats:
        """Edges of the rate bins, shape (bins + 1,), ms, from spec.start to spec.stop."""
        return united_edges(self.fine_edges, self.spec.rate_parts)

    @property
    def rate_counts(self) -> Integers:
        """Spikes per rate bin, shape (populations, bins)."""
        return united_counts(self.fine_counts, self.spec.rate_parts)

    @property
    def n_spikes(self) -> int:
        """Number of spikes summarised."""
        return int(self.counters.count.sum())


def united_edges(edges: Floats, merge: int) -> Floats:
    """Return the edges of bins that each unite `merge` neighbours, shape (bins + 1,); the last may unite fewer."""
    return np.append(edges[:-1:merge], edges[-1])


def united_counts(counts: Integers, merge: int) -> Integers:
    """Add up `merge` neighbouring columns each; the last sum may have fewer."""
    return np.add.reduceat(counts, np.arange(0, counts.shape[1], merge), axis=1)


def per_population(flags: NDArray[np.bool_], offsets: Integers) -> Integers:
    """Count the flags, shape (rows,), of each population."""
    running = np.concatenate(([0], np.cumsum(flags, dtype=np.int64)))
    return running[offsets[1:]] - running[offsets[:-1]]


def ratio(counts: Integers, per: Floats) -> Floats:
    """Return counts / per, and 0 where `per` is 0."""
    return np.divide(counts, per, out=np.zeros(np.broadcast_shapes(counts.shape, per.shape)), where=per > 0)
