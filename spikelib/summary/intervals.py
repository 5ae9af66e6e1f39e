"""Accumulates the interval histograms: they widen whenever a kernel meets an interval that is too long for them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from spikelib.summary.model import ANALYSIS_BINS, HISTOGRAM_BINS, PARTS, GrowingHistogram
from spikelib.window import EPSILON_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from spikelib.summary.model import Floats, Integers, SummarySpec


class Intervals:
    """Histograms of the intervals of all classes: for figures, of their frequencies, and for statistics.

    Parameters
    ----------
    spec
        The bins.
    isi, frequency, analysis
        Histograms to go on from.

    Examples
    --------
    >>> from spikelib.summary.model import SummarySpec
    >>> intervals = Intervals.empty(SummarySpec(start=0.0, stop=20.0, rate_bin=10.0), n_classes=2)
    >>> [(found.counts.shape, found.bin_width) for found in intervals.histograms()]
    [((2, 16384), 0.1), ((2, 16384), 0.1), ((2, 65536), 0.1)]
    """

    def __init__(
        self, spec: SummarySpec, isi: GrowingHistogram, frequency: GrowingHistogram, analysis: GrowingHistogram
    ) -> None:
        self._spec = spec
        held = (isi, frequency, analysis)
        self._counts = [histogram.counts for histogram in held]
        self._doublings = np.array([histogram.doublings for histogram in held])
        self._widths = np.array(
            [
                spec.isi_bin,
                spec.frequency_bin,
                spec.refractory,
                spec.interval_bin,
                0.5 if spec.centred else 0.0,
                spec.start,
                spec.pair_bin,
                last_bin(spec, spec.pair_bin),
                (spec.stop - spec.start) / PARTS,
                spec.burst_isi,
                spec.burst_spikes,
                spec.lvr_refractoriness,
            ]
        )

    @classmethod
    def empty(cls, spec: SummarySpec, n_classes: int) -> Intervals:
        """Begin with nothing counted."""
        widths = (spec.isi_bin, spec.frequency_bin, spec.interval_bin)
        sizes = (HISTOGRAM_BINS, HISTOGRAM_BINS, ANALYSIS_BINS)
        held = (
            GrowingHistogram(width, 0, np.zeros((n_classes, size), np.int64))
            for width, size in zip(widths, sizes, strict=True)
        )
        return cls(spec, *held)

    def fill(self, kernel: Callable[..., int], size: int, *arrays: object) -> None:
        """Run a kernel over `size` items, widening the bins whenever it stops at an interval that does not fit."""
        done = 0
        while True:
            before = self._doublings.copy()
            done = kernel(done, *arrays, *self._counts, self._doublings, self._widths)
            if done >= size:
                return
            # A kernel cannot replace an array of its caller: it leaves the spike that does not fit uncounted, says how
            # often each histogram must double, and begins again at that spike.
            for which, more in enumerate(self._doublings - before):
                self._counts[which] = coarsened(self._counts[which], int(more))

    def histograms(self) -> tuple[GrowingHistogram, GrowingHistogram, GrowingHistogram]:
        """Return the histograms of intervals (ms), of frequencies (Hz), and of intervals for statistics (ms)."""
        widths = (self._spec.isi_bin, self._spec.frequency_bin, self._spec.interval_bin)
        isi, frequency, analysis = (
            GrowingHistogram(width, int(doublings), counts)
            for width, doublings, counts in zip(widths, self._doublings, self._counts, strict=True)
        )
        return isi, frequency, analysis


def last_bin(spec: SummarySpec, width: float) -> int:
    """Return the index of the last bin of a width in the window, full or not; a spike at the very end is in it."""
    return max(math.ceil((spec.stop - spec.start) / width - EPSILON_MS), 1) - 1


def pair_bins_of(times: Floats, spec: SummarySpec) -> Integers:
    """Return the pair bins of times, -1 where there is no time: as the kernel finds them."""
    with np.errstate(invalid="ignore"):
        found = ((times - spec.start + EPSILON_MS) / spec.pair_bin).astype(np.int64)
    return np.where(np.isnan(times), -1, np.clip(found, 0, last_bin(spec, spec.pair_bin)))


def coarsened(counts: Integers, doublings: int) -> Integers:
    """Unite neighbouring bins, `doublings` times two by two; shape (classes, bins) stays."""
    # A bin of twice the width is exactly two bins: nothing has to be counted again, and any order of widening and
    # adding gives the same counts.
    for _ in range(doublings):
        united = counts[:, 0::2] + counts[:, 1::2]
        counts = np.concatenate([united, np.zeros_like(united)], axis=1)
    return counts
