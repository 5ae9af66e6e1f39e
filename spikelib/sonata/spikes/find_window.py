"""Finding the spikes of a time window in a report that claims to be sorted by time, by binary search.

The claim is not taken on trust, as one spike out of place would be missing from a window without a trace. Up to
`CHECK_ALL` spikes, all time stamps are looked at, once for each file and process (10 million take 0.02 s). Beyond,
where that would take as long as reading everything, `PROBES` time stamps spread over the report must be sorted, and so
must the window with `MARGIN` spikes on both sides; `inspect`, `extract` and a query without a window look at all.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from spikelib.window import EPSILON_MS

if TYPE_CHECKING:
    from spikelib.sonata.spikes.arrays import Times
    from spikelib.sonata.spikes.spike_file import SpikeReader, SpikeSource

CHECK_ALL = 1 << 24
PROBES = 4096
MARGIN = 1 << 16
_LOOK = 1 << 16


def find_window(reader: SpikeReader, window: tuple[float, float]) -> tuple[int, int] | None:
    """Find the indices [begin, end) of the spikes of a window.

    Parameters
    ----------
    reader
        Of an open population that claims to be sorted by time.
    window
        Both ends in ms, included with a tolerance of 1e-6 ms.

    Returns
    -------
    tuple or None
        None if the claim is false, or a time stamp is not a number: then all spikes have to be looked at.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> from spikelib.sonata.spikes.spike_file import spike_sources
    >>> with TemporaryDirectory() as folder:
    ...     file = write_demo(folder).parent / "output" / "spikes.h5"
    ...     with spike_sources(file)["thalamus"].open() as reader:
    ...         find_window(reader, (100.0, 110.0))
    (21, 25)
    """
    size = reader.source.n_spikes
    if size <= CHECK_ALL:
        status = reader.source.path.stat()
        if not _all_sorted(reader.source, status.st_mtime_ns, status.st_size):
            return None
    elif not _sorted(np.array([reader.read_times(at, at + 1)[0] for at in _probes(size)])):
        return None
    # Twice the tolerance, so that rounding cuts off no spike that counts; the caller compares exactly.
    begin = first_from(reader, window[0] - 2 * EPSILON_MS)
    end = first_from(reader, np.nextafter(window[1] + 2 * EPSILON_MS, np.inf))
    if size > CHECK_ALL and not _sorted(reader.read_times(max(begin - MARGIN, 0), min(end + MARGIN, size))):
        return None
    return begin, max(begin, end)


@lru_cache(maxsize=1024)
def _all_sorted(source: SpikeSource, modified: int, size: int) -> bool:  # noqa: ARG001 - a changed file is another one
    middle = source.n_spikes // 2
    # Both halves hold the spike in the middle, or a step back right there would go unseen.
    with source.open() as reader, ThreadPoolExecutor(2) as pool:
        halves = pool.map(lambda ends: _stretch_sorted(reader, *ends), [(0, middle + 1), (middle, source.n_spikes)])
        return all(halves)


def _stretch_sorted(reader: SpikeReader, start: int, stop: int) -> bool:
    """Look at the time stamps with index in [start, stop), through one buffer that stays in the processor's cache."""
    buffer = np.empty(_LOOK, np.float64)
    for first in range(start, stop, _LOOK - 1):  # each look begins with the last time stamp of the one before
        times = buffer[: min(_LOOK, stop - first)]
        reader.read_times_into(first, times)
        if not _sorted(times):
            return False
    return True


def _sorted(times: Times) -> bool:
    """Return whether times ascend; one that is not a number makes it false."""
    return bool((times[1:] >= times[:-1]).all()) and not (len(times) == 1 and np.isnan(times[0]))


def _probes(size: int) -> list[int]:
    places: list[int] = np.linspace(0, size - 1, PROBES).astype(np.int64).tolist()
    return places


def first_from(reader: SpikeReader, time: float) -> int:
    """Return the index of the first spike at or after `time`, by halving."""
    low, high = 0, reader.source.n_spikes
    # The last 16 halvings are one read, which costs less than 16 calls of HDF5.
    while high - low > MARGIN:
        middle = (low + high) // 2
        if reader.read_times(middle, middle + 1)[0] < time:
            low = middle + 1
        else:
            high = middle
    return low + int(np.searchsorted(reader.read_times(low, high), time, "left"))
