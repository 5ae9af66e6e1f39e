"""Tables in several parts, each written by a thread of its own, are the same tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.errors import TableError
from spikelib.sonata.spikes.arrays import RunFacts
from spikelib.sonata.spikes.spike_file import spike_sources
from spikelib.tables import extract as extract_module
from spikelib.tables.extract import extract
from spikelib.tables.scan import scan
from spikelib.tables.schema import read_info
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path


def table_of(
    folder: Path, times: np.ndarray, ids: np.ndarray, *, parallel: int, sorting: str | None = "by_time"
) -> tuple:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extract_module, "_PARALLEL", parallel)
        patch.setattr(extract_module, "_LOOK", 3)
        file = write_spikes(folder / "spikes.h5", {"a": (times, ids)}, sorting=sorting)
        audit = extract(spike_sources(file)["a"], RunFacts(n_nodes=5, stop=4.0), folder / "table")
    chunks = list(scan(folder / "table"))
    columns = [np.concatenate([np.empty(0), *(chunk[k] for chunk in chunks)]).tolist() for k in range(2)]
    return columns, audit.to_dict()


@settings(max_examples=60, deadline=None)
@given(
    times=st.lists(st.one_of(st.integers(0, 5).map(float), st.just(np.nan)), max_size=20),
    seed=st.integers(0, 9),
    claim=st.sampled_from(["by_time", "none", None]),
    sort=st.booleans(),
)
def test_two_parts_hold_what_one_part_holds(tmp_path_factory, times, seed, claim, sort):
    times = np.array(sorted(times) if sort else times, np.float64)
    ids = np.random.default_rng(seed).integers(0, 6, len(times))
    one = table_of(tmp_path_factory.mktemp("one"), times, ids, parallel=10**9, sorting=claim)
    two = table_of(tmp_path_factory.mktemp("two"), times, ids, parallel=0 if len(times) > 1 else 10**9, sorting=claim)
    assert two[0] == one[0]
    assert two[1] == one[1]


def test_parts_are_cut_between_times(tmp_path):
    table_of(tmp_path, np.array([0.0, 1, 1, 1, 1, 1, 1, 1, 2, 3]), np.zeros(10, int), parallel=2)
    parts = [pq.read_table(part)["times"].to_pylist() for part in sorted((tmp_path / "table").glob("*"))]
    assert parts == [[0.0, 1, 1, 1, 1, 1, 1, 1], [2.0, 3.0]]


def test_a_missing_part_is_an_error(tmp_path):
    table_of(tmp_path, np.arange(4.0), np.zeros(4, int), parallel=2)
    (tmp_path / "table" / "part-00001.parquet").unlink()
    with pytest.raises(TableError, match="should have 2 parts, but has 1; extract it again"):
        read_info(tmp_path / "table")


def test_parts_of_an_older_table_go_away(tmp_path):
    table_of(tmp_path, np.arange(4.0), np.zeros(4, int), parallel=2)
    columns, _ = table_of(tmp_path, np.arange(3.0), np.zeros(3, int), parallel=10**9)
    assert columns == [[0.0, 1.0, 2.0], [0, 0, 0]]
    assert read_info(tmp_path / "table").n_spikes == 3
