"""Arrays packed into a page: what comes out is what went in."""

from __future__ import annotations

import json

import numpy as np
import pytest

from spikelib.page.packing import pack
from tests.page.builders import unpacked

RANDOM = np.random.default_rng(7)


@pytest.mark.parametrize("delta", [False, True], ids=["plain", "delta"])
@pytest.mark.parametrize(
    "array",
    [
        np.arange(10),
        np.array([], int),
        np.zeros((0, 4), int),
        np.array(5),
        np.array([2**31 - 1, -(2**31), 0, 2**31 - 1]),
        RANDOM.integers(-(2**31), 2**31, (7, 11, 3)),
        np.sort(RANDOM.integers(0, 60_000, 5000)).astype(np.uint64),
    ],
    ids=["range", "empty", "no_rows", "scalar", "extremes", "random", "unsigned"],
)
def test_integers_come_back(array, delta):
    packed = json.loads(json.dumps(pack({"a": array}, delta=["a"] if delta else [])))
    assert packed["arrays"]["a"] == {"type": "i4", "shape": list(array.shape), "delta": delta}
    np.testing.assert_array_equal(unpacked(packed)["a"], array)


@pytest.mark.parametrize("dtype", ["f8", "f4", ">f8", "u1", "?"])
def test_other_types_come_back(dtype):
    array = RANDOM.uniform(0, 200, (5, 3)).astype(dtype)
    array[0] = 0
    packed = pack({"a": array})
    assert packed["arrays"]["a"]["type"] == {">f8": "f8", "?": "i4"}.get(dtype, dtype)
    np.testing.assert_array_equal(unpacked(packed)["a"], array)


def test_not_a_number_and_infinity_come_back():
    array = np.array([np.nan, np.inf, -np.inf, -0.0])
    np.testing.assert_array_equal(unpacked(pack({"a": array}))["a"], array)


def test_several_arrays_keep_their_order():
    arrays = {"z": np.arange(4), "a": np.array([0.5]), "m": np.array([[1], [2]], np.uint8)}
    back = unpacked(pack(arrays, delta=["z"]))
    assert list(back) == list(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)


def test_no_arrays():
    assert unpacked(pack({})) == {}


def test_slices_that_are_not_contiguous():
    grid = np.arange(24).reshape(4, 6)
    np.testing.assert_array_equal(unpacked(pack({"a": grid[::2, ::-1].T}))["a"], grid[::2, ::-1].T)


def test_ascending_times_are_small():
    times = np.sort(RANDOM.integers(0, 60_000, 100_000))
    assert len(pack({"t": times}, delta=["t"])["bytes"]) < 100_000


def test_same_text_twice():
    assert pack({"a": np.arange(1000)}) == pack({"a": np.arange(1000)})


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1])
def test_integers_beyond_32_bits_are_an_error(value):
    with pytest.raises(ValueError, match=r"array 'a': .* does not fit 32 bits"):
        pack({"a": np.array([0, value])})


def test_differences_of_floats_are_an_error():
    with pytest.raises(ValueError, match="'a' of type float64: only integers"):
        pack({"a": np.array([0.5])}, delta=["a"])


def test_text_is_an_error():
    with pytest.raises(ValueError, match="'a' of type <U1: only integers and floats"):
        pack({"a": np.array(["x"])})
