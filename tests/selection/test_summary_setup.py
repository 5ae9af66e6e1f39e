"""From chosen nodes to a summary: windows, rows, positions and the spikes counted in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from spikelib import Simulation
from spikelib.errors import GroupError, PlotError
from spikelib.selection.summary_setup import SummarySetup, run_window, select
from spikelib.summary.model import SummarySpec
from tests.writing import write_simulation

if TYPE_CHECKING:
    from pathlib import Path

SPEC = SummarySpec(start=0.0, stop=10.0, rate_bin=5.0, frame=2.5)
HIGHEST = {"a": 0, "b": 0, "ghost": 7}


def test_a_query_chooses_nodes_of_each_population_that_has_the_property(simulation: Simulation) -> None:
    chosen = select(simulation, {"mtype": "p"}, {"a": 0, "b": 0})
    assert [part.ids.tolist() for part in chosen.chosen] == [[1, 3], [0]]
    assert chosen.nodes.offsets.tolist() == [0, 2, 3]


def test_no_group_chooses_all_nodes_up_to_the_highest_that_fired_where_no_circuit_knows_them(
    simulation: Simulation,
) -> None:
    assert select(simulation, None, HIGHEST).nodes.offsets.tolist() == [0, 5, 7, 15]


def test_a_group_that_there_is_not(simulation: Simulation) -> None:
    with pytest.raises(GroupError, match="'Layer9'"):
        select(simulation, "Layer9", HIGHEST)


@pytest.mark.parametrize(
    ("fired", "given", "window"),
    [
        (None, (None, None), (5.0, 100.0)),
        ((7.0, 80.0), (None, None), (5.0, 100.0)),
        ((1.0, 120.0), (None, None), (1.0, 120.0)),
        ((1.0, 120.0), (10.0, 50.0), (10.0, 50.0)),
        ((1.0, 80.0), (None, 50.0), (1.0, 50.0)),
        ((7.0, 80.0), (None, 2.0), (2.0, 2.0)),
        ((7.0, 80.0), (150.0, None), (150.0, 150.0)),
    ],
    ids=str,
)
def test_an_end_of_the_window_that_is_not_given_is_the_runs_or_that_of_the_spikes(
    fired: tuple[float, float] | None,
    given: tuple[float | None, float | None],
    window: tuple[float, float],
    tmp_path: Path,
) -> None:
    run = {"tstart": 5.0, "tstop": 100.0, "dt": 0.1}
    simulation = Simulation(write_simulation(tmp_path, {"a": ([10.0], [0])}, {"a": 1}, content={"run": run}))
    assert run_window(simulation, fired, *given) == window


def test_frames_have_cells_as_the_tissue_is_shaped_and_no_positions_mean_no_frames(simulation: Simulation) -> None:
    of_a = select(simulation, None, {"a": 0})
    setup = SummarySetup.of(of_a, SPEC, animation=("x", "y"))
    assert setup.where is not None
    assert setup.spec.frame == 2.5
    assert setup.spec.frame_shape == (28, 438)
    of_b = select(simulation, None, {"b": 0})
    assert [SummarySetup.of(of_b, SPEC, animation=("x", "y")).spec.frame, SummarySetup.of(of_a, SPEC).spec.frame] == [
        None,
        None,
    ]


def test_bins_that_would_not_fit_are_rejected(simulation: Simulation) -> None:
    with pytest.raises(PlotError, match="dt=1e-06 ms gives over"):
        SummarySetup.of(
            select(simulation, None, {"a": 0}), SummarySpec(0.0, 1e3, 1.0, frame=1e-6), animation=("x", "y")
        )


def test_spikes_are_counted_in_the_rows_of_their_nodes(simulation: Simulation) -> None:
    setup = SummarySetup.of(select(simulation, {"layer": [4, 3]}, {"a": 0, "b": 0}), SPEC)
    chunk = (np.array([1.0, 2.0, 9.0]), np.array([1, 1, 3]), np.array([0, 1, 0], np.int32))
    summary = setup.summarise([chunk])
    assert summary.nodes.ids.tolist() == [1, 3, 1]
    assert summary.counters.count.tolist() == [1, 1, 1]
    assert summary.rate_counts.tolist() == [[1, 1], [1, 0]]
