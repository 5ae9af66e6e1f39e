"""Spikes of one population in memory, in canonical order: what the report API builds its pandas objects from.

A window of a report that claims to be sorted by time is found by binary search, and only its slab is read. The claim
is not taken on trust: the slab with a margin on both sides must be sorted and so must `PROBES` time stamps spread
over the whole population. If not, everything is read and sorted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.errors import WindowError
from spikelib.sonata.audit import EPSILON_MS, Audit, sound_chunks
from spikelib.sonata.order import sort_spikes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.sonata.audit import RunFacts, Spikes, Times
    from spikelib.sonata.spikes import SpikeReader, SpikeSource

PROBES = 64
MARGIN = 4096


def check_window(t_start: float | None, t_stop: float | None) -> tuple[float, float]:
    """Check a time window and give its two ends, -inf and inf where None.

    Parameters
    ----------
    t_start, t_stop
        Ends in ms, both included.

    Raises
    ------
    WindowError
        An end is negative or not a number, or t_start > t_stop.

    Examples
    --------
    >>> check_window(None, 100)
    (-inf, 100.0)
    """
    start = -np.inf if t_start is None else float(t_start)
    stop = np.inf if t_stop is None else float(t_stop)
    for name, value, given in (("t_start", start, t_start), ("t_stop", stop, t_stop)):
        if given is not None and (np.isnan(value) or value < -EPSILON_MS):
            msg = (
                f"{name}={value:g}: times cannot be negative or NaN; give ms from the start of the simulation, or None"
            )
            raise WindowError(msg)
    if start > stop:
        msg = f"t_start={start:g} is later than t_stop={stop:g}; exchange them (both ends are included)"
        raise WindowError(msg)
    return start, stop


def load_spikes(
    source: SpikeSource,
    facts: RunFacts,
    window: tuple[float, float] = (-np.inf, np.inf),
    members: NDArray[np.bool_] | None = None,
) -> tuple[Spikes, Audit]:
    """Read the sound spikes of a window, in canonical order.

    Parameters
    ----------
    source
        The population.
    facts
        What is known about it.
    window
        Both ends in ms, included with a tolerance of 1e-6 ms.
    members
        Shape (nodes,): True for the ids to keep; all ids if None.

    Returns
    -------
    spikes, audit
        Times (ms) and ids, sorted by (time, id); and the audit of what was read for them.
    """
    with source.open() as reader:
        bounds = _slab(reader, window) if source.sorting_claim == "by_time" else None
        audit = Audit.of(source, facts)
        chunks = sound_chunks(reader, facts, audit, *(bounds or (0, None)))
        kept = [_keep(times, ids, window, members) for times, ids in chunks]
    if not kept:
        return (np.empty(0, np.float64), np.empty(0, np.int64)), audit
    if len(kept) == 1:
        return sort_spikes(*kept[0]), audit
    return sort_spikes(np.concatenate([k[0] for k in kept]), np.concatenate([k[1] for k in kept])), audit


def _keep(
    times: Times, ids: NDArray[np.int64], window: tuple[float, float], members: NDArray[np.bool_] | None
) -> Spikes:
    if window != (-np.inf, np.inf):
        inside = (times >= window[0] - EPSILON_MS) & (times <= window[1] + EPSILON_MS)
        if not inside.all():
            times, ids = times[inside], ids[inside]
    if members is not None:
        chosen = ids < len(members)
        chosen[chosen] = members[ids[chosen]]
        times, ids = times[chosen], ids[chosen]
    return times, ids


def _slab(reader: SpikeReader, window: tuple[float, float]) -> tuple[int, int] | None:
    """Find the indices [begin, end) of a window in a report said to be sorted by time; None if that is false."""
    size = reader.source.n_spikes
    if window == (-np.inf, np.inf) or size <= 2 * MARGIN or not _probes_sorted(reader):
        return None
    begin = 0 if window[0] == -np.inf else _bisect(reader, window[0] - 2 * EPSILON_MS)
    end = size if window[1] == np.inf else _bisect(reader, window[1] + 2 * EPSILON_MS)
    if end < begin:
        return None
    times = reader.read_times(max(begin - MARGIN, 0), min(end + MARGIN, size))
    # NaN fails the comparison too, and then the whole population is looked at.
    return (begin, end) if bool((times[1:] >= times[:-1]).all()) else None


def _probes_sorted(reader: SpikeReader) -> bool:
    places = np.unique(np.linspace(0, reader.source.n_spikes - 1, PROBES).astype(np.int64))
    probes = np.array([reader.read_times(place, place + 1)[0] for place in places.tolist()])
    return bool((probes[1:] >= probes[:-1]).all())


def _bisect(reader: SpikeReader, time: float) -> int:
    """Index of the first spike at or after `time`, by halving."""
    low, high = 0, reader.source.n_spikes
    while high - low > MARGIN:
        middle = (low + high) // 2
        if reader.read_times(middle, middle + 1)[0] < time:
            low = middle + 1
        else:
            high = middle
    return low + int(np.searchsorted(reader.read_times(low, high), time, "left"))
