"""From a group to rows: which nodes a summary is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.selection.rows import Selection, choose

if TYPE_CHECKING:
    from spikelib import Simulation


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


def test_members_are_a_mask_unless_all_are_chosen(selection: Selection) -> None:
    a, b, _ = selection.chosen
    assert a.members is not None
    assert a.members.tolist() == [True, True, False, False, True]
    assert b.members is None


def test_ids_beyond_those_that_fired_do_not_enlarge_an_unknown_population(simulation: Simulation) -> None:
    assert choose(simulation, "ghost", None, np.array([3, 900]), 7).ids.tolist() == [3]
    assert choose(simulation, "ghost", None, np.array([3]), None).ids.tolist() == []
