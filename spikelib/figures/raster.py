"""The raster: every spike as a tick while ticks can be told apart, a picture of the firing rate beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib import colormaps
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from spikelib.figures.drawing.legend import add_legend, is_narrow
from spikelib.figures.drawing.style import (
    NEUTRAL,
    colour,
    count_text,
    say,
    set_window,
    short,
    shown_populations,
    size_in_points,
    window_text,
)
from spikelib.summary.grids import raster_density

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary

__all__ = ["draw_raster"]

_SMALLEST_LABEL = 5.5
"""Points: named ticks closer than this would overprint one another."""

_COLOURS = LinearSegmentedColormap.from_list(
    "spikes", ["white", *colormaps["magma_r"](np.linspace(0.08, 1.0, 23)).tolist()], N=64
)
"""White for no spike, then ever darker: the order survives any colour vision and a black-and-white print."""


def draw_raster(summary: Summary, ax: Axes, *, label_axes: bool = True) -> Axes:
    """Draw when each node fired.

    Up to ``summary.spec.raster_cap`` spikes each is a vertical tick, in the colour of its population.
    Beyond, the picture shows the firing rate per node in cells of time and nodes; the title says which of
    the two it is. Spikes and rates are pixels even in an SVG, axes and text are not.

    Parameters
    ----------
    summary
        The spikes, with their `RasterAxis`.
    ax
        Where to draw.
    label_axes
        Whether to set labels and title. A density has its colour bar in any case.

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
    >>> draw_raster(summary, Figure().add_subplot()).get_title()
    'every spike: 3 spikes'
    """
    if summary.n_spikes == 0:
        say(ax, f"no spikes {window_text(summary)}")
        title = ""
    elif summary.times is not None and summary.rows is not None:
        title = _draw_spikes(summary, ax)
    else:
        title = _draw_density(summary, ax)
    set_window(ax, summary)
    ax.set_ylim(*summary.axis.limits)
    complete = _label_ticks(summary, ax)
    for place in summary.axis.separators:
        ax.axhline(place, color=NEUTRAL, linewidth=0.4 if len(summary.axis.separators) > 20 else 0.8)
    if summary.times is not None and summary.n_spikes:
        _name_colours(summary, ax, by_ticks=complete)
    if label_axes:
        ax.set_xlabel("Time [ms]")
        ax.set_ylabel(summary.axis.label if complete else f"{summary.axis.label} (not every name fits)")
        ax.set_title(title)
    return ax


def _draw_spikes(summary: Summary, ax: Axes) -> str:
    """Draw one tick for each spike of a node that has a place; return the title."""
    times, rows = np.asarray(summary.times), np.asarray(summary.rows)
    heights = summary.axis.y[rows]
    low, high = summary.axis.limits
    drawn = (heights >= low) & (heights <= high)
    offsets = summary.nodes.offsets
    length, width = _tick_size(summary, ax)
    for p in range(len(summary.nodes.populations)):
        mine = drawn & (rows >= offsets[p]) & (rows < offsets[p + 1])
        # Pixels even in an SVG: so many ticks as lines would make it too large to open.
        ax.plot(
            times[mine],
            heights[mine],
            linestyle="none",
            marker="|",
            markersize=length,
            markeredgewidth=width,
            color=colour(p),
            rasterized=True,
        )
    return f"every spike: {count_text(int(drawn.sum()), 'spike')}{_left_out(summary, int(drawn.sum()))}"


def _draw_density(summary: Summary, ax: Axes) -> str:
    """Draw the firing rate in cells, with a colour bar; return the title."""
    density = raster_density(summary)
    active = density.rates_hz[density.rates_hz > 0]
    # A few cells in which all nodes fire together would leave all others nearly white.
    top = float(np.percentile(active, 99.5)) if active.size else 1.0
    # Cells without nodes are NaN, which no colour is drawn for: grey, where white would say that nodes were silent.
    ax.set_facecolor("0.9")
    image = ax.imshow(
        density.rates_hz,
        extent=(summary.rate_edges[0], summary.rate_edges[-1], *summary.axis.limits),
        origin="lower",
        aspect="auto",
        cmap=_COLOURS,
        norm=PowerNorm(0.5, vmin=0.0, vmax=top),
        # Where cells are smaller than pixels, rates are averaged, not colours.
        interpolation_stage="data",
    )
    image.set_rasterized(True)
    beyond = bool(active.size and active.max() > top)
    ax.figure.colorbar(image, ax=ax, pad=0.02, extend="max" if beyond else "neither", label="Rate per node [Hz]")
    title = f"density of {count_text(density.n_drawn, 'spike')}, cells of {density.cell_ms:.3g} ms"
    grey = "; grey: no nodes" if np.isnan(density.rates_hz).any() else ""
    return title + grey + _left_out(summary, density.n_drawn)


def _left_out(summary: Summary, drawn: int) -> str:
    """Return the words for spikes that have no place on the axis."""
    missing = summary.n_spikes - drawn
    return f"; {count_text(missing, 'spike')} of nodes without {summary.axis.quantity} left out" if missing else ""


def _tick_size(summary: Summary, ax: Axes) -> tuple[float, float]:
    """Return length and width of a tick, points.

    A tick is as long as its node has room, and as wide as leaves three quarters of the picture free.
    """
    places = np.unique(summary.axis.y[np.isfinite(summary.axis.y)])
    width, height = size_in_points(ax)
    length = float(np.clip(0.8 * height / max(places.size, 1), 2.0, 10.0))
    return length, float(np.clip(0.25 * width * height / (summary.n_spikes * length), 0.4, 1.2))


def _label_ticks(summary: Summary, ax: Axes) -> bool:
    """Set the named ticks, as many as fit, or numeric ones; return whether all names fit."""
    if not summary.nodes.ids.size:
        ax.set_yticks([])
        return True
    if not summary.axis.ticks:
        known = summary.axis.y[np.isfinite(summary.axis.y)]
        ax.yaxis.set_major_locator(MaxNLocator("auto", integer=bool(np.all(known == np.round(known)))))
        return True
    low, high = summary.axis.limits
    points = size_in_points(ax)[1] / (high - low)
    bands = [((start + end) / 2, (end - start) * points, name) for start, end, name in summary.axis.bands]
    # A name higher than its band would stand beside the next one as well: the legend names the colours.
    kept = [band for band in bands if band[1] >= _SMALLEST_LABEL]
    if not kept:  # a mark at the axis then leads from each of some names to its band
        kept = _spaced(bands, _SMALLEST_LABEL / points)
    largest = FontProperties(size=mpl.rcParams["ytick.labelsize"]).get_size_in_points()
    size = max(min([largest, *(0.9 * height for _, height, _ in kept)]), _SMALLEST_LABEL)
    texts = [short(name, 14 if is_narrow(ax) else 29) for *_, name in kept]
    ax.set_yticks([place for place, *_ in kept], texts, fontsize=size)
    ax.tick_params(axis="y", length=0 if len(kept) == len(bands) or kept[0][1] >= _SMALLEST_LABEL else 2.5)
    return len(kept) == len(bands)


def _spaced(bands: list[tuple[float, float, str]], room: float) -> list[tuple[float, float, str]]:
    """Return as many bands as have room for their names one above another."""
    kept = bands[:1]
    for band in bands[1:]:
        if band[0] - kept[-1][0] >= room:
            kept.append(band)
    return kept


def _name_colours(summary: Summary, ax: Axes, *, by_ticks: bool) -> None:
    """Add a legend of the populations unless there is but one, or the ticks name them all."""
    names = {p: summary.nodes.populations[p] for p in shown_populations(summary)}
    ticks = {text for _, text in summary.axis.ticks}
    if len(names) < 2 or (by_ticks and set(names.values()) <= ticks):
        return
    marks: dict[str, Any] = {"linestyle": "none", "marker": "s"}
    add_legend(ax, [Line2D([], [], color=colour(p), label=short(name), **marks) for p, name in names.items()])
