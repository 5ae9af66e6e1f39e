"""Spikes of one population in memory, in canonical order: what the report API builds its pandas objects from.

Of a report that is sorted by time only the window is read (`spikelib.sonata.spikes.find_window`); any other is read
to its end, in chunks, and what is kept of them is sorted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.sonata.spikes.arrays import LARGE
from spikelib.sonata.spikes.audit import Audit, valid_chunks
from spikelib.sonata.spikes.find_window import find_window
from spikelib.sonata.spikes.load_sorted import load_sorted
from spikelib.sonata.spikes.order import sort_spikes
from spikelib.window import EPSILON_MS, EVERYTHING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.sonata.spikes.arrays import RunFacts, Spikes, Times
    from spikelib.sonata.spikes.chosen_ids import ChosenIds
    from spikelib.sonata.spikes.spike_file import SpikeSource


def load_spikes(
    source: SpikeSource,
    facts: RunFacts,
    window: tuple[float, float] = EVERYTHING,
    members: ChosenIds | None = None,
) -> tuple[Spikes, Audit]:
    """Read the valid spikes of a window, in canonical order.

    Parameters
    ----------
    source
        The population.
    facts
        What is known about it.
    window
        Both ends in ms, included with a tolerance of 1e-6 ms.
    members
        The ids to keep; all if None.

    Returns
    -------
    spikes, audit
        Times (ms) and ids, sorted by (time, id); and the audit of what was read for them.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> from spikelib.sonata.spikes.arrays import RunFacts
    >>> from spikelib.sonata.spikes.spike_file import spike_sources
    >>> with TemporaryDirectory() as folder:
    ...     source = spike_sources(write_demo(folder).parent / "output" / "spikes.h5")["cortex"]
    ...     (times, ids), audit = load_spikes(source, RunFacts(), window=(100.0, 110.0))
    >>> len(times), float(times[0]), audit.n_rejected
    (47, 100.1, 0)
    """
    with source.open() as reader:
        if members is None and window == EVERYTHING and source.n_spikes >= LARGE and source.sorting_claim != "by_id":
            spikes = load_sorted(reader, facts)
            if spikes is not None:
                return spikes, _audit_all_valid(source, facts)
        everything = window == EVERYTHING or source.sorting_claim != "by_time" or not source.n_spikes
        bounds = None if everything else find_window(reader, window)
        audit = Audit.of(source, facts)
        chunks = valid_chunks(reader, facts, audit, *(bounds or (0, None)))
        kept = [_keep(times, ids, window, members) for times, ids in chunks]
    if not kept:
        return (np.empty(0, np.float64), np.empty(0, np.int64)), audit
    if len(kept) == 1:
        return sort_spikes(*kept[0]), audit
    return sort_spikes(np.concatenate([k[0] for k in kept]), np.concatenate([k[1] for k in kept])), audit


def _audit_all_valid(source: SpikeSource, facts: RunFacts) -> Audit:
    audit = Audit.of(source, facts)
    audit.n_read = audit.n_kept = source.n_spikes
    return audit


def _keep(times: Times, ids: NDArray[np.int64], window: tuple[float, float], members: ChosenIds | None) -> Spikes:
    if window != EVERYTHING:
        inside = (times >= window[0] - EPSILON_MS) & (times <= window[1] + EPSILON_MS)
        if not inside.all():
            times, ids = times[inside], ids[inside]
    if members is not None:
        chosen = members.among(ids)
        times, ids = times[chosen], ids[chosen]
    return times, ids
