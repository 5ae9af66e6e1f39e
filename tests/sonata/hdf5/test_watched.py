"""Files on which HDF5 itself crashes or never returns."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import h5py
import numpy as np
import pytest

from spikelib.errors import SpikeFileError
from spikelib.sonata.hdf5 import watched
from spikelib.sonata.hdf5.watched import look_first
from spikelib.sonata.limits import Limits, set_limits
from tests import PROJECT
from tests.sonata.hdf5.writing import refuse, write_plain

BAD = PROJECT / "tests/data/bad"


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """Write a file that is sound, but of a kind that is not looked into."""
    with h5py.File(tmp_path / "s.h5", "w", libver="latest") as file:
        file["times"] = [1.0]
    return tmp_path / "s.h5"


def test_crash_is_an_error_and_the_next_file_is_read(odd: Path) -> None:
    with pytest.raises(SpikeFileError, match=r"HDF5 crashes when it reads this file \(SIGSEGV\); the file is damaged"):
        look_first(BAD / "crash_one_byte.h5", refuse)
    look_first(odd, refuse)


@pytest.mark.parametrize("name", ["endless_1.h5", "endless_2.h5"])
def test_endless_file_is_an_error(name: str) -> None:
    says = "HDF5 does not come to an end when it reads this file; the file is damaged.*the limit look_seconds is 1;"
    with set_limits(Limits(look_seconds=1)), pytest.raises(SpikeFileError, match=says):
        look_first(BAD / name, refuse)


def test_memory_has_a_limit(odd: Path) -> None:
    look_first(odd, refuse)
    process = watched._WORKER._process
    assert process is not None
    sizes = (Path("/proc") / str(process.pid) / "statm").read_text().split()
    limits = Limits(look_bytes=int(sizes[0]) * os.sysconf("SC_PAGE_SIZE") + (6 << 20))
    with h5py.File(odd, "a") as file:
        file["large"] = np.zeros(1_900_000)
    says = "HDF5 asks for more memory than a machine has.*the limit look_bytes is"
    with set_limits(limits), pytest.raises(SpikeFileError, match=says):
        look_first(odd, refuse)


def test_plain_file_starts_no_worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(watched, "_WORKER", None)
    look_first(write_plain(tmp_path / "s.h5"), refuse)


def test_file_that_has_not_changed_is_looked_at_once(monkeypatch: pytest.MonkeyPatch, odd: Path) -> None:
    look_first(odd, refuse)
    monkeypatch.setattr(watched, "_WORKER", None)
    look_first(odd, refuse)
    with odd.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(AttributeError):  # the worker is asked again
        look_first(odd, refuse)


def test_worker_that_was_killed_is_started_again(odd: Path, tmp_path: Path) -> None:
    look_first(odd, refuse)
    process = watched._WORKER._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with pytest.raises(SpikeFileError, match="crashes"):
        look_first(BAD / "crash_one_byte.h5", refuse)
    assert watched._WORKER._process is not process
