"""The fast way to read all spikes of a population, and when it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.sonata.spikes.arrays import LARGEST_ID, RunFacts
from spikelib.sonata.spikes.load_sorted import load_sorted
from spikelib.sonata.spikes.spike_file import spike_sources
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np


def loaded(
    path: Path, spikes: list[tuple[float, int]], n_nodes: int | None = 10, **options: Any
) -> tuple[np.ndarray, np.ndarray] | None:
    """Write spikes and read them, in blocks of three."""
    write_spikes(path, {"a": ([time for time, _ in spikes], [node for _, node in spikes])}, **options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spikelib.sonata.spikes.load_sorted._BLOCK", 3)
        with spike_sources(path)["a"].open() as reader:
            return load_sorted(reader, RunFacts(n_nodes=n_nodes))


@settings(max_examples=60, deadline=None)
@given(
    spikes=st.lists(st.tuples(st.integers(0, 3).map(float), st.integers(0, 9)), min_size=2, max_size=25),
    compression=st.sampled_from([None, "gzip"]),
)
def test_ties_are_ordered_across_blocks_and_threads(
    tmp_path_factory: pytest.TempPathFactory, spikes: list[tuple[float, int]], compression: str | None
) -> None:
    by_time = sorted(spikes, key=lambda spike: spike[0])
    read = loaded(tmp_path_factory.mktemp("l") / "s.h5", by_time, compression=compression)
    assert read is not None
    assert list(zip(*(column.tolist() for column in read), strict=True)) == sorted(spikes)


@pytest.mark.parametrize("place", [0, 2, 3, 5, 9])
@pytest.mark.parametrize(
    "wrong",
    [(float("nan"), 1), (float("inf"), 1), (-1.0, 1), (4.0, 10), (4.0, 2**63 + 1)],
    ids=["not a number", "infinite", "negative", "id", "id beyond int64"],
)
def test_invalid_spike_is_refused(tmp_path: Path, place: int, wrong: tuple[float, int]) -> None:
    spikes = [(float(time), time % 10) for time in range(10)]
    assert loaded(tmp_path / "s.h5", spikes) is not None
    spikes[place] = wrong
    assert loaded(tmp_path / "s.h5", spikes) is None


@pytest.mark.parametrize("place", range(1, 10))
def test_step_back_is_refused_wherever_it_is(tmp_path: Path, place: int) -> None:
    times = [float(time) for time in range(10)]
    times[place - 1], times[place] = times[place], times[place - 1]
    assert loaded(tmp_path / "s.h5", [(time, 0) for time in times]) is None


def test_without_a_size_only_absurd_ids_are_refused(tmp_path: Path) -> None:
    assert loaded(tmp_path / "s.h5", [(1.0, 0), (2.0, LARGEST_ID)], n_nodes=None) is not None
    assert loaded(tmp_path / "s.h5", [(1.0, 0), (2.0, LARGEST_ID + 1)], n_nodes=None) is None
