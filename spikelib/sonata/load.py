"""Spikes of one population in memory, in canonical order: what the report API builds its pandas objects from.

Of a report that claims to be sorted by time, only the slab of the window is kept in memory. The claim is not taken on
trust: all time stamps are looked at, chunk by chunk (10 million take 0.02 s), as one spike out of place would be
missing from a slab without a trace. If the claim is false, everything is read and sorted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.errors import WindowError
from spikelib.sonata.audit import CHUNK, EPSILON_MS, Audit, sound_chunks
from spikelib.sonata.bulk import LARGE, load_sorted
from spikelib.sonata.order import sort_spikes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.sonata.audit import RunFacts, Spikes, Times
    from spikelib.sonata.spikes import SpikeReader, SpikeSource

EVERYTHING = (-np.inf, np.inf)
"""The window without ends."""


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
    window: tuple[float, float] = EVERYTHING,
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
        if members is None and window == EVERYTHING and source.n_spikes >= LARGE and source.sorting_claim != "by_id":
            spikes = load_sorted(reader, facts)
            if spikes is not None:
                return spikes, _sound_audit(source, facts)
        bounds = _slab(reader, window) if source.sorting_claim == "by_time" else None
        audit = Audit.of(source, facts)
        chunks = sound_chunks(reader, facts, audit, *(bounds or (0, None)))
        kept = [_keep(times, ids, window, members) for times, ids in chunks]
    if not kept:
        return (np.empty(0, np.float64), np.empty(0, np.int64)), audit
    if len(kept) == 1:
        return sort_spikes(*kept[0]), audit
    return sort_spikes(np.concatenate([k[0] for k in kept]), np.concatenate([k[1] for k in kept])), audit


def _sound_audit(source: SpikeSource, facts: RunFacts) -> Audit:
    audit = Audit.of(source, facts)
    audit.n_read = audit.n_kept = source.n_spikes
    return audit


def _keep(
    times: Times, ids: NDArray[np.int64], window: tuple[float, float], members: NDArray[np.bool_] | None
) -> Spikes:
    if window != EVERYTHING:
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
    if window == EVERYTHING:
        return None
    begin, end, last = 0, 0, -np.inf
    for first in range(0, reader.source.n_spikes, CHUNK):
        times = reader.read_times(first, min(first + CHUNK, reader.source.n_spikes))
        # NaN fails the comparison too, and then the whole population is looked at.
        if not (times[0] >= last and (times[1:] >= times[:-1]).all()):
            return None
        begin += int(np.searchsorted(times, window[0] - 2 * EPSILON_MS, "left"))
        end += int(np.searchsorted(times, window[1] + 2 * EPSILON_MS, "right"))
        last = times[-1]
    return begin, end
