"""Attributes are read only where their type is one that is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest

from spikelib.sonata.hdf5.attributes import read_attribute

if TYPE_CHECKING:
    from pathlib import Path

SORTING = h5py.enum_dtype({"none": 0, "by_time": 2}, basetype="u1")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("ms", "ms"),
        (np.bytes_(b"ms"), "ms"),
        (np.array([b"ms", b"s"]), "ms"),
        (np.array(["\u00b5s"], object), "\u00b5s"),
        (2, 2),
        (np.uint8(1), 1),
        (True, 1),
        ([3, 4], 3),
        (0.5, None),
        (1j, None),
        (h5py.Empty("S4"), ""),
        (np.array([], "i4"), ""),
        (np.zeros(1, [("a", "f8")]), None),
        (np.void(b"ms"), None),
    ],
    ids=repr,
)
def test_values(tmp_path: Path, value: object, read: object) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        file.attrs["name"] = value
        assert read_attribute(file, "name") == read
        assert read_attribute(file, "other") is None


def test_names_of_an_enumeration_count_not_its_numbers(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        file.attrs.create("known", 2, dtype=SORTING)
        file.attrs.create("unknown", 7, dtype=SORTING)
        assert (read_attribute(file, "known"), read_attribute(file, "unknown")) == ("by_time", "unknown")


def test_sequences_and_references_are_never_read(tmp_path: Path) -> None:
    numbers = np.empty(1, object)
    numbers[0] = np.arange(3, dtype="i4")
    with h5py.File(tmp_path / "s.h5", "w") as file:
        file.attrs.create("sequence", numbers, dtype=h5py.vlen_dtype("i4"))
        file.attrs["reference"] = file.ref
        assert read_attribute(file, "sequence") is None
        assert read_attribute(file, "reference") is None
