"""The canonical order of spikes: by time, then by id. The same spikes stored in any order become the same sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from spikelib.sonata.bulk import LARGE, merge_large

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from spikelib.sonata.audit import Ids, Spikes, Times

Mixed: TypeAlias = "tuple[Times, Ids, NDArray[np.signedinteger[Any]]]"
"""Times, ids and indices of populations of spikes in canonical order: by time, id, population."""


class UnsortedError(Exception):
    """Raised inside spikelib when spikes that were hoped to be sorted by time are not; never reaches the user."""


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
        cut = int(np.searchsorted(times, times[-1], "left"))
        held = times[cut:].copy(), ids[cut:].copy()
        if cut:
            yield order_ties(times[:cut], ids[:cut])
    if held is not None:
        yield order_ties(*held)


def sort_spikes(times: Times, ids: Ids) -> Spikes:
    """Bring spikes into the canonical order, in memory; gives new arrays unless they are in order already."""
    if (times[1:] < times[:-1]).any():
        order = np.argsort(times)
        times, ids = times[order], ids[order]
    return order_ties(times, ids)


def order_ties(times: Times, ids: Ids) -> Spikes:
    """Sort the ids within each run of equal times of spikes that are sorted by time; large arrays in place."""
    if len(times) < LARGE:
        return order_ties_plainly(times, ids)
    from spikelib.sonata import kernels  # noqa: PLC0415 - loads numba

    kernels.order_ties(times, ids)
    return times, ids


def order_ties_plainly(times: Times, ids: Ids) -> Spikes:
    """Do as `order_ties` with numpy alone, giving a new array of ids where the order changes."""
    same = times[1:] == times[:-1]
    if not (same & (ids[1:] < ids[:-1])).any():
        return times, ids
    run = np.zeros(len(times), np.int64)
    np.cumsum(~same, out=run[1:])
    bits = int(ids.max()).bit_length()
    if int(run[-1]).bit_length() + bits > 63:
        return times, ids[np.lexsort((ids, run))]
    # One integer per spike holds its run and its id: sorting integers is far faster than sorting pairs.
    run <<= bits
    run |= ids
    run.sort()
    return times, run & ((1 << bits) - 1)


def count_duplicates(times: Times, ids: Ids) -> int:
    """Count the spikes that repeat the one before them (same time, same id) in canonical order."""
    return int(np.count_nonzero((times[1:] == times[:-1]) & (ids[1:] == ids[:-1])))


def merge_parts(parts: list[Spikes], codes: list[int], n_codes: int) -> Mixed:
    """Merge stretches in canonical order, one of each of the populations `codes`, into one."""
    if not parts:
        return np.empty(0), np.empty(0, np.int64), np.empty(0, np.int8)
    kind = np.int8 if n_codes <= 127 else np.int32
    if len(parts) == 1:
        times, ids = parts[0]
        return times, ids, np.full(len(times), codes[0], kind)
    if sum(len(part[0]) for part in parts) >= LARGE:
        return merge_large(
            [(*part, np.full(len(part[0]), code, kind)) for part, code in zip(parts, codes, strict=True)]
        )
    times = np.concatenate([part[0] for part in parts])
    # Id and population in one number, so that ties are ordered by both at once.
    keys = np.concatenate([part[1] * n_codes + code for part, code in zip(parts, codes, strict=True)])
    order = np.argsort(times, kind="stable")
    times, keys = order_ties(times[order], keys[order])
    ids, mixed = np.divmod(keys, n_codes)
    return times, ids, mixed.astype(kind)
