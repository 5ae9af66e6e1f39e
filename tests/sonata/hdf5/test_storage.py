"""Every element of a dataset is stored, or the dataset is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest

from spikelib.errors import SpikeFileError
from spikelib.sonata.hdf5.links import Borders
from spikelib.sonata.hdf5.storage import check_stored
from tests.sonata.hdf5.writing import refuse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

N = 5


def check(path: Path) -> None:
    with h5py.File(path) as file:
        check_stored(file["times"], "times", Borders((path.parent,)), refuse)


def write_ranks(folder: Path, n_ranks: int = 2) -> None:
    for rank in range(n_ranks):
        with h5py.File(folder / f"rank{rank}.h5", "w") as file:
            file["t"] = np.arange(N) * 10.0 + rank


def write_virtual(path: Path, fill: Callable[[h5py.VirtualLayout], None], size: int = 2 * N) -> Path:
    with h5py.File(path, "w") as file:
        layout = h5py.VirtualLayout((size,), "f8")
        fill(layout)
        file.create_virtual_dataset("times", layout)
    return path


def joined(layout: h5py.VirtualLayout) -> None:
    for rank in range(2):
        layout[rank * N : (rank + 1) * N] = h5py.VirtualSource(f"rank{rank}.h5", "t", (N,), "f8")


def alternating(layout: h5py.VirtualLayout) -> None:
    for rank in range(2):
        layout[rank::2] = h5py.VirtualSource(f"rank{rank}.h5", "t", (N,), "f8")


@pytest.mark.parametrize("fill", [joined, alternating])
def test_whole_virtual_dataset(tmp_path: Path, fill: Callable[[h5py.VirtualLayout], None]) -> None:
    write_ranks(tmp_path)
    check(write_virtual(tmp_path / "s.h5", fill))


def test_missing_source(tmp_path: Path) -> None:
    write_ranks(tmp_path, 1)
    with pytest.raises(
        SpikeFileError, match=r"times, a virtual dataset that reads t of the file rank1\.h5, .* is not there"
    ):
        check(write_virtual(tmp_path / "s.h5", joined))


def test_source_without_the_array(tmp_path: Path) -> None:
    write_ranks(tmp_path)
    with h5py.File(tmp_path / "rank1.h5", "w"):
        pass
    with pytest.raises(
        SpikeFileError, match=r"of the file rank1\.h5, cannot be followed: there is no such place in that file"
    ):
        check(write_virtual(tmp_path / "s.h5", joined))


def test_source_that_is_too_short(tmp_path: Path) -> None:
    path = write_virtual(tmp_path / "s.h5", joined)
    write_ranks(tmp_path)
    with h5py.File(tmp_path / "rank1.h5", "w") as file:
        file["t"] = [1.0, 2.0]
    with pytest.raises(SpikeFileError, match=r"rank1\.h5, cannot be read: that array has 2 elements, not 5"):
        check(path)


def test_source_that_was_never_written(tmp_path: Path) -> None:
    write_ranks(tmp_path)
    with h5py.File(tmp_path / "rank1.h5", "w") as file:
        file.create_dataset("t", (N,), "f8", chunks=(2,))
    with pytest.raises(SpikeFileError, match=r"t of rank1\.h5 was never written to its end"):
        check(write_virtual(tmp_path / "s.h5", joined))


def test_source_of_another_kind_of_numbers(tmp_path: Path) -> None:
    write_ranks(tmp_path)
    with h5py.File(tmp_path / "rank1.h5", "w") as file:
        file["t"] = np.arange(N)
    with pytest.raises(SpikeFileError, match=r"rank1\.h5, holds int64 there, not float64"):
        check(write_virtual(tmp_path / "s.h5", joined))


def test_elements_that_no_source_covers(tmp_path: Path) -> None:
    write_ranks(tmp_path)
    with pytest.raises(SpikeFileError, match="no file holds its element 10"):
        check(write_virtual(tmp_path / "s.h5", joined, size=2 * N + 1))

    def with_gap(layout: h5py.VirtualLayout) -> None:
        layout[:N] = h5py.VirtualSource("rank0.h5", "t", (N,), "f8")
        layout[N + 1 :] = h5py.VirtualSource("rank1.h5", "t", (N,), "f8")[: N - 1]

    with pytest.raises(SpikeFileError, match="no file holds its element 5"):
        check(write_virtual(tmp_path / "t.h5", with_gap))


def test_virtual_dataset_of_virtual_datasets(tmp_path: Path) -> None:
    write_ranks(tmp_path, 1)
    write_virtual(tmp_path / "inner.h5", joined)

    def outer(layout: h5py.VirtualLayout) -> None:
        layout[:] = h5py.VirtualSource("inner.h5", "times", (2 * N,), "f8")

    with pytest.raises(SpikeFileError, match=r"rank1\.h5"):
        check(write_virtual(tmp_path / "s.h5", outer))
    write_ranks(tmp_path)
    check(tmp_path / "s.h5")


def test_virtual_dataset_of_itself(tmp_path: Path) -> None:
    def itself(layout: h5py.VirtualLayout) -> None:
        layout[:] = h5py.VirtualSource(".", "times", (2 * N,), "f8")

    with pytest.raises(SpikeFileError, match="is a virtual dataset of virtual datasets without an end"):
        check(write_virtual(tmp_path / "s.h5", itself))


def test_source_outside(tmp_path: Path) -> None:
    write_ranks(tmp_path)
    (tmp_path / "run").mkdir()

    def outside(layout: h5py.VirtualLayout) -> None:
        layout[:] = h5py.VirtualSource("../rank0.h5", "t", (N,), "f8")

    with pytest.raises(SpikeFileError, match=r"rank0\.h5, outside the folders of the simulation"):
        check(write_virtual(tmp_path / "run" / "s.h5", outside, size=N))


def test_row_of_a_table(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "table.h5", "w") as file:
        file["t"] = np.arange(2.0 * N).reshape(2, N)

    def row(layout: h5py.VirtualLayout) -> None:
        layout[:] = h5py.VirtualSource("table.h5", "t", (2, N), "f8")[1]

    check(write_virtual(tmp_path / "s.h5", row, size=N))
    with h5py.File(tmp_path / "table.h5", "w") as file:
        file["t"] = np.arange(1.0 * N).reshape(1, N)
    with pytest.raises(SpikeFileError, match=r"the shape \(1, 5\), and its elements up to \(2, 5\) are wanted"):
        check(tmp_path / "s.h5")


def test_source_that_grows(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "rank0.h5", "w") as file:
        file.create_dataset("t", data=np.arange(4.0), maxshape=(None,), chunks=(2,))
    with h5py.File(tmp_path / "s.h5", "w") as file:
        layout = h5py.VirtualLayout((4,), "f8", maxshape=(None,))
        source = h5py.VirtualSource("rank0.h5", "t", (4,), "f8", maxshape=(None,))
        layout[: h5py.h5s.UNLIMITED] = source[: h5py.h5s.UNLIMITED]
        file.create_virtual_dataset("times", layout)
    with pytest.raises(SpikeFileError, match=r"of the file rank0\.h5, grows with that file, which is not read"):
        check(tmp_path / "s.h5")


@pytest.mark.parametrize("name", ["t", "group/t"])
def test_source_behind_a_link_to_the_outside(tmp_path: Path, name: str) -> None:
    (tmp_path / "run").mkdir()
    write_ranks(tmp_path, 1)
    with h5py.File(tmp_path / "run/rank0.h5", "w") as file:
        file[name.split("/", maxsplit=1)[0]] = h5py.ExternalLink("../rank0.h5", "/t" if name == "t" else "/")

    def linked(layout: h5py.VirtualLayout) -> None:
        layout[:] = h5py.VirtualSource("rank0.h5", name, (N,), "f8")

    says = r"of the file rank0\.h5, and on to .* of \.\./rank0\.h5, leads to .*, outside the folders"
    with pytest.raises(SpikeFileError, match=says):
        check(write_virtual(tmp_path / "run/s.h5", linked, size=N))


@pytest.mark.parametrize(
    ("where", "size", "says"),
    [
        ("run/raw.bin", 32, None),
        ("run/raw.bin", 31, r"raw\.bin, which is too short"),
        ("raw.bin", 32, r"raw\.bin, outside the folders of the simulation"),
        ("run/raw.bin", None, r"raw\.bin, which is not there"),
    ],
)
def test_raw_storage(tmp_path: Path, where: str, size: int | None, says: str | None) -> None:
    (tmp_path / "run").mkdir()
    if size is not None:
        (tmp_path / where).write_bytes(bytes(size))
    with h5py.File(tmp_path / "run" / "s.h5", "w") as file:
        file.create_dataset("times", (4,), "f8", external=[(str(tmp_path / where), 0, 32)])
    if says is None:
        check(tmp_path / "run" / "s.h5")
        return
    with pytest.raises(SpikeFileError, match=says):
        check(tmp_path / "run" / "s.h5")


def test_filter_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        file.create_dataset("times", data=np.arange(9.0), compression="gzip")
    check(tmp_path / "s.h5")
    monkeypatch.setattr(h5py.h5z, "filter_avail", lambda code: False)
    with pytest.raises(
        SpikeFileError, match="with a filter that is not installed here: deflate; pip install hdf5plugin"
    ):
        check(tmp_path / "s.h5")


def test_nothing_is_nothing(tmp_path: Path) -> None:
    for shape in ((0,), (0, 3)):
        with h5py.File(tmp_path / "s.h5", "w") as file:
            file.create_dataset("times", shape, "f8", chunks=(2,) * len(shape), maxshape=(None,) * len(shape))
        check(tmp_path / "s.h5")
