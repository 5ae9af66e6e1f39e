"""Looks at what plots have drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    """Tell for each frame which of two nodes fire: 0 in the lower left, 1 in the upper right corner."""
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
