"""Rates against position, as the statistics have them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import StepPatch

from spikelib.figures import draw_depth
from spikelib.statistics.distributions.depth import depth_profile

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary


def test_steps_are_rates_in_bins_of_position(ax: Axes, rich: Summary) -> None:
    draw_depth(rich, ax, bin_um=100.0)
    found = depth_profile(rich, 100.0)
    assert found is not None
    steps = [patch.get_data() for patch in ax.patches if isinstance(patch, StepPatch)]
    for p, (values, edges, _) in enumerate(steps):
        np.testing.assert_array_equal(values, found.rates_hz[p])
        np.testing.assert_array_equal(edges, found.edges)
    assert ax.get_ylim() == (0.0, 500.0)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Mean firing rate per node [Hz]", "y [µm]")
    assert ax.get_title() == "50 nodes, bins of 100 µm"


def test_nodes_without_a_position_are_told(ax: Axes, rich: Summary) -> None:
    assert rich.nodes.depth is not None
    depth = rich.nodes.depth.copy()
    depth[:3] = np.nan
    draw_depth(replace(rich, nodes=replace(rich.nodes, depth=depth)), ax)
    assert ax.get_title() == "47 nodes, bins of 50 µm; 3 without a position"


def test_no_positions_are_said(ax: Axes, rich: Summary) -> None:
    draw_depth(replace(rich, nodes=replace(rich.nodes, depth=None)), ax)
    assert [text.get_text() for text in ax.texts] == ["no positions are known"]
