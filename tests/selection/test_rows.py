"""From a group to rows: which nodes a summary is of, and where figures draw them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spikelib import Simulation
from spikelib.errors import PlotError
from spikelib.selection.bins import check_spec
from spikelib.selection.positions import _square_cells, places
from spikelib.selection.raster_axis import raster_axis
from spikelib.selection.rows import Selection, choose
from spikelib.summary.model import SummarySpec
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
            choose(simulation, "a", 5, np.array([4, 0, 1, 0]), None),
            choose(simulation, "b", 2, None, None),
            choose(simulation, "ghost", None, None, 7),
        ]
    )


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


def test_axis_of_ids(selection: Selection) -> None:
    wide, compact = raster_axis(selection, None), raster_axis(selection, None, compact=True)
    assert wide.y.tolist() == [0.0, 1.0, 4.0, 5.0, 6.0, *range(7, 15)]
    assert (wide.label, wide.limits, wide.separators) == ("nodes, by id", (-0.5, 14.5), (4.5, 6.5))
    assert wide.ticks == ((2.0, "a"), (5.5, "b"), (10.5, "ghost"))
    assert compact.y.tolist() == list(range(13))
    assert (compact.label, compact.limits) == ("selected nodes, by id", (-0.5, 12.5))


def test_axis_of_no_nodes(simulation: Simulation) -> None:
    nothing = Selection([choose(simulation, "a", 5, np.empty(0, np.int64), None)])
    assert raster_axis(nothing, None, compact=True).limits == (-0.5, 0.5)
    assert raster_axis(nothing, "mtype").limits == (-0.5, 0.5)
    assert raster_axis(nothing, "layer").limits == (4.0, 6.0)
    assert raster_axis(Selection([]), None).limits == (-0.5, 0.5)


def test_axis_of_a_number_spans_all_nodes_of_the_populations(selection: Selection) -> None:
    layers, sizes = raster_axis(selection, "layer"), raster_axis(selection, "size")
    assert layers.y[:5].tolist() == [5.0, 4.0, 6.0, 2.0, 3.0]
    assert np.isnan(layers.y[5:]).all()
    assert (layers.label, layers.limits, layers.ticks) == ("layer", (2.0, 6.0), ())
    assert np.isnan(sizes.y[:3]).all()
    assert sizes.limits == (0.5, 1.5)
    assert raster_axis(selection, "y").label == "y [µm]"
    assert raster_axis(selection, "y").limits == (0.5, 1.5)


def test_axis_of_a_text_gives_each_value_a_band(selection: Selection) -> None:
    axis = raster_axis(selection, "mtype")
    assert axis.ticks == ((0.0, "p (2)"), (1.0, "q (1)"), (2.0, "r (1)"), (3.0, "s (1)"))
    assert axis.separators == (0.5, 1.5, 2.5)
    np.testing.assert_array_equal(axis.y[:5], [1.0, -0.25, 2.0, 0.25, 3.0])
    assert np.isnan(axis.y[5:]).all()


def test_axis_of_an_unknown_property(selection: Selection) -> None:
    with pytest.raises(PlotError, match=r"no population has the node property 'lair' for the raster; .*layer, mtype"):
        raster_axis(selection, "lair")


def test_places_fill_the_cells_between_the_chosen_nodes(simulation: Simulation) -> None:
    everything = Selection([choose(simulation, "a", 5, None, None), choose(simulation, "b", 2, None, None)])
    spots, _ = places(everything, "x", "y", (2, 4))
    assert spots is not None
    assert spots.limits == (0.0, 40.0, 0.5, 1.5)
    # One row up as y lies in the middle of its range; x at 40 is in the last column; no position, no cell.
    assert spots.cells.tolist() == [4, 5, 6, -1, 7, -1, -1]


def test_population_without_positions_has_no_places(simulation: Simulation) -> None:
    assert places(Selection([choose(simulation, "b", 2, None, None)]), "x", "y", (2, 4)) is None
    assert places(Selection([choose(simulation, "a", 5, None, None)]), "x", "z", (2, 4)) is None


def test_node_without_a_position_is_in_no_cell(simulation: Simulation) -> None:
    spots, _ = places(Selection([choose(simulation, "a", 5, np.array([3]), None)]), "x", "y", (2, 4))
    assert spots is not None
    assert spots.cells.tolist() == [-1]


def test_places_on_an_unknown_axis(selection: Selection) -> None:
    with pytest.raises(PlotError, match="'layer' is no axis of an animation; choose two of 'x', 'y', 'z'"):
        places(selection, "x", "layer", (2, 4))


SPEC = SummarySpec(start=0.0, stop=1000.0, rate_bin=1.0, frame=10.0)


def test_sound_spec_is_passed_through() -> None:
    assert check_spec(SPEC) is SPEC


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate_bin": 0.0}, "time_binsize=0 must be a positive number"),
        ({"isi_bin": np.nan}, "binsize=nan must be a positive number"),
        ({"frequency_bin": np.inf}, "binsize=inf must be a positive number"),
        ({"frame": -1.0}, "dt=-1 must be a positive number"),
        ({"rate_bin": 1e-4}, "time_binsize=0.0001 ms gives over a million bins in 1000 ms; choose a wider bin"),
        ({"frame": 1e-3}, r"dt=0.001 ms gives over \d+ frames in 1000 ms; choose at least dt="),
        ({"stop": 1e15}, "the window from 0 to 1e\\+15 ms is over 24 days long; give t_start and t_stop"),
    ],
    ids=str,
)
def test_spec_that_would_not_fit(changes: dict[str, float], message: str) -> None:
    with pytest.raises(PlotError, match=message):
        check_spec(replace(SPEC, **changes))


@pytest.mark.parametrize(
    ("limits", "shape"),
    [((0.0, 400.0, 0.0, 300.0), (96, 128)), ((0.0, 100.0, 0.0, 900.0), (333, 36)), ((0.0, 1e6, 0.0, 1.0), (28, 438))],
    ids=["wide", "column", "sheet"],
)
def test_cells_of_a_frame_are_about_square(limits: tuple[float, ...], shape: tuple[int, int]) -> None:
    assert _square_cells(limits) == shape
