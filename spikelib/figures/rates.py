"""The distribution of firing rates across nodes: steps for those that fired, bars apart for the silent ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from spikelib.figures.drawing.legend import add_legend, is_narrow
from spikelib.figures.drawing.style import (
    NEUTRAL,
    colour,
    count_text,
    dashes,
    line_width,
    number_text,
    say,
    short,
    shown_populations,
    window_text,
)
from spikelib.statistics.distributions.rate_distribution import RateDistribution, rate_distribution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Floats, Summary

__all__ = ["draw_rates"]

_SILENT, _SILENT_NARROW = 0.09, 0.16
"""The bars of the silent nodes take so much of the length of the axis of rates, and half as much parts them from it."""

_FEW = 4
"""More populations than this leave no room for remarks in the legend of a small figure."""

_HIGHEST = 3.0
"""A bar of silent nodes that is so many times as high as all else is cut, or it would flatten the distribution."""


def draw_rates(summary: Summary, ax: Axes, *, log: bool = False, label_axes: bool = True) -> Axes:
    """Draw how the firing rates of nodes over the whole window are distributed.

    Steps show which share of a population's nodes fired at which rate. Silent nodes are a bar of their own, left of
    the axis of rates; with it, the shares of a population add up to 100 %.

    Parameters
    ----------
    summary
        The spikes, counted for each node.
    ax
        Where to draw.
    log
        Whether the axis of rates is logarithmic. Its bins are then of unlike widths, so shares are per decade.
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
    >>> draw_rates(summary, Figure().add_subplot()).get_title()
    '2 nodes, 0 silent (0 %); bins of 100 Hz'
    """
    found = rate_distribution(summary)
    shown = [p for p in shown_populations(summary) if found.n_nodes[p]]
    title = ""
    if found.note or not found.log_counts.any():
        say(ax, found.note or f"no spikes {window_text(summary)}{_all_silent(found)}")
        ax.set_yticks([])
        ax.set_xticks([])
    else:
        title = _draw(found, shown, ax, log=log)
    if label_axes:
        ax.set_xlabel("Firing rate [Hz]" if is_narrow(ax) else "Mean firing rate of a node [Hz]")
        ax.set_ylabel("Nodes [% per decade]" if log else "Nodes [%]")
        ax.set_title(title)
    return ax


def _draw(found: RateDistribution, shown: list[int], ax: Axes, *, log: bool) -> str:
    edges, heights = _heights(found, log=log)
    silent = 100.0 * found.n_silent / np.maximum(found.n_nodes, 1)
    several = len(shown) > 1
    words = 2 if not is_narrow(ax) else 1 if len(shown) <= _FEW else 0
    handles = [
        ax.stairs(
            heights[p],
            edges,
            fill=not several,
            color=colour(p),
            linestyle=dashes(p) if several else "solid",
            linewidth=line_width() if several else 0.0,
            label=_label(found, p, words),
        )
        for p in shown
    ]
    top = 1.05 * float(heights[shown].max())
    known = [p for p in shown if found.simulated[p]]
    # Per decade there is no scale that a share of silent nodes could have in common with the rest: words say it.
    with_bars = bool(known) and not log
    cut = False
    if with_bars:
        highest = max(float(silent[p]) for p in known)
        cut = highest > _HIGHEST * top
        top = 1.5 * top if cut else max(top, 1.05 * highest)
        _draw_silent(ax, {p: float(silent[p]) for p in known}, _room(ax, edges), top)
    ax.set_ylim(0.0, top)
    _set_rates(ax, edges, log=log, with_bars=with_bars)
    if several:
        add_legend(ax, handles)
    return _title(found, shown, edges, log=log, cut=cut)


def _heights(found: RateDistribution, *, log: bool) -> tuple[Floats, Floats]:
    """Return edges and the share of a population's nodes that fired, %, in each bin or per decade."""
    per_node = 100.0 / np.maximum(found.n_nodes, 1)[:, None]
    if log:
        return found.log_edges, found.log_counts * per_node / np.diff(np.log10(found.log_edges))
    active = found.counts.copy()
    # Silent nodes are in the first bin of the counts, and have a bar of their own in the figure.
    active[:, 0] -= found.n_silent
    return found.edges, active * per_node


