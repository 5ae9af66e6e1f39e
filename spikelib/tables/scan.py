"""Reading tables back: in chunks, only the row groups of a window, and several populations merged by time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from spikelib.results import table_files
from spikelib.sonata.spikes.merge import merge_parts
from spikelib.tables.schema import check_footer, extremes, reading_table
from spikelib.window import EPSILON_MS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa
    from numpy.typing import NDArray

    from spikelib.sonata.spikes.arrays import Ids, Mixed, Spikes, Times
    from spikelib.sonata.spikes.chosen_ids import ChosenIds

Everything = (-np.inf, np.inf)


def scan(path: Path, window: tuple[float, float] = Everything, members: ChosenIds | None = None) -> Iterator[Spikes]:
    """Read a table of one population in order.

    Parameters
    ----------
    path
        The Parquet folder or file.
    window
        Ends in ms, both included with a tolerance of 1e-6 ms; row groups outside are not read.
    members
        The ids to keep; all if None.

    Yields
    ------
    times, ids
        One pair of arrays per row group.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.tables.writer import open_writer
    >>> with TemporaryDirectory() as folder:
    ...     with open_writer(Path(folder) / "a.parquet", {}) as writer:
    ...         writer.write(np.array([1.0, 2.0, 3.0]), np.array([0, 1, 0]))
    ...     [(times.tolist(), ids.tolist()) for times, ids in scan(Path(folder) / "a.parquet", (2.0, 3.0))]
    [([2.0, 3.0], [1, 0])]
    """
    low, high = window[0] - EPSILON_MS, window[1] + EPSILON_MS
    for file in table_files(path):
        with reading_table(path), pq.ParquetFile(file, page_checksum_verification=True) as parquet:
            check_footer(path, parquet.metadata)
            for group in _groups_within(parquet, low, high):
                batch = parquet.read_row_group(group, columns=["times", "ids"])
                times, ids = _plain(batch.column(0), np.float64), _plain(batch.column(1), np.int64)
                _check_order(times)
                begin, end = np.searchsorted(times, low, "left"), np.searchsorted(times, high, "right")
                times, ids = times[begin:end], ids[begin:end]
                if members is not None:
                    chosen = members.among(ids)
                    times, ids = times[chosen], ids[chosen]
                if len(times):
                    yield times, ids


def time_range(path: Path) -> tuple[float, float]:
    """Return the first and last time of a table, ms, from its metadata; (inf, -inf) if it is empty."""
    first, last = np.inf, -np.inf
    for file in table_files(path):
        with reading_table(path):
            metadata = pq.read_metadata(file)
            check_footer(path, metadata)
            for group in range(metadata.num_row_groups):
                ends = extremes(metadata.row_group(group))
                if ends is not None:
                    first, last = min(first, ends[0]), max(last, ends[1])
    return first, last


def scan_mixed(path: Path, populations: tuple[str, ...]) -> Iterator[Mixed]:
    """Read a filtered table in order; codes are indices of `populations`."""
    for file in table_files(path):
        with reading_table(path), pq.ParquetFile(file, page_checksum_verification=True) as parquet:
            check_footer(path, parquet.metadata)
            for group in range(parquet.num_row_groups):
                batch = parquet.read_row_group(group)
                column = batch.column("population").combine_chunks()
                # The order in the file's dictionary is the writer's, and another one in each row group is allowed.
                codes = np.array([populations.index(name) for name in column.dictionary.to_pylist()], np.int32)
                indices, times = _plain(column.indices, np.int32), _plain(batch.column("times"), np.float64)
                _check_order(times)
                yield times, _plain(batch.column("ids"), np.int64), codes[indices]


def _check_order(times: Times) -> None:
    """Raise where times go back: to search in them would lose spikes without a word."""
    if not (times[1:] >= times[:-1]).all() or np.isnan(times[:1]).any():
        msg = "its times are not in order"
        raise ValueError(msg)


def merged(streams: list[Iterator[Spikes]]) -> Iterator[Mixed]:
    """Merge the spikes of several populations by (time, id, population).

    Parameters
    ----------
    streams
        One for each population, each in canonical order.

    Yields
    ------
    times, ids, codes
        Codes are indices of `streams`. Spikes of one time are never split between two chunks.

    Examples
    --------
    >>> a = iter([(np.array([1.0, 4.0]), np.array([7, 7]))])
    >>> b = iter([(np.array([2.0, 4.0]), np.array([3, 3]))])
    >>> [(times.tolist(), ids.tolist(), codes.tolist()) for times, ids, codes in merged([a, b])]
    [([1.0, 2.0], [7, 3], [0, 1]), ([4.0, 4.0], [3, 7], [1, 0])]
    """
    heads = [_Head(stream) for stream in streams]
    while any(head.times is not None for head in heads):
        # All spikes before the earliest end of what is loaded are known: no stream can bring an earlier one. Those at
        # that very time may go on in what is not loaded, and are taken only when nothing earlier is left.
        limit = min(head.times[-1] for head in heads if head.times is not None)
        parts = [head.take_before(limit) for head in heads]
        if all(part is None for part in parts):
            parts = [head.take_all_at(limit) for head in heads]
        chunk = [(part, code) for code, part in enumerate(parts) if part is not None]
        yield merge_parts([part for part, _ in chunk], [code for _, code in chunk], len(streams))


def _plain(column: pa.ChunkedArray | pa.Array, kind: type[np.generic]) -> NDArray[Any]:
    """Return a column without nulls as an array, without a copy; Arrow's own way would load pandas."""
    array = column.combine_chunks() if hasattr(column, "combine_chunks") else column
    buffer = array.buffers()[1]
    if buffer is None:
        return np.empty(0, kind)
    return np.frombuffer(buffer, kind)[array.offset : array.offset + len(array)]


class _Head:
    """The loaded front of a stream."""

    def __init__(self, stream: Iterator[Spikes]) -> None:
        self._stream = stream
        self.times: Times | None = None
        self._ids: Ids | None = None
        self._load()

    def take_before(self, limit: float) -> Spikes | None:
        if self.times is None:
            return None
        return self._take(int(np.searchsorted(self.times, limit, "left")))

    def take_all_at(self, limit: float) -> Spikes | None:
        """Take the spikes at `limit`, to the last, though they go on in what is not loaded yet."""
        taken: list[Spikes] = []
        while self.times is not None and self.times[0] <= limit:
            part = self._take(int(np.searchsorted(self.times, limit, "right")))
            taken += [part] if part else []
        if not taken:
            return None
        return np.concatenate([part[0] for part in taken]), np.concatenate([part[1] for part in taken])

    def _take(self, end: int) -> Spikes | None:
        if end == 0 or self.times is None or self._ids is None:
            return None
        part = self.times[:end], self._ids[:end]
        self.times, self._ids = self.times[end:], self._ids[end:]
        if not len(self.times):
            self._load()
        return part

    def _load(self) -> None:
        self.times, self._ids = next(self._stream, (None, None))


def _groups_within(parquet: pq.ParquetFile, low: float, high: float) -> list[int]:
    groups, before = [], -np.inf
    for group in range(parquet.num_row_groups):
        ends = extremes(parquet.metadata.row_group(group))
        if ends is None:
            groups.append(group)
            continue
        first, last = ends
        if not before <= first <= last:
            msg = "the extremes of its times are not in order"
            raise ValueError(msg)
        before = last
        groups += [] if first > high or last < low else [group]
    return groups
