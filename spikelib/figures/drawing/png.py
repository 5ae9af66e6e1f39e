"""PNG files with a palette where no eye sees the difference: they are half as large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["write_png"]

_SEEN = 6
"""A difference of so many of the 255 steps of a colour is not seen."""

_RARE = 0.002
"""Colours of a smaller part of the picture are shades at the edges of letters and lines; these may change unseen."""

_COLOURS = 256
_OPAQUE = 255


def write_png(pixels: NDArray[np.uint8], path: Path, dpi: float | None = None, statement: str | None = None) -> None:
    """Write pixels as PNG: the same bytes for the same pixels.

    Parameters
    ----------
    pixels
        Shape (height, width, 4): red, green, blue, and opacity.
    path
        The file.
    dpi
        Resolution to note in the file, pixels per inch.
    statement
        What the picture says of itself: a text of PNG under "spikelib".
    """
    image = Image.fromarray(pixels)
    if (pixels[..., 3] == _OPAQUE).all():
        image = _indexed(image.convert("RGB"))
    noted: dict[str, Any] = {} if dpi is None else {"dpi": (dpi, dpi)}
    if statement is not None:
        noted["pnginfo"] = PngInfo()
        noted["pnginfo"].add_text("spikelib", statement)
    image.save(path, format="PNG", optimize=True, **noted)


def _indexed(image: Image.Image) -> Image.Image:
    """Return the image with a palette of at most 256 colours, or as it is where that would be seen."""
    pixels = np.asarray(image)
    red, green, blue = (pixels[..., k].astype(np.uint32) for k in range(3))
    codes, which, counts = np.unique((red << 16 | green << 8 | blue).ravel(), return_inverse=True, return_counts=True)
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)
    step = 2 * _SEEN
    near = np.minimum((colours + _SEEN) // step * step, 255)
    rare = counts < _RARE * which.size
    palette, place = np.unique(np.where(rare[:, None], near, colours), axis=0, return_inverse=True)
    if len(palette) <= _COLOURS:
        found = Image.fromarray(place[which].reshape(pixels.shape[:2]).astype(np.uint8), mode="P")
        found.putpalette(palette.astype(np.uint8).ravel().tolist())
        return found
    found = image.quantize(_COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    difference = np.abs(np.asarray(found.convert("RGB"), np.int16) - np.asarray(image, np.int16))
    return found if difference.max(initial=0) <= _SEEN else image
