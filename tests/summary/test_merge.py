"""Summaries merge exactly, for every cut."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.errors import SpikelibError
from spikelib.summary.accumulate import summarise
from spikelib.summary.merge import merge
from spikelib.summary.store import load_summary, save_summary

if TYPE_CHECKING:
    from spikelib.summary.model import Summary

# Times on a coarse grid give ties and equal intervals, free floats give everything else.
TIMES = st.one_of(st.integers(0, 38).map(lambda k: k * 2.5), st.floats(0.0, 95.0, allow_subnormal=False))
TRAINS = st.lists(st.tuples(TIMES, st.integers(0, 6)), max_size=60)
CUTS = st.lists(st.integers(0, 60), max_size=5)


def assert_same(a: object, b: object, path: str = "summary") -> None:
    """Compare two summaries field by field, bit for bit."""
    if dataclasses.is_dataclass(a):
        assert type(a) is type(b)
        for field in dataclasses.fields(a):
            assert_same(getattr(a, field.name), getattr(b, field.name), f"{path}.{field.name}")
    elif isinstance(a, np.ndarray):
        assert isinstance(b, np.ndarray)
        np.testing.assert_array_equal(a, b, err_msg=path)
        assert a.dtype == b.dtype, path
    else:
        assert a == b, path


def slabs(spikes: list[tuple[float, int]], cuts: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cut a sorted list of spikes into consecutive slabs, some of them empty."""
    spikes = sorted(spikes)
    times = np.array([time for time, _ in spikes], np.float64)
    rows = np.array([row for _, row in spikes], np.int32)
    ends = [0, *sorted(min(cut, len(spikes)) for cut in cuts), len(spikes)]
    return [(times[a:b], rows[a:b]) for a, b in itertools.pairwise(ends)]


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


@pytest.mark.parametrize("n_spikes", [0, 1, 20, 60], ids="{} spikes".format)
def test_saved_summary_comes_back_equal(tmp_path, spec, nodes, axis, spots, n_spikes):
    random = np.random.default_rng(1)
    spikes = [
        (float(time), int(row))
        for time, row in zip(random.uniform(0, 95, n_spikes), random.integers(0, 7, n_spikes), strict=True)
    ]
    summary = summarise(slabs(spikes, []), spec, nodes, axis, spots)
    save_summary(summary, tmp_path / "summary.npz")
    assert_same(load_summary(tmp_path / "summary.npz"), summary)


def test_summary_without_animation_comes_back_equal(tmp_path, spec, nodes, axis):
    summary = summarise([], spec, nodes, axis)
    save_summary(summary, tmp_path / "summary.npz")
    assert_same(load_summary(tmp_path / "summary.npz"), summary)


def test_different_bins_do_not_merge(spec, nodes, axis):
    coarse: Summary = summarise([], replace(spec, rate_bin=20.0), nodes, axis)
    with pytest.raises(SpikelibError, match="different bins or nodes"):
        merge([summarise([], spec, nodes, axis), coarse])
