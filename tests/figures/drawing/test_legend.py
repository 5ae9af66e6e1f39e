"""Legends: where they stand, and that they never leave the figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from spikelib.figures.drawing.legend import add_legend
from spikelib.figures.drawing.style import figure_style, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _axes(width: float, height: float) -> Axes:
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def _legend(ax: Axes) -> Legend:
    (found,) = [*ax.figure.legends, *filter(None, [ax.get_legend()])]
    assert isinstance(found, Legend)
    return found


def _names(ax: Axes) -> list[str]:
    return [text.get_text() for text in _legend(ax).get_texts()]


def _add(width: float, height: float, names: list[str]) -> Axes:
    with figure_style(width * 25.4):
        ax = _axes(width, height)
        add_legend(ax, [Line2D([], [], label=name) for name in names])
        ax.figure.canvas.draw()
    return ax


@pytest.mark.parametrize("size", [(9.0, 4.5), (3.35, 2.36), (2.0, 1.6)], ids=["page", "column", "small"])
@pytest.mark.parametrize("n", [2, 10, 60])
@pytest.mark.parametrize("length", [3, 29])
def test_legend_and_axes_lie_in_the_figure_apart(size: tuple[float, float], n: int, length: int) -> None:
    ax = _add(*size, [f"{k:02}".ljust(length, "x") for k in range(n)])
    legend, inner, whole = _legend(ax).get_window_extent(), ax.get_window_extent(), ax.figure.bbox
    assert whole.x0 <= legend.x0 < legend.x1 <= whole.x1 + 1
    assert whole.y0 <= legend.y0 < legend.y1 <= whole.y1 + 1
    assert legend.x0 >= inner.x1 or legend.y1 <= inner.y0
    assert inner.width > 0.4 * whole.width
    assert inner.height > 0.2 * whole.height


def test_entries_that_do_not_fit_are_counted() -> None:
    names = _names(_add(3.35, 2.36, [f"population_{k}" for k in range(60)]))
    assert names[:2] == ["population_0", "population_1"]
    assert names[-1] == f"… and {60 - len(names) + 1} more"


def test_a_name_that_begins_with_an_underscore_is_shown() -> None:
    assert _names(_add(9.0, 4.5, ["_hidden", "$\\alpha_{"])) == ["_hidden", "$\\alpha_{"]


def test_long_names_keep_both_ends() -> None:
    found = short("excitatory_" * 10 + "end", 20)
    assert (len(found), found) == (20, "excitatory…atory_end")
    assert short("two\nlines") == "two lines"
    assert short("\n") == "\n"
