"""The steps from files to files, and the whole job on the demo and on real reports."""

from __future__ import annotations

import json
import re
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from spikelib.demo import write_demo
from spikelib.errors import (
    ConfigError,
    GroupError,
    MissingFileError,
    OutputError,
    PlotError,
    SpikelibWarning,
    TableError,
    WindowError,
)
from spikelib.options.config import read_config
from spikelib.options.figures import figure_options
from spikelib.options.filters import Filter
from spikelib.results import table_folder
from spikelib.simulation.simulation import open_report
from spikelib.steps.assemble import write_page
from spikelib.steps.draw import draw_figures
from spikelib.steps.extract import extract_table
from spikelib.steps.filter import filter_spikes
from spikelib.steps.report import report_simulation
from spikelib.steps.summarise import summarise_filter
from spikelib.summary.store import load_summary
from spikelib.tables.extract import ExtractOptions
from spikelib.tables.schema import read_info
from tests.writing import write_simulation, write_spikes

if TYPE_CHECKING:
    from pathlib import Path

NOTHING_DRAWN = dict.fromkeys(("raster", "rate", "isi", "rates", "animation"), False)
SPIKES = {"a": ([1.0, 2.0, 3.0, 120.0], [0, 1, 2, 0]), "b": ([2.0, 50.0], [0, 3])}


def extract_all(source: Path, tables: Path) -> None:
    for name in open_report(source):
        extract_table(source, name, table_folder(tables, name), ExtractOptions())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_simulation(tmp_path / "in", SPIKES, {"a": {"layer": [1, 1, 2, 2]}, "b": 4})


@pytest.fixture
def tables(source: Path, tmp_path: Path) -> Path:
    extract_all(source, tmp_path / "tables")
    return tmp_path / "tables"


def statistics(folder: Path) -> Any:
    return json.loads((folder / "statistics.json").read_text())


# --- filter ---


def test_filter_holds_what_the_api_gives(source: Path, tables: Path, tmp_path: Path) -> None:
    for number, (group, start, stop) in enumerate(
        [(None, None, None), ({"layer": 1}, None, None), ([0, 1], 2.0, None), (3, None, 100), (None, 2, 2)]
    ):
        folder = tmp_path / str(number)
        written = filter_spikes(source, tables, folder, Filter("f", group, start, stop))
        found = pd.read_parquet(folder / "spikes.parquet")
        frame = open_report(source).filter(group, start, stop).report.reset_index()
        assert len(found) == written == len(frame)
        pd.testing.assert_frame_equal(found.astype({"population": str}), frame.astype({"population": str}))


