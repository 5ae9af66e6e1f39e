"""The rows of state: two cache lines a node, and nothing lost on the way in and out."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from spikelib.summary.model import NodeCounters
from spikelib.summary.state import CLASS, COUNT, FIRST, LAST, SHORTEST, empty_state, pack, unpack
from tests.summary.same import assert_same

FLOATS = ("first", "second", "previous", "last", "shortest")


@st.composite
def counters(draw: st.DrawFn) -> NodeCounters:
    size = draw(st.integers(0, 5))
    floats = arrays.arrays(np.float64, size, elements=st.floats())
    integers = arrays.arrays(np.int64, size, elements=st.integers(-(2**63), 2**63 - 1))
    return NodeCounters(**{f.name: draw(floats if f.name in FLOATS else integers) for f in fields(NodeCounters)})


@given(counters())
def test_what_is_packed_comes_out_equal(counted: NodeCounters) -> None:
    assert_same(unpack(pack(counted, np.zeros(len(counted.count), np.int32))), counted)


def test_a_node_fills_three_cache_lines() -> None:
    floats, integers = empty_state(np.zeros(3, np.int32))
    assert floats.strides == integers.strides == (192, 8)
    assert np.shares_memory(floats, integers)


def test_no_two_quantities_share_a_word() -> None:
    names = [f.name for f in fields(NodeCounters)]
    for chosen in names:
        kinds = {name: np.full(1, 7, np.float64 if name in FLOATS else np.int64) for name in names}
        kinds[chosen] = kinds[chosen] * 3
        found = unpack(pack(NodeCounters(**kinds), np.array([5], np.int32)))
        assert {name: getattr(found, name)[0] for name in names} == {name: values[0] for name, values in kinds.items()}


def test_nodes_that_have_not_fired() -> None:
    floats, integers = empty_state(np.array([0, 0, 1], np.int32))
    assert np.isnan(floats[:, FIRST : LAST + 1]).all()
    assert (floats[:, SHORTEST] == np.inf).all()
    assert (integers[:, COUNT] == 0).all()
    assert integers[:, CLASS].tolist() == [0, 0, 1]


def test_counters_are_copies() -> None:
    state = empty_state(np.zeros(2, np.int32))
    before = unpack(state)
    state[1][:, COUNT] += 1
    state[0][:, FIRST] = 4.0
    assert before.count.tolist() == [0, 0]
    assert np.isnan(before.first).all()
