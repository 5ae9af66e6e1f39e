"""The audit of all spikes of a population, with its duplicates counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.findings import Finding, Kind
from spikelib.sonata.spikes.audit import Audit, valid_chunks
from spikelib.sonata.spikes.load import load_spikes
from spikelib.sonata.spikes.order import OrderCheck, count_duplicates, order_ties

if TYPE_CHECKING:
    from collections.abc import Callable

    from spikelib.sonata.spikes.arrays import Ids, RunFacts, Spikes, Times
    from spikelib.sonata.spikes.spike_file import SpikeSource


IN_MEMORY = 4 << 20
"""Up to this many spikes in no order are sorted in memory to count duplicates."""


def audit_population(
    source: SpikeSource, facts: RunFacts, *, strict: bool = False, progress: Callable[[int], None] | None = None
) -> Audit:
    """Count the valid and the rejected spikes of a population, reading it once (twice if it is in no order)."""
    audit, order, repeats = Audit.of(source, facts), OrderCheck(), _Repeats()
    with source.open() as reader:
        for times, ids in valid_chunks(reader, facts, audit):
            order.see(times, ids)
            repeats.see(times, ids, by_time=order.by_time)
            if progress:
                progress(len(times))
    audit.close(order)
    audit.n_duplicates = repeats.count
    if audit.sorting_found == "none":
        _count_unsorted_duplicates(audit, source, facts)
    audit.check_conserved(source.path)
    if strict:
        audit.check_strict(source.path)
    return audit


class _Repeats:
    """Counts duplicates, chunk by chunk, of spikes that are sorted by time or by id."""

    def __init__(self) -> None:
        self.count = 0
        self._held: Spikes = np.empty(0), np.empty(0, np.int64)

    def see(self, times: Times, ids: Ids, *, by_time: bool) -> None:
        """Look at the next chunk; `by_time` is whether all so far is sorted by time."""
        counted = count_duplicates(*self._held)
        times, ids = np.concatenate([self._held[0], times]), np.concatenate([self._held[1], ids])
        if by_time:
            times, ids = order_ties(times, ids)
        self.count += count_duplicates(times, ids) - counted
        # The spikes of the last time may have their duplicates anywhere among those of the same time to come.
        begin = int(np.searchsorted(times, times[-1], "left")) if by_time else len(times) - 1
        self._held = times[begin:].copy(), ids[begin:].copy()


def _count_unsorted_duplicates(audit: Audit, source: SpikeSource, facts: RunFacts) -> None:
    if audit.n_kept <= IN_MEMORY:
        (times, ids), _ = load_spikes(source, facts)
        audit.n_duplicates = count_duplicates(times, ids)
    else:
        text = "duplicates were counted among neighbours only; `extract` counts them all"
        audit.notes.append(Finding(Kind.DUPLICATES_UNCOUNTED, text))
