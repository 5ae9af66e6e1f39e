"""What a group means in a report of several populations, some of them unknown to the circuit."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spikelib import CircuitNodeId, CircuitNodeIds, Simulation, open_report
from spikelib.circuit.resolve_group import resolve_report
from spikelib.errors import GroupError, SpikelibWarning
from tests.writing import write_simulation, write_spikes

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib import SpikeReport

NODES = {"large": {"layer": [1, 2, 2, 3, 3, 3]}, "small": {"mtype": ["p", "q", "q"]}}
NODE_SETS = {"Deep": {"layer": 3}, "Firsts": {"node_id": [0, 1, 5]}, "Small": {"population": "small"}}


@pytest.fixture
def report(tmp_path: Path) -> SpikeReport:
    return Simulation(write_simulation(tmp_path, dict.fromkeys(NODES, ((), ())), NODES, node_sets=NODE_SETS)).spikes


@pytest.fixture
def ghostly(tmp_path: Path) -> SpikeReport:
    """Open a report whose population "ghost" is not in the circuit."""
    spikes = {"large": ([], []), "ghost": ([1.0, 2.0], [7, 50])}
    return Simulation(write_simulation(tmp_path, spikes, NODES, node_sets=NODE_SETS)).spikes


def resolved(report: SpikeReport, group: Any) -> dict[str, Any]:
    found = resolve_report(report.simulation, report.population_names, group)
    return {name: None if ids is None else ids.tolist() for name, ids in found.items()}


@pytest.mark.parametrize(
    ("group", "large", "small"),
    [
        (None, None, None),
        ({}, [0, 1, 2, 3, 4, 5], [0, 1, 2]),
        (5, [5], []),
        ([5, 1, 5], [5, 1, 5], [1]),
        pytest.param(iter([5, 1, 5]), [1, 5], [1], id="iterator"),
        (np.array([2, 0]), [2, 0], [2, 0]),
        ([], [], []),
        ("Deep", [3, 4, 5], []),
        ("Firsts", [0, 1, 5], [0, 1]),
        ("Small", [], [0, 1, 2]),
        ({"layer": 2}, [1, 2], []),
        ({"$or": [{"layer": 2}, {"mtype": "q"}]}, [1, 2], [1, 2]),
        ({"$node_set": "Deep", "node_id": [3, 0]}, [3], []),
        ({"population": "small", "node_id": 1}, [], [1]),
        (CircuitNodeId("large", 5), [5], []),
        (CircuitNodeIds.from_dict({"large": [5], "small": [0], "elsewhere": [9]}), [5], [0]),
    ],
    ids=str,
)
def test_groups(report: SpikeReport, group: Any, large: Any, small: Any) -> None:
    assert resolved(report, group) == {"large": large, "small": small}


@pytest.mark.parametrize(
    ("group", "message"),
    [
        (6, "node 6 is in none of the populations; the largest has 6 nodes, ids 0 to 5"),
        ([0, -1], "node -1 is in none of the populations"),
        (range(7), "node 6 is in none of the populations"),
        ("Depe", "Undefined node set: 'Depe'"),
        ({"$or": [{"layer": 2}, {"lair": 1}]}, r"Unknown node properties: \['lair'\]; .* has: layer, mtype"),
        (["Deep"], "'Deep' is not a node id"),
        (CircuitNodeId("small", 3), "must be >= 0 and < 3 for population 'small', but one is 3"),
        (np.array([True, False, True]), "population 'large': a mask must have its size, 6, not 3"),
    ],
    ids=str,
)
def test_groups_that_no_population_can_answer(report: SpikeReport, group: Any, message: str) -> None:
    with pytest.raises(GroupError, match=message):
        resolved(report, group)


@pytest.mark.parametrize(
    ("group", "ghost", "large"),
    [
        (50, [50], []),
        ([50, 0], [50, 0], [0]),
        ({"node_id": [50, 0]}, [0, 50], [0]),
        ({"layer": 3}, [], [3, 4, 5]),
        ("Deep", [], [3, 4, 5]),
        ("Firsts", [0, 1, 5], [0, 1, 5]),
        ({"population": "ghost"}, None, []),
        (CircuitNodeId("ghost", 50), [50], []),
    ],
    ids=str,
)
def test_population_that_the_circuit_does_not_describe(
    ghostly: SpikeReport, group: Any, ghost: Any, large: Any
) -> None:
    with pytest.warns(SpikelibWarning, match="population 'ghost' is not in the circuit"):
        assert resolved(ghostly, group) == {"ghost": ghost, "large": large}


def test_all_nodes_of_an_unknown_population_are_those_that_fired(ghostly: SpikeReport) -> None:
    assert resolved(ghostly, None) == {"ghost": None, "large": None}
    assert ghostly["ghost"].resolve_nodes(None).tolist() == [7, 50]
    with pytest.warns(SpikelibWarning, match="'ghost' is not in the circuit"):
        assert ghostly["ghost"].resolve_nodes({}).tolist() == [7, 50]


def test_bare_file_needs_no_warning(tmp_path: Path) -> None:
    report = open_report(write_spikes(tmp_path / "s.h5", {"a": ([1.0], [3])}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert resolved(report, [3, 1]) == {"a": [3, 1]}
    with pytest.raises(GroupError, match="Undefined node set: 'Deep'"):
        resolved(report, "Deep")


def test_negative_id_is_wrong_for_an_unknown_population_too(tmp_path: Path) -> None:
    report = open_report(write_spikes(tmp_path / "s.h5", {"a": ([1.0], [3])}))
    with pytest.raises(GroupError, match=r"node IDs must be >= 0|node -1 is in none of the populations"):
        resolved(report, [3, -1])
