"""Which files count as plain, and that HDF5 survives all of those."""

from __future__ import annotations

import os
import random
import signal
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest

from spikelib.sonata.hdf5.structure import is_plain
from spikelib.sonata.hdf5.worker import look
from tests import PROJECT
from tests.sonata.hdf5.writing import write_plain

if TYPE_CHECKING:
    from pathlib import Path

REAL = sorted(path for path in (PROJECT / "tests/data").rglob("*.h5") if path.parent.name != "bad")


def test_file_of_this_h5py_is_plain(tmp_path: Path) -> None:
    assert is_plain(write_plain(tmp_path / "s.h5"))


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.relative_to(PROJECT / "tests/data").as_posix())
def test_real_files_are_plain(path: Path) -> None:
    assert is_plain(path)


def test_groups_of_many_and_datasets_of_many_chunks_are_plain(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        for number in range(400):
            file.create_group(f"spikes/population_{number}")
        file.create_dataset("times", data=np.arange(20_000), chunks=(10,))
    assert is_plain(tmp_path / "s.h5")


def test_other_kinds_are_not_plain(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "latest.h5", "w", libver="latest"):
        pass
    with h5py.File(tmp_path / "block.h5", "w", userblock_size=512):
        pass
    with h5py.File(tmp_path / "link.h5", "w") as file:
        file["spikes"] = h5py.ExternalLink("other.h5", "/spikes")
    with h5py.File(tmp_path / "compound.h5", "w") as file:
        file["pairs"] = np.zeros(3, [("time", "f8"), ("id", "u8")])
    for name in ("latest", "block", "link", "compound"):
        assert not is_plain(tmp_path / f"{name}.h5"), name


@pytest.mark.parametrize("mark", [b"SNOD", b"TREE", b"HEAP", b"GCOL"])
def test_signature_that_is_missing_is_seen(tmp_path: Path, mark: bytes) -> None:
    path = write_plain(tmp_path / "s.h5")
    content = path.read_bytes()
    assert mark in content
    path.write_bytes(content.replace(mark, b"XXXX", 1))
    assert not is_plain(path)


def test_group_that_is_its_own_subtree_is_seen(tmp_path: Path) -> None:
    path = write_plain(tmp_path / "s.h5")
    content = bytearray(path.read_bytes())
    # The first child of a tree node becomes the node itself: HDF5 would go down for ever.
    place = content.index(b"TREE")
    content[place + 5] = 1
    content[place + 32 : place + 40] = place.to_bytes(8, "little")
    path.write_bytes(content)
    assert not is_plain(path)


def ended_by(path: Path) -> int:
    """Return the signal that ended a process in which HDF5 looked at a file, 0 if none did."""
    child = os.fork()
    if not child:
        signal.alarm(10)
        try:
            look(str(path))
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_hdf5_survives_every_file_that_is_plain(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = write_plain(tmp_path / "s.h5").read_bytes()
    # Most damage falls on data; the bytes beside signatures describe what the others are.
    marks = [
        place for place in range(len(content)) if content[place : place + 4] in {b"SNOD", b"TREE", b"HEAP", b"GCOL"}
    ]
    n_plain = 0
    for _ in range(20):
        damaged = bytearray(content)
        for place in (chance.choice([0, *marks]) + chance.randrange(300), chance.randrange(len(content))):
            damaged[place % len(content)] = chance.randrange(256)
        path = tmp_path / "damaged.h5"
        path.write_bytes(damaged)
        if is_plain(path):
            n_plain += 1
            assert ended_by(path) == 0
    assert 0 < n_plain < 20
