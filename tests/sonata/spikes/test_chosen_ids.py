"""Ids to keep, whatever their size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikelib.sonata.spikes.chosen_ids import MOST_MASKED, ChosenIds

IDS = st.lists(st.sampled_from([0, 1, 2, 7, MOST_MASKED, MOST_MASKED + 1, 2**40, 2**62]))


@given(IDS, IDS)
def test_equals_numpy(chosen: list[int], asked: list[int]) -> None:
    ids = np.array(asked, np.int64)
    np.testing.assert_array_equal(ChosenIds(np.array(chosen, np.int64)).among(ids), np.isin(ids, chosen))


@pytest.mark.parametrize("last", [9, 2**50])
def test_what_is_asked_stays_as_it_is(last: int) -> None:
    ids = np.array([3, 3, last])
    assert ChosenIds(np.array([last])).among(ids).tolist() == [False, False, True]
    assert ids.tolist() == [3, 3, last]
