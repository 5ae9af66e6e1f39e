"""Where an animation shows each node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from spikelib.errors import PlotError
from spikelib.selection.positions import _square_cells, places
from spikelib.selection.rows import Selection, choose

if TYPE_CHECKING:
    from spikelib import Simulation


def test_places_fill_the_cells_between_the_chosen_nodes(simulation: Simulation) -> None:
    everything = Selection([choose(simulation, "a", None, None), choose(simulation, "b", None, None)])
    spots, _ = places(everything, "x", "y", (2, 4))
    assert spots is not None
    assert spots.limits == (0.0, 40.0, 0.5, 1.5)
    # One row up as y lies in the middle of its range; x at 40 is in the last column; no position, no cell.
    assert spots.cells.tolist() == [4, 5, 6, -1, 7, -1, -1]


def test_population_without_positions_has_no_places(simulation: Simulation) -> None:
    assert places(Selection([choose(simulation, "b", None, None)]), "x", "y", (2, 4)) is None
    assert places(Selection([choose(simulation, "a", None, None)]), "x", "z", (2, 4)) is None


def test_node_without_a_position_is_in_no_cell(simulation: Simulation) -> None:
    spots, _ = places(Selection([choose(simulation, "a", np.array([3]), None)]), "x", "y", (2, 4))
    assert spots is not None
    assert spots.cells.tolist() == [-1]


def test_places_on_an_unknown_axis(selection: Selection) -> None:
    with pytest.raises(PlotError, match="'layer' is no axis of an animation; choose two of 'x', 'y', 'z'"):
        places(selection, "x", "layer", (2, 4))


@pytest.mark.parametrize(
    ("limits", "shape"),
    [((0.0, 400.0, 0.0, 300.0), (96, 128)), ((0.0, 100.0, 0.0, 900.0), (333, 36)), ((0.0, 1e6, 0.0, 1.0), (28, 438))],
    ids=["wide", "column", "sheet"],
)
def test_cells_of_a_frame_are_about_square(limits: tuple[float, ...], shape: tuple[int, int]) -> None:
    assert _square_cells(limits) == shape
