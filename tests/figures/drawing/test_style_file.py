"""Style files: valid ones are laid over the figures, others are one line of error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import pytest
from PIL import Image

from spikelib.errors import PlotError
from spikelib.figures import save_figure
from spikelib.figures.drawing.style_file import read_style
from spikelib.options.drawing import FileOptions

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.summary.model import Summary


def _style(folder: Path, text: str) -> str:
    path = folder / "journal.mplstyle"
    path.write_text(text)
    return str(path)


def _svg(summary: Summary, folder: Path, text: str, kind: str = "rate") -> str:
    _, svg = save_figure(kind, summary, folder, files=FileOptions(style=_style(folder, text)))
    return svg.read_text(encoding="utf-8")


def test_fonts_colours_and_size_of_a_style_are_taken(busy: Summary, tmp_path: Path) -> None:
    text = _svg(
        busy,
        tmp_path,
        "font.size: 13\nfont.sans-serif: DejaVu Sans Mono\nfigure.figsize: 6, 3  # inches\n"
        'axes.prop_cycle: cycler("color", ["123456", "654321"])\n',
    )
    assert "font-size: 13px; font-family: 'DejaVu Sans Mono', sans-serif" in text
    assert "stroke: #123456" in text
    assert "stroke: #654321" in text
    with Image.open(tmp_path / "rate.png") as image:
        assert image.size == (900, 450)


def test_size_of_the_config_goes_before_that_of_the_style(busy: Summary, tmp_path: Path) -> None:
    style = _style(tmp_path, "figure.figsize: 6, 3")
    png, _ = save_figure("isi", busy, tmp_path, files=FileOptions(width_mm=127.0, style=style))
    with Image.open(png) as image:
        assert image.size == (750, 525)


def test_text_stays_text_whatever_the_style_says(busy: Summary, tmp_path: Path) -> None:
    text = _svg(busy, tmp_path, "svg.fonttype: path\nsavefig.bbox: tight\nsavefig.dpi: 20\n")
    assert ">Firing rate [Hz]</text>" in text
    with Image.open(tmp_path / "rate.png") as image:
        assert image.size == (1350, 675)


def test_a_style_leaves_the_ticks_of_a_raster_right(busy: Summary, tmp_path: Path) -> None:
    text = _svg(busy, tmp_path, "lines.marker: o\nlines.linestyle: --\nytick.labelsize: 6\n", "raster")
    assert "every spike: 1,000 spikes" in text
    assert "font-size: 6px" in text
    assert text.count("<image") == _svg(busy, tmp_path, "", "raster").count("<image")


def test_settings_of_the_process_are_as_before(busy: Summary, tmp_path: Path) -> None:
    before = dict(mpl.rcParams)
    _svg(busy, tmp_path, "font.size: 13\nbackend: svg\n")
    assert dict(mpl.rcParams) == before


def test_a_matplotlibrc_does_not_change_figures(busy: Summary, tmp_path: Path) -> None:
    first = save_figure("rate", busy, tmp_path / "a")
    with mpl.rc_context({"font.size": 30.0, "axes.facecolor": "red", "lines.linewidth": 9.0}):
        again = save_figure("rate", busy, tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("font.sise: 7\n", r"journal\.mplstyle: not a valid matplotlib style file: Bad key font\.sise .* line 1"),
        ("font.size: large-ish\n", r"Bad value in file .* line 1"),
        ("axes.grid: True\nnonsense\n", r"Missing colon in file .* line 2"),
        ('axes.prop_cycle: cycler("color", ["nocolour"])\n', r"Bad value in file"),
    ],
    ids=["key", "value", "colon", "colour"],
)
def test_a_broken_style_is_one_line_of_error(text: str, says: str, busy: Summary, tmp_path: Path) -> None:
    with pytest.raises(PlotError, match=says) as caught:
        save_figure("rate", busy, tmp_path / "out", files=FileOptions(style=_style(tmp_path, text)))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_style_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PlotError, match=r"no such matplotlib style file; figures\.files\.style is a path"):
        read_style(tmp_path / "none.mplstyle")
    with pytest.raises(PlotError, match="no such matplotlib style file"):
        read_style("https://example.org/x.mplstyle")
    (tmp_path / "latin").write_bytes(b"font.family: \xff\xfe")
    with pytest.raises(PlotError, match="cannot be read as a matplotlib style file"):
        read_style(tmp_path / "latin")


def test_a_style_in_which_nothing_can_be_drawn(busy: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    style = _style(tmp_path, "text.usetex: True\n")
    with pytest.raises(PlotError, match=r"journal\.mplstyle: no figure can be drawn in this style \(.*latex"):
        save_figure("rate", busy, tmp_path / "out", files=FileOptions(style=style))
    assert list(tmp_path.glob("out/*")) == []
