"""A simulation of three populations, one of which no circuit knows, and chosen nodes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spikelib import Simulation
from spikelib.selection.rows import Selection, choose
from tests.writing import write_simulation

if TYPE_CHECKING:
    from pathlib import Path

NODES: dict[str, Any] = {
    "a": {
        "mtype": ["q", "p", "q", "p", "r"],
        "layer": [5, 4, 5, 4, 6],
        "x": [0.0, 10.0, 20.0, np.nan, 40.0],
        "y": [1.0] * 5,
    },
    "b": {"mtype": ["p", "s"], "layer": [2, 3], "size": [0.5, 1.5]},
}


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    folder: Path = tmp_path_factory.mktemp("selection")
    spikes = {"a": ([1.0], [0]), "b": ([1.0], [0]), "ghost": ([1.0], [7])}
    options = {"node_sets": {"Run": {"layer": [4, 5]}}, "content": {"node_set": "Run"}}
    return Simulation(write_simulation(folder, spikes, NODES, **options))


@pytest.fixture
def selection(simulation: Simulation) -> Selection:
    """Choose nodes 4, 0 and 1 of "a", all of "b" and of "ghost"."""
    return Selection(
        [
            choose(simulation, "a", np.array([4, 0, 1, 0]), None),
            choose(simulation, "b", None, None),
            choose(simulation, "ghost", None, 7),
        ]
    )
