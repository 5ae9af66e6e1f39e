"""What keeps an HDF5 file from being opened, each in its own words."""

from __future__ import annotations

import errno
import fcntl
import os
from typing import TYPE_CHECKING

import h5py
import pytest

from spikelib.errors import BusyFileError, MissingFileError, NodesError, SpikeFileError
from spikelib.sonata.hdf5.opening import describe_content, open_hdf5
from tests.sonata.hdf5.writing import write_plain

if TYPE_CHECKING:
    from pathlib import Path


def open_it(path: Path) -> list[str]:
    with open_hdf5(path, "spike file", SpikeFileError, "did the simulation run?") as file:
        return list(file)


def test_good_file(tmp_path: Path) -> None:
    assert open_it(write_plain(tmp_path / "a {4}.h5")) == ["link", "nodes", "spikes"]


def test_user_block(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "s.h5", "w", userblock_size=4096) as file:
        file["spikes"] = 1
    assert open_it(tmp_path / "s.h5") == ["spikes"]


def test_missing_file_and_link_to_nowhere(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"s\.h5: there is no such spike file; did the simulation run\?"):
        open_it(tmp_path / "s.h5")
    (tmp_path / "s.h5").symlink_to("gone.h5")
    with pytest.raises(MissingFileError, match=r"s\.h5: this link leads to gone\.h5, which is not there; did"):
        open_it(tmp_path / "s.h5")


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(SpikeFileError, match="it is a folder; name the spike file in it, or the simulation config"):
        open_it(tmp_path)


def test_other_content_is_an_error_of_the_class_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "nodes.h5").write_bytes(b"BZh91AY")
    with (
        pytest.raises(
            NodesError, match=r"nodes\.h5: it is not an HDF5 file but compressed as a whole; unpack it first"
        ),
        open_hdf5(tmp_path / "nodes.h5", "nodes file", NodesError),
    ):
        pass


def test_content_that_is_text_but_no_table() -> None:
    assert describe_content(b"the run of 3 May failed at 12:00\n") is None
    assert describe_content(b"# 10 20\ntime;id\n1,5;3\n") == (
        " but a text table", "only spike reports in SONATA format (HDF5) can be read",
    )  # fmt: skip


def test_file_that_a_writer_has_locked(tmp_path: Path) -> None:
    path = write_plain(tmp_path / "s.h5")
    with path.open("rb+") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with pytest.raises(BusyFileError, match="another program has it open for writing; wait until the simulation"):
            open_it(path)


def test_file_that_was_not_closed(tmp_path: Path) -> None:
    path = tmp_path / "s.h5"
    with h5py.File(path, "w", libver="latest") as file:
        file["spikes"] = 1
        file.flush()
        left_behind = path.read_bytes()
    path.write_bytes(left_behind)
    with pytest.raises(
        SpikeFileError, match=r"marked as open for writing: .* if it has ended, run: h5clear -s .*s\.h5"
    ):
        open_it(path)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    real = h5py.File

    def without_locks(path: Path, mode: str, *, locking: bool | None = None) -> h5py.File:
        if locking is False:
            return real(path, mode, locking=False)
        raise OSError(number, f"[Errno {number}] Unable to synchronously open file (unable to lock file)")

    path = write_plain(tmp_path / "s.h5")
    monkeypatch.setattr(h5py, "File", without_locks)
    assert open_it(path) == ["link", "nodes", "spikes"]


def test_disk_that_fails_is_not_blamed_on_the_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, mode: str) -> h5py.File:
        raise OSError(errno.EIO, "[Errno 5] Unable to synchronously open file")

    path = write_plain(tmp_path / "s.h5")
    monkeypatch.setattr(h5py, "File", fail)
    with pytest.raises(SpikeFileError, match=r"the system cannot read it \(Input/output error\); see whether its disk"):
        open_it(path)


def test_truncated_file(tmp_path: Path) -> None:
    path = write_plain(tmp_path / "s.h5")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(SpikeFileError, match="the HDF5 file is truncated; copy or simulate it again"):
        open_it(path)


def test_damaged_head(tmp_path: Path) -> None:
    path = write_plain(tmp_path / "s.h5")
    content = bytearray(path.read_bytes())
    content[8] = 77  # a version of the superblock that there is not
    path.write_bytes(content)
    with pytest.raises(SpikeFileError, match=r"it is HDF5, but HDF5 cannot open it \(.*\); it is damaged"):
        open_it(path)


def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "s.h5")
    with pytest.raises(SpikeFileError, match=r"s\.h5: it is a pipe, not a file; name the spike file itself"):
        open_it(tmp_path / "s.h5")
