"""Tables as they are written: row groups, encodings, metadata, and no file after a failure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.errors import ConservationError, OutputError
from spikelib.tables import writer as writer_module
from spikelib.tables.writer import TableWriter, arrow_array, open_writer
from spikelib.version import __version__

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, *sizes: int, metadata: dict[str, Any] | None = None) -> pq.ParquetFile:
    """Write chunks of spikes of given sizes; times and ids count from 0."""
    begin = 0
    with open_writer(path, metadata or {}) as writer:
        for size in sizes:
            numbers = np.arange(begin, begin + size)
            writer.write(numbers * 0.1, numbers)
            begin += size
    return pq.ParquetFile(path)


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(0, 25), max_size=6))
def test_row_groups_do_not_depend_on_the_chunks(tmp_path_factory: pytest.TempPathFactory, sizes: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer_module, "ROW_GROUP", 10)
        with write(tmp_path_factory.mktemp("t") / "a.parquet", *sizes) as file:
            found = [file.metadata.row_group(k).num_rows for k in range(file.metadata.num_row_groups)]
            ids = file.read()["ids"].to_pylist()
    total = sum(sizes)
    assert found == [10] * (total // 10) + ([total % 10] if total % 10 else [])
    assert ids == list(range(total))


def test_storage_of_the_columns(tmp_path: Path) -> None:
    with write(tmp_path / "a.parquet", 100) as file:
        for column in (file.metadata.row_group(0).column(k) for k in range(2)):
            assert column.compression == "ZSTD"
            assert "BYTE_STREAM_SPLIT" in column.encodings
            assert column.statistics.has_min_max
        assert not file.schema_arrow.field("times").nullable


def test_metadata_of_before_and_after_the_spikes(tmp_path: Path) -> None:
    with open_writer(tmp_path / "a.parquet", {"source": "by hand"}) as writer:
        writer.write(np.array([1.0]), np.array([3]))
        writer.metadata["counts"] = {"written": writer.n_written}
    found = json.loads(pq.read_metadata(tmp_path / "a.parquet").metadata[b"spikelib"])
    assert found == {
        "schema": 2,
        "row_groups": [[1, 1.0, 1.0]],
        "writer": f"spikelib {__version__}",
        "units": {"times": "ms"},
        "source": "by hand",
        "counts": {"written": 1},
    }


def test_populations_are_a_dictionary(tmp_path: Path) -> None:
    with open_writer(tmp_path / "a.parquet", {}, ["a", "b;c"]) as writer:
        writer.write(np.array([1.0, 2.0]), np.array([0, 0]), np.array([1, 0], np.int8))
    table = pq.read_table(tmp_path / "a.parquet")
    assert table["population"].to_pylist() == ["b;c", "a"]
    assert pa.types.is_dictionary(table.schema.field("population").type)


def test_nothing_is_left_of_a_table_that_fails(tmp_path: Path) -> None:
    def fail() -> None:
        with open_writer(tmp_path / "new" / "a.parquet", {}) as writer:
            writer.write(np.array([1.0]), np.array([0]))
            msg = "no more spikes"
            raise ValueError(msg)

    with pytest.raises(ValueError, match="no more spikes"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_rows_that_are_lost_on_the_way_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flush = TableWriter._flush

    def lossy(self: TableWriter, *, whole_groups: bool) -> None:
        self._waiting = self._waiting[1:]
        flush(self, whole_groups=whole_groups)

    monkeypatch.setattr(TableWriter, "_flush", lossy)
    with pytest.raises(ConservationError, match=r"a\.parquet: 5 spikes were given, 3 are in the file"):
        write(tmp_path / "a.parquet", 2, 3)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"a\.parquet: cannot be written \(Not a directory\)"):
        write(tmp_path / "file" / "a.parquet", 1)


@pytest.mark.parametrize("dtype", [np.float64, np.int64, np.int32])
def test_numbers_are_handed_to_arrow_without_a_copy(dtype: type[np.generic]) -> None:
    values = np.arange(6).astype(dtype)
    array = arrow_array(values)
    assert array.to_pylist() == [0, 1, 2, 3, 4, 5]
    assert array.buffers()[1].address == values.ctypes.data
    assert arrow_array(values[::2]).to_pylist() == [0, 2, 4], "of a view with gaps a copy is made"
