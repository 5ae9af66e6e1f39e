"""Saved figures: equal bytes, small SVG with text, nothing half written."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from spikelib.errors import OutputError, PlotError
from spikelib.figures import KINDS, save_figure
from spikelib.figures.save import check_settled
from spikelib.options.drawing import FileOptions
from spikelib.summary.model import RasterAxis
from tests.figures.builders import build_animated, build_summary, count

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.summary.model import Summary


def _pages(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of the pages of a PDF, mm."""
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]", pdf)
    return [(float(width) / 72 * 25.4, float(height) / 72 * 25.4) for width, height in boxes]


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


@pytest.mark.parametrize("kind", KINDS)
def test_png_and_svg_have_the_same_bytes_each_time(kind: str, busy: Summary, tmp_path: Path) -> None:
    first = save_figure(kind, busy, tmp_path / "a")
    again = save_figure(kind, busy, tmp_path / "b")
    assert [path.name for path in first] == [f"{kind}.png", f"{kind}.svg"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert _size(first[0]) == (1350, 675 if kind != "panel" else 1147)
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
    assert _size(png) == (1350, 675 if kind != "panel" else 1147)
    assert "in 0 to 100 ms" in svg.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("histogram", {}, "unknown figure 'histogram'; there are raster, rate, spectrum, isi, rates"),
        ("isi", {"bins": 5}, "unknown option of the isi figure: bins; there are binsize, use_frequency"),
        ("rate", {"nodes": "some"}, "unknown rate normalisation 'some'"),
        ("isi", {"binsize": -1.0}, "must be a positive number"),
        (
            "rate",
            {"time_binsize": 5},
            r"rate\.time_binsize: 5 was asked for, but .* made with 10\.0; run `spikelib summ",
        ),
        (
            "raster",
            {"y_axis": "layer"},
            r"raster\.y_axis: 'layer' was asked for, but the summary was made with 'population'",
        ),
    ],
)
def test_unusable_options(kind: str, options: dict[str, object], message: str, busy: Summary, tmp_path: Path) -> None:
    with pytest.raises(PlotError, match=message):
        save_figure(kind, busy, tmp_path / "out", options)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("label", "right", "wrong"),
    [
        ("nodes, by id", None, "layer"),
        ("node id", None, "y"),
        ("y [µm]", "y", "x"),
        ("layer (number of nodes)", "layer", None),
        ("mtype", "mtype", "layer"),
    ],
)
def test_vertical_axis_is_that_of_the_summary(label: str, right: str | None, wrong: str | None) -> None:
    axis = RasterAxis(label, np.array([1.0, 0.0] if right else [0.0, 1.0]), (-0.5, 1.5), (), ())
    summary = build_summary({"a": (2, [1.0], [0])}, axis=axis)
    check_settled("raster", summary, {"y_axis": right})
    check_settled("raster", summary, {})
    made = right or label
    with pytest.raises(PlotError, match=rf"raster\.y_axis: {wrong!r} was asked for, but .* made with {made!r}"):
        check_settled("raster", summary, {"y_axis": wrong})


def test_frames_are_those_of_the_summary(busy: Summary) -> None:
    filmed = build_animated([10.0, 30.0], [0, 1], frame=20.0)
    assert filmed.places is not None
    same = {"x_axis": filmed.places.x_axis, "y_axis": filmed.places.y_axis, "dt": filmed.spec.frame, "fps": 9}
    check_settled("animation", filmed, same)
    check_settled("animation", filmed, {"dt": None})
    for name, value in (("x_axis", "z"), ("dt", 0.125)):
        with pytest.raises(PlotError, match=rf"animation\.{name}: {value!r} was asked for"):
            check_settled("animation", filmed, {name: value})
    with pytest.raises(PlotError, match=r"animation\.dt: the summary has no animation"):
        check_settled("animation", busy, {"dt": 5})
    check_settled("animation", busy, {"fps": 5})


def test_a_folder_that_is_a_file(busy: Summary, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"raster\.png"):
        save_figure("raster", busy, tmp_path / "file")


