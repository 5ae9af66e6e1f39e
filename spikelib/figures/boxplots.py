"""Box plots of the rates and CVs of nodes, a box for each population, or class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from spikelib.figures.drawing.legend import is_narrow
from spikelib.figures.drawing.style import (
    NEUTRAL,
    say_instead,
    short,
    shown_populations,
)
from spikelib.statistics.distributions.boxes import boxes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.statistics.distributions.boxes import Box
    from spikelib.summary.model import Summary

__all__ = ["draw_boxplots"]

_AXES = {"rate": "Mean firing rate of a node [Hz]", "cv": "CV of a node's intervals"}
_NARROW_AXES = {"rate": "Firing rate [Hz]", "cv": "CV"}
_MOST_SLANTED = 24
"""Names of more boxes than this stand upright."""

_FACE, _EDGE = "0.88", "0.25"


def draw_boxplots(summary: Summary, ax: Axes, *, part: Literal["rate", "cv"] = "rate", label_axes: bool = True) -> Axes:
    """Draw how the rates, or the CVs, of the nodes of each population are distributed.

    A box reaches from the first to the third quartile, its line is the median, its diamond the mean. Whiskers reach to
    the last node within 1.5 times the length of the box; nodes beyond are not drawn, as the title says.

    Parameters
    ----------
    summary
        The spikes, counted for each node.
    ax
        Where to draw.
    part
        "rate" (silent nodes included) or "cv" (nodes with enough intervals).
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
    >>> nodes = Nodes(("cortex",), np.array([0, 2]), np.arange(2), np.ones(2, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> spikes = [(np.array([1.0, 5.0, 9.0]), np.array([0, 1, 0], np.int32))]
    >>> summary = summarise(spikes, SummarySpec(0.0, 10.0, rate_bin=5.0), nodes, axis)
    >>> draw_boxplots(summary, Figure().add_subplot()).get_title()
    'rates of 2 nodes'
    """
    found = [boxes(summary, part)[p] for p in shown_populations(summary)]
    title = ""
    if not summary.n_spikes or not any(box.n_nodes for box in found):
        say_instead(ax, summary, f"no node has {summary.spec.cv_min_intervals} intervals")
    else:
        title = _draw(found, summary, ax, part)
    if label_axes:
        ax.set_ylabel((_NARROW_AXES if is_narrow(ax) else _AXES)[part])
        ax.set_title(title)
    return ax


def _draw(found: list[Box], summary: Summary, ax: Axes, part: str) -> str:
    known = [(place, box) for place, box in enumerate(found) if box.n_nodes]
    ax.bxp(
        [
            {"med": b.median, "q1": b.q1, "q3": b.q3, "whislo": b.low, "whishi": b.high, "mean": b.mean}
            for _, b in known
        ],
        positions=[place for place, _ in known],
        widths=0.6,
        showfliers=False,
        showmeans=True,
        patch_artist=True,
        boxprops={"facecolor": _FACE, "edgecolor": _EDGE, "linewidth": 0.8},
        medianprops={"color": _EDGE, "linewidth": 1.6},
        meanprops={"marker": "D", "markerfacecolor": "white", "markeredgecolor": _EDGE, "markersize": 4.0},
        whiskerprops={"color": _EDGE, "linewidth": 0.8},
        capprops={"color": _EDGE, "linewidth": 0.8},
        manage_ticks=False,
    )
    if part == "cv":
        ax.axhline(1.0, color=NEUTRAL, linestyle="dotted", linewidth=0.8)
    top = max(box.high if np.isfinite(box.high) else 0.0 for _, box in known)
    top = max(top, *(box.mean for _, box in known), 1.0 if part == "cv" else 0.0)
    ax.set_ylim(0.0, 1.08 * top or 1.0)
    for place, box in enumerate(found):
        if not box.n_nodes:
            ax.annotate("none", (place, 0.0), ha="center", va="bottom", color=NEUTRAL, fontsize="small")
    many = len(found) > 5 or max(len(box.name) for box in found) > 9
    names = [short(box.name, 18) for box in found]
    upright: dict[str, Any] = {"rotation": 90, "va": "center"} if len(found) > _MOST_SLANTED else {"rotation": 45}
    turned: dict[str, Any] = {**upright, "ha": "right", "rotation_mode": "anchor"} if many else {}
    ax.set_xticks(range(len(found)), names, fontsize="small", **turned)
    ax.set_xlim(-0.6, len(found) - 0.4)
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0.0)
    return _title(found, summary, part)


def _title(found: list[Box], summary: Summary, part: str) -> str:
    n_nodes, beyond = sum(box.n_nodes for box in found), sum(box.n_below + box.n_above for box in found)
    least = summary.spec.cv_min_intervals
    text = (
        f"rates of {n_nodes:,} nodes" if part == "rate" else f"CVs of {n_nodes:,} nodes with {least} or more intervals"
    )
    return f"{text}; {beyond:,} beyond the whiskers" if beyond else text
