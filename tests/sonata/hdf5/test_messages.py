"""The forms that the messages of an object header may have."""

from __future__ import annotations

import struct

import h5py
import numpy as np
import pytest

from spikelib.sonata.hdf5.messages import (
    NotPlainError,
    check_attribute,
    check_datatype,
    check_fill,
    check_filters,
    check_layout,
    check_shape,
)

INT32 = struct.pack("<4BI2H", 0x10, 8, 0, 0, 4, 0, 32)


def encoded(datatype: h5py.h5t.TypeID) -> bytes:
    # HDF5 puts a version and a kind before the message itself.
    return datatype.encode()[2:]


@pytest.mark.parametrize(
    "dtype",
    [*"bBhHiIqQefd", ">f8", ">i4", "S7", h5py.string_dtype(length=3), "?",
     h5py.enum_dtype({"none": 0, "by_id": 1}, basetype="u1")],
    ids=str,
)  # fmt: skip
def test_types_of_simulators(dtype: object) -> None:
    message = encoded(h5py.h5t.py_create(np.dtype(dtype), logical=True))
    found = check_datatype(message)
    assert found.length <= len(message) < found.length + 8
    assert found.size == np.dtype(dtype).itemsize


def test_text_of_any_length_is_told_from_a_sequence() -> None:
    text = struct.pack("<4BI", 0x19, 1, 1, 0, 16) + struct.pack("<4BI", 0x13, 0, 0, 0, 1)
    assert check_datatype(text).is_variable
    for wrong in (b"\x19\0" + text[2:], text[:8] + INT32):
        with pytest.raises(NotPlainError):
            check_datatype(wrong)


@pytest.mark.parametrize("dtype", [[("a", "f8")], "V5", "c16", h5py.vlen_dtype("i4"), h5py.ref_dtype], ids=str)
def test_other_types_are_left_to_the_worker(dtype: object) -> None:
    with pytest.raises(NotPlainError):
        check_datatype(encoded(h5py.h5t.py_create(np.dtype(dtype), logical=True)))


def test_type_that_was_changed() -> None:
    for place, value in ((0, 0x1F), (0, 0x40), (4, 5), (8, 3), (10, 31)):
        changed = bytearray(INT32)
        changed[place] = value
        with pytest.raises(NotPlainError):
            check_datatype(bytes(changed))
    with pytest.raises(NotPlainError):
        check_datatype(INT32[:7])


def test_shapes() -> None:
    assert check_shape(struct.pack("<8B2Q", 1, 2, 0, 0, 0, 0, 0, 0, 3, 4)) == (3, 4)
    assert check_shape(struct.pack("<4B2Q", 2, 1, 1, 1, 5, 2**64 - 1)) == (5,)
    assert check_shape(bytes([2, 0, 0, 0])) == ()
    assert check_shape(bytes([2, 0, 0, 2])) is None
    for wrong in (bytes([3, 0, 0, 0]), bytes([2, 33, 0, 1]), struct.pack("<4B2Q", 2, 2, 0, 1, 1 << 40, 1 << 40)):
        with pytest.raises(NotPlainError):
            check_shape(wrong)


def test_layouts() -> None:
    assert check_layout(struct.pack("<2B2Q", 3, 1, 2048, 80)).address == 2048
    assert check_layout(struct.pack("<3BQ2I", 3, 2, 2, 4096, 100, 8)).chunk == (100, 8)
    assert check_layout(bytes([3, 0, 2, 0, 7, 7])).n_bytes == 2
    for wrong in (bytes([4, 3]), bytes([3, 0, 2, 0, 7]), struct.pack("<3BQ2I", 3, 2, 2, 4096, 0, 8)):
        with pytest.raises(NotPlainError):
            check_layout(wrong)


def test_attribute() -> None:
    shape = bytes([1, 0, 0, 0, 0, 0, 0, 0])
    message = struct.pack("<2B3H", 1, 0, 2, len(INT32), 8) + b"a\0".ljust(8, b"\0") + INT32.ljust(16, b"\0") + shape
    assert check_attribute(message + bytes(4)).values == bytes(4)
    with pytest.raises(NotPlainError):
        check_attribute(message + bytes(3))


def test_filters_and_fill_values() -> None:
    check_filters(struct.pack("<2B6x4HI4x", 1, 1, 1, 0, 1, 1, 4))
    with pytest.raises(NotPlainError):
        check_filters(struct.pack("<2B6x4HI4x", 1, 1, 32015, 0, 1, 1, 4))  # zstd, which may not be there
    check_fill(5, bytes([2, 2, 2, 1]) + struct.pack("<I", 4) + bytes(4), check_datatype(INT32))
    with pytest.raises(NotPlainError):
        check_fill(5, bytes([2, 2, 2, 1]) + struct.pack("<I", 9999) + bytes(4), check_datatype(INT32))
