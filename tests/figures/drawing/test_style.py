"""The style of figures: settings for as long as a context lasts, colours, and titles that fit."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from cycler import cycler
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from spikelib.figures.drawing.style import DASHES, PALETTE, colour, dashes, figure_style, wrap_title


def test_settings_and_colours_end_with_the_context() -> None:
    before = dict(mpl.rcParams)
    with figure_style(style={"axes.prop_cycle": cycler(color=["red", "blue"])}):
        assert [colour(0), colour(3)] == ["red", "blue"]
        assert (before["svg.fonttype"], mpl.rcParams["svg.fonttype"]) == ("path", "none")
    assert colour(0) == PALETTE[0]
    assert dict(mpl.rcParams) == before


def test_settings_end_with_an_error_as_well() -> None:
    with (
        pytest.raises(ZeroDivisionError, match="division"),
        figure_style(style={"axes.prop_cycle": cycler(color=["r"])}),
    ):
        _ = 1 / 0
    assert colour(0) == PALETTE[0]


def test_narrow_figures_have_smaller_letters_down_to_a_point() -> None:
    sizes = []
    for width in (50.0, 85.0, 229.0, 1000.0):
        with figure_style(width):
            sizes.append(float(mpl.rcParams["font.size"]))
    assert sizes == sorted(sizes)
    assert sizes[0] > 6.0
    assert sizes[-1] == 10.0


def test_where_colours_repeat_lines_are_dashed() -> None:
    n = len(PALETTE)
    looks = [(colour(k), dashes(k)) for k in range(n * len(DASHES))]
    assert len(set(looks)) == len(looks)
    assert dashes(n * len(DASHES) + 1) == DASHES[-1]


def test_a_title_is_broken_where_it_would_leave_the_figure_and_not_before_a_unit() -> None:
    figure = Figure(figsize=(3.0, 2.0), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    ax = figure.add_subplot()
    words = "mean rate per simulated node (2,701 nodes), bins of 5 ms; and 12 spikes of nodes without a place"
    ax.set_title(words)
    wrap_title(ax)
    lines = ax.get_title().split("\n")
    assert len(lines) > 1
    assert " ".join(lines) == words
    assert not any(line.startswith(("ms", "nodes)", "spikes")) for line in lines)
    ax.set_title("short")
    wrap_title(ax)
    assert ax.get_title() == "short"
