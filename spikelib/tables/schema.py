"""The form of a spike table: columns, names of files, and what its metadata say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from spikelib.errors import MissingFileError, TableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

SCHEMA = 1
"""Number of the form of tables; a reader refuses what it does not know."""

METADATA_KEY = b"spikelib"
ROW_GROUP = 1 << 20
"""Spikes per row group."""


def safe_name(population: str) -> str:
    """Make a file name of a population's name: what file systems or shells trip over is percent-quoted.

    >>> safe_name("cortex"), safe_name("mc0;Rt"), safe_name("<sonata:none>")
    ('cortex', 'mc0%3BRt', '%3Csonata%3Anone%3E')
    """
    quoted = quote(population, safe="-_+=,@ ").replace(" ", "%20")
    return f"%2E{quoted[1:]}" if quoted.startswith(".") else quoted


def table_folder(tables: Path, population: str) -> Path:
    """Give the Parquet folder of a population's table."""
    return tables / f"{safe_name(population)}.parquet"


def spike_schema(populations: Sequence[str] | None = None) -> pa.Schema:
    """Give the columns: times (ms), ids and, where populations are mixed, their names as a dictionary."""
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
    """Read the metadata of a table: a Parquet file, or a folder of parts (the metadata of its first part).

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
        metadata = [pq.read_metadata(file) for file in files]
    except (pa.ArrowInvalid, OSError) as error:
        msg = f"{path}: not a Parquet file, or damaged; extract it again"
        raise TableError(msg) from error
    content = (metadata[0].metadata or {}).get(METADATA_KEY)
    if content is None:
        msg = f"{path}: this Parquet file was not written by spikelib; make it with `spikelib extract` or `filter`"
        raise TableError(msg)
    values = json.loads(content)
    if values.get("schema") != SCHEMA:
        msg = f"{path}: a table of schema {values.get('schema')}, but this spikelib reads {SCHEMA}; extract it again"
        raise TableError(msg)
    if path.is_dir() and values.get("parts", 1) != len(files):
        msg = f"{path}: it should have {values.get('parts', 1)} parts, but has {len(files)}; extract it again"
        raise TableError(msg)
    return TableInfo(path, sum(part.num_rows for part in metadata), values)


def table_files(path: Path) -> list[Path]:
    """List the Parquet files of a table in order of time.

    Raises
    ------
    MissingFileError
        There is none.
    """
    files = sorted(path.glob("part-*.parquet")) if path.is_dir() else [path] if path.exists() else []
    if not files:
        msg = f"{path}: there is no such table; run `spikelib extract` (or `filter`) first"
        raise MissingFileError(msg)
    return files