def _room(ax: Axes, edges: Floats) -> float:
    """Return the width of all bars of silent nodes together, Hz."""
    return (_SILENT_NARROW if is_narrow(ax) else _SILENT) * float(edges[-1])


def _draw_silent(ax: Axes, shares: dict[int, float], room: float, top: float) -> None:
    """Draw one bar for each population left of rate 0; a bar that is cut ends in a tip."""
    width = room / len(shares)
    for k, (p, share) in enumerate(shares.items()):
        left = -1.5 * room + k * width
        ax.bar(left, min(share, top), width, align="edge", color=colour(p), alpha=0.55, linewidth=0.0)
        if share > top:
            ax.plot(left + width / 2, top, marker="^", color=colour(p), clip_on=False, markersize=5.0)
    ax.axvline(-0.25 * room, color=NEUTRAL, linewidth=0.6, linestyle="dotted")


def _set_rates(ax: Axes, edges: Floats, *, log: bool, with_bars: bool) -> None:
    """Set the horizontal axis: round rates, and the place of the silent nodes."""
    low, high = float(edges[0]), float(edges[-1])
    if log:
        ax.set_xscale("log")
        ax.set_xlim(low, high)
        few = high / low < 30.0
        places: Any = LogLocator(subs=(1.0, 2.0, 5.0) if few else (1.0,)).tick_values(low, high)
        ax.xaxis.set_minor_locator(NullLocator() if few else LogLocator(subs=range(2, 10)))
        ax.xaxis.set_minor_formatter("")
    else:
        places = MaxNLocator(5 if is_narrow(ax) else 9).tick_values(low, high)
        ax.set_xlim(-1.6 * _room(ax, edges) if with_bars else low, high)
    kept = [float(place) for place in places if low <= place <= high]
    ax.set_xticks(kept, [number_text(place) for place in kept])
    if with_bars:  # a label without a mark, level with the others
        pad = float(mpl.rcParams["xtick.major.size"]) + float(mpl.rcParams["xtick.major.pad"])
        ax.set_xticks([-_room(ax, edges)], ["silent"], minor=True)
        ax.tick_params(axis="x", which="minor", length=0.0, pad=pad)


def _all_silent(found: RateDistribution) -> str:
    """Return the words for nodes of which none fired."""
    silent = int(found.n_silent.sum())
    return f"; {count_text(silent, 'node')} silent" if silent else ""


def _label(found: RateDistribution, p: int, words: int) -> str:
    """Return the text of the legend for one population: nodes and silent ones, or as many words as there is room."""
    name, nodes = short(found.names[p]), count_text(int(found.n_nodes[p]), "node")
    silent = f"{_percent(int(found.n_silent[p]), int(found.n_nodes[p]))} silent"
    remarks = [silent, nodes] if found.simulated[p] else ["that fired" if words < 2 else f"{nodes} that fired"]
    return f"{name} ({', '.join(remarks[:words][::-1])})" if words else name


def _percent(part: int, whole: int) -> str:
    """Return a share in %, which is 0 % or 100 % only if it is exactly that."""
    share = 100.0 * part / whole
    return f"{share:.0f} %" if share in (0.0, 100.0) else f"{min(max(share, 0.1), 99.9):.3g} %"


def _title(found: RateDistribution, shown: list[int], edges: Floats, *, log: bool, cut: bool) -> str:
    """Return how many nodes there are, how many are silent, and the bins."""
    nodes, silent = (int(counts[shown].sum()) for counts in (found.n_nodes, found.n_silent))
    if found.simulated[shown].any():
        text = f"{count_text(nodes, 'node')}, {silent:,} silent ({_percent(silent, nodes)})"
    else:
        text = f"{count_text(nodes, 'node')} that fired; silent ones are unknown"
    text += "" if log else f"; bins of {number_text(float(edges[1]))} Hz"
    return f"{text}; ▲ cut" if cut else text
