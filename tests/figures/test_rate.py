"""The rate figure: steps equal to the view, and what they were divided by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.lines import Line2D  # noqa: TC002

from spikelib.errors import PlotError
from spikelib.figures import draw_rate
from spikelib.figures.drawing.style import PALETTE
from spikelib.statistics.rate_curves import rate_curves
from tests.figures.builders import build_summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary


def _steps(ax: Axes) -> dict[str, Line2D]:
    return {str(line.get_label()): line for line in ax.lines if line.get_drawstyle() == "steps-post"}


def test_steps_are_the_views_curves(ax: Axes, busy: Summary) -> None:
    assert draw_rate(busy, ax, nodes="all") is ax
    curves = rate_curves(busy, "all")
    steps = _steps(ax)
    assert list(steps) == ["all (50 nodes)", "exc (40 nodes)", "inh (10 nodes)"]
    for line, rates in zip(steps.values(), [curves.total_hz, *curves.rates_hz], strict=True):
        np.testing.assert_array_equal(line.get_ydata(), [*rates, rates[-1]])
        np.testing.assert_array_equal(line.get_xdata(), busy.rate_edges)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Time [ms]", "Firing rate [Hz]")
    assert ax.get_title() == "mean rate per simulated node, bins of 10 ms"
    assert ax.get_ylim()[1] > curves.rates_hz.max()
    assert ax.get_legend() is not None


def test_one_population_needs_no_legend(ax: Axes) -> None:
    draw_rate(build_summary({"a": (3, [5.0], [1])}), ax)
    assert ax.get_legend() is None
    assert ax.get_title() == "mean rate per node that fired (1 node), bins of 10 ms"
    assert ax.get_ylim() == (0.0, 105.0)


def test_a_population_of_unknown_size_is_marked(ax: Axes) -> None:
    summary = build_summary({"a": (3, [5.0], [1]), "b": (4, [6.0], [1])})
    summary.nodes.simulated[3:] = False
    draw_rate(summary, ax, nodes="all")
    assert list(_steps(ax))[1:] == ["a (3 nodes)", "b (1 node that fired)"]


def test_no_spikes_says_so(ax: Axes, silent: Summary) -> None:
    draw_rate(silent, ax)
    assert [text.get_text() for text in ax.texts] == ["no spikes in 0 to 100 ms"]
    assert not ax.lines
    assert ax.get_yticks().size == 0
    assert ax.get_xlim() == (0.0, 100.0)


def test_labels_are_left_alone_unless_asked(ax: Axes, busy: Summary) -> None:
    draw_rate(busy, ax, label_axes=False)
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("", "", "")


def test_legend_stays_inside_where_the_figure_makes_no_room(ax: Axes, busy: Summary) -> None:
    ax.figure.set_layout_engine(None)
    draw_rate(busy, ax)
    ax.figure.canvas.draw()
    legend = ax.get_legend()
    assert legend is not None
    inner, outer = legend.get_window_extent(), ax.get_window_extent()
    assert outer.x0 <= inner.x0 < inner.x1 <= outer.x1


def test_unknown_denominator(ax: Axes, busy: Summary) -> None:
    with pytest.raises(PlotError, match="unknown rate normalisation 'each'"):
        draw_rate(busy, ax, nodes="each")  # type: ignore[arg-type]


def test_populations_without_nodes_are_not_named(ax: Axes) -> None:
    draw_rate(build_summary({"a": (3, [5.0], [1]), "gone": (0, [], []), "b": (2, [6.0], [1])}), ax, nodes="all")
    assert list(_steps(ax)) == ["all (5 nodes)", "a (3 nodes)", "b (2 nodes)"]
    ax.clear()
    draw_rate(build_summary({"gone": (0, [], []), "a": (3, [5.0], [1])}), ax, nodes="all")
    assert ax.get_legend() is None
    assert ax.get_title() == "mean rate per simulated node (3 nodes), bins of 10 ms"
    assert _steps(ax)["a (3 nodes)"].get_color() == PALETTE[1]
