"""Saved figures: equal bytes, small SVG with text, nothing half written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from figures.builders import build_summary
from spikelib.errors import OutputError, PlotError
from spikelib.figures import KINDS, save_figure

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.summary.model import Summary


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


@pytest.mark.parametrize("kind", KINDS)
def test_png_and_svg_have_the_same_bytes_each_time(kind: str, busy: Summary, tmp_path: Path) -> None:
    first = save_figure(kind, busy, tmp_path / "a")
    again = save_figure(kind, busy, tmp_path / "b")
    assert [path.name for path in first] == [f"{kind}.png", f"{kind}.svg"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert _size(first[0]) == (1350, 675)
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [f"{kind}.png", f"{kind}.svg"]


@pytest.mark.parametrize("cap", [100_000, 10], ids=["exact", "density"])
def test_svg_of_a_raster_is_small_and_keeps_its_text(cap: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    n = 50_000
    trains = {"exc": (500, rng.uniform(0, 100, n), rng.integers(0, 500, n)), "inh": (50, [5.0], [3])}
    _, svg = save_figure("raster", build_summary(trains, raster_cap=cap), tmp_path)
    text = svg.read_text(encoding="utf-8")
    assert "<image" in text
    assert text.count("<use") < 60
    assert len(text) < 2_000_000
    assert all(f">{word}</text>" in text for word in ("Time [ms]", "exc", "inh"))
    assert "<dc:date>" not in text


def test_options_of_the_config_reach_the_figure(busy: Summary, tmp_path: Path) -> None:
    _, isi = save_figure("isi", busy, tmp_path, {"use_frequency": True, "binsize": 20.0})
    _, rate = save_figure("rate", busy, tmp_path, {"nodes": "all", "time_binsize": 10.0})
    _, raster = save_figure("raster", busy, tmp_path, {"y_axis": None})
    assert "Frequency [Hz]" in isi.read_text(encoding="utf-8")
    assert "mean rate per simulated node" in rate.read_text(encoding="utf-8")
    assert "every spike: 1,000 spikes" in raster.read_text(encoding="utf-8")


def test_many_names_make_a_higher_raster(tmp_path: Path) -> None:
    names = {f"population {i}": (1, [float(i)], [0]) for i in range(60)}
    png, svg = save_figure("raster", build_summary(names), tmp_path)
    assert _size(png) == (1350, 1350)
    assert all(f">{name}</text>" in svg.read_text(encoding="utf-8") for name in names)


@pytest.mark.parametrize("kind", KINDS)
def test_empty_figures_say_so(kind: str, silent: Summary, tmp_path: Path) -> None:
    png, svg = save_figure(kind, silent, tmp_path)
    assert _size(png) == (1350, 675)
    assert "in 0 to 100 ms" in svg.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("histogram", {}, "unknown figure 'histogram'; there are raster, isi, rate"),
        ("isi", {"bins": 5}, "unknown option of the isi figure: bins; there are binsize, use_frequency"),
        ("rate", {"nodes": "some"}, "unknown rate normalisation 'some'"),
        ("isi", {"binsize": -1.0}, "must be a positive number"),
    ],
)
def test_unusable_options(kind: str, options: dict[str, object], message: str, busy: Summary, tmp_path: Path) -> None:
    with pytest.raises(PlotError, match=message):
        save_figure(kind, busy, tmp_path / "out", options)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file(busy: Summary, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"raster\.png"):
        save_figure("raster", busy, tmp_path / "file")


def test_pyplot_is_never_imported() -> None:
    import subprocess

    code = "import sys, spikelib.figures; print('matplotlib.pyplot' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
