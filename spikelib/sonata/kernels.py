"""Compiled loops over spikes in memory. Only large reports come here: for small ones, loading numba takes longer."""

from __future__ import annotations

from typing import Any

from spikelib._jit import kernel


@kernel
def survey(times: Any, ids: Any, limit: int, epsilon: float) -> tuple[bool, bool, bool]:
    """Look at a stretch of spikes once: are all sound, sorted by time, and do ids ascend within equal times."""
    sound = True
    ordered = True
    tied = True
    for k in range(len(times)):
        time, node = times[k], ids[k]
        if not (-epsilon <= time < float("inf")) or node < 0 or node >= limit:
            sound = False
        if k and not times[k - 1] <= time:
            ordered = False
        if k and times[k - 1] == time and node < ids[k - 1]:
            tied = False
    return sound, ordered, tied


@kernel
def order_ties(times: Any, ids: Any) -> None:
    """Sort the ids within each run of equal times, in place."""
    size = len(times)
    start = 0
    while start < size:
        end = start + 1
        while end < size and times[end] == times[start]:
            end += 1
        if end - start > 64:
            ids[start:end].sort()
        else:
            for k in range(start + 1, end):
                node = ids[k]
                place = k
                while place > start and ids[place - 1] > node:
                    ids[place] = ids[place - 1]
                    place -= 1
                ids[place] = node
        start = end


@kernel
def merge_two(a: Any, b: Any, out: Any) -> None:
    """Merge two populations in canonical order, each (times, ids, codes); the codes of `a` are before those of `b`."""
    times_a, ids_a, codes_a = a
    times_b, ids_b, codes_b = b
    times, ids, codes = out
    size_a, size_b = len(times_a), len(times_b)
    i = 0
    j = 0
    for k in range(size_a + size_b):
        if j == size_b:
            first = True
        elif i == size_a:
            first = False
        elif times_a[i] != times_b[j]:
            first = times_a[i] < times_b[j]
        else:
            first = ids_a[i] <= ids_b[j]
        if first:
            times[k], ids[k], codes[k] = times_a[i], ids_a[i], codes_a[i]
            i += 1
        else:
            times[k], ids[k], codes[k] = times_b[j], ids_b[j], codes_b[j]
            j += 1
