"""Shares of pairs by their coefficient, as the summary counts them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.patches import StepPatch

from spikelib.errors import PlotError
from spikelib.figures import draw_correlations
from tests.figures.builders import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary


def test_steps_are_shares_of_pairs(ax: Axes, rich: Summary) -> None:
    draw_correlations(rich, ax, binsize=0.01)
    pairs = rich.pairs
    assert pairs is not None
    steps = [patch.get_data() for patch in ax.patches if isinstance(patch, StepPatch)]
    for p, (values, edges, _) in enumerate(steps):
        np.testing.assert_allclose(values, 100.0 * pairs.counts[p].reshape(-1, 10).sum(axis=1) / pairs.counts[p].sum())
        np.testing.assert_allclose(edges, np.linspace(-1, 1, 201))
    means = [
        float(line.get_xdata()[0]) for line in ax.lines if len(set(line.get_ydata())) > 1 and line.get_ydata()[0] > 0
    ]
    assert means == pairs.means.tolist()
    assert ax.get_title().startswith("50 active nodes, 825 pairs; counts in 2 ms; bins of 0.01")
    low, high = ax.get_xlim()
    assert low < 0 < high


def test_pairs_beyond_the_axis_are_told(ax: Axes) -> None:
    rng = np.random.default_rng(2)
    times = np.sort(rng.uniform(0, 4000, 4000))
    alone = (60, times, rng.integers(0, 60, 4000))
    twins = (2, np.repeat(np.arange(0.0, 4000.0, 100.0), 2), [0, 1] * 40)
    draw_correlations(count({"a": alone, "b": twins}), ax)
    assert ax.get_title().endswith("; 1 pairs beyond") or "pairs beyond" in ax.get_title()
    assert ax.get_xlim()[1] < 0.5


@pytest.mark.parametrize("binsize", [0.0003, 0.0015, 3.0, 0.0031])
def test_bins_that_the_summary_does_not_have_are_refused(ax: Axes, rich: Summary, binsize: float) -> None:
    with pytest.raises(PlotError, match=r"correlations\.binsize: "):
        draw_correlations(rich, ax, binsize=binsize)


def test_nothing_counted_and_nothing_to_count(ax: Axes, rich: Summary) -> None:
    with pytest.raises(PlotError, match="the summary has no correlations"):
        draw_correlations(replace(rich, pairs=None), ax)
    draw_correlations(count({"a": (2, [5.0], [1])}), ax)
    assert [text.get_text() for text in ax.texts] == ["no pair of active nodes, or too short a window"]
