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


@pytest.mark.parametrize("dt", [0.1, 0.025, 0.05, 1.0, 0.01, 0.0125, 0.03])
def test_with_the_time_step_multiples_come_back_as_long_as_they_are_told_apart(dt: float) -> None:
    steps = np.arange(1, 2_000_000, 7)
    times = steps / round(1 / dt) if dt != 0.03 else steps * dt
    stored = times.astype(np.float32)
    told = np.spacing(stored) < dt
    assert told.sum() > 100_000
    np.testing.assert_array_equal(nearest_decimals(stored, dt=dt)[told], times[told])


def test_times_off_the_grid_are_the_shortest_decimals() -> None:
    assert nearest_decimals(np.array([0.137, 20.0, 1e-7], np.float32), dt=0.1).tolist() == [0.137, 20.0, 1e-7]


def test_the_step_is_in_ms_whatever_the_unit_of_the_times() -> None:
    seconds = (np.arange(1, 100_000) / 40 / 1000).astype(np.float32)
    told = np.spacing(seconds) < 0.025e-3
    np.testing.assert_array_equal(nearest_decimals(seconds, 1000.0, 0.025)[told], (np.arange(1, 100_000) / 40)[told])
    assert nearest_decimals(np.array([0.5], np.float32), 1000.0).tolist() == [500.0]


@given(st.lists(st.floats(0, 2.0**30, width=32), min_size=1), st.sampled_from([0.025, 0.1, 0.3, 1.0]))
def test_with_a_time_step_order_and_single_precision_stay(values: list[float], dt: float) -> None:
    stored = np.sort(np.array(values, np.float32))
    read = nearest_decimals(stored, dt=dt)
    np.testing.assert_array_equal(read.astype(np.float32), stored)
    assert (np.diff(read) >= 0.0).all()


@pytest.mark.parametrize("dt", [1e-300, 5e-324])
def test_a_time_step_of_next_to_nothing_changes_no_stored_number(dt: float) -> None:
    stored = np.array([1000.1, 3e38], np.float32)
    assert nearest_decimals(stored, dt=dt).astype(np.float32).tolist() == stored.tolist()


def test_what_is_no_number_stays() -> None:
    odd = np.array([np.nan, np.inf, -np.inf, -0.0, 0.0], ">f4")
    np.testing.assert_array_equal(nearest_decimals(odd), odd.astype(np.float64))
    np.testing.assert_array_equal(nearest_decimals(odd, dt=0.1), odd.astype(np.float64))
    assert nearest_decimals(np.array([0.1, 2.5], np.float16)).tolist() == [0.1, 2.5]