def test_pyplot_is_never_imported() -> None:
    import subprocess

    code = "import sys, spikelib.figures; print('matplotlib.pyplot' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


@pytest.mark.parametrize("kind", KINDS)
def test_pdf_has_the_size_asked_for_its_text_and_the_same_bytes_each_time(
    kind: str, busy: Summary, tmp_path: Path
) -> None:
    files = FileOptions(formats=("pdf",), width_mm=85.0, height_mm=60.0, dpi=300.0)
    png, pdf = save_figure(kind, busy, tmp_path / "a", files=files)
    again = save_figure(kind, busy, tmp_path / "b", files=files)
    assert [png.name, pdf.name] == [f"{kind}.png", f"{kind}.pdf"]
    content = pdf.read_bytes()
    assert content == again[1].read_bytes()
    height = 60.0 if kind != "panel" else 72.25
    assert _pages(content) == [(pytest.approx(85.0, abs=0.01), pytest.approx(height, abs=0.01))]
    assert b"/FontFile2" in content  # TrueType: letters, not outlines
    assert not re.search(rb"/(CreationDate|Producer|Creator|ModDate)\b", content)
    assert _size(png) == (1003, 708 if kind != "panel" else 853)


@pytest.mark.parametrize("kind", KINDS)
def test_small_figures_have_whole_titles_and_labels(kind: str, rich: Summary, tmp_path: Path) -> None:
    files = FileOptions(formats=("svg",), width_mm=85.0, height_mm=60.0)
    text = save_figure(kind, rich, tmp_path, files=files)[1].read_text(encoding="utf-8")
    texts = re.findall(
        r'font-size: ([0-9.]+)px;.*?text-anchor: (\w+)" x="([0-9.]+)" y="([0-9.]+)"[^>]*rotate\(-(0|90)[^>]*>([^<]*)<',
        text,
    )
    assert len(texts) > 7
    for size, anchor, x, y, turned, words in texts:
        assert 5.5 <= float(size) <= 8.0
        length = 0.6 * float(size) * len(words)  # a letter is about 0.6 of its height wide
        before = {"start": 0.0, "middle": length / 2, "end": length}[anchor]
        high = 170.1 if kind != "panel" else 204.8
        along, most = (high - 1.1 - float(y), high) if turned == "90" else (float(x), 240.9)
        assert along - before > -2.0, words
        assert along - before + length < most + 4.0, words


def test_a_long_title_is_broken_between_words(tmp_path: Path) -> None:
    times = np.cumsum([0.0, *[10.0] * 600, 3000.0])
    summary = build_summary({"a": (1, times, [0] * 602)}, stop=1e4)
    files = FileOptions(width_mm=85.0, height_mm=60.0)
    _, svg = save_figure("isi", summary, tmp_path, {"binsize": 5.0}, files)
    lines = re.findall(r">([^<>]*)</text>", svg.read_text(encoding="utf-8"))
    assert "601 intervals, bins of 5 ms; 1 beyond 15 ms" in " ".join(lines)
    assert "601 intervals, bins of 5 ms; 1 beyond 15 ms (up to 3,005 ms)" not in lines


def test_default_height_follows_the_width(busy: Summary, tmp_path: Path) -> None:
    png, *_ = save_figure("rate", busy, tmp_path, files=FileOptions(width_mm=100.0, dpi=254.0))
    assert _size(png) == (1000, 700)
    png, *_ = save_figure("rate", busy, tmp_path, files=FileOptions(height_mm=100.0, dpi=254.0))
    assert _size(png) == (2286, 1000)


def test_hostile_names_are_letters(tmp_path: Path) -> None:
    times = np.arange(0.0, 2000.0, 40.0)
    names = {
        "$\\alpha_{": (3, times, [0, 1] * 25), "_b": (3, times, [0, 1] * 25), "<b>\u05d0 \U0001f600": (2, [3.0], [1])
    }  # fmt: skip
    for kind in KINDS:
        _, svg = save_figure(kind, count(names, stop=2000.0), tmp_path)
        text = svg.read_text(encoding="utf-8")
        assert "<b>" not in text
        assert "$\\alpha_{" in text
        assert "_b" in text
