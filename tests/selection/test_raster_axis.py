"""The vertical axis of a raster: ids, numbers, and texts in bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from spikelib.errors import PlotError
from spikelib.selection.raster_axis import raster_axis
from spikelib.selection.rows import Selection, choose

if TYPE_CHECKING:
    from spikelib import Simulation


def test_axis_of_ids(selection: Selection) -> None:
    wide, compact = raster_axis(selection, None), raster_axis(selection, None, compact=True)
    assert wide.y.tolist() == [0.0, 1.0, 4.0, 5.0, 6.0, *range(7, 15)]
    assert (wide.label, wide.limits, wide.separators) == ("nodes, by id", (-0.5, 14.5), (4.5, 6.5))
    assert wide.ticks == ((2.0, "a"), (5.5, "b"), (10.5, "ghost"))
    assert compact.y.tolist() == list(range(13))
    assert (compact.label, compact.limits) == ("selected nodes, by id", (-0.5, 12.5))


def test_axis_of_no_nodes(simulation: Simulation) -> None:
    nothing = Selection([choose(simulation, "a", np.empty(0, np.int64), None)])
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
