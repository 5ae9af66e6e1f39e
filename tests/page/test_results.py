"""Finding and linking the files of results."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from spikelib.errors import MissingFileError, TableError
from spikelib.page import results
from tests.page.builders import add_filter, add_spike_table, png, statistics


def test_no_results_hold_nothing():
    assert results.find_filters(None) == ()
    assert results.find_spike_tables(None) == {}


def test_filters_come_all_first_then_by_name(tmp_path):
    for name in ("b", "all", "a"):
        add_filter(tmp_path, statistics(name))
    (tmp_path / "filters" / "unfinished").mkdir()
    assert [found.name for found in results.find_filters(tmp_path)] == ["all", "a", "b"]


def test_filters_named_come_in_that_order_without_the_others(tmp_path):
    for name in ("b", "all", "stale"):
        add_filter(tmp_path, statistics(name))
    assert [found.name for found in results.find_filters(tmp_path, ["b", "all"])] == ["b", "all"]


def test_filter_named_but_missing(tmp_path):
    with pytest.raises(MissingFileError, match=r"filters/x/statistics\.json: no such file; run the step"):
        results.find_filters(tmp_path, ["x"])


@pytest.mark.parametrize(("text", "match"), [("{", "not JSON"), ("[]", "holds a JSON list, not an object")])
def test_damaged_statistics(tmp_path, text, match):
    (add_filter(tmp_path, statistics()) / "statistics.json").write_text(text)
    with pytest.raises(TableError, match=rf"statistics\.json.*{match}.*remove it and run again"):
        results.find_filters(tmp_path)


def test_figures_that_exist_png_before_svg(tmp_path):
    folder = add_filter(tmp_path, statistics(), figures=("raster", "isi"))
    (folder / "figures" / "isi.png").unlink()
    found = results.find_filters(tmp_path)[0]
    names = {stem: [path.name for path in paths] for stem, paths in found.figures.items()}
    assert names == {"raster": ["raster.png", "raster.svg"], "isi": ["isi.svg"]}


def test_mp4_goes_before_gif(tmp_path):
    folder = add_filter(tmp_path, statistics(), animation=b"gif", suffix=".gif")
    assert results.find_filters(tmp_path)[0].animation == folder / "figures" / "animation.gif"
    (folder / "figures" / "animation.mp4").write_bytes(b"mp4")
    assert results.find_filters(tmp_path)[0].animation == folder / "figures" / "animation.mp4"


def test_figures_that_are_no_longer_wanted_are_passed_over(tmp_path):
    content = statistics() | {"figures": {"raster": None, "isi": {"binsize": 1}, "animation": None}}
    add_filter(tmp_path, content, figures=("raster", "isi", "rate"), animation=b"mp4")
    found = results.find_filters(tmp_path)[0]
    assert list(found.figures) == ["rate", "isi"]
    assert found.animation is None


@pytest.mark.parametrize("population", ["<sonata:none>", "mc0;Rt", "100%", "a b", "x.parquet"])
def test_population_is_read_back_from_its_file_name(tmp_path, population):
    table = add_spike_table(tmp_path, population)
    assert results.find_spike_tables(tmp_path) == {population: (table / "part-00000.parquet",)}


@pytest.mark.parametrize(
    ("target", "page", "url"),
    [
        ("r/s/a.json", "r/s/report.html", "a.json"),
        ("r/s/a b#1.json", "r/index.html", "s/a%20b%231.json"),
        ("r/s/mc0%3BRt.parquet", "pages/deep/x.html", "../../r/s/mc0%253BRt.parquet"),
        ("r/a:b.json", "r/x.html", "a%3Ab.json"),
    ],
    ids=["beside", "quoted", "percent", "colon"],
)
def test_relative_url(target, page, url):
    assert results.relative_url(Path(target), Path(page)) == url


def test_data_uri_holds_the_file(tmp_path):
    picture = tmp_path / "a.png"
    picture.write_bytes(png())
    head, _, data = results.data_uri(picture).partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(data) == png()
