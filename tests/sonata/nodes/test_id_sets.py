"""Sets of ids, in which None is every node: the algebra of Python's sets."""

from __future__ import annotations

from functools import reduce

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spikelib.sonata.nodes.id_sets import NOTHING, IdSet, both, either

SIZE = 8
MEMBERS = st.one_of(st.none(), st.frozensets(st.integers(0, SIZE - 1)))
ALL = frozenset(range(SIZE))


def arrays(sets: list[frozenset[int] | None]) -> list[IdSet]:
    return [None if ids is None else np.array(sorted(ids), np.int64) for ids in sets]


def members(ids: IdSet) -> list[int]:
    return list(range(SIZE)) if ids is None else ids.tolist()


@given(st.lists(MEMBERS, max_size=4))
def test_both_is_the_intersection(sets: list[frozenset[int] | None]) -> None:
    expected = reduce(frozenset.intersection, (ALL if ids is None else ids for ids in sets), ALL)
    assert members(both(arrays(sets))) == sorted(expected)


@given(st.lists(MEMBERS, max_size=4))
def test_either_is_the_union(sets: list[frozenset[int] | None]) -> None:
    expected = reduce(frozenset.union, (ALL if ids is None else ids for ids in sets), frozenset())
    assert members(either(arrays(sets))) == sorted(expected)


def test_all_nodes_are_not_spelt_out() -> None:
    ids = np.array([1, 3])
    assert both([]) is None
    assert both([None, None]) is None
    assert either([ids, None]) is None
    assert both([None, ids]) is ids


def test_nothing_has_the_kind_of_ids() -> None:
    assert either([]).tolist() == []  # type: ignore[union-attr]
    assert NOTHING.dtype == either([NOTHING]).dtype == np.int64  # type: ignore[union-attr]
