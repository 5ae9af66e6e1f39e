"""Summaries merge exactly, for every cut."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.errors import SpikelibError
from spikelib.summary.accumulate import summarise
from spikelib.summary.merge import merge
from tests.summary.same import assert_same, slabs

if TYPE_CHECKING:
    from spikelib.summary.model import Summary

# Times on a coarse grid give ties and equal intervals, free floats give everything else.
TIMES = st.one_of(st.integers(0, 38).map(lambda k: k * 2.5), st.floats(0.0, 95.0, allow_subnormal=False))
TRAINS = st.lists(st.tuples(TIMES, st.integers(0, 6)), max_size=60)
CUTS = st.lists(st.integers(0, 60), max_size=5)


@settings(deadline=None, max_examples=200)
@given(spikes=TRAINS, cuts=CUTS)
def test_merge_of_slabs_is_the_summary_of_the_whole(spec, nodes, axis, spots, spikes, cuts):
    whole = summarise(slabs(spikes, []), spec, nodes, axis, spots)
    parts = [summarise([slab], spec, nodes, axis, spots) for slab in slabs(spikes, cuts)]
    assert_same(merge(parts), whole)


@settings(deadline=None, max_examples=50)
@given(spikes=TRAINS, cuts=CUTS)
def test_merging_is_associative(spec, nodes, axis, spots, spikes, cuts):
    parts = [summarise([slab], spec, nodes, axis, spots) for slab in slabs(spikes, [*cuts, 3, 17])]
    right = parts[-1]
    for part in reversed(parts[:-1]):
        right = merge([part, right])
    assert_same(right, merge(parts))


@settings(deadline=None, max_examples=50)
@given(spikes=TRAINS, cuts=CUTS)
def test_chunks_do_not_matter(spec, nodes, axis, spots, spikes, cuts):
    whole = summarise(slabs(spikes, []), spec, nodes, axis, spots)
    assert_same(summarise(slabs(spikes, cuts), spec, nodes, axis, spots), whole)


@settings(deadline=None, max_examples=100)
@given(spikes=TRAINS)
def test_every_spike_is_counted_once_everywhere(spec, nodes, axis, spots, spikes):
    summary = summarise(slabs(spikes, []), spec, nodes, axis, spots)
    placed = sum(1 for _, row in spikes if row != 6)
    assert summary.n_spikes == len(spikes) == summary.fine_counts.sum() == summary.density.sum()
    assert summary.frames is not None
    assert summary.frames.sum() == placed
    assert summary.isi.counts.sum() == np.maximum(summary.counters.count - 1, 0).sum()


def test_different_bins_do_not_merge(spec, nodes, axis):
    coarse: Summary = summarise([], replace(spec, rate_bin=20.0), nodes, axis)
    with pytest.raises(SpikelibError, match="different bins or nodes"):
        merge([summarise([], spec, nodes, axis), coarse])
