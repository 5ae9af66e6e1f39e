"""The canonical order of spikes: by time, then by id. The same spikes stored in any order become the same sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.sonata.spikes.arrays import BLOCK as _BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spikelib.sonata.spikes.arrays import Ids, Spikes, Times


class UnsortedError(Exception):
    """Spikes that should be sorted by time are not; raised and caught inside spikelib, never seen by the user."""


def canonical_chunks(chunks: Iterable[Spikes]) -> Iterator[Spikes]:
    """Order the ties of chunks that are sorted by time already.

    Spikes of one time are never split between two chunks, so each chunk is final.

    Raises
    ------
    UnsortedError
        A time is smaller than the one before it.
    """
    held: Spikes | None = None
    for new_times, new_ids in chunks:
        times, ids = new_times, new_ids
        if held is not None:
            times, ids = np.concatenate([held[0], times]), np.concatenate([held[1], ids])
        if (times[1:] < times[:-1]).any():
            raise UnsortedError
        # Spikes of the last time may go on in the next chunk. Copies, as views would keep all of this chunk alive.
        cut = int(np.searchsorted(times, times[-1], "left"))
        held = times[cut:].copy(), ids[cut:].copy()
        if cut:
            yield order_ties(times[:cut], ids[:cut])
    if held is not None:
        yield order_ties(*held)


def sort_spikes(times: Times, ids: Ids) -> Spikes:
    """Bring spikes into the canonical order, in memory; return new arrays unless they are in order already."""
    if (times[1:] < times[:-1]).any():
        order = np.argsort(times)  # need not be stable: ties are ordered by id below
        times, ids = times[order], ids[order]
    return order_ties(times, ids)


def order_ties(times: Times, ids: Ids) -> Spikes:
    """Sort the ids within each run of equal times of spikes that are sorted by time, in place; return both arrays."""
    start = 0
    while start < len(times):
        # Block by block, which stay in the processor's cache, and never cutting a run.
        end = min(start + _BLOCK, len(times))
        end = start + int(np.searchsorted(times[start:], times[end - 1], "right")) if end < len(times) else end
        _order_block(times[start:end], ids[start:end])
        start = end
    return times, ids


def _order_block(times: Times, ids: Ids) -> None:
    same = times[1:] == times[:-1]
    if not (same & (ids[1:] < ids[:-1])).any():  # often so, and looking costs far less than sorting
        return
    run = np.zeros(len(times), np.int64)
    np.cumsum(~same, out=run[1:])
    bits = int(ids.max()).bit_length()
    # A block has at most 2**16 runs, so only ids beyond 2**47 leave no room for both.
    if int(run[-1]).bit_length() + bits > 63:
        ids[:] = ids[np.lexsort((ids, run))]
        return
    # One integer per spike holds its run and its id: sorting integers is far faster than sorting pairs. Runs keep their
    # places, as the run stands in the high bits, so times need not be moved.
    run <<= bits
    run |= ids
    run.sort()
    np.bitwise_and(run, (1 << bits) - 1, out=ids)


def count_duplicates(times: Times, ids: Ids) -> int:
    """Count the spikes that repeat the one before them (same time, same id) in canonical order."""
    return int(np.count_nonzero((times[1:] == times[:-1]) & (ids[1:] == ids[:-1])))


class OrderCheck:
    """Finds out, chunk by chunk, whether spikes are sorted by time, by id (then time), or not at all."""

    def __init__(self) -> None:
        self.by_time = True
        self.by_id = True
        self._last: tuple[float, int] = (-np.inf, -1)

    def see(self, times: Times, ids: Ids) -> None:
        """Look at the next stretch of spikes."""
        if not len(times):
            return
        last_time, last_id = self._last
        if self.by_time:
            self.by_time = bool(times[0] >= last_time and (times[1:] >= times[:-1]).all())
        if self.by_id:
            first = ids[0] > last_id or (ids[0] == last_id and times[0] >= last_time)
            self.by_id = bool(first) and _sorted_by_id(times, ids)
        self._last = (float(times[-1]), int(ids[-1]))

    def found(self, claim: str | None) -> str:
        """Name the order; the claimed one where the spikes are in both."""
        holds = {"by_time": self.by_time, "by_id": self.by_id}
        if claim is not None and holds.get(claim):
            return claim
        return "by_time" if self.by_time else "by_id" if self.by_id else "none"


def _sorted_by_id(times: Times, ids: Ids) -> bool:
    same = ids[1:] == ids[:-1]
    return bool((ids[1:] >= ids[:-1]).all() and (times[1:][same] >= times[:-1][same]).all())
