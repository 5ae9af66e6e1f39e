"""Pearson correlations of the spike counts of pairs of nodes, for some active nodes of each class.

All pairs of a large network are too many; their mean covariance is exact all the same (`synchrony`). Here a sample
shows how coefficients are distributed.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import PlotError
from spikelib.statistics.synchrony import FEWEST_BINS
from spikelib.summary.intervals import pair_bins_of
from spikelib.summary.model import PAIR_BINS, PairSample
from spikelib.window import EPSILON_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from spikelib.summary.model import Floats, Integers, Summary

__all__ = [
    "MOST_NODES",
    "SEED",
    "ClassCorrelations",
    "class_correlations",
    "correlations",
    "pair_histogram",
    "pair_sample",
]

MOST_NODES = 200
"""Nodes of each class that are taken at most."""
SEED = 20260
"""Of the hash of ids that chooses them: the same nodes each time, and no stretch of ids."""

_FINEST = 2.0 / PAIR_BINS
_TAIL = 0.005
"""Share of the pairs that a picture leaves out on either side."""
_WIDTHS, _SHOWN_BINS = (1, 2, 5, 10, 20, 50), 60
"""How many of the finest bins may be united, so that about so many are in view."""

_CELLS = 1 << 22
"""Counts that are held at once: nodes times bins."""


@dataclass(frozen=True)
class ClassCorrelations:
    """The coefficients of one class."""

    rows: Integers
    """Shape (nodes,): rows of the nodes that were taken, ascending."""
    matrix: Floats
    """Shape (nodes, nodes): Pearson's coefficient; NaN of a node whose count never changes."""

    @property
    def pairs(self) -> Floats:
        """The defined coefficients, each pair once."""
        upper = self.matrix[np.triu_indices(len(self.rows), 1)]
        found: Floats = upper[np.isfinite(upper)]
        return found


@dataclass(frozen=True)
class PairHistogram:
    """The coefficients of all classes in bins that can be shown."""

    edges: Floats
    """Shape (bins + 1,), from -1 to 1."""
    counts: Integers
    """Shape (classes, bins): pairs."""
    shown: tuple[float, float]
    """Ends of an axis around nearly all pairs of all classes, and 0 in it."""
    n_beyond: Integers
    """Shape (classes,): pairs outside of `shown`."""


def class_correlations(summary: Summary, spikes: Iterable[tuple[Floats, NDArray[np.int32]]]) -> list[ClassCorrelations]:
    """Correlate the counts of nodes of each class in full bins of ``SummarySpec.pair_bin``.

    Parameters
    ----------
    summary
        Tells which nodes are active.
    spikes
        The same spikes once more: times (ms) and rows, in order, in chunks.

    Returns
    -------
    list
        For each class the coefficients of at most `MOST_NODES` active nodes: those whose ids have the lowest hashes.
        Nobody is taken where the window has fewer than ten bins.

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("pair",), np.array([0, 2]), np.arange(2), np.ones(2, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> spikes = [(np.array([1.0, 1.0, 9.0, 9.5]), np.array([0, 1, 0, 1], np.int32))]
    >>> summary = summarise(spikes, SummarySpec(0.0, 20.0, rate_bin=5.0), nodes, axis)
    >>> class_correlations(summary, spikes)[0].pairs.round(9).tolist()
    [1.0]
    """
    spec = summary.spec
    n_bins = int((spec.stop - spec.start + EPSILON_MS) / spec.pair_bin)
    n_classes = len(summary.nodes.classes.names)
    if n_bins < FEWEST_BINS:
        return [ClassCorrelations(np.empty(0, np.int64), np.empty((0, 0)))] * n_classes
    rows = _sample(summary)
    counter = _Counter(rows, len(summary.nodes.ids), n_bins)
    for times, of in spikes:
        counter.add(pair_bins_of(times, spec), of)
    return [
        ClassCorrelations(own, _pearson(gram, sums, n_bins))
        for own, (gram, sums) in zip(rows, counter.close(), strict=True)
    ]


def pair_sample(summary: Summary, spikes: Iterable[tuple[Floats, NDArray[np.int32]]]) -> PairSample:
    """Return how the coefficients of `class_correlations` are distributed."""
    found = class_correlations(summary, spikes)
    pairs = [each.pairs for each in found]
    places = [np.minimum(((of + 1.0) / 2.0 * PAIR_BINS).astype(np.int64), PAIR_BINS - 1) for of in pairs]
    return PairSample(
        n_nodes=np.array([len(each.rows) for each in found]),
        means=np.array([of.mean() if len(of) else np.nan for of in pairs]),
        deviations=np.array([of.std() if len(of) else np.nan for of in pairs]),
        counts=np.array([np.bincount(of, minlength=PAIR_BINS) for of in places]).reshape(len(found), PAIR_BINS),
    )


