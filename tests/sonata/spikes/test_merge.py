"""Several populations merged into one sequence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikelib.sonata.spikes.arrays import LARGEST_ID
from spikelib.sonata.spikes.merge import merge_parts
from tests.sonata.spikes.test_order import HYPOTHESIS, SPIKES, columns, rows, size_class

__all__ = ["size_class"]


@HYPOTHESIS
@given(parts=st.lists(SPIKES, max_size=5))
def test_merging(parts):
    mixed = merge_parts([columns(sorted(part)) for part in parts], list(range(len(parts))), len(parts))
    assert rows(mixed) == sorted((*spike, code) for code, part in enumerate(parts) for spike in part)


def test_spikes_of_one_time_longer_than_a_block_stay_in_order():
    parts = [columns([(1.0, node) for node in range(10)]), columns([(0.0, 5), (1.0, 3), (2.0, 0)])]
    ties = [(1.0, node, 0) for node in range(10)]
    expected = [(0.0, 5, 1), *ties[:4], (1.0, 3, 1), *ties[4:], (2.0, 0, 1)]
    assert rows(merge_parts(parts, [0, 1], 2)) == expected


@pytest.mark.parametrize(("n_codes", "kind"), [(127, np.int8), (128, np.int32), (70_000, np.int32)])
def test_many_populations_and_the_largest_id_fit_into_one_number(n_codes, kind):
    parts = [columns([(1.0, LARGEST_ID)]), columns([(1.0, LARGEST_ID), (1.0, LARGEST_ID)])]
    times, ids, codes = merge_parts(parts, [n_codes - 1, 0], n_codes)
    assert (ids.tolist(), codes.tolist(), codes.dtype) == ([LARGEST_ID] * 3, [0, 0, n_codes - 1], kind)
    assert times.tolist() == [1.0] * 3
