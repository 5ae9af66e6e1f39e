"""The histogram of interspike intervals, or of instantaneous frequencies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spikelib.figures.drawing.legend import (
    add_legend,
    legend_text,
)
from spikelib.figures.drawing.style import (
    NEUTRAL,
    colour,
    count_text,
    dashes,
    line_width,
    number_text,
    say,
    shown_populations,
    window_text,
)
from spikelib.statistics.distributions.intervals import IsiHistogram, isi_histogram

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary

__all__ = ["draw_isi"]

_MOST_VECTOR_BINS = 1000
"""More bins than this (a long tail, out of view) are pixels in an SVG."""


def draw_isi(
    summary: Summary,
    ax: Axes,
    *,
    use_frequency: bool = False,
    binsize: float | None = None,
    label_axes: bool = True,
) -> Axes:
    """Draw how the intervals between a node's consecutive spikes are distributed.

    The filled area is the density over all nodes: its size is 1. Where there are several populations, lines
    show the part of each; they add up to the area. All bins are drawn, but if the longest few values would
    take more than half of the axis, it ends before them and the title says how many lie beyond.

    Parameters
    ----------
    summary
        The spikes, with their histograms of intervals and frequencies.
    ax
        Where to draw.
    use_frequency
        Show 1000 / interval [Hz] instead of intervals [ms].
    binsize
        Width of the bins, ms or Hz; None chooses a readable one. See `isi_histogram`.
    label_axes
        Whether to set labels and title.

    Returns
    -------
    `ax`.

    Raises
    ------
    PlotError
        If `binsize` does not fit the summary.

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
    >>> draw_isi(summary, Figure().add_subplot(), binsize=2.0).get_title()
    '1 interval, bins of 2 ms'
    """
    histogram = _of_shown(isi_histogram(summary, use_frequency=use_frequency, binsize=binsize), summary)
    if histogram.n_intervals == 0:
        say(ax, f"no interspike intervals: no node fired twice {window_text(summary)}")
        ax.set_yticks([])
        ax.set_xlim(0.0, 1000.0 if use_frequency else summary.rate_edges[-1] - summary.rate_edges[0])
    else:
        ax.set_xlim(0.0, histogram.shown)
        _draw_bars(histogram, shown_populations(summary), ax)
    if label_axes:
        ax.set_xlabel("Frequency [Hz]" if use_frequency else "Interspike interval [ms]")
        ax.set_ylabel("Density [1/Hz]" if use_frequency else "Density [1/ms]")
        ax.set_title(_title(histogram, "Hz" if use_frequency else "ms"))
    return ax


def _of_shown(histogram: IsiHistogram, summary: Summary) -> IsiHistogram:
    """Return the same bins with the intervals of those populations alone that are shown."""
    shown = shown_populations(summary)
    counts = histogram.counts[shown].sum(axis=0)
    if len(shown) == len(histogram.names) or int(counts.sum()) == histogram.n_intervals:
        return histogram
    n_intervals, beyond = int(counts.sum()), histogram.edges[:-1] >= histogram.shown
    density = counts / (max(n_intervals, 1) * histogram.bin_width)
    return replace(histogram, density=density, n_intervals=n_intervals, n_beyond=int(counts[beyond].sum()))


def _draw_bars(histogram: IsiHistogram, shown: list[int], ax: Axes) -> None:
    several = len(shown) > 1
    pixels = histogram.edges.size > _MOST_VECTOR_BINS
    face = "0.8" if several else colour(shown[0])
    area = ax.stairs(histogram.density, histogram.edges, fill=True, color=face, label="all", rasterized=pixels)
    if several:
        # Divided by all intervals, not by those of a population: only so do the lines add up to the area.
        weight = histogram.n_intervals * histogram.bin_width
        lines = [
            ax.stairs(
                histogram.counts[p] / weight,
                histogram.edges,
                color=colour(p),
                linestyle=dashes(p),
                linewidth=line_width(),
                label=legend_text(ax, histogram.names[p], count_text(int(histogram.counts[p].sum()), "interval")),
                rasterized=pixels,
            )
            for p in shown
        ]
        add_legend(ax, [area, *lines])
    ax.set_ylim(0.0, 1.05 * float(np.max(histogram.density)))
    if histogram.n_beyond:
        ax.axvline(histogram.shown, color=NEUTRAL, linestyle="dotted")


def _title(histogram: IsiHistogram, unit: str) -> str:
    """Return how many values there are, their bins, and what is not in view."""
    if histogram.n_intervals == 0:
        return ""
    parts = [f"{count_text(histogram.n_intervals, 'interval')}, bins of {number_text(histogram.bin_width)} {unit}"]
    if histogram.n_beyond:
        end = f"up to {number_text(histogram.edges[-1])} {unit}"
        parts.append(f"{histogram.n_beyond:,} beyond {number_text(histogram.shown)} {unit} ({end})")
    return "; ".join([*parts, histogram.note] if histogram.note else parts)
