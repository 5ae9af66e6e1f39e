"""The firing rate over time, one step line for each population."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from spikelib.figures.drawing.legend import add_legend, is_narrow
from spikelib.figures.drawing.style import (
    NEUTRAL,
    colour,
    count_text,
    dashes,
    line_width,
    say,
    set_window,
    short,
    shown_populations,
    window_text,
)
from spikelib.statistics.rate_curves import RateCurves, rate_curves

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Floats, Summary

__all__ = ["draw_rate"]

_MOST_VECTOR_STEPS = 20_000
"""More steps than this are pixels in an SVG."""


def draw_rate(
    summary: Summary, ax: Axes, *, nodes: Literal["active", "all"] = "active", label_axes: bool = True
) -> Axes:
    """Draw the mean firing rate per node of each population, and of all together where there are several.

    Parameters
    ----------
    summary
        The spikes, counted in rate bins.
    ax
        Where to draw.
    nodes
        The denominator: "active" for the nodes that fired, "all" for every simulated node.
    label_axes
        Whether to set labels and title.

    Returns
    -------
    `ax`.

    Raises
    ------
    PlotError
        If `nodes` is another word.

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
    >>> draw_rate(summary, Figure().add_subplot(), nodes="all").get_title()
    'mean rate per simulated node (2 nodes), bins of 5 ms'
    """
    curves = rate_curves(summary, nodes)
    set_window(ax, summary)
    if summary.n_spikes == 0:
        say(ax, f"no spikes {window_text(summary)}")
        ax.set_yticks([])
    else:
        _draw_steps(curves, shown_populations(summary), ax)
    if label_axes:
        ax.set_xlabel("Time [ms]")
        ax.set_ylabel("Firing rate [Hz]")
        ax.set_title(_title(curves, shown_populations(summary)) if summary.n_spikes else "")
    return ax


def _draw_steps(curves: RateCurves, shown: list[int], ax: Axes) -> None:
    # A line in steps, not `Axes.stairs`: that one takes seconds where bins are many.
    many = curves.rates_hz[shown].size > _MOST_VECTOR_STEPS
    style: dict[str, Any] = {"drawstyle": "steps-post", "rasterized": many}
    several, handles = len(shown) > 1, []
    if several:
        label = "all" if is_narrow(ax) else f"all ({count_text(int(curves.n_nodes.sum()), 'node')})"
        wide = 2.1 * line_width()
        total = _held(curves.total_hz)
        handles += ax.plot(curves.edges, total, color=NEUTRAL, linewidth=wide, alpha=0.45, label=label, **style)
    for p in shown:
        dash = "-" if many else dashes(p)  # dashes of a line that turns at every pixel cannot be seen
        style |= {"color": colour(p), "linestyle": dash, "label": _label(curves, p, narrow=is_narrow(ax))}
        handles += ax.plot(curves.edges, _held(curves.rates_hz[p]), linewidth=line_width(), **style)
    ax.set_ylim(0.0, 1.05 * float(np.max(curves.rates_hz, initial=0.0)) or 1.0)
    if several:
        add_legend(ax, handles)


def _held(rates: Floats) -> Floats:
    """Hold the last rate to the end of its bin; shape (bins + 1,)."""
    return np.append(rates, rates[-1:])


def _label(curves: RateCurves, p: int, *, narrow: bool) -> str:
    """Return the text of the legend for one population; it says if its silent nodes are unknown."""
    fired = "that fired" if curves.simulated.any() and not curves.simulated[p] else ""
    words = " ".join(filter(None, ["" if narrow else count_text(int(curves.n_nodes[p]), "node"), fired]))
    return f"{short(curves.names[p])} ({words})" if words else short(curves.names[p])


def _title(curves: RateCurves, shown: list[int]) -> str:
    """Return what the rates were divided by, and the width of the bins."""
    per = "simulated node" if curves.simulated.any() else "node that fired"
    count = f" ({count_text(int(curves.n_nodes[shown[0]]), 'node')})" if len(shown) == 1 else ""
    return f"mean rate per {per}{count}, bins of {float(curves.edges[1] - curves.edges[0]):.4g} ms"
