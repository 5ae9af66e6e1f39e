"""Firing rates of nodes against their position, which in most circuits is their depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.figures.drawing.legend import (
    add_legend,
    is_narrow,
    legend_text,
)
from spikelib.figures.drawing.style import (
    colour,
    count_text,
    dashes,
    line_width,
    number_text,
    say_instead,
    shown_populations,
)
from spikelib.statistics.distributions.depth import depth_profile
from spikelib.statistics.nodes import window_seconds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.statistics.distributions.depth import DepthProfile
    from spikelib.summary.model import Summary

__all__ = ["draw_depth"]


def draw_depth(summary: Summary, ax: Axes, *, bin_um: float = 50.0, label_axes: bool = True) -> Axes:
    """Draw the mean rate of the nodes of each population in bins of their position, silent nodes included.

    Where a population has no node there is no line.

    Parameters
    ----------
    summary
        The spikes, counted for each node, and the positions of the nodes.
    ax
        Where to draw: rates to the right, positions upward.
    bin_um
        Width of the bins, µm.
    label_axes
        Whether to set labels and title.

    Returns
    -------
    `ax`.

    Raises
    ------
    PlotError
        The bins are too many.

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib.figure import Figure
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> places = np.array([-20.0, 10.0, 60.0])
    >>> nodes = Nodes(("cortex",), np.array([0, 3]), np.arange(3), np.ones(3, np.bool_), depth=places, depth_axis="y")
    >>> axis = RasterAxis("node id", np.arange(3.0), (-0.5, 2.5), (), ())
    >>> spikes = [(np.array([1.0, 5.0, 9.0]), np.array([0, 1, 0], np.int32))]
    >>> summary = summarise(spikes, SummarySpec(0.0, 10.0, rate_bin=5.0), nodes, axis)
    >>> draw_depth(summary, Figure().add_subplot()).get_title()
    '3 nodes, bins of 50 µm'
    """
    found = depth_profile(summary, bin_um) if summary.n_spikes else None
    drawn = [] if found is None else [p for p in shown_populations(summary) if found.n_nodes[p].any()]
    title = ""
    if found is None or not drawn:
        why = "no positions are known" if window_seconds(summary) else "the window is a single moment"
        say_instead(ax, summary, why)
    else:
        _draw(found, drawn, ax)
        title = f"{count_text(int(found.n_nodes[drawn].sum()), 'node')}, bins of {number_text(bin_um)} µm"
        title += f"; {found.n_unplaced:,} without a position" if found.n_unplaced else ""
    if label_axes:
        ax.set_xlabel("Rate [Hz]" if is_narrow(ax) else "Mean firing rate per node [Hz]")
        ax.set_ylabel(f"{summary.nodes.depth_axis or 'position'} [µm]")
        ax.set_title(title)
    return ax


def _draw(found: DepthProfile, drawn: list[int], ax: Axes) -> None:
    handles = []
    for p in drawn:
        label = legend_text(ax, found.names[p], count_text(int(found.n_nodes[p].sum()), "node"))
        handles.append(
            ax.stairs(
                found.rates_hz[p],
                found.edges,
                orientation="horizontal",
                baseline=None,
                color=colour(p),
                linestyle=dashes(p),
                linewidth=1.3 * line_width(),
                label=label,
            )
        )
    top = float(np.nanmax(found.rates_hz[drawn])) if drawn else 0.0
    ax.set_xlim(0.0, 1.05 * top or 1.0)
    ax.set_ylim(float(found.edges[0]), float(found.edges[-1]))
    if len(drawn) > 1:
        add_legend(ax, handles)
