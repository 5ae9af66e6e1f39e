"""A slab of a population: what one of several jobs extracts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spikelib.sonata.spikes.audit import count_spikes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spikelib.sonata.spikes.arrays import RunFacts, Spikes
    from spikelib.sonata.spikes.audit import Audit


@dataclass(frozen=True)
class Slab:
    """One slab of a population: what one job extracts."""

    index: int
    count: int
    low: float
    """Start, ms, included; -inf for the first."""
    high: float
    """End, ms, not included; inf for the last."""
    ends: tuple[int, int] | None
    """Indices [begin, end) in the spike file; None if the population is not sorted by time."""

    def within(self, chunks: Iterable[Spikes], facts: RunFacts, audit: Audit) -> Iterator[Spikes]:
        """Keep the spikes of this slab of a population in no order, and count them in `audit`."""
        # Half-open, so that a spike exactly at a cut is in one slab only.
        for times, ids in chunks:
            inside = (times >= self.low) & (times < self.high)
            if inside.any():
                kept = times[inside], ids[inside]
                audit.n_kept += len(kept[0])
                count_spikes(*kept, facts, audit)
                yield kept
