"""Sorting in memory and outside it gives the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from spikelib.tables import sort
from spikelib.tables.sort import SortOptions, sorted_chunks
from tests.tables.spikes import canonical, random_spikes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("limit", [0, 1 << 20], ids=["by DuckDB", "in memory"])
@pytest.mark.parametrize("n_chunks", [0, 1, 13])
def test_sorted_by_time_then_id(monkeypatch: pytest.MonkeyPatch, limit: int, n_chunks: int) -> None:
    monkeypatch.setattr(sort, "IN_MEMORY", limit)
    times, ids = random_spikes(1000 if n_chunks else 0)
    given = zip(np.array_split(times, n_chunks or 1), np.array_split(ids, n_chunks or 1), strict=True)
    found = list(sorted_chunks(given if n_chunks else iter(()), 1000, SortOptions()))
    expected = canonical(times, ids)
    for k in range(2):
        np.testing.assert_array_equal(np.concatenate([np.empty(0), *(part[k] for part in found)]), expected[k])


def test_runs_lie_where_they_are_told_to_and_are_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sort, "IN_MEMORY", 0)
    parts = sorted_chunks(iter([random_spikes(1000)]), 1000, SortOptions(folder=tmp_path))
    next(parts)
    assert [path.name.startswith("spikelib-sort-") for path in tmp_path.iterdir()] == [True]
    parts.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_sort_beyond_its_memory_spills(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sort, "IN_MEMORY", 0)
    random = np.random.default_rng(0)
    chunks = [(random.random(1 << 20), random.integers(0, 9, 1 << 20)) for _ in range(6)]
    last, total = -1.0, 0
    for times, _ in sorted_chunks(iter(chunks), 6 << 20, SortOptions("64MB", tmp_path)):
        assert times[0] >= last
        assert (times[1:] >= times[:-1]).all()
        last, total = times[-1], total + len(times)
    assert total == 6 << 20