def test_filter_remembers_what_it_is(source: Path, tables: Path, tmp_path: Path) -> None:
    filter_spikes(source, tables, tmp_path / "f", Filter("late", {"layer": [1, 2]}, 2, 100.5))
    assert read_info(tmp_path / "f" / "spikes.parquet").metadata["filter"] == {
        "name": "late", "group": {"layer": [1, 2]}, "t_start": 2, "t_stop": 100.5, "id_max": {"a": 2, "b": 3},
        "time_range": [1.0, 120.0],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "error", "says"),
    [
        (Filter("f", "Nope"), GroupError, r"simulation_config\.json: filter 'f': Undefined node set: 'Nope'"),
        (Filter("f", {"laier": 1}), GroupError, r"filter 'f': Unknown node properties: \['laier'\]"),
        (Filter("f", 99), GroupError, "filter 'f': node 99 is in none of the populations"),
        (Filter("f", None, 5, 4), WindowError, "filter 'f': t_start=5 is later than t_stop=4"),
        (Filter("f", None, float("nan")), WindowError, "filter 'f': t_start=nan"),
        (Filter("f", None, None, float("inf")), WindowError, "filter 'f': t_stop=inf is no time"),
    ],
    ids=["node set", "property", "id", "turned", "NaN", "infinite"],
)
def test_senseless_filter_leaves_nothing(
    source: Path, tables: Path, tmp_path: Path, chosen: Filter, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        filter_spikes(source, tables, tmp_path / "f", chosen)
    assert not (tmp_path / "f").exists()


def test_tables_that_are_older_than_the_spikes_are_refused(source: Path, tables: Path, tmp_path: Path) -> None:
    write_spikes(source.parent / "output" / "spikes.h5", {**SPIKES, "b": ([2.0], [0])})
    says = r"b\.parquet: not a table of all 1 spikes in .*spikes\.h5; extract it again"
    with pytest.raises(TableError, match=says):
        filter_spikes(source, tables, tmp_path / "f", Filter())
    (tmp_path / "spikes").symlink_to(tables)
    with pytest.raises(TableError, match=says):
        write_page(source, tmp_path, tmp_path / "report.html")


def test_tables_of_a_larger_circuit_are_refused(tables: Path, tmp_path: Path) -> None:
    other = write_simulation(tmp_path / "other", SPIKES, {"a": 2, "b": 4})
    with pytest.raises(TableError, match="population 'a': the tables are of another report; extract and filter again"):
        filter_spikes(other, tables, tmp_path / "f", Filter())


def test_filter_of_another_simulation_is_not_summarised(source: Path, tables: Path, tmp_path: Path) -> None:
    filter_spikes(source, tables, tmp_path / "f", Filter())
    other = write_spikes(tmp_path / "other.h5", {"z": ([1.0], [0])})
    with pytest.raises(TableError, match="population 'z': the tables are of another report"):
        summarise_filter(other, tmp_path / "f", figure_options(NOTHING_DRAWN))


# --- summary ---


def summarised(source: Path, tables: Path, folder: Path, chosen: Filter, figures: Any = None) -> Any:
    filter_spikes(source, tables, folder, chosen)
    summarise_filter(source, folder, figure_options(figures))
    return statistics(folder)


@pytest.mark.parametrize(
    ("run", "chosen", "window"),
    [
        ({}, Filter(), (0.0, 120.0)),
        ({"tstop": 500.0}, Filter(), (0.0, 500.0)),
        ({"tstart": 40.0}, Filter(), (1.0, 120.0)),
        ({}, Filter(t_start=10, t_stop=20), (10.0, 20.0)),
        ({}, Filter(t_stop=60), (0.0, 60.0)),
        ({}, Filter(t_start=200), (200.0, 200.0)),
        ({"tstart": 90.0}, Filter(t_stop=60), (1.0, 60.0)),
        ({"tstart": 90.0}, Filter(t_stop=0.5), (0.5, 0.5)),
    ],
    ids=["to the last spike", "to the run's end", "from the first spike", "given", "open start", "behind it all",
         "before the run", "before it all"],
)  # fmt: skip
def test_window(tmp_path: Path, run: dict[str, float], chosen: Filter, window: tuple[float, float]) -> None:
    source = write_simulation(tmp_path / "in", SPIKES, run=run)
    extract_all(source, tmp_path / "tables")
    found = summarised(source, tmp_path / "tables", tmp_path / "f", chosen, {"animation": False})
    assert (found["window"]["start"], found["window"]["stop"]) == window
    frame = pd.read_parquet(tmp_path / "f" / "spikes.parquet")
    assert found["overall"]["n_spikes"] == len(frame)
    assert load_summary(tmp_path / "f" / "summary.npz").rate_counts.sum() == len(frame)


def test_statistics_say_how_they_came_about(source: Path, tables: Path, tmp_path: Path) -> None:
    found = summarised(source, tables, tmp_path / "f", Filter("f", {"layer": 1}), {"isi": {"binsize": 2.0}})
    assert found["schema"] == 1
    assert found["filter"] == {"name": "f", "group": {"layer": 1}, "t_start": None, "t_stop": None}
    assert (found["raster"], found["animated"]) == ("exact", False)
    assert found["figures"]["isi"] == {"use_frequency": False, "binsize": 2.0}
    assert found["notes"] == ["the window ends at 120 ms, after the run's end at 100 ms"]
    assert {name: stats["n_nodes"] for name, stats in found["populations"].items()} == {"a": 2, "b": 0}


def test_unknown_sizes_are_told(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "spikes.h5", SPIKES)
    extract_all(path, tmp_path / "tables")
    found = summarised(path, tmp_path / "tables", tmp_path / "f", Filter())
    assert "the number of nodes is unknown for a, b" in found["notes"][0]
    assert found["overall"]["n_nodes"] == found["overall"]["n_active"] == 5


def test_nodes_have_a_row_each(source: Path, tables: Path, tmp_path: Path) -> None:
    summarised(source, tables, tmp_path / "f", Filter("f", None, 0, 100))
    nodes = pd.read_parquet(tmp_path / "f" / "nodes.parquet")
    assert nodes["population"].astype(str).tolist() == ["a"] * 4 + ["b"] * 4
    assert nodes["ids"].tolist() == [0, 1, 2, 3] * 2
    assert nodes["n_spikes"].tolist() == [1, 1, 1, 0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        ({"raster": {"y_axis": "laier"}}, r"simulation_config\.json: filter 'all': no population has .* 'laier'"),
        ({"rate": {"time_binsize": 1e-7}}, r"filter 'all': time_binsize=1e-07 ms gives over a million bins"),
        ({"animation": {"dt": 1e-9}}, r"filter 'all': dt=1e-09 ms gives over .* frames"),
        ({"isi": {"binsize": 1e-12}}, r"filter 'all': binsize=1e-12 is too narrow"),
        ({"isi": {"binsize": 1e-12, "use_frequency": True}}, r"filter 'all': binsize=1e-12 is too narrow"),
    ],
    ids=["property", "rate", "animation", "interval", "frequency"],
)
def test_figures_that_cannot_be_leave_nothing(
    source: Path, tables: Path, tmp_path: Path, figures: Any, says: str
) -> None:
    filter_spikes(source, tables, tmp_path / "f", Filter())
    with pytest.raises(PlotError, match=says):
        summarise_filter(source, tmp_path / "f", figure_options(figures))
    assert [path.name for path in (tmp_path / "f").iterdir()] == ["spikes.parquet"]


