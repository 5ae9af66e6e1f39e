"""The animation as a matplotlib object, for notebooks; `spikelib.figures.movie` writes files, and faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure

from spikelib.errors import PlotError
from spikelib.figures._glow import Glow, frame_text, label_scene, places_of, set_scene
from spikelib.summary.grids import movie_frames

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary

__all__ = ["animate"]

_INTERVAL_MS = 40


def animate(summary: Summary, ax: Axes, *, label_axes: bool = True) -> FuncAnimation:
    """Animate where spikes occur, frame by frame; each spike is bright in exactly one.

    Parameters
    ----------
    summary
        With positions and frames.
    ax
        Where to draw.
    label_axes
        Whether to set the labels and the legend. The title always shows the time, ms.

    Returns
    -------
    An animation at 25 frames per second; keep a reference to it, matplotlib does not.

    Raises
    ------
    PlotError
        If the summary was made without an animation, or the axes belong to no figure.
    """
    movie = movie_frames(summary)
    glow = Glow(movie)
    set_scene(places_of(summary), ax)
    if label_axes:
        label_scene(summary, movie, glow, ax)
    ax.set_aspect("equal", adjustable="box")
    grid = np.ma.array(np.zeros(summary.spec.frame_shape, np.uint8), mask=True)
    image = ax.imshow(
        grid,
        extent=(*ax.get_xlim(), *ax.get_ylim()),
        origin="lower",
        cmap=ListedColormap(glow.colours.tolist()),
        norm=BoundaryNorm(np.arange(len(glow.colours) + 1) - 0.5, len(glow.colours)),
        interpolation="nearest",
    )
    title = ax.set_title(frame_text(movie, 0))

    def show(frame: int) -> tuple[Artist, ...]:
        grid.reshape(-1)[movie.cells] = glow.levels(frame)
        image.set_data(grid)
        title.set_text(frame_text(movie, frame))
        return image, title

    show(0)
    return FuncAnimation(_figure(ax), show, frames=len(movie.counts), interval=_INTERVAL_MS, cache_frame_data=False)


def _figure(ax: Axes) -> Figure:
    """Return the whole figure of axes that may lie in a subfigure."""
    figure = ax.get_figure(root=True)
    if not isinstance(figure, Figure):
        msg = "the axes belong to no figure any more"
        raise PlotError(msg)
    return figure
