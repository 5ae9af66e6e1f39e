"""The form of a spike table: columns, names of files, and what its metadata say."""

from __future__ import annotations

import json
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.errors import SpikelibError, TableError
from spikelib.results import table_files
from spikelib.sonata.spikes.audit import Audit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa
    import pyarrow.parquet as pq

SCHEMA = 2
"""Version of the table schema; a reader refuses what it does not know."""

ROW_GROUPS = "row_groups"
"""Key of the metadata: spikes, first and last time (ms) of each row group."""
METADATA_KEY = b"spikelib"
CHECKSUM_KEY = b"spikelib_crc32"
ROW_GROUP = 1 << 20
"""Spikes per row group."""


def spike_schema(populations: Sequence[str] | None = None) -> pa.Schema:
    """Return the columns: times (ms), ids and, where populations are mixed, their names as a dictionary."""
    import pyarrow as pa  # noqa: PLC0415 - keeps `spikelib --help` fast

    columns = [pa.field("times", pa.float64(), nullable=False), pa.field("ids", pa.int64(), nullable=False)]
    if populations is not None:
        columns.append(pa.field("population", pa.dictionary(pa.int32(), pa.string()), nullable=False))
    return pa.schema(columns)


@dataclass(frozen=True)
class TableInfo:
    """What the metadata of a table say."""

    path: Path
    n_spikes: int
    metadata: Mapping[str, Any]
    """Keys schema, writer, units, source, counts, audit (one population) or filter (a filtered table)."""


def read_info(path: str | Path) -> TableInfo:
    """Read the metadata of a table: a Parquet file, or a folder of parts (what its parts say together).

    Raises
    ------
    MissingFileError
        There is no such table.
    TableError
        It is no table of spikelib, or one of another schema.
    """
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    path = Path(path)
    files = table_files(path)
    try:
        footers = [pq.read_metadata(file) for file in files]
    except (pa.ArrowException, OSError, ValueError) as error:
        msg = f"{path}: not a Parquet file, or damaged; extract it again"
        raise TableError(msg) from error
    with reading_table(path):
        parts = [check_footer(path, footer) for footer in footers]
    # A folder may hold parts of an older table, or miss some of a job that failed: the number of parts in the metadata
    # and the slabs in order show it before any spike is read.
    count = parts[0].get("parts", 1)
    slabs = [part.get("slab") for part in parts]
    if path.is_dir() and (count != len(files) or (slabs[0] is not None and slabs != list(range(count)))):
        msg = f"{path}: it should have {count} parts, but has {len(files)}; extract it again"
        raise TableError(msg)
    return TableInfo(path, sum(footer.num_rows for footer in footers), reduce(_with_slab, parts))


def checksum_of(metadata: bytes) -> bytes:
    """Return what is written beside the metadata of a table: Parquet itself has a checksum of each page only."""
    return f"{zlib.crc32(metadata):08x}".encode()


@contextmanager
def reading_table(path: Path) -> Iterator[None]:
    """Turn what Arrow, or a step after it, says of a damaged table into an error that says what to do."""
    import pyarrow as pa  # noqa: PLC0415

    try:
        yield
    except SpikelibError:
        raise
    except (pa.ArrowException, OSError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        msg = f"{path}: the table is damaged ({reason}); extract or filter it again"
        raise TableError(msg) from error


def _values(path: Path, metadata: Mapping[bytes, bytes] | None) -> Mapping[str, Any]:
    content = (metadata or {}).get(METADATA_KEY)
    if content is None:
        msg = f"{path}: this Parquet file was not written by spikelib; make it with `spikelib extract` or `filter`"
        raise TableError(msg)
    checksum = (metadata or {}).get(CHECKSUM_KEY)
    damaged = f"{path}: its metadata are not those that were written, it is damaged; extract it again"
    if checksum is not None and checksum != checksum_of(content):
        raise TableError(damaged)
    values: dict[str, Any] = json.loads(content)
    if values.get("schema") != SCHEMA:
        msg = f"{path}: a table of schema {values.get('schema')}, but this spikelib reads {SCHEMA}; extract it again"
        raise TableError(msg)
    if checksum is None:
        raise TableError(damaged)
    return values


def check_footer(path: Path, footer: pq.FileMetaData) -> Mapping[str, Any]:
    """Return the metadata of a table, after a look whether its footer tells of the spikes that were written.

    Parquet has no checksum of the footer: a number of rows, or extremes of times, that were changed there would have
    spikes left out in silence.

    Raises
    ------
    TableError
        The table was not written by this spikelib, or is damaged.
    """
    values = _values(path, footer.metadata)
    found, end = [], len(b"PAR1")
    for k in range(footer.num_row_groups):
        group = footer.row_group(k)
        found.append([group.num_rows, *(extremes(group) or (None, None))])
        end = _check_places(path, group, end)
    if found != values[ROW_GROUPS] or footer.num_rows != sum(each[0] for each in found):
        msg = f"{path}: its footer does not tell of the spikes that were written, it is damaged; extract it again"
        raise TableError(msg)
    return values


def _check_places(path: Path, group: pq.RowGroupMetaData, end: int) -> int:
    """Return where a row group ends; TableError unless each column begins where the one before it ends, as written."""
    for j in range(group.num_columns):
        column = group.column(j)
        first = column.dictionary_page_offset if column.has_dictionary_page else column.data_page_offset
        if first != end or column.num_values != group.num_rows:
            msg = f"{path}: its footer does not tell where the spikes were written, it is damaged; extract it again"
            raise TableError(msg)
        end += column.total_compressed_size
    return end


def _with_slab(before: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Unite what the parts say: parts of one job say the same, parts of several jobs each describe their own slab."""
    if "slab" not in part:
        return before
    united = {**before, "counts": _added(before["counts"], part["counts"])}
    if "audit" in part:
        audits = (Audit.from_dict(values["audit"]) for values in (before, part))
        united["audit"] = reduce(Audit.followed_by, audits).to_dict()
    return united


def _added(a: Any, b: Any) -> Any:
    return {key: _added(a[key], b[key]) for key in a} if isinstance(a, dict) else a + b


def extremes(group: pq.RowGroupMetaData) -> tuple[float, float] | None:
    """Return the first and last time of a row group, ms, as its footer has them; None if it does not."""
    column = group.column(0)
    if column.physical_type != "DOUBLE":  # asked for statistics, Arrow would end the process
        msg = f"its times are of the type {column.physical_type}"
        raise ValueError(msg)
    statistics = column.statistics
    return None if statistics is None or not statistics.has_min_max else (statistics.min, statistics.max)
