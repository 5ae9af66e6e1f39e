"""Texts of variable length: where they lie in order they are checked at once, with the verdict of a walk."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest

from spikelib.sonata.hdf5 import heaps
from spikelib.sonata.hdf5.structure import is_plain

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {
    "in order": [f"L{k % 6}" * (k % 23) for k in range(700)],
    "one": ["a"],
    "none": [""] * 5,
    "long": ["x" * 5000, "y", "z" * 9000],
}


def write(path: Path, texts: list[str], *, again: bool = False) -> Path:
    with h5py.File(path, "w") as file:
        dataset = file.create_dataset("a", data=np.array(texts, object), dtype=h5py.string_dtype())
        if again:  # HDF5 puts the new texts into the room of the old ones, in no order
            dataset[::2] = dataset[::2][::-1]
            file.create_dataset("b", data=np.array(texts[::-1], object), dtype=h5py.string_dtype())
    return path


@pytest.fixture
def walks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The heaps that are walked object by object."""
    walked: list[int] = []
    walk = heaps.Heaps._walk
    monkeypatch.setattr(heaps.Heaps, "_walk", lambda self, address: walked.append(address) or walk(self, address))
    return walked


@pytest.mark.parametrize("name", TEXTS)
def test_texts_in_order_need_no_walk(tmp_path: Path, walks: list[int], name: str) -> None:
    assert is_plain(write(tmp_path / "s.h5", TEXTS[name]))
    assert walks == []


def test_texts_in_no_order_are_plain_after_a_walk(tmp_path: Path, walks: list[int]) -> None:
    assert is_plain(write(tmp_path / "s.h5", TEXTS["in order"], again=True))
    assert walks


@pytest.mark.parametrize("seed", range(3))
def test_what_is_checked_at_once_is_what_a_walk_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    content = write(tmp_path / "s.h5", TEXTS["in order"][:150]).read_bytes()
    heap = content.index(b"GCOL")
    verdicts: list[bool] = []
    for _ in range(150):
        damaged = bytearray(content)
        place = heap + chance.choice([chance.randrange(40), 8 * chance.randrange(700) + chance.choice([0, 8])])
        damaged[min(place, len(content) - 1)] = chance.choice([0, 1, 7, 8, 255])
        (tmp_path / "s.h5").write_bytes(damaged)
        quick = is_plain(tmp_path / "s.h5")
        with monkeypatch.context() as patch:
            patch.setattr(heaps.Heaps, "_in_sequence", lambda self, fields: np.zeros(len(fields), np.bool_))
            assert is_plain(tmp_path / "s.h5") == quick
        verdicts.append(quick)
    assert {True, False} == set(verdicts)
