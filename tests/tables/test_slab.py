"""The spikes of one slab, picked out of a population in no order."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikelib.sonata.spikes.arrays import RunFacts
from spikelib.sonata.spikes.audit import Audit
from spikelib.sonata.spikes.spike_file import SpikeSource, spike_sources
from spikelib.tables.slab import Slab
from tests.writing import write_spikes

if TYPE_CHECKING:
    Chunk = tuple[list[float], list[int]]

FACTS = RunFacts(n_nodes=5, stop=4.0)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> SpikeSource:
    return spike_sources(write_spikes(tmp_path_factory.mktemp("slab") / "spikes.h5", {"a": ([], [])}))["a"]


def within(slab: Slab, source: SpikeSource, *chunks: Chunk) -> tuple[list[Chunk], Audit]:
    audit = Audit.of(source, FACTS)
    arrays = [(np.array(times, float), np.array(ids, np.int64)) for times, ids in chunks]
    return [(times.tolist(), ids.tolist()) for times, ids in slab.within(arrays, FACTS, audit)], audit


def test_start_is_in_and_end_is_not(source: SpikeSource) -> None:
    found, audit = within(Slab(1, 3, 1.0, 2.0, None), source, ([2.0, 1.0, 0.999, 1.999], [1, 2, 3, 4]))
    assert found == [([1.0, 1.999], [2, 4])]
    assert (audit.n_kept, audit.time_first, audit.time_last, audit.id_min, audit.id_max) == (2, 1.0, 1.999, 2, 4)


def test_chunks_without_a_spike_of_the_slab_are_left_out(source: SpikeSource) -> None:
    found, audit = within(Slab(0, 2, -np.inf, 1.0, None), source, ([5.0], [0]), ([], []), ([0.5], [3]))
    assert found == [([0.5], [3])]
    assert audit.n_kept == 1


def test_spikes_after_the_end_of_the_run_are_counted_in_their_slab(source: SpikeSource) -> None:
    chunk = ([3.0, 4.5, 9.0], [0, 1, 2])
    assert within(Slab(1, 2, 3.5, np.inf, None), source, chunk)[1].n_after_end == 2
    assert within(Slab(0, 2, -np.inf, 3.5, None), source, chunk)[1].n_after_end == 0


@given(
    times=st.lists(st.integers(0, 40).map(lambda k: k / 4), max_size=30),
    starts=st.lists(st.integers(0, 40).map(lambda k: k / 4), max_size=4).map(sorted),
)
def test_every_spike_is_in_exactly_one_slab(source: SpikeSource, times: list[float], starts: list[float]) -> None:
    edges = [-np.inf, *starts, np.inf]
    chunk = (times, list(range(len(times))))
    slabs = [Slab(k, len(starts) + 1, low, high, None) for k, (low, high) in enumerate(itertools.pairwise(edges))]
    found = [within(slab, source, chunk) for slab in slabs]
    ids = [node for parts, _ in found for _, members in parts for node in members]
    assert sorted(ids) == chunk[1]
    assert sum(audit.n_kept for _, audit in found) == len(times)
