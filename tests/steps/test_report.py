"""The whole job, on the demo and on real reports."""

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
    OutputError,
    PlotError,
    SpikelibWarning,
    TableError,
)
from spikelib.options.config import read_config
from spikelib.options.counting import Counting
from spikelib.options.filters import Filter
from spikelib.results import table_folder
from spikelib.simulation.simulation import open_report
from spikelib.steps.report import report_simulation
from spikelib.summary.store import load_summary
from spikelib.tables.schema import read_info
from tests.steps.builders import NOTHING_DRAWN, statistics

if TYPE_CHECKING:
    from pathlib import Path


def test_read_config() -> None:
    filters, figures, counting = read_config({"filters": {"x": {"t_stop": 5}}, "figures": {"isi": False}})
    assert filters == [Filter("x", None, None, 5)]
    assert figures.isi is None
    assert counting == Counting()
    assert read_config({"properties": ["layer"]})[2].properties == ("layer",)
    with pytest.raises(ConfigError, match="unknown key 'figure' of the config; there are filters, figures, properties"):
        read_config({"figure": {}})


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
    assert len(frame) == nodes["n_spikes"].sum() == summary.counters.count.sum()
    neurons = frame[~frame["population"].isin(found["inputs"])]
    assert found["overall"]["n_spikes"] == len(neurons)
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
        "filters": {"all": {}, "L4": {"group": {"layer": "L4"}, "t_start": 500, "t_stop": 600}},
        "figures": {"raster": {"y_axis": "layer"}, "animation": {"dt": 50, "format": "gif"}},
    }
    html = run_all(source, tmp_path / "results", config)
    for name in ("all", "L4"):
        check_results(source, tmp_path / "results", name)
        figures = tmp_path / "results" / "filters" / name / "figures"
        assert sorted(path.name for path in figures.iterdir()) == [
            "animation.gif", "boxplots.png", "boxplots.svg", "correlations.png", "correlations.svg", "depth.png",
            "depth.svg", "irregularity.png", "irregularity.svg", "isi.png", "isi.svg", "poster.png", "raster.png",
            "raster.svg", "rate.png", "rate.svg", "rates.png", "rates.svg", "spectrum.png", "spectrum.svg",
        ]  # fmt: skip
    numbers = statistics(tmp_path / "results" / "filters" / "all")
    assert (numbers["inputs"], numbers["overall"]) == (["thalamus"], numbers["populations"]["cortex"])
    n_spikes = sum(values["n_spikes"] for values in numbers["populations"].values())
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
    has_positions = statistics(tmp_path / "filters" / "all")["has_positions"]
    assert html.count("<img") == (9 if has_positions else 8)
    assert ("position y, silent nodes included" in html) is has_positions
    populations = json.loads((tmp_path / "description.json").read_text())["populations"]
    assert [known["population"] for known in populations] == open_report(source).population_names
    assert len(populations) == n_populations
