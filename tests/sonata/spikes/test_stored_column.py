"""One column of a spike file, however it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from spikelib.sonata.spikes.stored_column import StoredColumn

if TYPE_CHECKING:
    from pathlib import Path

VALUES = np.array([3, 1, 4, 1, 5, 9, 2, 6])
STORAGES: dict[str, dict[str, Any]] = {
    "in one piece": {"dtype": "<u8"},
    "foreign byte order": {"dtype": ">u8"},
    "chunked": {"dtype": "<u8", "chunks": (3,)},
    "compressed": {"dtype": "<u8", "chunks": (3,), "compression": "gzip"},
    "narrow": {"dtype": "<i4"},
}


@pytest.mark.parametrize("storage", STORAGES)
def test_stretches_are_what_was_written(tmp_path: Path, storage: str) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        file.create_dataset("x", data=VALUES, **STORAGES[storage])
    with h5py.File(tmp_path / "s.h5") as file:
        column = StoredColumn(file["x"])
        for start, stop in ((0, 8), (2, 5), (7, 8), (4, 4)):
            assert column.read(start, stop).tolist() == VALUES[start:stop].tolist()
        for dtype in (np.int64, np.float64):
            out = np.zeros(4, dtype)
            column.read_into(out, 3)
            assert out.tolist() == VALUES[3:7].tolist()


def test_bytes_of_the_next_dataset_are_never_read(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        file["x"], file["y"] = VALUES, VALUES
    with h5py.File(tmp_path / "s.h5") as file:
        column = StoredColumn(file["x"])
        with pytest.raises(OSError, match="9 values are wanted, 8 are there"):
            column.read(6, 9)
        with pytest.raises(OSError, match="10 values are wanted, 8 are there"):
            column.read_into(np.zeros(4, np.int64), 6)


def test_file_that_ends_before_its_data_do_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "s.h5"
    with h5py.File(path, "w") as file:
        file["x"] = np.arange(10_000)
    with h5py.File(path) as file:
        column = StoredColumn(file["x"])
        with path.open("r+b") as raw:
            raw.truncate(40_000)
        with pytest.raises(OSError, match="the file ends at byte 40000, before its data do"):
            column.read(0, 10_000)


def test_ids_beyond_int64_come_out_negative(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        file["x"] = np.array([1, 2**64 - 1], np.uint64)
    with h5py.File(tmp_path / "s.h5") as file:
        out = np.zeros(2, np.int64)
        StoredColumn(file["x"]).read_into(out, 0)
    assert out.tolist() == [1, -1]
