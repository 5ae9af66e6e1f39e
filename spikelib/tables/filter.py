"""From the tables of a simulation's populations to the one table of a filter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from spikelib.errors import ConservationError, TableError
from spikelib.results import remove_parts
from spikelib.tables.read_ahead import ahead
from spikelib.tables.scan import merged, scan
from spikelib.tables.schema import read_info
from spikelib.tables.writer import open_writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from spikelib.sonata.spikes.arrays import Mixed, Spikes
    from spikelib.sonata.spikes.chosen_ids import ChosenIds
    from spikelib.tables.schema import TableInfo
    from spikelib.tables.writer import TableWriter


@contextmanager
def filtering(
    paths: Mapping[str, Path],
    members: Mapping[str, ChosenIds | None],
    window: tuple[float, float],
    out: Path,
    description: Mapping[str, Any],
) -> Iterator[Iterator[Mixed]]:
    """Write the spikes of chosen nodes in a time window, all populations mixed, by (time, id, population).

    Parameters
    ----------
    paths
        The table of each population, or the part of one slab of each, in the order of the dictionary column.
    members
        For each population: the ids of the nodes to keep, or None for all of them.
    window
        Ends in ms, both included with a tolerance of 1e-6 ms.
    out
        The Parquet file.
    description
        What the filter is, for the table's metadata.

    Yields
    ------
    Iterator
        The chunks of spikes; each is written, by another thread, when it is given out. All have to be taken.

    Raises
    ------
    MissingFileError, TableError
        A population's table is missing or not ours, or only some of them are parts of one slab.
    OutputError
        The table cannot be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> from spikelib.sonata.spikes.chosen_ids import ChosenIds
    >>> with TemporaryDirectory() as folder:
    ...     table, out = Path(folder) / "a.parquet", Path(folder) / "filtered.parquet"
    ...     with open_writer(table / "part-00000.parquet", {}) as writer:
    ...         writer.write(np.array([1.0, 2.0, 3.0]), np.array([0, 1, 0]))
    ...     with filtering({"a": table}, {"a": ChosenIds(np.array([0]))}, (0.0, 2.5), out, {}) as chunks:
    ...         [times.tolist() for times, ids, codes in chunks]
    [[1.0]]
    """
    infos = {name: read_info(path) for name, path in paths.items()}
    # Counted where they are read, apart from the writer: a chunk lost between the two is then an error.
    n_chosen = dict.fromkeys(members, 0)
    streams = [_counted(scan(paths[name], window, mask), n_chosen, name) for name, mask in members.items()]
    metadata: dict[str, Any] = {
        "filter": dict(description),
        "source": {"tables": {name: str(path) for name, path in paths.items()}},
        **_slab(infos.values()),
    }
    with open_writer(out, metadata, list(members)) as writer, ThreadPoolExecutor(1) as pool:
        yield _written(ahead(merged(streams)), writer, pool)
        if writer.n_written != sum(n_chosen.values()):
            msg = f"{out}: {n_chosen} spikes were chosen, {writer.n_written} written; please report this bug"
            raise ConservationError(msg)
        n_read = {name: info.n_spikes for name, info in infos.items()}
        writer.metadata["counts"] = {"read": n_read, "written": writer.n_written}
    if "parts" in metadata:
        remove_parts(out.parent, metadata["parts"])


def _written(chunks: Iterator[Mixed], writer: TableWriter, pool: ThreadPoolExecutor) -> Iterator[Mixed]:
    """Yield the same chunks, each being encoded meanwhile."""
    encoding = None
    for chunk in chunks:
        if encoding is not None:
            encoding.result()  # raises what went wrong in the other thread, and keeps the chunks in order
        encoding = pool.submit(writer.write, *chunk)
        yield chunk
    if encoding is not None:
        encoding.result()


def _slab(tables: Iterable[TableInfo]) -> dict[str, int]:
    """Return the slab that all tables are parts of, for the metadata of what is made of them; nothing if of none."""
    parts = [info for info in tables if info.path.is_file()]
    for info in parts:
        if "slab" not in info.metadata:
            msg = f"{info.path}: this table was not extracted in slabs; filter all of it, or extract it again"
            raise TableError(msg)
    slabs = {(info.metadata["slab"], info.metadata["parts"]) for info in parts}
    if len(slabs) > 1:
        msg = f"{parts[0].path}: the tables of the populations are in different slabs; extract them again"
        raise TableError(msg)
    return dict(zip(("slab", "parts"), slabs.pop(), strict=True)) if slabs else {}


def _counted(stream: Iterator[Spikes], counts: dict[str, int], name: str) -> Iterator[Spikes]:
    for times, ids in stream:
        counts[name] += len(times)
        yield times, ids