def test_animation_needs_positions(tmp_path: Path) -> None:
    nodes = {"a": {"x": [0.0, 1.0, 2.0], "y": [0.0, 1.0, 2.0], "z": [1.0] * 3}, "b": 4}
    source = write_simulation(tmp_path / "in", SPIKES, nodes)
    extract_all(source, tmp_path / "tables")
    assert summarised(source, tmp_path / "tables", tmp_path / "f", Filter())["animated"] is True
    assert not summarised(source, tmp_path / "tables", tmp_path / "f", Filter(), {"animation": False})["animated"]


# --- figures ---


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


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-100], lambda data: b"PK" + bytes(99)])
def test_damaged_summary_is_refused(source: Path, tables: Path, tmp_path: Path, damage: Any) -> None:
    summarised(source, tables, tmp_path / "f", Filter())
    summary = tmp_path / "f" / "summary.npz"
    summary.write_bytes(damage(summary.read_bytes()))
    with pytest.raises(TableError, match=r"summary\.npz: this is not a summary of spikelib; run `spikelib summarise`"):
        draw_figures(summary, tmp_path / "figures", figure_options(None), ["raster"])
    assert not (tmp_path / "figures").exists()


# --- page and the whole job ---


def test_read_config() -> None:
    filters, figures, properties = read_config({"filters": {"x": {"t_stop": 5}}, "figures": {"isi": False}})
    assert filters == [Filter("x", None, None, 5)]
    assert figures.isi is None
    assert properties is None
    assert read_config({"properties": ["layer"]})[2] == ("layer",)
    with pytest.raises(ConfigError, match="unknown key 'figure' of the config; there are filters, figures, properties"):
        read_config({"figure": {}})


def test_page_needs_all_its_parts(source: Path, tables: Path, tmp_path: Path) -> None:
    (tmp_path / "spikes").symlink_to(tables)
    with pytest.raises(MissingFileError, match=r"x/s\w+\.\w+: "):
        write_page(source, tmp_path, tmp_path / "report.html", filters=["x"])
    assert not (tmp_path / "report.html").exists()
    assert not (tmp_path / "description.json").exists()


