"""The canonical order of spikes: by time, id and population."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spikelib.sonata.spikes.order import (
    UnsortedError,
    canonical_chunks,
    count_duplicates,
    order_ties,
    sort_spikes,
)

SPIKES = st.lists(st.tuples(st.integers(0, 9).map(float), st.integers(0, 2**40)), max_size=30)
HYPOTHESIS = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=[False, True], ids=["small", "large"], autouse=True)
def size_class(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut small sequences as large ones are cut, too: in blocks, and for two threads."""
    if request.param:
        monkeypatch.setattr("spikelib.sonata.spikes.merge.LARGE", 1)
        for module in ("merge", "order"):
            monkeypatch.setattr(f"spikelib.sonata.spikes.{module}._BLOCK", 3)


def columns(spikes: list[tuple[float, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([time for time, _ in spikes], np.float64), np.array([node for _, node in spikes], np.int64)


def rows(spikes: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return list(zip(*(column.tolist() for column in spikes), strict=True))


@HYPOTHESIS
@given(spikes=SPIKES)
def test_sorting(spikes):
    assert rows(sort_spikes(*columns(spikes))) == sorted(spikes)


def test_ids_too_large_to_be_packed_are_sorted_too():
    times, ids = np.repeat([1.0, 2.0], 3), np.array([2**62, 5, 0] * 2)
    assert order_ties(times, ids)[1].tolist() == [0, 5, 2**62] * 2


def test_long_run_of_ties():
    ids = np.random.default_rng(1).permutation(500)
    assert order_ties(np.zeros(500), ids.copy())[1].tolist() == list(range(500))


@HYPOTHESIS
@given(spikes=SPIKES, cuts=st.lists(st.integers(0, 30), max_size=4))
def test_chunks_keep_ties_together(spikes, cuts):
    by_time = sorted(spikes, key=lambda spike: spike[0])
    ends = [0, *sorted(cuts), len(by_time)]
    pieces = [by_time[a:b] for a, b in pairwise(ends) if by_time[a:b]]
    chunks = [rows(chunk) for chunk in canonical_chunks(map(columns, pieces))]
    assert [spike for chunk in chunks for spike in chunk] == sorted(spikes)
    assert all(a[-1][0] < b[0][0] for a, b in pairwise(chunks))


@pytest.mark.parametrize("chunks", [[[(2.0, 0), (1.0, 0)]], [[(2.0, 0)], [(1.0, 0)]]], ids=["within", "across"])
def test_chunks_out_of_order_are_refused(chunks):
    with pytest.raises(UnsortedError, match=r"^$"):
        list(canonical_chunks(map(columns, chunks)))


@HYPOTHESIS
@given(spikes=st.lists(st.tuples(st.sampled_from([0.0, 1.5]), st.integers(0, 2)), max_size=20))
def test_duplicates(spikes):
    assert count_duplicates(*columns(sorted(spikes))) == len(spikes) - len(set(spikes))
