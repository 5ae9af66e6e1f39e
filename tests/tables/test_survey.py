"""A simulation done in slabs of time by several jobs gives what one job gives."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spikelib.cli.main import main
from spikelib.errors import ConfigError, ConservationError, MissingFileError, TableError, UnknownPopulationError
from spikelib.options.figures import figure_options
from spikelib.options.filters import Filter
from spikelib.results import part_path, table_folder
from spikelib.simulation.simulation import open_report
from spikelib.steps.extract import extract_table
from spikelib.steps.filter import filter_spikes
from spikelib.steps.summarise import merge_slabs
from spikelib.summary.store import load_summary
from spikelib.tables.extract import ExtractOptions
from spikelib.tables.schema import read_info
from spikelib.tables.survey import Survey, load_survey, survey
from tests.writing import write_simulation

if TYPE_CHECKING:
    from pathlib import Path

FIGURES = figure_options({"animation": False})
SORTINGS = ["by_time", "by_id", "none", None]


def spikes(n_spikes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return np.sort(random.integers(0, 40, n_spikes) * 2.5), random.integers(0, 6, n_spikes)


def write(folder: Path, populations: dict[str, Any], sorting: str | None) -> Path:
    orders = {
        "by_id": lambda times, ids: np.lexsort((times, ids)),
        "none": lambda times, ids: np.random.default_rng(0).permutation(len(times)),
    }
    order = orders.get(str(sorting), lambda times, ids: np.arange(len(times)))
    stored = {name: (t[order(t, i)], i[order(t, i)]) for name, (t, i) in populations.items()}
    sizes = {name: {"x": np.zeros(6), "layer": [1, 1, 2, 2, 3, 3]} for name in populations}
    return write_simulation(folder, stored, sizes, run={"tstop": 100.0, "dt": 0.1}, sorting=sorting)


def whole(source: Path, folder: Path, chosen: Filter) -> Path:
    for name in open_report(source):
        extract_table(source, name, table_folder(folder / "spikes", name), ExtractOptions())
    filter_spikes(source, folder / "spikes", folder / "f", chosen, figures=FIGURES)
    return folder


def in_slabs(source: Path, folder: Path, chosen: Filter, count: int) -> Path:
    surveyed = survey(open_report(source).sources, count)
    for name in open_report(source):
        for slab in range(count):
            options = ExtractOptions(slab=surveyed.slab(name, slab))
            extract_table(source, name, table_folder(folder / "spikes", name), options)
    for slab in range(count):
        filter_spikes(source, folder / "spikes", folder / "f", chosen, figures=FIGURES, slab=slab)
    merge_slabs(source, folder / "f", FIGURES)
    return folder


def assert_same_results(a: Path, b: Path) -> None:
    for name in ("spikes/exc.parquet", "spikes/inh.parquet", "f/spikes.parquet", "f/nodes.parquet"):
        pd.testing.assert_frame_equal(pd.read_parquet(a / name), pd.read_parquet(b / name))
    assert json.loads((a / "f/statistics.json").read_text()) == json.loads((b / "f/statistics.json").read_text())
    for name in ("exc", "inh"):
        audits = [read_info(table_folder(folder / "spikes", name)).metadata["audit"] for folder in (a, b)]
        assert {**audits[0], "sorting_found": ""} == {**audits[1], "sorting_found": ""}
    one, many = load_summary(a / "f/summary.npz"), load_summary(b / "f/summary.npz")
    np.testing.assert_array_equal(one.density, many.density)
    np.testing.assert_array_equal(one.counters.square_rest, many.counters.square_rest)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.tuples(st.integers(0, 60), st.integers(0, 20)),
    sorting=st.sampled_from(SORTINGS),
    count=st.integers(2, 5),
    invalid=st.booleans(),
    group=st.sampled_from([None, [0, 1]]),
)
@pytest.mark.filterwarnings("ignore:filter .f.. (none of its|it selects no node):spikelib.errors.SpikelibWarning")
def test_slabs_give_what_one_job_gives(tmp_path_factory, sizes, sorting, count, invalid, group):
    times, ids = spikes(sizes[0], 1)
    if invalid and len(times):
        times, ids = times.copy(), ids.copy()
        times[len(times) // 2] = np.nan
        ids[0] = 77
    folder = tmp_path_factory.mktemp("slabs")
    source = write(folder / "in", {"exc": (times, ids), "inh": spikes(sizes[1], 2)}, sorting)
    chosen = Filter("f", group, t_start=5.0)
    assert_same_results(whole(source, folder / "one", chosen), in_slabs(source, folder / "many", chosen, count))


@pytest.mark.parametrize("sorting", SORTINGS)
def test_slabs_are_of_about_equal_size(tmp_path, sorting):
    source = write(tmp_path, {"exc": spikes(5000, 3)}, sorting)
    found = survey(open_report(source).sources, 4)
    assert (found.cuts["exc"] is not None) is (sorting in {"by_time", None})
    times = open_report(source)["exc"].get().index.to_numpy()
    sizes = np.diff([0, *np.searchsorted(times, found.starts), len(times)])
    assert (np.abs(sizes - 1250) < 200).all()


def test_a_slab_reads_its_own_stretch_only(tmp_path):
    source = write(tmp_path, {"exc": spikes(1000, 3)}, "by_time")
    found = survey(open_report(source).sources, 4)
    slabs = [found.slab("exc", index) for index in range(4)]
    assert next(slab.ends for slab in slabs)[0] == 0
    assert all(a.ends[1] == b.ends[0] and a.high == b.low for a, b in itertools.pairwise(slabs))
    assert slabs[-1].ends[1] == 1000


def test_missing_slab_is_noticed(tmp_path):
    source = write(tmp_path / "in", {"exc": spikes(100, 1), "inh": spikes(50, 2)}, "by_time")
    folder = in_slabs(source, tmp_path / "many", Filter("f"), 3)
    part_path(folder / "spikes" / "exc.parquet", 1).unlink()
    with pytest.raises(TableError, match="should have 3 parts, but has 2; extract it again"):
        filter_spikes(source, folder / "spikes", folder / "f", Filter("f"), slab=0)


def test_fewer_slabs_replace_more(tmp_path):
    source = write(tmp_path / "in", {"exc": spikes(100, 1), "inh": spikes(50, 2)}, "by_time")
    in_slabs(source, tmp_path / "r", Filter("f"), 4)
    in_slabs(source, tmp_path / "r", Filter("f"), 2)
    assert_same_results(whole(source, tmp_path / "one", Filter("f")), tmp_path / "r")
    assert_same_results(tmp_path / "one", whole(source, tmp_path / "r", Filter("f")))


def test_whole_table_has_no_slabs(tmp_path):
    source = write(tmp_path / "in", {"exc": spikes(100, 1), "inh": spikes(50, 2)}, "by_time")
    whole(source, tmp_path / "r", Filter("f"))
    with pytest.raises(TableError, match="was not extracted in slabs"):
        filter_spikes(source, tmp_path / "r/spikes", tmp_path / "r/f", Filter("f"), slab=0)


def test_file_that_changed_since_the_survey(tmp_path):
    source = write(tmp_path, {"exc": spikes(100, 1)}, "by_time")
    slab = survey(open_report(source).sources, 2).slab("exc", 0)
    write(tmp_path, {"exc": spikes(100, 1)}, "none")
    with pytest.raises(ConservationError, match="has changed since it was surveyed; survey again"):
        extract_table(source, "exc", tmp_path / "t", ExtractOptions(slab=slab))


def test_command_line(tmp_path, capsys):
    source = str(write(tmp_path / "in", {"exc": spikes(100, 1), "inh": spikes(50, 2)}, "by_id"))
    assert main(["inspect", source, "--slabs", "3"]) == 0
    surveyed = tmp_path / "slabs.json"
    surveyed.write_text(capsys.readouterr().out)
    for slab in ("0", "1", "2"):
        for name in ("exc", "inh"):
            table = str(tmp_path / "r/spikes" / f"{name}.parquet")
            words = ["extract", source, "--population", name, "--out", table, "--survey", str(surveyed)]
            assert main([*words, "--slab", slab]) == 0
    for slab in ("0", "1", "2"):
        tables = ["--tables", str(tmp_path / "r/spikes"), "--out", str(tmp_path / "r/f"), "--t-start", "5"]
        assert (
            main(["filter", source, *tables, "--summarise", "--figures", '{"animation": false}', "--slab", slab]) == 0
        )
    assert (
        main(["summarise", source, "--filter", str(tmp_path / "r/f"), "--merge", "--figures", '{"animation": false}'])
        == 0
    )
    assert_same_results(whole(source, tmp_path / "one", Filter("f", None, 5.0)), tmp_path / "r")


@pytest.mark.parametrize(
    ("population", "index", "error", "says"),
    [
        ("ghost", 0, UnknownPopulationError, "no population 'ghost' in this survey; it has 'a', 'b'"),
        ("a", 3, ConfigError, "no slab 3 in this survey; it has 3 slabs, from 0 on"),
        ("b", 0, ConfigError, "no slab 0 in this survey; it has 3 slabs, from 0 on; or survey again"),
    ],
    ids=["population", "number", "too few cuts"],
)
def test_slab_that_there_is_not(population, index, error, says):
    with pytest.raises(error, match=says):
        Survey((1.5, 2.0), {"a": (0, 1, 2, 3), "b": (0, 1)}).slab(population, index)


def test_survey_and_slab_go_together(tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["extract", "s.h5", "--population", "a", "--out", str(tmp_path), "--slab", "1"])
    assert "--survey and --slab go together" in capsys.readouterr().err


def test_what_is_no_survey(tmp_path):
    with pytest.raises(MissingFileError, match="there is no such survey"):
        load_survey(tmp_path / "slabs.json")
    (tmp_path / "slabs.json").write_text("[]")
    with pytest.raises(ConfigError, match="this is no survey of slabs"):
        load_survey(tmp_path / "slabs.json")


def test_survey_comes_back(tmp_path):
    found = Survey((1.5, 2.0), {"a": (0, 1, 2, 3), "b": None})
    (tmp_path / "slabs.json").write_text(found.to_json())
    assert load_survey(tmp_path / "slabs.json") == found
