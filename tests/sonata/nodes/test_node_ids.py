from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bluepysnap.circuit_ids
import numpy as np
import pandas as pd
import pytest

from spikelib.errors import GroupError
from spikelib.sonata.nodes.node_ids import CircuitNodeId, CircuitNodeIds

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = [("b", 2), ("a", 5), ("b", 0), ("a", 5), ("c", 1)]
OTHER = [("a", 5), ("b", 2), ("d", 0)]


def ids(pairs: list[tuple[str, int]], sort_index: bool = True) -> CircuitNodeIds:
    return CircuitNodeIds.from_tuples(pairs, sort_index)


@pytest.mark.parametrize("sort", [True, False])
def test_constructors_agree(sort: bool) -> None:
    expected = sorted(PAIRS) if sort else PAIRS
    names, numbers = zip(*PAIRS, strict=True)
    assert ids(PAIRS, sort).tolist() == expected
    assert CircuitNodeIds.from_arrays(names, numbers, sort).tolist() == expected
    assert CircuitNodeIds(pd.MultiIndex.from_tuples(PAIRS), sort).tolist() == expected
    assert ids([CircuitNodeId(*pair) for pair in PAIRS], sort) == ids(PAIRS, sort)


def test_from_dict() -> None:
    assert CircuitNodeIds.from_dict({"b": [2, 0], "a": 5}).tolist() == [("a", 5), ("b", 0), ("b", 2)]
    assert CircuitNodeIds.from_dict({}).tolist() == []


@pytest.mark.parametrize(
    "method",
    [
        pytest.param(lambda one, _: one.filter_population("b"), id="filter_population"),
        pytest.param(lambda one, _: one.filter_population("none"), id="filter_absent"),
        pytest.param(lambda one, _: one.sort(), id="sort"),
        pytest.param(lambda one, other: one.append(other), id="append"),
        pytest.param(lambda one, _: one.limit(2), id="limit"),
        pytest.param(lambda one, _: one.unique(), id="unique"),
        pytest.param(lambda one, other: one.intersection(other), id="intersection"),
        pytest.param(lambda one, _: one.copy(), id="copy"),
        pytest.param(lambda one, _: one.sample(99).sort(), id="sample"),
    ],
)
def test_methods_do_as_bluepysnap(method: Any) -> None:
    upstream = bluepysnap.circuit_ids.CircuitNodeIds
    expected = method(upstream.from_tuples(PAIRS), upstream.from_tuples(OTHER))
    one = ids(PAIRS)
    found = method(one, ids(OTHER))
    assert found.tolist() == expected.tolist()
    assert one.tolist() == sorted(PAIRS)
    assert found.index.names == expected.index.names


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda one: one.filter_population("a", inplace=True), [("a", 5), ("a", 5)]),
        (lambda one: one.sort(inplace=True), sorted(PAIRS)),
        (lambda one: one.append(ids(OTHER), inplace=True), PAIRS + OTHER),
        (lambda one: one.limit(1, inplace=True), PAIRS[:1]),
        (lambda one: one.unique(inplace=True), [("b", 2), ("a", 5), ("b", 0), ("c", 1)]),
        (lambda one: one.intersection(ids(OTHER), inplace=True), [("b", 2), ("a", 5)]),
    ],
)
def test_in_place(change: Any, expected: list[tuple[str, int]]) -> None:
    one = ids(PAIRS, sort_index=False)
    assert change(one) is None
    assert one.tolist() == expected


def test_reading() -> None:
    one = ids(PAIRS)
    assert one.get_ids().tolist() == [5, 5, 0, 2, 1]
    assert one.get_ids().dtype == np.int64
    assert one.get_ids(unique=True).tolist() == [0, 1, 2, 5]
    assert one.get_populations().tolist() == ["a", "a", "b", "b", "c"]
    assert one.get_populations(unique=True).tolist() == ["a", "b", "c"]
    assert (len(one), one[-1], next(iter(one))) == (5, CircuitNodeId("c", 1), CircuitNodeId("a", 5))
    assert one().names == ["population", "node_ids"]
    assert one != ids(OTHER)
    assert one != PAIRS
    assert repr(ids(OTHER)) == "CircuitNodeIds([('a', 5), ('b', 2), ('d', 0)], length=3)"


def test_sample_is_repeatable() -> None:
    one = ids([("a", node) for node in range(100)])
    assert one.sample(5, seed=1) == one.sample(5, seed=1)
    assert len(set(one.sample(5, seed=1) or [])) == 5


def test_csv(tmp_path: Path) -> None:
    one = ids([*PAIRS, ("NA", 3)])
    one.to_csv(tmp_path / "ids.csv")
    assert CircuitNodeIds.from_csv(tmp_path / "ids.csv") == one


def test_errors() -> None:
    with pytest.raises(GroupError, match="must have the same size: 2 != 1"):
        CircuitNodeIds.from_arrays(["a", "b"], [1])
    with pytest.raises(GroupError, match="node ids must be whole numbers, not float64"):
        CircuitNodeIds.from_arrays(["a"], [1.5])
    with pytest.raises(GroupError, match=r"needs a pandas\.MultiIndex"):
        CircuitNodeIds(pd.Index([1]))  # type: ignore[arg-type]
