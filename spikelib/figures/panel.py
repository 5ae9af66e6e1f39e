"""A panel for a paper: raster with the rate above and rates along its axis beside it, and box plots below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D

from spikelib.figures.boxplots import draw_boxplots
from spikelib.figures.drawing.legend import legend_below, without_legend
from spikelib.figures.drawing.style import NEUTRAL, colour, dashes, seen_by_class, short, shown_populations, wrap_title
from spikelib.figures.raster import draw_raster
from spikelib.figures.rate import draw_rate
from spikelib.statistics.distributions.depth import axis_profile
from spikelib.summary.by_class import by_class

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from spikelib.summary.model import Summary

__all__ = ["draw_panel"]

_HEIGHTS, _WIDTHS = (0.22, 0.5, 0.28), (0.42, 0.36, 0.22)


def draw_panel(summary: Summary, figure: Figure, *, letters: bool = True, titles: bool = False) -> list[Axes]:
    """Draw rate, raster, rates along the raster's axis, and box plots of rates and CVs into an empty figure.

    Colours are those of classes, or of populations where classes are too many for colours to be told apart; boxes are
    of classes in any case.

    Parameters
    ----------
    summary
        The spikes.
    figure
        Where to draw; 85 and 180 mm are the columns of many journals.
    letters
        Whether to letter the parts A to E.
    titles
        Whether to give them the titles that they have as figures of their own.

    Returns
    -------
    The axes: rate, raster, rates along its axis, boxes of rates, boxes of CVs.

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib.figure import Figure
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("cortex",), np.array([0, 2]), np.arange(2), np.ones(2, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> spikes = [(np.array([1.0, 5.0, 9.0]), np.array([0, 1, 0], np.int32))]
    >>> summary = summarise(spikes, SummarySpec(0.0, 10.0, rate_bin=5.0), nodes, axis)
    >>> [ax.get_ylabel() for ax in draw_panel(summary, Figure((3.3, 3)))][:2]
    ['Rate [Hz]', 'node id']
    """
    seen, classes = seen_by_class(summary), by_class(summary)
    grid = figure.add_gridspec(3, 3, height_ratios=_HEIGHTS, width_ratios=_WIDTHS)
    raster = figure.add_subplot(grid[1, :2])
    rate = figure.add_subplot(grid[0, :2], sharex=raster)
    beside = figure.add_subplot(grid[1, 2], sharey=raster)
    rates = figure.add_subplot(grid[2, 0])
    cvs = figure.add_subplot(grid[2, 1:])
    with without_legend():
        draw_raster(seen, raster)
        draw_rate(seen, rate, nodes="all")
    _draw_beside(seen, beside)
    _move_colour_bar(raster, beside)
    draw_boxplots(classes, rates, part="rate")
    draw_boxplots(classes, cvs, part="cv")
    rate.set_xlabel("")
    for ax in (rate, rates):
        ax.set_ylabel("Rate [Hz]")
    cvs.set_ylabel("CV")
    rate.tick_params(labelbottom=False)
    beside.tick_params(labelleft=False)
    axes = [rate, raster, beside, rates, cvs]
    for ax in axes:
        if titles:
            wrap_title(ax, beside_others=True)
        else:
            ax.set_title("")
    if letters:
        for letter, ax in zip("ABCDE", axes, strict=True):
            ax.set_title(letter, loc="right" if titles else "left", fontweight="bold")
    shown = shown_populations(seen)
    if len(shown) > 1:
        legend_below(figure, [_handle(seen, p) for p in shown])
    return axes


def _draw_beside(summary: Summary, ax: Axes) -> None:
    edges, rates = axis_profile(summary)
    ax.stairs(rates, edges, orientation="horizontal", baseline=None, color=NEUTRAL)
    ax.set_xlim(left=0.0)
    ax.set_xlabel("Rate [Hz]")


def _move_colour_bar(raster: Axes, beside: Axes) -> None:
    """Put the colour bar of a density to the right of all: the rate above has to stay as wide as the raster."""
    image: Any = raster.images[0] if raster.images else None
    bar = None if image is None else image.colorbar
    if bar is None:
        return
    extend = bar.extend
    bar.remove()
    raster.figure.colorbar(image, ax=beside, pad=0.05, extend=extend, label="Rate per node [Hz]")


def _handle(summary: Summary, p: int) -> Line2D:
    return Line2D([], [], color=colour(p), linestyle=dashes(p), label=short(summary.nodes.populations[p]))  # type: ignore[arg-type]
