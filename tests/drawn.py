"""Looks at what plots have drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.animation import FuncAnimation
    from matplotlib.axes import Axes
    from numpy.typing import NDArray


def axes() -> Axes:
    """Make axes that pyplot does not know, so that nothing is left to close."""
    return Figure().add_subplot()


def frames(film: FuncAnimation) -> Iterator[Any]:
    """Show one frame after another; gives what the animation changed.

    matplotlib warns of an animation that is thrown away before it was rendered: here it is not meant to be.
    """
    film._draw_was_started = True
    for frame in film.new_frame_seq():
        yield film._func(frame)


def corners_lit(film: FuncAnimation, ax: Axes) -> list[list[int]]:
    """Return for each frame which of two nodes fire: 0 in the lower left, 1 in the upper right corner."""
    found = []
    for _ in frames(film):
        levels = ax.images[0].get_array().filled(0)
        lit = [levels[0, 0], levels[-1, -1]]
        assert np.count_nonzero(levels) == np.count_nonzero(lit)
        found.append([node for node, level in enumerate(lit) if level > 0])
    return found


def marks(ax: Axes) -> NDArray[np.float64]:
    """Return place in time and on the vertical axis of every mark of a raster, shape (marks, 2), sorted."""
    lines = [np.column_stack(line.get_data()) for line in ax.lines if line.get_marker() == "|"]
    places = np.concatenate([np.empty((0, 2)), *lines])
    return places[np.lexsort(places.T[::-1])]


class Steps(NamedTuple):
    """A curve in steps, of a rate or of a density."""

    label: str
    edges: NDArray[np.float64]
    values: NDArray[np.float64]
    """One less than edges."""


def rate_steps(ax: Axes) -> list[Steps]:
    """Return the curves of a rate histogram: of all nodes first if there are several populations."""
    lines = [line for line in ax.lines if line.get_drawstyle() == "steps-post"]
    columns = [tuple(np.asarray(values, np.float64) for values in line.get_data()) for line in lines]
    assert all(rates[-1] == rates[-2] for _, rates in columns)
    return [Steps(line.get_label(), x, y[:-1]) for line, (x, y) in zip(lines, columns, strict=True)]


def bars(ax: Axes) -> Steps:
    """Return the histogram of all intervals, which is the first thing that `isi` draws."""
    data = ax.patches[0].get_data()
    return Steps(ax.patches[0].get_label(), data.edges, data.values)
