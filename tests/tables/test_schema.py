"""Names of files and what the metadata of tables say."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from spikelib.errors import MissingFileError, TableError
from spikelib.results import table_files
from spikelib.tables import schema
from spikelib.tables.schema import CHECKSUM_KEY, METADATA_KEY, checksum_of, read_info, spike_schema
from spikelib.tables.writer import open_writer

if TYPE_CHECKING:
    from pathlib import Path


def test_columns() -> None:
    assert [(field.name, str(field.type), field.nullable) for field in spike_schema(["a"])] == [
        ("times", "double", False),
        ("ids", "int64", False),
        ("population", "dictionary<values=string, indices=int32, ordered=0>", False),
    ]
    assert spike_schema().names == ["times", "ids"]


def write_parquet(path: Path, metadata: Any) -> Path:
    path.parent.mkdir(exist_ok=True)
    sums = {CHECKSUM_KEY: checksum_of(metadata[METADATA_KEY])} if metadata and METADATA_KEY in metadata else {}
    both = {key: value for key, value in {**sums, **metadata}.items() if value is not None} if metadata else metadata
    table = pa.table({"times": [1.0, 2.0], "ids": [3, 4]}).replace_schema_metadata(both)
    pq.write_table(table, path)
    return path


def test_metadata_have_a_checksum(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with open_writer(path, {"counts": {"read": 7}}) as written:
        written.write(np.array([1.0]), np.array([0]))
    assert read_info(path).metadata["counts"] == {"read": 7}
    content = path.read_bytes()
    encoded = next(text for text in (b'"read": 7', base64.b64encode(b'"read": 7')) if text in content)
    path.write_bytes(content.replace(encoded, encoded.replace(b"7", b"8")))
    with pytest.raises(TableError, match=r"a\.parquet: its metadata are not those that were written.*extract it again"):
        read_info(path)


@pytest.mark.parametrize("content", [b"[1]", b"{", b"\xff", b"[" * 100_000])
def test_metadata_that_are_no_object_are_damage(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TableError, match=r"a\.parquet: the table is damaged \(.*extract or filter it again"):
        read_info(write_parquet(tmp_path / "a.parquet", {METADATA_KEY: content}))


def test_info_of_several_parts_is_that_of_the_whole(tmp_path: Path) -> None:
    for part in range(3):
        write_parquet(
            tmp_path / "t" / f"part-0000{part}.parquet",
            {METADATA_KEY: b'{"schema": 2, "row_groups": [[2, 1.0, 2.0]], "parts": 3}'},
        )
    (tmp_path / "t" / ".part-00003.parquet.17.tmp").touch()
    info = read_info(tmp_path / "t")
    assert info.n_spikes == 6
    assert [path.name for path in table_files(tmp_path / "t")] == [f"part-0000{part}.parquet" for part in range(3)]


def test_missing_part_is_noticed(tmp_path: Path) -> None:
    write_parquet(
        tmp_path / "t" / "part-00000.parquet",
        {METADATA_KEY: b'{"schema": 2, "row_groups": [[2, 1.0, 2.0]], "parts": 2}'},
    )
    with pytest.raises(TableError, match="t: it should have 2 parts, but has 1; extract it again"):
        read_info(tmp_path / "t")


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (None, MissingFileError, "no such table; run `spikelib extract`"),
        ("folder", MissingFileError, "no such table; run `spikelib extract`"),
        (b"", TableError, "not a Parquet file, or damaged; extract it again"),
        (b"PAR1 and nothing else PAR1", TableError, "not a Parquet file, or damaged; extract it again"),
        ({}, TableError, "not written by spikelib; make it with `spikelib extract`"),
        ({METADATA_KEY: b'{"schema": 3}'}, TableError, "schema 3, but this spikelib reads 2; extract it again"),
        ({METADATA_KEY: b'{"schema": 1}', CHECKSUM_KEY: None}, TableError, "schema 1, but this spikelib reads 2"),
        ({METADATA_KEY: b"{}"}, TableError, "schema None, but this spikelib reads 2"),
    ],
    ids=[
        "missing",
        "empty folder",
        "empty file",
        "damaged",
        "foreign",
        "of the future",
        "of the past",
        "without a schema",
    ],
)
def test_what_is_no_table_is_refused(
    tmp_path: Path, content: dict[bytes, bytes] | bytes | str | None, error: type[Exception], says: str
) -> None:
    path = tmp_path / "t.parquet"
    if content == "folder":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, dict):
        write_parquet(path, content)
    with pytest.raises(error, match=says):
        read_info(path)


def test_truncated_table_is_refused(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "t.parquet", {METADATA_KEY: json.dumps({"schema": 2}).encode()})
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(TableError, match=r"t\.parquet: not a Parquet file, or damaged"):
        read_info(path)


@pytest.mark.parametrize("sums", [{CHECKSUM_KEY: b"00000000"}, {CHECKSUM_KEY: None}], ids=["wrong", "gone"])
def test_metadata_without_their_checksum_are_damage(tmp_path: Path, sums: dict[bytes, bytes | None]) -> None:
    path = write_parquet(tmp_path / "a.parquet", {METADATA_KEY: b'{"schema": 2}', **sums})
    with pytest.raises(TableError, match=r"a\.parquet: its metadata are not those that were written"):
        read_info(path)


def test_columns_lie_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with open_writer(path, {}, ["a"]) as writer:
        writer.write(np.arange(5.0), np.arange(5), np.zeros(5, np.int32))
    group = pq.read_metadata(path).row_group(0)
    end = schema._check_places(path, group, 4)
    assert 4 < end < path.stat().st_size
    for wrong in (0, 5, end):
        with pytest.raises(TableError, match="its footer does not tell where the spikes were written"):
            schema._check_places(path, group, wrong)