def test_impossible_wish_is_told_before_any_work(source: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    for config, out, error in (
        ({"filters": {"x": {"group": "Nope"}}}, "r.html", GroupError),
        ({"figures": {"raster": {"y_axis": "laier"}}}, "r.html", PlotError),
        ({}, "in/simulation_config.json/r.html", OutputError),
    ):
        with pytest.raises(error, match=r"simulation_config\.json"):
            report_simulation(source, tmp_path / out, config, keep=tmp_path / "keep", step=steps.append)
    assert steps == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


def test_steps_are_told(source: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    config = {"filters": {"x": {}, "y": {"t_stop": 2}}, "figures": NOTHING_DRAWN}
    report_simulation(source, tmp_path / "r.html", config, step=steps.append)
    assert steps == [
        "extract a", "extract b", "filter x", "figures of x", "filter y", "figures of y",
        "page",
    ]  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "r.html"]


def test_failure_at_the_end_leaves_no_page(monkeypatch: pytest.MonkeyPatch, source: Path, tmp_path: Path) -> None:
    def fail(*_: Any, **__: Any) -> None:
        message = "no paper"
        raise TableError(message)

    monkeypatch.setattr("spikelib.page.report.write.write_report", fail)
    with pytest.raises(TableError, match="no paper"):
        report_simulation(source, tmp_path / "new" / "r.html", {"figures": NOTHING_DRAWN})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


def run_all(source: Path, folder: Path, config: Any) -> str:
    """Do the whole job, keep the results, and give the page."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SpikelibWarning)
        report_simulation(source, folder / "report.html", config, keep=folder)
    return (folder / "report.html").read_text(encoding="utf-8")


def check_results(source: Path, folder: Path, name: str) -> None:
    """Check that all results of a filter tell of the same spikes."""
    frame = pd.read_parquet(folder / "filters" / name / "spikes.parquet")
    found = statistics(folder / "filters" / name)
    nodes = pd.read_parquet(folder / "filters" / name / "nodes.parquet")
    summary = load_summary(folder / "filters" / name / "summary.npz")
    assert found["overall"]["n_spikes"] == len(frame) == nodes["n_spikes"].sum() == summary.counters.count.sum()
    assert (np.diff(frame["times"]) >= 0).all()
    for population, stats in found["populations"].items():
        assert stats["n_spikes"] == (frame["population"] == population).sum()
    description = json.loads((folder / "description.json").read_text())
    for audit in description["populations"]:
        info = read_info(table_folder(folder / "spikes", audit["population"]))
        assert audit["n_read"] == audit["n_kept"] + sum(audit["rejected"].values())
        assert info.n_spikes == audit["n_kept"]
    assert description["source"] == str(source)


def test_whole_job_on_the_demo(tmp_path: Path) -> None:
    source = write_demo(tmp_path / "demo")
    config = {
        "filters": {"all": {}, "L4": {"group": {"layer": 4}, "t_start": 500, "t_stop": 600}},
        "figures": {"raster": {"y_axis": "layer"}, "animation": {"dt": 50, "format": "gif"}},
    }
    html = run_all(source, tmp_path / "results", config)
    for name in ("all", "L4"):
        check_results(source, tmp_path / "results", name)
        figures = tmp_path / "results" / "filters" / name / "figures"
        assert sorted(path.name for path in figures.iterdir()) == [
            "animation.gif", "isi.png", "isi.svg", "poster.png", "raster.png", "raster.svg", "rate.png", "rate.svg",
            "rates.png", "rates.svg",
        ]  # fmt: skip
    n_spikes = statistics(tmp_path / "results" / "filters" / "all")["overall"]["n_spikes"]
    assert re.search(f"{n_spikes:,}".replace(",", "[,.\u202f\u2009\u00a0 ]?"), html)
    sums = {
        name: read_info(table_folder(tmp_path / "results" / "spikes", name)).n_spikes for name in open_report(source)
    }
    assert sum(sums.values()) == n_spikes


@pytest.mark.parametrize(
    ("name", "n_populations"),
    [
        ("allen_300_cells/config.json", 1),
        ("bluecellulab_quick_scx/sim_quick_scx_sonata_multicircuit/simulation_config_hypamp.json", 2),
        ("allen_pysonata_spike_files/spikes.multipop.h5", 2),
    ],
    ids=["Allen", "BlueCelluLab", "bare file"],
)
def test_whole_job_on_real_reports(real_data: Path, tmp_path: Path, name: str, n_populations: int) -> None:
    source = real_data / name
    html = run_all(source, tmp_path, {"figures": {"animation": False}})
    check_results(source, tmp_path, "all")
    assert html.count("<img") == 4
    populations = json.loads((tmp_path / "description.json").read_text())["populations"]
    assert [known["population"] for known in populations] == open_report(source).population_names
    assert len(populations) == n_populations
