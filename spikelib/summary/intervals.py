"""Accumulates the interval histograms: they widen whenever a kernel meets an interval that is too long for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.summary.model import HISTOGRAM_BINS, GrowingHistogram

if TYPE_CHECKING:
    from collections.abc import Callable

    from spikelib.summary.model import Integers, SummarySpec


class Intervals:
    """Histograms of intervals and of their frequencies, for all populations.

    Parameters
    ----------
    spec
        The bins.
    isi, frequency
        Histograms to go on from.

    Examples
    --------
    >>> from spikelib.summary.model import SummarySpec
    >>> intervals = Intervals.empty(SummarySpec(start=0.0, stop=20.0, rate_bin=10.0), n_populations=2)
    >>> isi, frequency = intervals.histograms()
    >>> isi.counts.shape, isi.bin_width, frequency.bin_width
    ((2, 16384), 0.1, 0.1)
    """

    def __init__(self, spec: SummarySpec, isi: GrowingHistogram, frequency: GrowingHistogram) -> None:
        self._spec = spec
        self._counts = [isi.counts, frequency.counts]
        self._doublings = np.array([isi.doublings, frequency.doublings])
        self._widths = np.array([spec.isi_bin, spec.frequency_bin, spec.refractory])

    @classmethod
    def empty(cls, spec: SummarySpec, n_populations: int) -> Intervals:
        """Begin with nothing counted."""
        isi, frequency = (np.zeros((n_populations, HISTOGRAM_BINS), np.int64) for _ in range(2))
        return cls(spec, GrowingHistogram(spec.isi_bin, 0, isi), GrowingHistogram(spec.frequency_bin, 0, frequency))

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

    def histograms(self) -> tuple[GrowingHistogram, GrowingHistogram]:
        """Return the histograms of intervals (ms) and of frequencies (Hz)."""
        isi, frequency = (int(doublings) for doublings in self._doublings)
        return (
            GrowingHistogram(self._spec.isi_bin, isi, self._counts[0]),
            GrowingHistogram(self._spec.frequency_bin, frequency, self._counts[1]),
        )


def coarsened(counts: Integers, doublings: int) -> Integers:
    """Unite neighbouring bins, `doublings` times two by two; shape (populations, bins) stays."""
    # A bin of twice the width is exactly two bins: nothing has to be counted again, and any order of widening and
    # adding gives the same counts.
    for _ in range(doublings):
        united = counts[:, 0::2] + counts[:, 1::2]
        counts = np.concatenate([united, np.zeros_like(united)], axis=1)
    return counts
