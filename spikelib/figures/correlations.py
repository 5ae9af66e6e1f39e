"""How the spike counts of pairs of nodes correlate within each population, or class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spikelib.errors import PlotError
from spikelib.figures.drawing.legend import (
    add_legend,
    is_narrow,
    legend_text,
)
from spikelib.figures.drawing.style import (
    NEUTRAL,
    colour,
    count_text,
    dashes,
    line_width,
    number_text,
    say_instead,
    shown_populations,
)
from spikelib.statistics.distributions.correlations import MOST_NODES, pair_histogram

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.statistics.distributions.correlations import PairHistogram
    from spikelib.summary.model import PairSample, Summary

__all__ = ["draw_correlations"]


def draw_correlations(summary: Summary, ax: Axes, *, binsize: float | None = None, label_axes: bool = True) -> Axes:
    """Draw how Pearson's coefficients of pairs of nodes are distributed, for some active nodes of each population.

    The axis ends where 0.5 % of the pairs are beyond on either side; the title tells how many. A tick at the top marks
    the mean of each population.

    Parameters
    ----------
    summary
        The spikes, with their `PairSample`.
    ax
        Where to draw.
    binsize
        Width of the bins, a multiple of 0.001; None to choose it from the data.
    label_axes
        Whether to set labels and title.

    Returns
    -------
    `ax`.

    Raises
    ------
    PlotError
        `binsize` is no multiple of 0.001, or the summary has no correlations.

    Examples
    --------
    >>> import numpy as np
    >>> from dataclasses import replace
    >>> from matplotlib.figure import Figure
    >>> from spikelib.statistics.distributions.correlations import pair_sample
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("pair",), np.array([0, 2]), np.arange(2), np.ones(2, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> spikes = [(np.array([1.0, 1.0, 9.0, 9.5]), np.array([0, 1, 0, 1], np.int32))]
    >>> summary = summarise(spikes, SummarySpec(0.0, 20.0, rate_bin=5.0), nodes, axis)
    >>> summary = replace(summary, pairs=pair_sample(summary, spikes))
    >>> draw_correlations(summary, Figure().add_subplot()).get_title()
    '2 active nodes, 1 pair; counts in 2 ms; bins of 0.02'
    """
    pairs = summary.pairs
    if pairs is None:
        msg = "the summary has no correlations: summarise with `correlations` among the figures"
        raise PlotError(msg)
    drawn = [p for p in shown_populations(summary) if pairs.counts[p].any()]
    title = ""
    if not drawn:
        say_instead(ax, summary, "no pair of active nodes, or too short a window")
    else:
        found = pair_histogram(pairs, binsize)
        _draw(pairs, found, drawn, ax, summary.nodes.populations)
        title = _title(summary, pairs, found, drawn)
    if label_axes:
        ax.set_xlabel("Correlation" if is_narrow(ax) else "Pearson's correlation of the spike counts of two nodes")
        ax.set_ylabel("Pairs [%]")
        ax.set_title(title)
    return ax


def _draw(pairs: PairSample, found: PairHistogram, drawn: list[int], ax: Axes, names: tuple[str, ...]) -> None:
    several, handles, top = len(drawn) > 1, [], 0.0
    for p in drawn:
        heights = 100.0 * found.counts[p] / found.counts[p].sum()
        top = max(top, float(heights.max()))
        mean = float(pairs.means[p])
        label = legend_text(ax, names[p], f"mean {mean:.2g}")
        style = {"color": colour(p), "linestyle": dashes(p), "linewidth": line_width() if several else 0.0}
        handles.append(ax.stairs(heights, found.edges, fill=not several, label=label, **style))  # type: ignore[arg-type]
        ax.plot([mean] * 2, [0.97, 1.0], transform=ax.get_xaxis_transform(), color=colour(p), linewidth=2.0)
    ax.axvline(0.0, color=NEUTRAL, linestyle="dotted", linewidth=0.8)
    ax.set_xlim(*found.shown)
    ax.set_ylim(0.0, 1.08 * top)
    if several:
        add_legend(ax, handles)


def _title(summary: Summary, pairs: PairSample, found: PairHistogram, drawn: list[int]) -> str:
    n_nodes, n_pairs = int(pairs.n_nodes[drawn].sum()), int(pairs.counts[drawn].sum())
    taken = count_text(n_nodes, "active node")
    if (pairs.n_nodes[drawn] == MOST_NODES).any():
        taken = f"at most {MOST_NODES} active nodes each"
    widths = f"counts in {number_text(summary.spec.pair_bin)} ms; bins of {number_text(found.edges[1] + 1.0)}"
    beyond = int(found.n_beyond[drawn].sum())
    text = f"{taken}, {count_text(n_pairs, 'pair')}; {widths}"
    return f"{text}; {count_text(beyond, 'pair')} beyond" if beyond else text
