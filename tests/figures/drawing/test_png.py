"""PNG files: a palette where it is not seen, and never where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from spikelib.figures import save_figure
from spikelib.figures.drawing.png import write_png

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.summary.model import Summary


def _opaque(rgb: np.ndarray) -> np.ndarray:
    return np.dstack([rgb, np.full(rgb.shape[:2], 255)]).astype(np.uint8)


def _read(path: Path) -> tuple[str, np.ndarray]:
    with Image.open(path) as image:
        return image.mode, np.asarray(image.convert("RGBA"))


def test_few_colours_are_kept_exactly(tmp_path: Path) -> None:
    pixels = _opaque(np.random.default_rng(1).integers(0, 4, (40, 50, 3)) * 80)
    write_png(pixels, tmp_path / "few.png", dpi=150)
    mode, found = _read(tmp_path / "few.png")
    assert mode == "P"
    np.testing.assert_array_equal(found, pixels)


def test_rare_shades_change_unseen_and_colours_of_areas_not_at_all(tmp_path: Path) -> None:
    pixels = np.zeros((300, 300, 4), np.uint8)
    pixels[...] = [0, 114, 178, 255]
    pixels[100:200] = [213, 94, 0, 255]
    pixels[0] = np.dstack([np.arange(300) % 256, np.arange(300) // 2, np.full(300, 7), np.full(300, 255)])
    write_png(pixels, tmp_path / "a.png")
    mode, found = _read(tmp_path / "a.png")
    assert mode == "P"
    np.testing.assert_array_equal(found[1:], pixels[1:])
    assert 0 < np.abs(found[0].astype(int) - pixels[0]).max() <= 6


def test_colours_that_a_palette_would_change_are_left_as_they_are(tmp_path: Path) -> None:
    pixels = _opaque(np.random.default_rng(2).integers(0, 256, (200, 200, 3)))
    write_png(pixels, tmp_path / "noise.png")
    mode, found = _read(tmp_path / "noise.png")
    assert mode == "RGB"
    np.testing.assert_array_equal(found, pixels)


def test_what_shines_through_stays_so(tmp_path: Path) -> None:
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[0] = [255, 0, 0, 128]
    write_png(pixels, tmp_path / "clear.png")
    np.testing.assert_array_equal(_read(tmp_path / "clear.png")[1], pixels)


def test_figures_have_a_palette_and_half_the_bytes(busy: Summary, tmp_path: Path) -> None:
    for kind in ("raster", "rate", "isi", "rates"):
        png, _ = save_figure(kind, busy, tmp_path)
        with Image.open(png) as image:
            assert image.mode == "P"
            assert round(image.info["dpi"][0]) == 150
            image.convert("RGB").save(tmp_path / "plain.png")
        assert png.stat().st_size < 0.6 * (tmp_path / "plain.png").stat().st_size
