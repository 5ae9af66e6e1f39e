"""How a cell of the animation looks: silent, fading after a spike, or bright by its number of spikes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps
from matplotlib.lines import Line2D

from spikelib.errors import PlotError
from spikelib.figures.drawing.style import count_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from spikelib.summary.grids import MovieFrames
    from spikelib.summary.model import Floats, Places, Summary

AFTERGLOW = 3
"""Frames during which a cell fades after a spike, for the eye to follow; only its own frame is bright."""

BUSY = 0.1
"""With more than this part of the cells active in a frame, fading would cover all: then none fades."""

BACKGROUND = "#12141c"
"""Colour where there are no nodes."""

_SILENT = (0.23, 0.26, 0.33)


class Glow:
    """The levels of an animation's cells, and their colours and names.

    Level 0 is silent, 1 to `fading` the frames after a spike (the longest ago first), and the rest, one for
    each of ``movie.steps``, a spike in this very frame.
    """

    def __init__(self, movie: MovieFrames) -> None:
        self._movie = movie
        busy = movie.counts.size > 0 and np.count_nonzero(movie.counts) > BUSY * movie.counts.size
        self.fading = 0 if busy else AFTERGLOW

    def levels(self, frame: int) -> NDArray[np.uint8]:
        """Return the level of each cell in a frame, shape (cells,)."""
        counts = self._movie.counts
        levels = np.zeros(self._movie.cells.size, np.uint8)
        # The oldest first: where a cell fired twice, its latest spike decides.
        for back in range(min(self.fading, frame), 0, -1):
            levels[counts[frame - back] > 0] = self.fading + 1 - back
        firing = np.flatnonzero(counts[frame])
        levels[firing] = self.fading + np.searchsorted(self._movie.steps, counts[frame, firing], side="right")
        return levels

    @cached_property
    def colours(self) -> Floats:
        """Colour of each level, shape (levels, 3): red, green and blue from 0 to 1."""
        inferno = colormaps["inferno"]
        fading = inferno(np.linspace(0.26, 0.44, AFTERGLOW))[: self.fading]
        darkest = 0.76 if self.fading else 0.5
        bright = inferno(np.linspace(0.99, darkest, len(self._movie.steps))[::-1])
        return np.vstack([[_SILENT], fading[:, :3], bright[:, :3]])

    @property
    def names(self) -> list[str]:
        """Text of the legend for each level."""
        steps, most = self._movie.steps, int(self._movie.counts.max(initial=1))
        fading = [f"{back} frame{'s' if back > 1 else ''} ago" for back in range(self.fading, 0, -1)]
        ends = [*(step - 1 for step in steps[1:]), most]
        bright = [f"{low}" if low == high else f"{low} to {high}" for low, high in zip(steps, ends, strict=True)]
        return ["silent", *fading, *(f"{text} spike{'' if text == '1' else 's'}" for text in bright)]


def frame_text(movie: MovieFrames, frame: int) -> str:
    """Return the times of a frame, with as many decimals as its edges need: "t = 120.0–124.0 ms"."""
    length = movie.edges[1] - movie.edges[0]
    decimals = next(
        (d for d in range(4) if np.allclose(np.round(movie.edges, d), movie.edges, rtol=0.0, atol=length / 100)),
        4,
    )
    return f"t = {movie.edges[frame]:.{decimals}f}–{movie.edges[frame + 1]:.{decimals}f} ms"


def places_of(summary: Summary) -> Places:
    """Return the positions of the nodes, which every summary with frames has."""
    if summary.places is None:
        msg = "no animation in this summary: the nodes have no positions"
        raise PlotError(msg)
    return summary.places


def set_scene(places: Places, ax: Axes) -> None:
    """Set limits and colour of the axes on which an animation is drawn."""
    low_x, high_x, low_y, high_y = places.limits
    ax.set_xlim(low_x, high_x)
    ax.set_ylim(low_y, high_y)
    ax.set_facecolor(BACKGROUND)


def label_scene(summary: Summary, movie: MovieFrames, glow: Glow, ax: Axes, remark: str = "") -> None:
    """Set the labels and the legend; `remark` is one more line of the latter."""
    places = places_of(summary)
    ax.set_xlabel(f"{places.x_axis} [µm]")
    ax.set_ylabel(f"{places.y_axis} [µm]")
    dots = [
        Line2D([], [], linestyle="none", marker="o", markersize=6, color=tuple(rgb), label=name)
        for rgb, name in zip(glow.colours, glow.names, strict=True)
    ]
    legend = ax.legend(
        handles=dots[::-1],
        loc="upper left",
        bbox_to_anchor=(1.01, 1.02),
        title="\n".join([*_scene_lines(summary, movie, glow), *([remark] if remark else [])]),
        alignment="left",
        frameon=True,
        framealpha=1.0,
        facecolor=BACKGROUND,
        labelcolor="white",
        fontsize=8,
        title_fontsize=8,
    )
    legend.get_title().set_color("white")


def _scene_lines(summary: Summary, movie: MovieFrames, glow: Glow) -> list[str]:
    """Return what a dot stands for, and how many spikes no dot shows."""
    places = places_of(summary)
    rows, columns = summary.spec.frame_shape
    low_x, high_x, low_y, high_y = places.limits
    most = int(np.bincount(places.cells[places.cells >= 0], minlength=1).max())
    return [
        f"dot: {(high_x - low_x) / columns:.3g} × {(high_y - low_y) / rows:.3g} µm,",
        "1 node" if most == 1 else f"up to {most} nodes",
        *(["bright: in this frame"] if glow.fading else []),
        *(
            [f"{count_text(movie.n_unplaced, 'spike')} of nodes", "without position left out"]
            if movie.n_unplaced
            else []
        ),
    ]