def pair_histogram(pairs: PairSample, binsize: float | None = None) -> PairHistogram:
    """Return the coefficients in bins that can be shown.

    Parameters
    ----------
    pairs
        The coefficients in finest bins.
    binsize
        Width of the bins, a multiple of 0.001 that divides 2; None for about 60 bins in view.

    Raises
    ------
    PlotError
        `binsize` is no such width.
    """
    together = pairs.counts.sum(axis=0)
    running = np.cumsum(together) / max(int(together.sum()), 1)
    low, high = int(np.searchsorted(running, _TAIL)), int(np.searchsorted(running, 1.0 - _TAIL)) + 1
    low, high = min(low, PAIR_BINS // 2), max(high, PAIR_BINS // 2)
    margin = max((high - low) // 10, 5)
    low, high = max(low - margin, 0), min(high + margin, PAIR_BINS)
    united = _united(binsize, high - low)
    return PairHistogram(
        edges=np.linspace(-1.0, 1.0, PAIR_BINS // united + 1),
        counts=pairs.counts.reshape(len(pairs.counts), -1, united).sum(axis=2),
        shown=(-1.0 + low * _FINEST, -1.0 + high * _FINEST),
        n_beyond=pairs.counts.sum(axis=1) - pairs.counts[:, low:high].sum(axis=1),
    )


def _united(binsize: float | None, shown: int) -> int:
    """Return how many of the finest bins one bin unites."""
    if binsize is None:
        return next((width for width in _WIDTHS if shown / width <= _SHOWN_BINS), _WIDTHS[-1])
    united = round(binsize / _FINEST)
    if united < 1 or PAIR_BINS % united or abs(united * _FINEST - binsize) > 1e-9:
        msg = f"correlations.binsize: {binsize:g} does not divide 2 into whole multiples of {_FINEST:g}"
        raise PlotError(msg)
    return united


def correlations(summary: Summary) -> dict[str, Any] | None:
    """Return how nodes were taken, and mean and SD of the coefficients of each class; None if none were counted.

    Returns
    -------
    dict
        ``bin_ms``, ``most_nodes``, ``seed`` and ``classes``: population, class, n_nodes, n_pairs, mean, sd (None
        without a pair).
    """
    pairs, nodes = summary.pairs, summary.nodes
    if pairs is None:
        return None
    n_pairs = pairs.counts.sum(axis=1)
    rows = [
        {
            "population": nodes.populations[int(population)],
            "class": name,
            "n_nodes": int(pairs.n_nodes[k]),
            "n_pairs": int(n_pairs[k]),
            "mean": float(pairs.means[k]) if n_pairs[k] else None,
            "sd": float(pairs.deviations[k]) if n_pairs[k] else None,
        }
        for k, (name, population) in enumerate(zip(nodes.classes.names, nodes.classes.population, strict=True))
    ]
    return {"bin_ms": summary.spec.pair_bin, "most_nodes": MOST_NODES, "seed": SEED, "classes": rows}


def _sample(summary: Summary) -> list[Integers]:
    """Return the rows of the nodes that are taken of each class, ascending."""
    of_row, active = summary.nodes.classes.of_row, summary.counters.count > 0
    hashes, sample = _hashed(summary.nodes.ids), []
    for k in range(len(summary.nodes.classes.names)):
        rows = np.flatnonzero(active & (of_row == k))
        sample.append(np.sort(rows[np.argsort(hashes[rows], kind="stable")[:MOST_NODES]]))
    return sample


def _hashed(ids: Integers) -> NDArray[np.uint64]:
    """Return a hash of each id that looks random (splitmix64, Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        z = ids.astype(np.uint64) + np.uint64(SEED) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


class _Counter:
    """Adds up products of the counts of nodes, a stretch of bins at a time: memory does not grow with the spikes."""

    def __init__(self, rows: list[Integers], n_rows: int, n_bins: int) -> None:
        ends = np.cumsum([0, *(len(own) for own in rows)])
        self._slices = [slice(int(a), int(b)) for a, b in itertools.pairwise(ends)]
        n_nodes = int(ends[-1])
        self._place = np.full(n_rows, -1, np.int64)
        for own, part in zip(rows, self._slices, strict=True):
            self._place[own] = np.arange(part.start, part.stop)
        self._n_bins, self._size = n_bins, max(min(n_bins, _CELLS // max(n_nodes, 1)), 1)
        self._counts = np.zeros((n_nodes, self._size))
        self._open = 0
        self._grams = [np.zeros((len(own), len(own))) for own in rows]
        self._sums = np.zeros(n_nodes)

    def add(self, bins: Integers, rows: NDArray[np.int32]) -> None:
        """Add spikes in order."""
        places = self._place[rows]
        kept = (places >= 0) & (bins < self._n_bins)
        places, bins = places[kept], bins[kept]
        if not len(bins):
            return
        stretches = bins // self._size
        starts = np.flatnonzero(np.diff(stretches, prepend=-1))
        for low, high in zip(starts, [*starts[1:], len(bins)], strict=True):
            if stretches[low] != self._open:
                self._flush()
                self._open = int(stretches[low])
            np.add.at(self._counts, (places[low:high], bins[low:high] % self._size), 1.0)

    def _flush(self) -> None:
        # Whole numbers below 2^53: floats add them exactly, and by the fastest of libraries.
        for k, part in enumerate(self._slices):
            self._grams[k] += self._counts[part] @ self._counts[part].T
        self._sums += self._counts.sum(axis=1)
        self._counts[:] = 0.0

    def close(self) -> list[tuple[Floats, Floats]]:
        """Return for each class the sums of products and of counts."""
        self._flush()
        return [(gram, self._sums[part]) for gram, part in zip(self._grams, self._slices, strict=True)]


def _pearson(gram: Floats, sums: Floats, n_bins: int) -> Floats:
    covariance = n_bins * gram - np.outer(sums, sums)
    variance = covariance.diagonal()
    with np.errstate(invalid="ignore", divide="ignore"):
        found = covariance / np.sqrt(np.outer(variance, variance))
    return np.clip(np.where(np.isfinite(found), found, np.nan), -1.0, 1.0)
