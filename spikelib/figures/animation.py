"""The animation as a matplotlib object, for notebooks; `spikelib.figures.movie` writes files, and faster."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import rc_context, rcParams
from matplotlib.animation import FuncAnimation
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure

from spikelib.errors import PlotError
from spikelib.figures.drawing.glow import Glow, frame_text, label_scene, places_of, set_scene
from spikelib.summary.grids import movie_frames

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib.backends.backend_agg import FigureCanvasAgg
    >>> from matplotlib.figure import Figure
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, Places, RasterAxis, SummarySpec
    >>> nodes = Nodes(("cortex",), np.array([0, 2]), np.arange(2), np.ones(2, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> spikes = [(np.array([1.0, 5.0, 9.0]), np.array([0, 1, 0], np.int32))]
    >>> where = Places("x", "y", np.array([[0.0, 0.0], [9.0, 9.0]]), (0.0, 9.0, 0.0, 9.0), np.array([0, 8]))
    >>> spec = SummarySpec(0.0, 10.0, rate_bin=5.0, frame=2.5, frame_shape=(3, 3))
    >>> summary = summarise(spikes, spec, nodes, axis, where)
    >>> figure = Figure()
    >>> animation = animate(summary, figure.add_subplot())
    >>> FigureCanvasAgg(figure).draw()
    >>> figure.axes[0].get_title()
    't = 0.0–2.5 ms'
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
        # An assignment lifts the mask: cells without nodes are never assigned and stay background.
        grid.reshape(-1)[movie.cells] = glow.levels(frame)
        image.set_data(grid)
        title.set_text(frame_text(movie, frame))
        return image, title

    show(0)
    return _Film(_figure(ax), show, frames=len(movie.counts), interval=_INTERVAL_MS, cache_frame_data=False)


class _Film(FuncAnimation):
    """An animation that finds the ffmpeg that comes with spikelib where matplotlib finds none."""

    def save(self, *args: Any, **options: Any) -> None:
        """Write the animation to a file; see matplotlib's documentation."""
        with _with_ffmpeg():
            super().save(*args, **options)

    def to_html5_video(self, *args: Any, **options: Any) -> str:
        """Return the animation as an HTML video; see matplotlib's documentation."""
        with _with_ffmpeg():
            return str(super().to_html5_video(*args, **options))


@contextmanager
def _with_ffmpeg() -> Iterator[None]:
    if shutil.which(rcParams["animation.ffmpeg_path"]):
        yield
        return
    import imageio_ffmpeg  # noqa: PLC0415 - only where an animation becomes a video

    with rc_context({"animation.ffmpeg_path": imageio_ffmpeg.get_ffmpeg_exe()}):
        yield


def _figure(ax: Axes) -> Figure:
    """Return the whole figure of axes that may lie in a subfigure."""
    figure = ax.get_figure(root=True)
    if not isinstance(figure, Figure):
        msg = "the axes belong to no figure any more"
        raise PlotError(msg)
    return figure
