"""The firing rate over time, one step line for each population."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from spikelib.figures._style import (
    NEUTRAL,
    add_legend,
    colour,
    count_text,
    dashes,
    say,
    set_window,
    window_text,
)
from spikelib.summary.views import RateCurves, rate_curves

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
    """
    curves = rate_curves(summary, nodes)
    set_window(ax, summary)
    if summary.n_spikes == 0:
        say(ax, f"no spikes {window_text(summary)}")
        ax.set_yticks([])
    else:
        _draw_steps(curves, ax)
    if label_axes:
        ax.set_xlabel("Time [ms]")
        ax.set_ylabel("PSTH [Hz]")
        ax.set_title(_title(curves) if summary.n_spikes else "")
    return ax


def _draw_steps(curves: RateCurves, ax: Axes) -> None:
    # A line in steps, not `Axes.stairs`: that one takes seconds where bins are many.
    many = curves.rates_hz.size > _MOST_VECTOR_STEPS
    style: dict[str, Any] = {"drawstyle": "steps-post", "rasterized": many}
    several = len(curves.names) > 1
    if several:
        label = f"all ({count_text(int(curves.n_nodes.sum()), 'node')})"
        ax.plot(curves.edges, _held(curves.total_hz), color=NEUTRAL, linewidth=2.5, alpha=0.45, label=label, **style)
    for p, rates in enumerate(curves.rates_hz):
        dash = "-" if many else dashes(p)  # dashes of a line that turns at every pixel cannot be seen
        ax.plot(
            curves.edges, _held(rates), color=colour(p), linestyle=dash, linewidth=1.2, label=_label(curves, p), **style
        )
    ax.set_ylim(0.0, 1.05 * float(np.max(curves.rates_hz, initial=0.0)) or 1.0)
    if several:
        add_legend(ax)


def _held(rates: Floats) -> Floats:
    """Hold the last rate to the end of its bin; shape (bins + 1,)."""
    return np.append(rates, rates[-1:])


def _label(curves: RateCurves, p: int) -> str:
    """Return the text of the legend for one population; it tells if its silent nodes are unknown."""
    fired = " that fired" if curves.simulated.any() and not curves.simulated[p] else ""
    return f"{curves.names[p]} ({count_text(int(curves.n_nodes[p]), 'node')}{fired})"


def _title(curves: RateCurves) -> str:
    """Return what the rates were divided by, and the width of the bins."""
    per = "simulated node" if curves.simulated.any() else "node that fired"
    count = f" ({count_text(int(curves.n_nodes[0]), 'node')})" if len(curves.names) == 1 else ""
    return f"mean rate per {per}{count}, bins of {float(curves.edges[1] - curves.edges[0]):.4g} ms"
