"""The pixels of an animation: a background drawn once by matplotlib; over it, for each frame, dots and the time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image, ImageDraw, ImageFont

from spikelib.figures.drawing.glow import frame_text, label_scene, places_of, set_scene
from spikelib.figures.drawing.style import figure_style

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.figures.drawing.glow import Glow
    from spikelib.summary.grids import MovieFrames
    from spikelib.summary.model import Floats, Integers, Summary

_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 160, 32, 50
_BOX_AREA = 400 * 400
_LONGEST, _SHORTEST = 640, 100
_ASPECT_TOLERANCE = 0.05
_DPI = 100
_LARGEST_DOT = 9.0
_OPAQUE = 0xFF000000


@dataclass(frozen=True)
class Box:
    """The rectangle of the axes on a frame, pixels from the upper left corner."""

    left: int
    top: int
    width: int
    height: int
    to_scale: bool
    """Whether a µm is as long on both axes."""

    @property
    def frame_size(self) -> tuple[int, int]:
        """Width and height of a frame, pixels, both even as H.264 wants them."""
        width, height = _LEFT + self.width + _RIGHT, _TOP + self.height + _BOTTOM
        return width + width % 2, height + height % 2


class Stage:
    """Composes the frames of an animation.

    Parameters
    ----------
    summary
        With positions.
    movie
        Its frames.
    glow
        Their levels and colours.
    """

    def __init__(self, summary: Summary, movie: MovieFrames, glow: Glow) -> None:
        self._movie = movie
        self._glow = glow
        self.box = _fit(summary)
        self.size = self.box.frame_size
        self._background = _draw_background(summary, movie, glow, self.box)
        self._pixels, self._owners = _dots(summary, movie, self.box)
        rgb = np.round(glow.colours * 255).astype(np.uint32)
        # One integer a pixel: the dots of a frame are coloured by one assignment instead of three.
        self._colours = (rgb[:, 0] | rgb[:, 1] << 8 | rgb[:, 2] << 16 | _OPAQUE).astype("<u4")
        font = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
        self._font = ImageFont.truetype(str(font), 15)

    def frame(self, index: int) -> NDArray[np.uint8]:
        """Return a frame, shape (height, width, 4): red, green, blue and an opaque fourth byte."""
        canvas = self._background.copy()
        levels = self._glow.levels(index)
        canvas.reshape(-1)[self._pixels] = self._colours[levels][self._owners]
        text = self._text(frame_text(self._movie, index))
        height, width = text.shape
        canvas[5 : 5 + height, self.box.left : self.box.left + width] = text
        return canvas.view(np.uint8).reshape(*canvas.shape, 4)

    def _text(self, sentence: str) -> NDArray[np.uint32]:
        """Return a line of text, black on white, shape (22, width), packed as the canvas is."""
        width = self.size[0] - self.box.left
        image = Image.new("L", (width, 22), 255)
        ImageDraw.Draw(image).text((0, 1), sentence, fill=0, font=self._font)
        return np.asarray(image).astype("<u4") * np.uint32(0x010101) + np.uint32(_OPAQUE)


def _fit(summary: Summary) -> Box:
    """Choose the size of the axes: to scale unless that makes them too thin to see.

    Cells get an even number of pixels if that does not bend the scale: they are sharper, and half as large
    encoded.
    """
    low_x, high_x, low_y, high_y = places_of(summary).limits
    ratio = (high_x - low_x) / (high_y - low_y)
    width, height = math.sqrt(_BOX_AREA * ratio), math.sqrt(_BOX_AREA / ratio)
    shrink = min(1.0, _LONGEST / max(width, height))
    to_scale = min(width, height) * shrink >= _SHORTEST
    width, height = (max(_SHORTEST, round(side * shrink)) for side in (width, height))
    rows, columns = summary.spec.frame_shape
    even = 2 * max(1, round(width / columns / 2)) * columns, 2 * max(1, round(height / rows / 2)) * rows
    if max(even) <= 1.2 * _LONGEST and abs(even[0] * height / (even[1] * width) - 1.0) <= _ASPECT_TOLERANCE:
        width, height = even
    return Box(_LEFT, _TOP, width, height, to_scale)


def _draw_background(summary: Summary, movie: MovieFrames, glow: Glow, box: Box) -> NDArray[np.uint32]:
    """Draw all that does not move; return pixels, shape (height, width), packed red, green, blue, 255."""
    width, height = box.frame_size
    with figure_style():
        # A bit more than the pixels: matplotlib 3.10 rounds down, and 5.02 inches are 501.99999999999994 pixels.
        figure = Figure(figsize=((width + 1e-6) / _DPI, (height + 1e-6) / _DPI), dpi=_DPI)
        canvas = FigureCanvasAgg(figure)
        bottom = height - box.top - box.height
        place = box.left / width, bottom / height, box.width / width, box.height / height
        ax = figure.add_axes(place)
        set_scene(places_of(summary), ax)
        ax.xaxis.set_major_locator(MaxNLocator(max(2, box.width // 55)))
        label_scene(summary, movie, glow, ax, "" if box.to_scale else "axes differ in scale")
        canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    return np.ascontiguousarray(pixels).view("<u4").reshape(height, width) | np.uint32(_OPAQUE)


def _dots(summary: Summary, movie: MovieFrames, box: Box) -> tuple[Integers, Integers]:
    """Return the flat pixels of the dots, and the index of the cell of each (the nearest if dots meet)."""
    rows, columns = summary.spec.frame_shape
    row, column = np.divmod(movie.cells, columns)
    x = box.left + (column + 0.5) * box.width / columns
    y = box.top + box.height - (row + 0.5) * box.height / rows
    dx, dy = _dot(movie.cells.size, (rows, columns), box)
    pixel_x = np.floor(x[:, None] + dx).astype(np.int64)
    pixel_y = np.floor(y[:, None] + dy).astype(np.int64)
    away = np.hypot(pixel_x + 0.5 - x[:, None], pixel_y + 0.5 - y[:, None])
    inside = (pixel_x >= box.left) & (pixel_x < box.left + box.width)
    inside &= (pixel_y >= box.top) & (pixel_y < box.top + box.height)
    flat = (pixel_y * box.frame_size[0] + pixel_x)[inside]
    owner = np.broadcast_to(np.arange(movie.cells.size)[:, None], inside.shape)[inside]
    # Equally near cells go by their index: every run has to give the same bytes.
    order = np.lexsort((owner, away[inside], flat))
    pixels, first = np.unique(flat[order], return_index=True)
    return pixels, owner[order][first]


def _dot(occupied: int, shape: tuple[int, int], box: Box) -> tuple[Floats, Floats]:
    """Return the pixels of a dot, as distances from its middle.

    A dot is at least as large as its cell, and larger where few cells are occupied. If most are, dots fill the
    whole.
    """
    rows, columns = shape
    full = occupied > rows * columns / 2
    room = 0.6 * math.sqrt(box.width * box.height / max(1, occupied))
    smallest = 2.0 if full else min(max(room, 2.0), _LARGEST_DOT)
    sides = [round(max(smallest, length / cells)) for length, cells in ((box.width, columns), (box.height, rows))]
    width, height = (side + 2 for side in sides) if full else sides
    dx, dy = (g.ravel() for g in np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2))
    kept = full | ((dx / width) ** 2 + (dy / height) ** 2 <= 0.25 + 0.1 / (width * height))
    return dx[kept], dy[kept]
