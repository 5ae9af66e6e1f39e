"""Times in single precision are read as the shortest decimal numbers that they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikelib.sonata.spikes.decimals import nearest_decimals


@pytest.mark.parametrize("dt", ["0.1", "0.025", "0.05", "1", "0.01"])
def test_multiples_of_the_time_step_come_back(dt: str) -> None:
    step = round(1 / float(dt))
    times = np.arange(100_000) / step
    stored = times.astype(np.float32)
    kept = np.abs(stored.astype(np.float64) - times) < 0.25 / step  # beyond, neighbours are the same number
    np.testing.assert_array_equal(nearest_decimals(stored)[kept], times[kept])


@given(st.lists(st.floats(2.0**-20, 1e7, width=32), min_size=1))
def test_equals_the_shortest_text_that_numpy_writes(values: list[float]) -> None:
    stored = np.array(values, np.float32)
    wanted = [float(np.format_float_positional(value, unique=True)) for value in stored]
    np.testing.assert_allclose(nearest_decimals(stored), wanted, rtol=1e-9)


@given(st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=1))
def test_numbers_stay_what_they_are_in_single_precision_and_in_order(values: list[float]) -> None:
    stored = np.sort(np.array(values, np.float32))
    read = nearest_decimals(stored)
    np.testing.assert_array_equal(read.astype(np.float32), stored)
    assert (np.diff(read) >= 0.0).all()


def test_what_is_no_number_stays() -> None:
    odd = np.array([np.nan, np.inf, -np.inf, -0.0, 0.0], ">f4")
    np.testing.assert_array_equal(nearest_decimals(odd), odd.astype(np.float64))
    assert nearest_decimals(np.array([0.1, 2.5], np.float16)).tolist() == [0.1, 2.5]
