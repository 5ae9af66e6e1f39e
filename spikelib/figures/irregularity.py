"""How CV and LV are distributed over the nodes of each population, or class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from spikelib.figures.drawing.legend import add_legend, is_narrow
from spikelib.figures.drawing.style import (
    NEUTRAL,
    colour,
    count_text,
    dashes,
    line_width,
    number_text,
    say_instead,
    short,
    shown_populations,
)
from spikelib.statistics.distributions.irregularity import irregularity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.statistics.distributions.irregularity import Irregularity
    from spikelib.summary.model import Summary

__all__ = ["draw_irregularity"]

_NAMES = {"cv": "CV of a node's intervals", "lv": "LV of a node's intervals"}


def draw_irregularity(
    summary: Summary,
    ax: Axes,
    *,
    part: Literal["cv", "lv"] = "cv",
    cumulative: bool = False,
    label_axes: bool = True,
) -> Axes:
    """Draw which share of the nodes of each population has which CV, or LV.

    A dotted line marks 1, which is what a Poisson process has; 0 is a clock.

    Parameters
    ----------
    summary
        The spikes, counted for each node.
    ax
        Where to draw.
    part
        "cv" (nodes with enough intervals) or "lv" (nodes with a valid pair of intervals).
    cumulative
        Whether to show the share of nodes up to each value.
    label_axes
        Whether to set labels and title.

    Returns
    -------
    `ax`.

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib.figure import Figure
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("clock",), np.array([0, 1]), np.arange(1), np.ones(1, np.bool_))
    >>> axis = RasterAxis("node id", np.zeros(1), (-0.5, 0.5), (), ())
    >>> spikes = [(np.arange(0.0, 100.0, 5.0), np.zeros(20, np.int32))]
    >>> summary = summarise(spikes, SummarySpec(0.0, 100.0, rate_bin=5.0), nodes, axis)
    >>> draw_irregularity(summary, Figure().add_subplot()).get_title()
    '1 node with 10 or more intervals, bins of 0.05'
    """
    found, shown = irregularity(summary, part), shown_populations(summary)
    drawn = [p for p in shown if found.n_nodes[p]]
    title = ""
    if not drawn:
        least = f"{summary.spec.cv_min_intervals} intervals" if part == "cv" else "three spikes"
        say_instead(ax, summary, f"no node has {least}")
    else:
        _draw(found, drawn, ax, cumulative=cumulative)
        title = _title(found, drawn, part, summary.spec.cv_min_intervals)
    if label_axes:
        ax.set_xlabel(part.upper() if is_narrow(ax) else _NAMES[part])
        ax.set_ylabel("Nodes up to it [%]" if cumulative else "Nodes [%]")
        ax.set_title(title)
    return ax


def _draw(found: Irregularity, drawn: list[int], ax: Axes, *, cumulative: bool) -> None:
    several, handles, top = len(drawn) > 1, [], 0.0
    for p in drawn:
        shares = 100.0 * found.counts[p] / found.n_nodes[p]
        heights = np.cumsum(shares) if cumulative else shares
        top = max(top, float(heights.max()))
        # Of the name alone: the axes beside are of other nodes.
        label = short(found.names[p])
        filled = not several and not cumulative
        handles.append(
            ax.stairs(
                heights,
                found.edges,
                fill=filled,
                color=colour(p),
                linestyle=dashes(p),
                linewidth=0.0 if filled else line_width(),
                label=label,
            )
        )
    ax.axvline(1.0, color=NEUTRAL, linestyle="dotted", linewidth=0.8)
    ax.set_xlim(0.0, float(found.edges[-1]))
    ax.set_ylim(0.0, 102.0 if cumulative else 1.05 * top or 1.0)
    if several:
        add_legend(ax, handles)


def _title(found: Irregularity, drawn: list[int], part: str, least: int) -> str:
    nodes, beyond = count_text(int(found.n_nodes[drawn].sum()), "node"), int(found.n_beyond[drawn].sum())
    text = f"{nodes} with {least} or more intervals" if part == "cv" else f"{nodes} with two or more"
    text += f", bins of {number_text(float(found.edges[1]))}"
    return f"{text}; {beyond:,} beyond {number_text(float(found.edges[-1]))}" if beyond else text
