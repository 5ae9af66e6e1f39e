"""How a cell of the animation looks: silent, fading after a spike, or bright by its number of spikes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps
from matplotlib.lines import Line2D

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from spikelib.summary.grids import MovieFrames
    from spikelib.summary.model import Floats, Summary

AFTERGLOW = 3
"""Frames during which a cell fades after a spike, for the eye to follow; only the spike's own is bright."""

BACKGROUND = "#12141c"
"""Colour where there are no nodes."""


def cell_levels(movie: MovieFrames, frame: int) -> NDArray[np.uint8]:
    """Return the level of each cell in a frame, shape (cells,).

    0 is silent, 1 to `AFTERGLOW` the last frame with a spike (oldest first), and beyond that bright: a
    spike in this very frame, one level for each of ``movie.steps``.
    """
    levels = np.zeros(movie.cells.size, np.uint8)
    for back in range(min(AFTERGLOW, frame), 0, -1):
        levels[movie.counts[frame - back] > 0] = AFTERGLOW + 1 - back
    now = movie.counts[frame]
    firing = np.flatnonzero(now)
    levels[firing] = AFTERGLOW + np.searchsorted(movie.steps, now[firing], side="right")
    return levels


def level_colours(movie: MovieFrames) -> Floats:
    """Return the colour of each level, shape (levels, 3), red, green and blue from 0 to 1."""
    inferno = colormaps["inferno"]
    fading = inferno(np.linspace(0.26, 0.44, AFTERGLOW))
    bright = inferno(np.linspace(0.99, 0.76, len(movie.steps))[::-1])
    silent = [[0.23, 0.26, 0.33, 1.0]]
    return np.asarray(np.vstack([silent, fading, bright])[:, :3], dtype=np.float64)


def level_names(movie: MovieFrames) -> list[str]:
    """Return the legend's text for each level."""
    fading = [f"{back} frame{'s' if back > 1 else ''} ago" for back in range(AFTERGLOW, 0, -1)]
    ends = [step - 1 for step in movie.steps[1:]]
    bright = [
        f"{low}" if low == high else f"{low} to {high}" for low, high in zip(movie.steps, ends, strict=False)
    ]
    most = int(movie.counts.max(initial=1))
    bright.append(f"{movie.steps[-1]}" if most == movie.steps[-1] else f"{movie.steps[-1]} to {most}")
    words = [f"{text} spike{'' if text == '1' else 's'}" for text in bright]
    return ["silent", *fading, *words]


def frame_text(movie: MovieFrames, frame: int) -> str:
    """Return the times of a frame, with as many decimals as its edges need: "t = 120.0–124.0 ms"."""
    length = movie.edges[1] - movie.edges[0]
    decimals = next(
        (d for d in range(4) if np.allclose(np.round(movie.edges, d), movie.edges, atol=length / 100)), 4
    )
    return f"t = {movie.edges[frame]:.{decimals}f}–{movie.edges[frame + 1]:.{decimals}f} ms"


def describe_cells(summary: Summary, movie: MovieFrames, ax: Axes, *, label_axes: bool) -> None:
    """Set limits, labels and the legend of the levels; what the still part of an animation shows."""
    if summary.places is None:
        return
    low_x, high_x, low_y, high_y = summary.places.limits
    ax.set_xlim(low_x, high_x)
    ax.set_ylim(low_y, high_y)
    ax.set_facecolor(BACKGROUND)
    if not label_axes:
        return
    ax.set_xlabel(f"{summary.places.x_axis} [µm]")
    ax.set_ylabel(f"{summary.places.y_axis} [µm]")
    dots = [
        Line2D([], [], linestyle="none", marker="o", markersize=6, color=tuple(rgb), label=name)
        for rgb, name in zip(level_colours(movie), level_names(movie), strict=True)
    ]
    legend = ax.legend(
        handles=dots[::-1],
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        title=_cell_text(summary, movie),
        facecolor=BACKGROUND,
        labelcolor="white",
        framealpha=1.0,
        fontsize=8,
        title_fontsize=8,
    )
    legend.get_title().set_color("white")


def _cell_text(summary: Summary, movie: MovieFrames) -> str:
    """Return what a dot stands for, and how many spikes no dot shows."""
    places = summary.places
    if places is None:
        return ""
    rows, columns = summary.spec.frame_shape
    low_x, high_x, low_y, high_y = places.limits
    size = f"{(high_x - low_x) / columns:.3g} × {(high_y - low_y) / rows:.3g} µm"
    most = int(np.bincount(places.cells[places.cells >= 0], minlength=1).max())
    nodes = "1 node" if most == 1 else f"up to {most} nodes"
    text = f"dot: {size},\n{nodes}, in this frame"
    return (
        f"{text}\n({movie.n_unplaced:,} spikes of nodes\nwithout position left out)"
        if movie.n_unplaced
        else text
    )
