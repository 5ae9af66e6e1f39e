"""Shares of nodes by CV and LV, as the statistics count them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from matplotlib.patches import StepPatch

from spikelib.figures import draw_irregularity
from spikelib.statistics.distributions.irregularity import irregularity
from tests.figures.builders import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary


@pytest.mark.parametrize("cumulative", [False, True])
@pytest.mark.parametrize("part", ["cv", "lv"])
def test_steps_are_shares_of_nodes(ax: Axes, rich: Summary, part: Literal["cv", "lv"], cumulative: bool) -> None:
    draw_irregularity(rich, ax, part=part, cumulative=cumulative)
    found = irregularity(rich, part)
    steps = [patch.get_data() for patch in ax.patches if isinstance(patch, StepPatch)]
    for p, (values, edges, _) in enumerate(steps):
        shares = 100.0 * found.counts[p] / found.n_nodes[p]
        np.testing.assert_allclose(values, np.cumsum(shares) if cumulative else shares)
        np.testing.assert_array_equal(edges, found.edges)
    enough = "10 or more intervals" if part == "cv" else "two or more"
    assert ax.get_title() == f"50 nodes with {enough}, bins of 0.05"
    assert [float(line.get_xdata()[0]) for line in ax.lines] == [1.0]


def test_nodes_beyond_the_axis_are_told(ax: Axes) -> None:
    bursty = np.concatenate([np.arange(0.0, 2000.0, 1.0), [39_999.0]])
    draw_irregularity(count({"a": (1, bursty, [0] * len(bursty))}, stop=40_000.0), ax)
    assert ax.get_title() == "1 node with 10 or more intervals, bins of 0.05; 1 beyond 10"


@pytest.mark.parametrize(("part", "says"), [("cv", "no node has 10 intervals"), ("lv", "no node has three spikes")])
def test_too_few_spikes_are_said(ax: Axes, part: Literal["cv", "lv"], says: str) -> None:
    draw_irregularity(count({"a": (2, [5.0, 6.0], [1, 1])}), ax, part=part)
    assert [text.get_text() for text in ax.texts] == [says]
