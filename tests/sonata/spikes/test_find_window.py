"""Finding the spikes of a window without reading the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.sonata.spikes import find_window as module
from spikelib.sonata.spikes.find_window import find_window
from spikelib.sonata.spikes.spike_file import spike_sources
from spikelib.window import EPSILON_MS
from tests.writing import write_spikes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ALL, PROBED = {"CHECK_ALL": 1 << 24, "MARGIN": 2}, {"CHECK_ALL": 1, "MARGIN": 2, "PROBES": 4}


def found(path: Path, times: Sequence[float], window: tuple[float, float], sizes: dict[str, int]) -> Any:
    """Write a report and find a window in it, with sizes at which a small one is treated as a large one."""
    write_spikes(path, {"a": (times, [0] * len(times))})
    with pytest.MonkeyPatch.context() as patch:
        for name, value in sizes.items():
            patch.setattr(module, name, value)
        with spike_sources(path)["a"].open() as reader:
            return find_window(reader, window)


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(st.integers(0, 40), min_size=1, max_size=40),
    ends=st.tuples(st.integers(-2, 45), st.integers(-2, 45)).map(sorted),
    sizes=st.sampled_from([ALL, PROBED]),
)
def test_all_spikes_of_the_window_are_found_and_no_others(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], ends: list[int], sizes: dict[str, int]
) -> None:
    times = [float(step) for step in sorted(steps)]
    begin, end = found(tmp_path_factory.mktemp("w") / "s.h5", times, (float(ends[0]), float(ends[1])), sizes)
    assert times[begin:end] == [time for time in times if ends[0] <= time <= ends[1]]


@pytest.mark.parametrize("sizes", [ALL, PROBED], ids=["all", "probed"])
def test_ends_are_included_with_the_tolerance(tmp_path: Path, sizes: dict[str, int]) -> None:
    times = [1.0, 2.0 - EPSILON_MS, 2.0, 3.0, 3.0 + EPSILON_MS, 4.0]
    assert found(tmp_path / "s.h5", times, (2.0, 3.0), sizes) == (1, 5)


@pytest.mark.parametrize("sizes", [ALL, PROBED], ids=["all", "probed"])
@pytest.mark.parametrize("wrong", [0.5, float("nan")], ids=["out of order", "not a number"])
@pytest.mark.parametrize("place", [4, 5, 6])
def test_false_claim_near_the_window_is_noticed(
    tmp_path: Path, sizes: dict[str, int], wrong: float, place: int
) -> None:
    times = np.arange(10.0)
    times[place] = wrong
    assert found(tmp_path / "s.h5", times.tolist(), (5.0, 5.5), sizes) is None


def test_a_single_time_that_is_not_a_number_is_noticed(tmp_path: Path) -> None:
    assert found(tmp_path / "s.h5", [float("nan")], (0.0, 1.0), ALL) is None


def test_step_back_between_the_halves_of_two_threads_is_noticed(tmp_path: Path) -> None:
    assert found(tmp_path / "s.h5", [1.0, 2.0, 1.5, 3.0], (0.0, 1.0), ALL) is None
    assert found(tmp_path / "t.h5", [2.0, 1.0], (0.0, 1.0), ALL) is None
