"""A raster small enough for a row of a table: a palette PNG of at most some hundred bytes."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

from spikelib.summary.grids import raster_grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.summary.model import Floats, Summary

__all__ = ["THUMBNAIL_BYTES", "thumbnail"]

THUMBNAIL_BYTES = 900
"""No thumbnail is larger, so that a page can hold a thousand."""

SHAPES = ((40, 96), (32, 72), (24, 60), (20, 48))
"""Rows and columns to try, the finest first."""

LEVELS = (16, 8)
"""Numbers of colours to try for each shape, the most first; one of them stands for places without nodes."""

POWER = 0.7
"""Of the rate, to be drawn: between linear, where quiet nodes vanish, and the square root, where all look alike."""

_LOW, _MIDDLE, _HIGH = (255, 255, 255), (0, 114, 178), (0, 24, 48)
_NO_NODE = (224, 224, 224)


def thumbnail(summary: Summary) -> bytes:
    """Draw the firing rate per node on a coarse grid of time (to the right) and nodes (upwards).

    White is no spike, darker is more; grey are places where there is no node. The darkest colour stands for the
    highest rates of this simulation: thumbnails show patterns, not rates. Colours and picture are made coarser until
    the PNG has at most `THUMBNAIL_BYTES`.
    """
    picture = b""
    for shape in SHAPES:
        for n_levels in LEVELS:
            picture = _png(_levels(_rates(summary, shape), n_levels - 1), n_levels)
            if len(picture) <= THUMBNAIL_BYTES:
                return picture
    return picture


def _rates(summary: Summary, shape: tuple[int, int]) -> Floats:
    """Return spikes per node and column on a grid of at most `shape`; NaN where there is no node."""
    grid = raster_grid(summary)
    counts = _united(_united(grid.counts[grid.shown], shape[0], 0), shape[1], 1)
    nodes = _united(grid.nodes[grid.shown], shape[0], 0)
    rates = np.full(counts.shape, np.nan)
    np.divide(counts, nodes[:, None], out=rates, where=nodes[:, None] > 0)
    return rates


def _united(counts: NDArray[np.int64], most: int, axis: int) -> NDArray[np.int64]:
    """Add neighbours along an axis, until there are at most `most` of about equal width."""
    size = counts.shape[axis]
    united: NDArray[np.int64] = np.add.reduceat(counts, np.arange(min(most, size)) * size // min(most, size), axis=axis)
    return united


def _levels(rates: Floats, n_levels: int) -> NDArray[np.uint8]:
    """Return the colour of each cell, 0 to `n_levels` - 1, and `n_levels` where there is no node."""
    known = rates[np.isfinite(rates)]
    # A single cell of many spikes must not make all others pale.
    highest = max(np.quantile(known[known > 0], 0.99), 0.0) if (known > 0).any() else 1.0
    shares = np.clip(np.nan_to_num(rates) / highest, 0, 1) ** POWER
    # Any spike at all is seen: only cells without one are white.
    levels = np.where(shares > 0, np.maximum(1, np.rint(shares * (n_levels - 1))), 0)
    return np.where(np.isnan(rates), n_levels, levels).astype(np.uint8)


def _png(levels: NDArray[np.uint8], n_levels: int) -> bytes:
    """Write levels as a palette PNG of 4 bits a pixel, the first row at the bottom."""
    rows, columns = levels.shape
    padded = np.zeros((rows, columns + columns % 2), np.uint8)
    padded[:, :columns] = levels[::-1]
    packed = padded[:, ::2] << 4 | padded[:, 1::2]
    lines = np.hstack([np.zeros((rows, 1), np.uint8), packed])
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 4, 3, 0, 0, 0)),
            _chunk(b"PLTE", _palette(n_levels)),
            _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _palette(n_levels: int) -> bytes:
    """Return white over blue to nearly black, and then the grey of places without nodes."""
    shares = np.linspace(0, 1, n_levels - 1)
    ramp = [np.interp(shares, [0, 0.6, 1], channel) for channel in zip(_LOW, _MIDDLE, _HIGH, strict=True)]
    colours: NDArray[np.uint8] = np.rint(np.vstack([np.transpose(ramp), _NO_NODE])).astype(np.uint8)
    return colours.tobytes()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
