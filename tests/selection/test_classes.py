"""From a choice of classes to the class of each node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spikelib.circuit.simulated import SimulatedCircuit
from spikelib.errors import GroupError
from spikelib.selection.classes import MOST_CLASSES, OTHER, classify
from spikelib.selection.summary_setup import select
from tests.writing import write_simulation

if TYPE_CHECKING:
    from pathlib import Path

NODES: dict[str, Any] = {
    "net": {
        "layer": ["L4", "L10", "L4", "L4", "L10", "L4"],
        "ei": ["e", "e", "i", "e", "e", "i"],
        "x": np.arange(6.0),
        "n": [1, 2, 1, 2, 1, 2],
    },
    "input": 3,
}


def classes_of(folder: Path, choice: Any, group: Any = None, nodes: dict[str, Any] | None = None) -> Any:
    spikes = {name: ([1.0], [0]) for name in (nodes or NODES)}
    circuit = SimulatedCircuit(write_simulation(folder, spikes, nodes or NODES))
    selection = select(circuit, group, dict.fromkeys(nodes or NODES, 0))
    found = classify(circuit, selection, choice)
    if found is None:
        return None, []
    names = [found.names[k] for k in found.of_row]
    assert found.population[found.of_row].tolist() == np.repeat([0, 1], np.diff(selection.nodes.offsets)).tolist()
    return found.names, names


def test_each_combination_that_occurs_is_a_class_in_natural_order(tmp_path: Path) -> None:
    names, of_nodes = classes_of(tmp_path, ("layer", "ei"))
    assert names == ("L4 e", "L4 i", "L10 e", "input")
    assert of_nodes == ["L4 e", "L10 e", "L4 i", "L4 e", "L10 e", "L4 i", *["input"] * 3]


def test_only_nodes_of_the_filter_make_classes(tmp_path: Path) -> None:
    names, _ = classes_of(tmp_path, ("layer", "ei"), group={"ei": "i"})
    assert names == ("L4 i", "input")


def test_whole_numbers_are_classes_and_floats_are_none(tmp_path: Path) -> None:
    assert classes_of(tmp_path, ("n",))[0] == ("1", "2", "input")
    with pytest.raises(GroupError, match="property 'x' of population 'net' holds floats"):
        classes_of(tmp_path, ("x",))


def test_automatic_choice_is_the_first_that_fits(tmp_path: Path) -> None:
    assert classes_of(tmp_path, "auto")[0] == ("L4 e", "L4 i", "L10 e", "input")
    plain = {"net": {"x": np.arange(6.0)}, "input": 3}
    assert classes_of(tmp_path / "plain", "auto", nodes=plain) == (None, [])
    one = {"net": {"layer": ["L4"] * 6, "mtype": ["a", "b"] * 3}, "input": 3}
    assert classes_of(tmp_path / "one", "auto", nodes=one)[0] == ("a", "b", "input")


def test_nodes_without_a_property_are_others(tmp_path: Path) -> None:
    names, of_nodes = classes_of(tmp_path, ("layer", "nope"))
    assert (names, of_nodes[:6]) == ((OTHER, "input"), [OTHER] * 6)


def test_properties_that_no_population_has_leave_populations(tmp_path: Path) -> None:
    assert classes_of(tmp_path, ("nope",)) == (None, [])
    assert classes_of(tmp_path / "b", None) == (None, [])


def test_named_groups(tmp_path: Path) -> None:
    names, of_nodes = classes_of(tmp_path, {"lower": {"layer": "L10"}, "rest": {"layer": "L4", "ei": "e"}})
    assert names == ("lower", "rest", OTHER, "input")
    assert of_nodes[:6] == ["rest", "lower", OTHER, "rest", "lower", OTHER]
    with pytest.raises(GroupError, match="node 0 of population 'net' is in two groups, 'a' and 'b'"):
        classes_of(tmp_path / "b", {"a": {"layer": "L4"}, "b": {"ei": "e"}})


def test_two_classes_of_one_name_are_refused(tmp_path: Path) -> None:
    nodes = {"net": {"a": ["x y", "x"], "b": ["z", "y z"]}, "input": 1}
    with pytest.raises(GroupError, match="two classes of population 'net' by a, b have one name"):
        classes_of(tmp_path, ("a", "b"), nodes=nodes)


def test_too_many_classes_are_refused(tmp_path: Path) -> None:
    nodes = {"net": {"m": [f"m{k}" for k in range(MOST_CLASSES)]}, "input": 1}
    with pytest.raises(GroupError, match=f"there are {MOST_CLASSES + 1}, more than {MOST_CLASSES}; choose"):
        classes_of(tmp_path, ("m",), nodes=nodes)
