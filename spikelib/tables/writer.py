"""Writing spike tables as Parquet: zstd, times split into byte streams, row groups of about a million spikes."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from spikelib.errors import ConservationError
from spikelib.files import atomic_file
from spikelib.tables.schema import CHECKSUM_KEY, METADATA_KEY, ROW_GROUP, ROW_GROUPS, SCHEMA, checksum_of, spike_schema
from spikelib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class TableWriter:
    """Takes chunks of spikes in canonical order and writes them in full row groups."""

    def __init__(self, file: pq.ParquetWriter, populations: Sequence[str] | None) -> None:
        self._file = file
        self._schema = spike_schema(populations)
        self._names = None if populations is None else pa.array(list(populations), pa.string())
        self._waiting: list[pa.RecordBatch] = []
        self._n_waiting = 0
        self._row_groups: list[list[float]] = []
        self.n_written = 0
        self.metadata: dict[str, Any] = {}
        """Further metadata, written when the file is closed."""

    def write(self, times: NDArray[np.float64], ids: NDArray[np.int64], codes: NDArray[np.int32] | None = None) -> None:
        """Add spikes: times (ms), ids and, in a mixed table, indices of the populations; all of shape (spikes,)."""
        columns = [arrow_array(times), arrow_array(ids)]
        if self._names is not None and codes is not None:
            columns.append(pa.DictionaryArray.from_arrays(arrow_array(codes.astype(np.int32)), self._names))
        self._waiting.append(pa.record_batch(columns, schema=self._schema))
        self._n_waiting += len(times)
        self.n_written += len(times)
        if self._n_waiting >= ROW_GROUP:
            self._flush(whole_groups=True)

    def close(self) -> None:
        """Write what is left and the metadata."""
        self._flush(whole_groups=False)
        content = json.dumps({**self.metadata, ROW_GROUPS: self._row_groups}, sort_keys=True).encode()
        self._file.add_key_value_metadata({METADATA_KEY: content, CHECKSUM_KEY: checksum_of(content)})

    def _flush(self, *, whole_groups: bool) -> None:
        table = pa.Table.from_batches(self._waiting, self._schema)
        # Chunks of any size make the same row groups, so a table does not depend on how it was read.
        end = len(table) // ROW_GROUP * ROW_GROUP if whole_groups else len(table)
        if end:
            self._file.write_table(table.slice(0, end), row_group_size=ROW_GROUP)
        times = table.column(0)
        for first in range(0, end, ROW_GROUP):
            last = min(first + ROW_GROUP, end) - 1
            self._row_groups.append([last + 1 - first, times[first].as_py(), times[last].as_py()])
        self._waiting = table.slice(end).to_batches()
        self._n_waiting = len(table) - end


def arrow_array(values: NDArray[Any]) -> pa.Array:
    """Return numbers as an array of Arrow without a copy.

    ``pa.array`` would load pandas (0.4 s) to see if they are its own.
    """
    buffer = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, buffer])


@contextmanager
def open_writer(
    path: Path, metadata: Mapping[str, Any], populations: Sequence[str] | None = None
) -> Iterator[TableWriter]:
    """Write a table; if the body fails, there is no file.

    Parameters
    ----------
    path
        The Parquet file.
    metadata
        What is known before the spikes; the schema number, the writer's version and the units are added.
    populations
        Names of the populations of a mixed table; None for a table of one.

    Raises
    ------
    OutputError
        The file cannot be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with open_writer(Path(folder) / "a.parquet", {"source": "by hand"}) as writer:
    ...         writer.write(np.array([1.0, 2.0]), np.array([0, 1]))
    ...     pq.read_table(Path(folder) / "a.parquet").to_pydict()
    {'times': [1.0, 2.0], 'ids': [0, 1]}
    """
    # Sorted times differ in their last bytes: split into streams of first, second, ... bytes they compress far better.
    split = {"times": "BYTE_STREAM_SPLIT", "ids": "BYTE_STREAM_SPLIT"}
    with atomic_file(path) as temporary:
        with pq.ParquetWriter(
            temporary,
            spike_schema(populations),
            compression="zstd",
            use_dictionary=["population"] if populations is not None else False,
            column_encoding=split,
            write_statistics=True,
            write_page_checksum=True,
        ) as file:
            writer = TableWriter(file, populations)
            writer.metadata = {
                "schema": SCHEMA,
                "writer": f"spikelib {__version__}",
                "units": {"times": "ms"},
                **metadata,
            }
            yield writer
            writer.close()
        # From the file itself, before it gets its name: what readers will find, not what the writer believes.
        n_rows = pq.read_metadata(temporary).num_rows
        if n_rows != writer.n_written:
            msg = f"{path}: {writer.n_written} spikes were given, {n_rows} are in the file; please report this bug"
            raise ConservationError(msg)
