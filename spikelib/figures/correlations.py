"""How the spike counts of pairs of nodes correlate within each population, or class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.errors import PlotError
from spikelib.figures.drawing.legend import add_legend, is_narrow
from spikelib.figures.drawing.style import (
    NEUTRAL,
    colour,
    dashes,
    line_width,
    number_text,
    say,
    short,
    shown_populations,
    window_text,
)
from spikelib.statistics.distributions.correlations import MOST_NODES
from spikelib.summary.model import PAIR_BINS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Floats, PairSample, Summary

__all__ = ["draw_correlations"]

_FINEST = 2.0 / PAIR_BINS
_WIDTHS = (1, 2, 5, 10, 20, 50)
"""Bins that are united, so that a picture has about as many as it can show."""
_SHOWN_BINS = 60


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
        nothing = f"no spikes {window_text(summary)}"
        say(ax, "no pair of active nodes, or too short a window" if summary.n_spikes else nothing)
        ax.set_xticks([])
        ax.set_yticks([])
    else:
        low, high = _limits(pairs.counts.sum(axis=0))
        united = _united(binsize, high - low)
        _draw(pairs, drawn, ax, summary.nodes.populations, united)
        ax.set_xlim(-1.0 + low * _FINEST, -1.0 + high * _FINEST)
        beyond = int(pairs.counts[drawn].sum() - pairs.counts[drawn, low:high].sum())
        title = _title(summary, pairs, drawn, united) + (f"; {beyond:,} pairs beyond" if beyond else "")
    if label_axes:
        ax.set_xlabel("Correlation" if is_narrow(ax) else "Pearson's correlation of the spike counts of two nodes")
        ax.set_ylabel("Pairs [%]")
        ax.set_title(title)
    return ax


def _limits(counts: Floats) -> tuple[int, int]:
    """Return first and last edge, in finest bins, of the axis: around nearly all pairs, and 0 in it."""
    running = np.cumsum(counts) / counts.sum()
    low, high = int(np.searchsorted(running, 0.005)), int(np.searchsorted(running, 0.995)) + 1
    low, high = min(low, PAIR_BINS // 2), max(high, PAIR_BINS // 2)
    margin = max((high - low) // 10, 5)
    return max(low - margin, 0), min(high + margin, PAIR_BINS)


def _united(binsize: float | None, shown: int) -> int:
    """Return how many of the finest bins one drawn bin unites."""
    if binsize is None:
        return next((width for width in _WIDTHS if shown / width <= _SHOWN_BINS), _WIDTHS[-1])
    united = round(binsize / _FINEST)
    if united < 1 or PAIR_BINS % united or abs(united * _FINEST - binsize) > 1e-9:
        msg = f"correlations.binsize: {binsize:g} does not divide 2 into whole multiples of {_FINEST:g}"
        raise PlotError(msg)
    return united


def _draw(pairs: PairSample, drawn: list[int], ax: Axes, names: tuple[str, ...], united: int) -> None:
    several, handles, top = len(drawn) > 1, [], 0.0
    edges = -1.0 + _FINEST * united * np.arange(PAIR_BINS // united + 1)
    for p in drawn:
        counts = pairs.counts[p].reshape(-1, united).sum(axis=1)
        heights = 100.0 * counts / counts.sum()
        top = max(top, float(heights.max()))
        mean = float(pairs.means[p])
        label = short(names[p]) if is_narrow(ax) else f"{short(names[p])} (mean {mean:.2g})"
        style = {"color": colour(p), "linestyle": dashes(p), "linewidth": line_width() if several else 0.0}
        handles.append(ax.stairs(heights, edges, fill=not several, label=label, **style))  # type: ignore[arg-type]
        ax.plot([mean] * 2, [0.97, 1.0], transform=ax.get_xaxis_transform(), color=colour(p), linewidth=2.0)
    ax.axvline(0.0, color=NEUTRAL, linestyle="dotted", linewidth=0.8)
    ax.set_ylim(0.0, 1.08 * top)
    if several:
        add_legend(ax, handles)


def _title(summary: Summary, pairs: PairSample, drawn: list[int], united: int) -> str:
    n_nodes, n_pairs = int(pairs.n_nodes[drawn].sum()), int(pairs.counts[drawn].sum())
    taken = f"at most {MOST_NODES} active nodes each" if (pairs.n_nodes[drawn] == MOST_NODES).any() else ""
    taken = taken or f"{n_nodes:,} active nodes"
    pairs_text = f"{n_pairs:,} pairs" if n_pairs > 1 else "1 pair"
    width = number_text(united * _FINEST)
    return f"{taken}, {pairs_text}; counts in {number_text(summary.spec.pair_bin)} ms; bins of {width}"
