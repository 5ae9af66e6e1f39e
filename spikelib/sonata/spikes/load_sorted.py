"""All spikes of a population, the fast way: for large reports whose spikes are valid and sorted, as most are.

Two threads read, survey and order one half each, block by block, which stay in the processor's cache. If anything at
all is wrong, the answer is None, and `spikelib.sonata.spikes.load` takes the careful way.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from spikelib.sonata.spikes.arrays import BLOCK as _BLOCK
from spikelib.sonata.spikes.order import order_ties
from spikelib.window import EPSILON_MS

if TYPE_CHECKING:
    from spikelib.sonata.spikes.arrays import Ids, RunFacts, Spikes, Times
    from spikelib.sonata.spikes.spike_file import SpikeReader

_THREADS = 2


def load_sorted(reader: SpikeReader, facts: RunFacts) -> Spikes | None:
    """Read all spikes in canonical order; None if one is invalid or out of order."""
    size = reader.source.n_spikes
    times, ids = np.empty(size, np.float64), np.empty(size, np.int64)
    seams = [size * part // _THREADS for part in range(_THREADS + 1)]
    with ThreadPoolExecutor(_THREADS) as pool:
        valid = pool.map(lambda ends: _load_part(reader, facts, times, ids, ends), list(pairwise(seams)))
        if not all(valid):
            return None
    for seam in seams[1:-1]:
        # Each thread ordered its own share of the ties that lie on both sides of a seam.
        if times[seam - 1] > times[seam]:
            return None
        first, last = (int(np.searchsorted(times, times[seam], side)) for side in ("left", "right"))
        order_ties(times[first:last], ids[first:last])
    return times, ids


def _load_part(reader: SpikeReader, facts: RunFacts, times: Times, ids: Ids, ends: tuple[int, int]) -> bool:
    start, stop = ends
    limit = facts.id_limit
    for begin in range(start, stop, _BLOCK):
        end = min(begin + _BLOCK, stop)
        reader.read_into(begin, times[begin:end], ids[begin:end])
        first = max(begin - 1, start)  # the last of the block before, to see the order across the seam
        if not _valid(times[first:end], ids[first:end], limit):
            return False
    order_ties(times[start:stop], ids[start:stop])
    return True


def _valid(times: Times, ids: Ids, limit: int) -> bool:
    """Return whether spikes are sorted by time and all valid; NaN makes the comparison of times false."""
    ordered = bool((times[1:] >= times[:-1]).all())
    within = times[0] >= -EPSILON_MS and times[-1] < np.inf and ids.min() >= 0 and ids.max() < limit
    return ordered and bool(within)
