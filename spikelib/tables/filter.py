"""From the tables of a simulation's populations to the one table of a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikelib.errors import ConservationError
from spikelib.tables.ahead import ahead
from spikelib.tables.scan import merged, scan
from spikelib.tables.schema import read_info, table_folder
from spikelib.tables.writer import open_writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from spikelib.sonata.audit import Spikes


def write_filtered(
    tables: Path,
    members: Mapping[str, NDArray[np.bool_] | None],
    window: tuple[float, float],
    out: Path,
    description: Mapping[str, Any],
) -> int:
    """Write the spikes of chosen nodes in a time window, all populations mixed, by (time, id, population).

    Parameters
    ----------
    tables
        Folder of the populations' tables.
    members
        For each population, in the order of the dictionary column: shape (nodes,), True for the nodes to keep, or
        None for all of them.
    window
        Ends in ms, both included with a tolerance of 1e-6 ms.
    out
        The Parquet file.
    description
        What the filter is, for the table's metadata.

    Returns
    -------
    int
        Number of spikes written.

    Raises
    ------
    MissingFileError, TableError
        A population's table is missing or not ours.
    OutputError
        The table cannot be written.
    """
    paths = {name: table_folder(tables, name) for name in members}
    n_read = {name: read_info(path).n_spikes for name, path in paths.items()}
    n_chosen = dict.fromkeys(members, 0)
    streams = [_counted(scan(paths[name], window, mask), n_chosen, name) for name, mask in members.items()]
    metadata = {
        "filter": dict(description),
        "source": {"tables": {name: str(path) for name, path in paths.items()}},
    }
    with open_writer(out, metadata, list(members)) as writer:
        for times, ids, codes in ahead(merged(streams)):
            writer.write(times, ids, codes)
        if writer.n_written != sum(n_chosen.values()):
            msg = f"{out}: {n_chosen} spikes were chosen, {writer.n_written} written; please report this bug"
            raise ConservationError(msg)
        writer.metadata["counts"] = {"read": n_read, "written": writer.n_written}
    return writer.n_written


def _counted(stream: Iterator[Spikes], counts: dict[str, int], name: str) -> Iterator[Spikes]:
    for times, ids in stream:
        counts[name] += len(times)
        yield times, ids
