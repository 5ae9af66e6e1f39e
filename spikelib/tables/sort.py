"""Sorting more spikes than fit in memory: small populations by numpy, large ones by DuckDB within a stated limit."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from spikelib.errors import OutputError, shortage
from spikelib.sonata.spikes.arrays import CHUNK
from spikelib.sonata.spikes.order import sort_spikes
from spikelib.tables.schema import spike_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from spikelib.sonata.spikes.arrays import Spikes

IN_MEMORY = 4 << 20
"""Up to this many spikes (64 MiB) are sorted in memory."""


@dataclass(frozen=True)
class SortOptions:
    """How much a sort may take."""

    memory_limit: str = "512MB"
    """Memory of DuckDB's sort, in DuckDB's notation; beyond it, sorted runs are written to `folder`."""
    folder: Path | None = None
    """Where the runs are while sorting (16 bytes per spike and some); None for the system's temporary folder."""


def sorted_chunks(chunks: Iterable[Spikes], n_spikes: int, options: SortOptions) -> Iterator[Spikes]:
    """Bring chunks of spikes in any order into canonical order, by (time, id).

    Parameters
    ----------
    chunks
        Times (ms) and ids.
    n_spikes
        About how many spikes there are, to choose the way.
    options
        Limits of the sort outside memory.

    Yields
    ------
    times, ids
        Consecutive stretches of the sorted whole; spikes of one time may be split between two.

    Examples
    --------
    >>> chunks = [(np.array([2.0, 1.0]), np.array([0, 5])), (np.array([1.0]), np.array([3]))]
    >>> [(times.tolist(), ids.tolist()) for times, ids in sorted_chunks(chunks, 3, SortOptions())]
    [([1.0, 1.0, 2.0], [3, 5, 0])]
    """
    if n_spikes > IN_MEMORY:
        yield from _sorted_by_duckdb(chunks, options)
        return
    parts = list(chunks)
    if parts:
        yield sort_spikes(np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts]))


def _sorted_by_duckdb(chunks: Iterable[Spikes], options: SortOptions) -> Iterator[Spikes]:
    import duckdb  # noqa: PLC0415 - only large unsorted reports need it

    failures: list[BaseException] = []
    try:
        with tempfile.TemporaryDirectory(prefix="spikelib-sort-", dir=options.folder) as folder:
            config: dict[str, Any] = {"memory_limit": options.memory_limit, "temp_directory": folder}
            with duckdb.connect(config=config) as connection:
                connection.register("spikes", _arrow_reader(chunks, failures))
                # As a stream: other ways to fetch a result hold all of it in memory.
                ordered: Any = connection.sql("SELECT times, ids FROM spikes ORDER BY times, ids")
                for batch in ordered.to_arrow_reader(CHUNK):
                    yield batch.column(0).to_numpy(), batch.column(1).to_numpy()
    except (duckdb.Error, pa.ArrowInvalid, OSError) as error:
        if failures:  # DuckDB hides why reading the spikes failed
            raise failures[0] from None
        reason = str(error).partition("\n")[0]
        place = options.folder or tempfile.gettempdir()
        why = ": ".join(filter(None, [shortage(error), reason]))
        msg = f"{place}: sorting there within {options.memory_limit} failed ({why}); change --tmp or --memory-limit"
        raise OutputError(msg) from error


def _arrow_reader(chunks: Iterable[Spikes], failures: list[BaseException]) -> pa.RecordBatchReader:
    """Wrap the chunks for DuckDB; what goes wrong while they are read is appended to `failures`."""
    schema = spike_schema()

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            for times, ids in chunks:
                yield pa.record_batch([pa.array(times), pa.array(ids)], schema=schema)
        except BaseException as error:
            failures.append(error)
            raise

    return pa.RecordBatchReader.from_batches(schema, batches())
