"""The distribution of rates: steps equal to the view, silent nodes told by a bar and in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.patches import Rectangle, StepPatch

from spikelib.figures import draw_rates
from spikelib.figures.drawing.style import PALETTE
from spikelib.statistics.distributions.rate_distribution import rate_distribution
from tests.figures.builders import build_summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary


def _steps(ax: Axes) -> list[StepPatch]:
    return [patch for patch in ax.patches if isinstance(patch, StepPatch)]


def _bars(ax: Axes) -> list[Rectangle]:
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def _legend(ax: Axes) -> list[str]:
    legend = ax.get_legend()
    return [] if legend is None else [text.get_text() for text in legend.get_texts()]


@pytest.fixture
def two() -> Summary:
    """Of "exc" 10 of 40 nodes are silent, of "inh" none."""
    rng = np.random.default_rng(4)
    exc = np.concatenate([np.arange(30), rng.integers(0, 30, 300)])
    inh = np.concatenate([np.arange(10), rng.integers(0, 10, 300)])
    trains = {"exc": (40, rng.uniform(0, 1000, 330), exc), "inh": (10, rng.uniform(0, 1000, 310), inh)}
    return build_summary(trains, stop=1000.0)


def test_steps_and_bars_are_shares_of_each_population_and_add_up(ax: Axes, two: Summary) -> None:
    assert draw_rates(two, ax) is ax
    view = rate_distribution(two)
    exc, inh = (steps.get_data() for steps in _steps(ax))
    np.testing.assert_array_equal(exc.edges, view.edges)
    np.testing.assert_allclose(inh.values, view.counts[1] * 10.0)
    assert exc.values[0] == pytest.approx((view.counts[0, 0] - 10) * 2.5)
    assert [bar.get_height() for bar in _bars(ax)] == [25.0, 0.0]
    assert exc.values.sum() + 25.0 == pytest.approx(100.0)
    assert inh.values.sum() == pytest.approx(100.0)
    assert all(bar.get_x() + bar.get_width() < 0 for bar in _bars(ax))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Mean firing rate of a node [Hz]", "Nodes [%]")
    assert ax.get_title() == f"50 nodes, 10 silent (20 %); bins of {view.edges[1]:.4g} Hz"
    assert _legend(ax) == ["exc (40 nodes, 25 % silent)", "inh (10 nodes, 0 % silent)"]
    assert [label.get_text() for label in ax.get_xticklabels(minor=True)] == ["silent"]


def test_logarithmic_rates_are_densities_and_words_tell_the_silent(ax: Axes, two: Summary) -> None:
    draw_rates(two, ax, log=True)
    view = rate_distribution(two)
    exc = _steps(ax)[0].get_data()
    assert ax.get_xscale() == "log"
    np.testing.assert_array_equal(exc.edges, view.log_edges)
    assert (exc.values * np.diff(np.log10(exc.edges))).sum() == pytest.approx(75.0)
    assert _bars(ax) == []
    assert ax.get_ylabel() == "Nodes [% per decade]"
    assert ax.get_title() == "50 nodes, 10 silent (20 %)"
    assert ax.get_xlim()[0] == view.log_edges[0]


def test_a_high_bar_of_silent_nodes_is_cut_and_says_so(ax: Axes) -> None:
    ids = np.arange(30)
    draw_rates(build_summary({"a": (1000, np.full(60, 5.0), np.concatenate([ids, ids[::-1] // 3 * 3]))}, stop=1e3), ax)
    (bar,) = _bars(ax)
    assert bar.get_height() == ax.get_ylim()[1] < 97.0
    assert [line.get_marker() for line in ax.lines if line.get_marker() == "^"] == ["^"]
    assert "970 silent (97 %)" in ax.get_title()
    assert ax.get_title().endswith("; ▲ cut")


def test_unknown_silent_nodes_are_not_claimed(ax: Axes) -> None:
    draw_rates(build_summary({"a": (5, [1.0, 2.0, 3.0], [0, 0, 1])}, simulated=False), ax)
    assert _bars(ax) == []
    assert ax.get_title().startswith("2 nodes that fired; silent ones are unknown; bins of ")
    assert ax.get_xlim()[0] == 0.0
    ax.clear()
    mixed = build_summary({"a": (5, [1.0], [0]), "b": (4, [2.0], [1])})
    mixed.nodes.simulated[5:] = False
    draw_rates(mixed, ax)
    assert _legend(ax) == ["a (5 nodes, 80 % silent)", "b (1 node that fired)"]
    assert len(_bars(ax)) == 1


def test_one_population_is_an_area_and_needs_no_legend(ax: Axes) -> None:
    draw_rates(build_summary({"gone": (0, [], []), "a": (3, [5.0, 6.0], [1, 2])}), ax)
    (area,) = _steps(ax)
    assert area.get_fill()
    assert area.get_facecolor()[:3] == pytest.approx([int(PALETTE[1][k : k + 2], 16) / 255 for k in (1, 3, 5)])
    assert _legend(ax) == []


def test_a_share_is_zero_or_all_only_if_it_is(ax: Axes) -> None:
    times = np.full(3999, 5.0)
    draw_rates(build_summary({"a": (4000, times, np.arange(3999)), "b": (5000, [1.0], [0])}), ax)
    assert _legend(ax) == ["a (4,000 nodes, 0.1 % silent)", "b (5,000 nodes, 99.9 % silent)"]


def test_small_figures_have_few_words(ax: Axes, two: Summary) -> None:
    ax.figure.set_size_inches(3.3, 2.4)  # type: ignore[union-attr]
    draw_rates(two, ax)
    (legend,) = ax.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["exc (25 % silent)", "inh (0 % silent)"]
    assert ax.get_xlabel() == "Firing rate [Hz]"


@pytest.mark.parametrize("log", [False, True])
def test_nothing_to_show_is_said(ax: Axes, silent: Summary, log: bool) -> None:
    draw_rates(silent, ax, log=log)
    assert [text.get_text() for text in ax.texts] == ["no spikes in 0 to 100 ms; 5 nodes silent"]
    assert not ax.patches
    ax.clear()
    draw_rates(build_summary({"a": (0, [], [])}), ax, log=log)
    assert [text.get_text() for text in ax.texts] == ["no spikes in 0 to 100 ms"]
    ax.clear()
    draw_rates(replace(silent, spec=replace(silent.spec, start=5.0, stop=5.0)), ax, log=log)
    assert [text.get_text() for text in ax.texts] == ["the window is a single moment: there are no rates"]


def test_labels_are_left_alone_unless_asked(ax: Axes, two: Summary) -> None:
    draw_rates(two, ax, label_axes=False)
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("", "", "")
