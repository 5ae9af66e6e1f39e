"""Pages show figures as they were drawn, and those that are wanted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from spikelib.options.figures import figure_options
from spikelib.page.captions import caption
from spikelib.page.report.drawn import as_drawn
from spikelib.results import find_filters
from tests.page.builders import add_filter, statistics

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.results import FilterFiles


def add(folder: Path) -> FilterFiles:
    """Write a filter whose pictures state that intervals are shown as frequencies."""
    content = {**statistics("all"), "figures": {"isi": {"binsize": None}, "animation": {"dt": 2.0}}}
    place = add_filter(folder, content, figures=("raster", "isi", "rates"), animation=b"film")
    for name, options in (("isi", {"use_frequency": True}), ("rates", {"log": True})):
        info = PngInfo()
        info.add_text("spikelib", json.dumps({"options": options}))
        Image.new("RGB", (4, 2)).save(place / f"figures/{name}.png", pnginfo=info)
    (found,) = find_filters(folder)
    return found


def test_options_are_those_of_the_picture(tmp_path: Path) -> None:
    shown = as_drawn(add(tmp_path))
    assert shown.statistics["figures"]["isi"] == {"binsize": None, "use_frequency": True}
    assert "instantaneous frequency" in caption("isi", shown.statistics)
    assert "on a logarithmic axis" in caption("rates", shown.statistics)
    assert set(shown.figures) == {"raster", "isi", "rates"}
    assert shown.statistics["figures"]["animation"] == {"dt": 2.0}


def test_pictures_that_are_no_longer_wanted_are_not_shown(tmp_path: Path) -> None:
    shown = as_drawn(add(tmp_path), figure_options({"isi": False, "animation": False}))
    assert set(shown.figures) == {"raster", "rates"}
    assert (shown.animation, shown.poster) == (None, None)


def test_formats_that_are_no_longer_wanted_are_not_shown(tmp_path: Path) -> None:
    found = add(tmp_path)
    shown = as_drawn(found, figure_options({"files": {"formats": ["png"]}, "animation": {"format": "gif"}}))
    assert {path.suffix for paths in shown.figures.values() for path in paths} == {".png"}
    assert shown.animation is None
    found.animation.with_suffix(".gif").write_bytes(b"GIF")
    shown = as_drawn(found, figure_options({"animation": {"format": "gif"}}))
    assert shown.animation.suffix == ".gif"
    assert {path.suffix for path in shown.figures["isi"]} == {".png", ".svg"}


def test_nothing_of_figures_that_are_not_wanted_is_told(tmp_path: Path) -> None:
    shown = as_drawn(add(tmp_path), figure_options({"isi": False, "animation": False}))
    assert shown.statistics["figures"]["isi"] is None
