"""The figures of a filter, drawn from its summary."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from spikelib.errors import PlotError, TableError
from spikelib.options.figures import figure_options
from spikelib.options.filters import Filter
from spikelib.steps.draw import draw_figures
from tests.steps.builders import NOTHING_DRAWN, summarised

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_only_what_is_asked_for_is_drawn(source: Path, tables: Path, tmp_path: Path) -> None:
    summarised(source, tables, tmp_path / "f", Filter())
    summary = tmp_path / "f" / "summary.npz"

    def drawn(figures: Any, *only: str) -> list[str]:
        written = draw_figures(summary, tmp_path / "-".join(only), figure_options(figures), list(only))
        assert sorted(written) == sorted((tmp_path / "-".join(only)).glob("*"))
        return sorted(path.name for path in written)

    assert drawn({}, "raster") == ["raster.png", "raster.svg"]
    assert drawn({"rate": False}, "isi", "rate") == ["isi.png", "isi.svg"]
    assert drawn({}, "animation") == []
    assert drawn({"files": {"formats": ["pdf"]}}, "rates") == ["rates.pdf", "rates.png"]
    assert drawn(NOTHING_DRAWN, "raster", "isi", "rate", "rates", "animation") == []


def test_pictures_of_an_earlier_summary_do_not_stay(source: Path, tables: Path, tmp_path: Path) -> None:
    summarised(source, tables, tmp_path / "f", Filter())
    summary, folder = tmp_path / "f" / "summary.npz", tmp_path / "f" / "figures"
    for formats in (["svg"], ["pdf"]):  # both of this summary: the second call leaves what the first one made
        draw_figures(summary, folder, figure_options({"files": {"formats": formats}}), ["rate", "rates"])
    names = [f"{name}.{suffix}" for name in ("rate", "rates") for suffix in ("pdf", "png", "svg")]
    assert sorted(path.name for path in folder.iterdir()) == names
    later = time.time_ns() + 10**10
    os.utime(summary, ns=(later, later))
    draw_figures(summary, folder, figure_options({"files": {"formats": ["png"]}}), ["rate"])
    assert sorted(path.name for path in folder.iterdir()) == ["rate.png", *names[3:]]
    own = tmp_path / "mine" / "rate.pdf"
    own.parent.mkdir()
    own.write_bytes(b"somebody's own")
    os.utime(own, (1.0, 1.0))
    draw_figures(summary, own.parent, figure_options({"files": {"formats": ["png"]}}), ["rate"])
    assert own.read_bytes() == b"somebody's own"


def test_correlations_that_were_not_counted_are_drawn_only_for_who_asks(
    source: Path, tables: Path, tmp_path: Path
) -> None:
    summarised(source, tables, tmp_path / "f", Filter(), {"correlations": False})
    summary, folder = tmp_path / "f" / "summary.npz", tmp_path / "figures"
    written = draw_figures(summary, folder, figure_options({}), ["rate", "correlations"])
    assert [path.name for path in written] == ["rate.png", "rate.svg"]
    asked = {"correlations": {}}
    with pytest.raises(PlotError, match="the summary has no correlations"):
        draw_figures(summary, folder, figure_options(asked), ["correlations"], asked)


def test_what_the_summary_settled_is_not_drawn_otherwise(source: Path, tables: Path, tmp_path: Path) -> None:
    summarised(source, tables, tmp_path / "f", Filter(), {"rate": {"time_binsize": 4}, "raster": {"y_axis": "layer"}})
    summary, folder = tmp_path / "f" / "summary.npz", tmp_path / "figures"

    def draw(asked: Any, *only: str) -> list[Path]:
        return draw_figures(summary, folder, figure_options(asked), list(only), asked)

    wrong = [{"rate": {"time_binsize": 5}}, {"raster": {"y_axis": None}}, {"animation": {"dt": 5}}]
    for asked in wrong:
        (name,) = asked
        with pytest.raises(PlotError, match=rf"summary\.npz: figures\.{name}\.\w+: .*summarise"):
            draw(asked, "isi", "raster", "rate", "animation")
        assert not folder.exists()
    for asked in (wrong[0], {"rate": {"time_binsize": 4.0, "nodes": "active"}}, {"rate": {"time_binsize": None}}, None):
        assert [path.name for path in draw(asked, "isi" if asked is wrong[0] else "rate")]


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-100], lambda data: b"PK" + bytes(99)])
def test_damaged_summary_is_refused(source: Path, tables: Path, tmp_path: Path, damage: Any) -> None:
    summarised(source, tables, tmp_path / "f", Filter())
    summary = tmp_path / "f" / "summary.npz"
    summary.write_bytes(damage(summary.read_bytes()))
    with pytest.raises(TableError, match=r"summary\.npz: this is not a summary of spikelib; run `spikelib summarise`"):
        draw_figures(summary, tmp_path / "figures", figure_options(None), ["raster"])
    assert not (tmp_path / "figures").exists()
