"""The files of a results folder: their names, finding and reading them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikelib import results
from spikelib.errors import MissingFileError, TableError
from spikelib.results import safe_name, table_folder
from tests.page.builders import add_filter, add_spike_table, statistics


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


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


HOSTILE = ["..", ".", "a/b", "../../etc", "-rf", "a b", "a\nb", "mc0;Rt", "<sonata:none>", "é", "%2E", "a.b", "~", "*"]


@given(NAMES)
def test_safe_name_can_be_read_back(name: str) -> None:
    assert unquote(safe_name(name)) == name


@given(NAMES)
def test_safe_name_is_one_plain_part_of_a_path(name: str) -> None:
    safe = safe_name(name)
    assert Path(safe).parts == (safe,)
    assert not safe.startswith(".")
    assert safe.isascii()
    assert not set(safe) & set("/\\:;<>|*?\"' \t\n")


@given(NAMES, NAMES)
def test_distinct_names_have_distinct_files(a: str, b: str) -> None:
    assert (safe_name(a) == safe_name(b)) == (a == b)


def test_hostile_names_have_distinct_files(tmp_path: Path) -> None:
    for name in HOSTILE:
        (tmp_path / safe_name(name)).touch(exist_ok=False)
    assert sorted(unquote(path.name) for path in tmp_path.iterdir()) == sorted(HOSTILE)


def test_ordinary_names_stay_as_they_are() -> None:
    names = ["cortex", "NodeA", "L2_3-exc", "v1.4"]
    assert [safe_name(name) for name in names] == names
    assert table_folder(Path("tables"), "a/b") == Path("tables/a%2Fb.parquet")


def test_links_with_braces_are_no_simulations(tmp_path: Path) -> None:
    page = results.SimulationResults(tmp_path / "g_4_").page
    page.parent.mkdir()
    page.touch()
    (tmp_path / "g={4}").symlink_to("g_4_")
    assert results.find_folders(tmp_path) == ("g_4_",)


@pytest.mark.parametrize(
    "error", [KeyError("n_nodes"), TypeError("no number"), ValueError(), ZeroDivisionError("by 0")]
)
def test_what_json_of_results_leads_to_is_told(tmp_path, error):
    with (
        pytest.raises(TableError, match=r"a JSON file there holds what spikelib does not write \(.*\); filter again"),
        results.reading_results(tmp_path),
    ):
        raise error


def test_own_errors_keep_their_words(tmp_path):
    with pytest.raises(MissingFileError, match=r"no such file; run the step"), results.reading_results(tmp_path):
        results.read_json(tmp_path / "none.json")
