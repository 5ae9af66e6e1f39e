"""From a group to rows: which nodes a summary is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from spikelib import Simulation, open_report
from spikelib.errors import NodesError, SpikeFileError
from spikelib.selection import rows
from spikelib.selection.rows import Selection, choose
from tests.writing import number_nodes, write_simulation, write_spikes

if TYPE_CHECKING:
    from pathlib import Path


def test_rows_are_sorted_nodes_of_one_population_after_another(selection: Selection) -> None:
    nodes = selection.nodes
    assert nodes.populations == ("a", "b", "ghost")
    assert nodes.offsets.tolist() == [0, 3, 5, 13]
    assert nodes.ids.tolist() == [0, 1, 4, 0, 1, *range(8)]
    rows = selection.rows(np.array([4, 0, 1, 7]), np.array([0, 0, 1, 2], np.int32))
    assert rows.tolist() == [2, 0, 4, 12]


def test_simulated_nodes_are_those_of_the_node_set_of_the_run(selection: Selection) -> None:
    simulated = dict(zip(("a", "b", "ghost"), np.split(selection.nodes.simulated, [3, 5]), strict=True))
    assert simulated["a"].tolist() == [True, True, False]
    assert simulated["b"].tolist() == [False, False]
    assert not simulated["ghost"].any()


def test_members_are_ids_unless_all_are_chosen(selection: Selection) -> None:
    a, b, _ = selection.chosen
    assert a.members is not None
    assert a.members.among(np.arange(5)).tolist() == [True, True, False, False, True]
    assert b.members is None


def test_ids_beyond_those_that_fired_do_not_enlarge_an_unknown_population(simulation: Simulation) -> None:
    assert choose(simulation, "ghost", np.array([3, 900]), 7).ids.tolist() == [3]
    assert choose(simulation, "ghost", np.array([3]), None).ids.tolist() == []


def test_of_very_high_ids_only_those_that_fired_are_nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    high = [2**33, 5, 2**33]
    report = open_report(write_spikes(tmp_path / "s.h5", {"a": ([1.0, 2.0, 3.0], high)}))
    found = Selection([choose(report.simulation, "a", None, 2**33)])
    assert found.nodes.ids.tolist() == [5, 2**33]
    assert found.rows(np.array(high), np.zeros(3, np.int32)).tolist() == [1, 0, 1]
    monkeypatch.setattr(rows, "MAX_IDS", 1)
    with pytest.raises(
        SpikeFileError, match=r"s\.h5, population 'a': more than 1 nodes fired, with ids up to 8589934592"
    ):
        choose(report.simulation, "a", None, 2**33)


def test_labels_of_nodes_have_rows_and_strangers_are_an_error(tmp_path: Path) -> None:
    path = write_simulation(
        tmp_path, {"a": ([1.0, 2.0], [30, 12]), "b": ([1.0], [1])}, {"a": {"x": [7.0, 8.0, 9.0]}, "b": 2}
    )
    number_nodes(tmp_path / "a_nodes.h5", "a", [30, 10, 12])
    simulation = Simulation(path)
    found = Selection([choose(simulation, "a", np.array([30, 12, 11]), 30), choose(simulation, "b", None, 1)])
    assert found.nodes.ids.tolist() == [12, 30, 0, 1]
    values = found.chosen[0].values("x")
    assert values is not None
    assert values[found.chosen[0].rows].tolist() == [9.0, 7.0]
    assert found.rows(np.array([1, 30, 12]), np.array([1, 0, 0], np.int32)).tolist() == [3, 1, 0]
    with pytest.raises(NodesError, match=r"population 'a': node 11 fired, but its nodes file does not list it"):
        found.rows(np.array([1, 11]), np.array([1, 0], np.int32))
