"""Colours, fonts and words that all figures share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's colours, for any colour vision; their yellow is left out, as it is unreadable on white."""

DASHES = ("solid", (0, (4, 1)), (0, (1, 1)))
"""Line styles of the first, second and further rounds through `PALETTE`."""

NEUTRAL = "0.35"
"""Grey of what belongs to no population: totals, separators, remarks."""

_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "spikelib",
}
"""Settings of saved figures; text in SVG stays text."""


def figure_style() -> AbstractContextManager[None]:
    """Return a context in which matplotlib has the settings of saved figures."""
    return mpl.rc_context(_STYLE)


def colour(population: int) -> str:
    """Return the colour of the population of that index."""
    return PALETTE[population % len(PALETTE)]


def dashes(population: int) -> str | tuple[int, tuple[int, ...]]:
    """Return the line style of the population of that index: dashed where colours repeat."""
    return DASHES[min(population // len(PALETTE), len(DASHES) - 1)]


def count_text(count: int, noun: str) -> str:
    """Return a count with its noun, in words that fit a caption.

    Examples
    --------
    >>> count_text(1, "spike"), count_text(12345, "spike"), count_text(1234567, "spike")
    ('1 spike', '12,345 spikes', '1.23 million spikes')
    """
    number = f"{count / 1e6:.3g} million" if count >= 1_000_000 else f"{count:,}"
    return f"{number} {noun}" if count == 1 else f"{number} {noun}s"


def window_text(summary: Summary) -> str:
    """Return the window of the summary in words: "in 0 to 1000 ms"."""
    return f"in {summary.spec.start:.10g} to {summary.spec.stop:.10g} ms"


def set_window(ax: Axes, summary: Summary) -> None:
    """End the time axis with the window, or after one rate bin if the window is a single moment."""
    ax.set_xlim(summary.rate_edges[0], summary.rate_edges[-1])


def say(ax: Axes, sentence: str) -> None:
    """Write a sentence into the middle of axes that have nothing else to show."""
    ax.text(0.5, 0.5, sentence, transform=ax.transAxes, ha="center", va="center", color=NEUTRAL)


def add_legend(ax: Axes, title: str | None = None) -> None:
    """Add a legend beside the axes if the figure makes room for it, else inside where it hides least."""
    if ax.figure.get_layout_engine() is None:
        ax.legend(loc="best", title=title, frameon=True, framealpha=0.85, fontsize="small")
    else:
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), title=title, alignment="left")


def size_in_points(ax: Axes) -> tuple[float, float]:
    """Return width and height of the axes, points."""
    extent = ax.get_window_extent()
    return extent.width * 72.0 / ax.figure.dpi, extent.height * 72.0 / ax.figure.dpi


def number_text(value: float) -> str:
    """Return a number with four digits that count, never as a power of ten.

    Examples
    --------
    >>> number_text(0.25), number_text(1300.0), number_text(39328.0)
    ('0.25', '1,300', '39,328')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
