"""A whole population at once, for large reports that are as sound and as sorted as they say: the usual case, fast.

Two threads read, survey and order one half each. If anything at all is wrong, the answer is None, and
`spikelib.sonata.load` takes the careful way.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from spikelib.sonata.audit import EPSILON_MS, LARGEST_ID

if TYPE_CHECKING:
    from spikelib.sonata.audit import Ids, RunFacts, Spikes, Times
    from spikelib.sonata.order import Mixed
    from spikelib.sonata.spikes import SpikeReader

LARGE = 1 << 18
"""From this many spikes on, compiled loops are worth loading numba."""

_BLOCK = 1 << 16
_THREADS = 2


def load_sorted(reader: SpikeReader, facts: RunFacts) -> Spikes | None:
    """Read all spikes in canonical order; None if one is unsound or out of order."""
    size = reader.source.n_spikes
    times, ids = np.empty(size, np.float64), np.empty(size, np.int64)
    seams = [size * part // _THREADS for part in range(_THREADS + 1)]
    with ThreadPoolExecutor(_THREADS) as pool:
        sound = pool.map(lambda ends: _load_part(reader, facts, times, ids, ends), list(pairwise(seams)))
        if not all(sound):
            return None
    from spikelib.sonata import kernels  # noqa: PLC0415 - loads numba

    for seam in seams[1:-1]:
        if times[seam - 1] > times[seam]:
            return None
        first, last = (int(np.searchsorted(times, times[seam], side)) for side in ("left", "right"))
        kernels.order_ties(times[first:last], ids[first:last])
    return times, ids


def merge_large(parts: list[Mixed]) -> Mixed:
    """Merge populations (times, ids, codes) in canonical order into one, two by two."""
    while len(parts) > 1:
        pairs = [parts[k : k + 2] for k in range(0, len(parts), 2)]
        parts = [_merge_two(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return parts[0]


def _load_part(reader: SpikeReader, facts: RunFacts, times: Times, ids: Ids, ends: tuple[int, int]) -> bool:
    from spikelib.sonata import kernels  # noqa: PLC0415

    start, stop = ends
    limit = LARGEST_ID + 1 if facts.n_nodes is None else facts.n_nodes
    in_order = True
    for begin in range(start, stop, _BLOCK):
        end = min(begin + _BLOCK, stop)
        reader.read_into(begin, times[begin:end], ids[begin:end])
        first = max(begin - 1, start)  # the last of the block before, to see the order across the seam
        sound, ordered, tied = kernels.survey(times[first:end], ids[first:end], limit, EPSILON_MS)
        if not (sound and ordered):
            return False
        in_order = in_order and tied
    if not in_order:
        kernels.order_ties(times[start:stop], ids[start:stop])
    return True


def _merge_two(a: Mixed, b: Mixed) -> Mixed:
    """Merge two populations, the earlier and the later half of time in two threads."""
    from spikelib.sonata import kernels  # noqa: PLC0415

    size = len(a[0]) + len(b[0])
    out = np.empty(size, np.float64), np.empty(size, np.int64), np.empty(size, a[2].dtype)
    # All spikes of one moment are on the same side of the cut.
    moment = a[0][len(a[0]) // 2] if len(a[0]) else np.inf
    cut_a, cut_b = (int(np.searchsorted(part[0], moment, "left")) for part in (a, b))
    early, late = slice(0, cut_a + cut_b), slice(cut_a + cut_b, size)
    with ThreadPoolExecutor(_THREADS) as pool:
        jobs = [
            pool.submit(kernels.merge_two, _cut(a, slice(0, cut_a)), _cut(b, slice(0, cut_b)), _cut(out, early)),
            pool.submit(kernels.merge_two, _cut(a, slice(cut_a, None)), _cut(b, slice(cut_b, None)), _cut(out, late)),
        ]
        for job in jobs:
            job.result()
    return out


def _cut(part: Mixed, stretch: slice) -> Mixed:
    times, ids, codes = part
    return times[stretch], ids[stretch], codes[stretch]
