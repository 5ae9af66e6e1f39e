"""A panel: five parts, lettered, on common axes, without titles unless they are asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from spikelib.figures import draw_panel
from spikelib.figures.drawing.style import MM, figure_style
from spikelib.summary.model import Classes

if TYPE_CHECKING:
    from spikelib.summary.model import Summary


def figure_of(width_mm: float) -> Figure:
    figure = Figure(figsize=(width_mm / MM, 0.85 * width_mm / MM), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


@pytest.mark.parametrize("width_mm", [85.0, 180.0])
def test_parts_are_lettered_and_share_their_axes(rich: Summary, width_mm: float) -> None:
    with figure_style(width_mm):
        figure = figure_of(width_mm)
        rate, raster, beside, rates, cvs = draw_panel(rich, figure)
        figure.draw_without_rendering()
    assert [ax.get_title(loc="left") for ax in (rate, raster, beside, rates, cvs)] == [*"ABCDE"]
    assert rate.get_xlim() == raster.get_xlim() == (0.0, 4000.0)
    assert beside.get_ylim() == raster.get_ylim()
    assert rate.get_position().width == pytest.approx(raster.get_position().width, abs=1e-6)
    assert all(len([p for p in ax.patches if isinstance(p, PathPatch)]) == 2 for ax in (rates, cvs))
    assert [text.get_text() for legend in figure.legends for text in legend.get_texts()] == ["exc", "inh"]


def test_titles_on_request_and_no_letters(rich: Summary) -> None:
    with figure_style():
        axes = draw_panel(rich, figure_of(180.0), letters=False, titles=True)
    assert all(ax.get_title(loc="left") for ax in axes if ax is not axes[2])
    assert not any(ax.get_title(loc="right") for ax in axes)


def test_the_colour_bar_of_a_density_takes_nothing_from_the_raster(rich: Summary) -> None:
    dense = replace(rich, times=None, rows=None, density=np.ones(rich.spec.raster_shape, np.int64))
    figure = figure_of(180.0)
    rate, raster, *_ = draw_panel(dense, figure)
    figure.draw_without_rendering()
    assert rate.get_position().width == pytest.approx(raster.get_position().width, abs=1e-6)
    assert len(figure.axes) == 6


def test_many_classes_have_boxes_and_populations_colours(rich: Summary) -> None:
    n = len(rich.nodes.ids)
    classes = Classes(
        tuple(f"c{k}" for k in range(10)), np.repeat([0, 1], [8, 2]), (np.arange(n) // 5).astype(np.int32)
    )
    grouped = replace(rich.nodes, grouped=classes)
    counts = rich.class_fine_counts[classes.population] // 10
    figure = figure_of(180.0)
    *_, rates, _ = draw_panel(replace(rich, nodes=grouped, class_fine_counts=counts), figure)
    assert [label.get_text() for label in rates.get_xticklabels()] == list(classes.names)
    assert [text.get_text() for legend in figure.legends for text in legend.get_texts()] == ["exc", "inh"]
