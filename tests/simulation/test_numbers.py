"""The numbers of chosen spikes in Python are those of the workflow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from spikelib import open_report
from spikelib.demo import write_demo
from spikelib.errors import ConfigError, GroupError
from spikelib.simulation.numbers import Numbers
from spikelib.steps.report import report_simulation

if TYPE_CHECKING:
    from pathlib import Path

GROUP, START, STOP = {"layer": ["L4", "L5"]}, 300.0, 1400.0
CLASSES = ["layer", "synapse_class"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def made(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a filter that the workflow's steps have made."""
    results = tmp_path_factory.mktemp("results")
    config: dict[str, Any] = {
        "filters": {"f": {"group": GROUP, "t_start": START, "t_stop": STOP}},
        "figures": {"others": False},
        "classes": CLASSES,
        "statistics": {"count_bin_ms": 7},
    }
    report_simulation(demo, results / "report.html", config, keep=results)
    return results / "filters/f"


def test_statistics_are_those_of_the_workflow(demo: Path, made: Path) -> None:
    found = open_report(demo).filter(GROUP, START, STOP).statistics(CLASSES, count_bin_ms=7)
    rows = [row for row in json.loads((made / "statistics.json").read_text())["classes"] if row["n_nodes"]]
    assert found.index.tolist() == [(row["population"], row["class"]) for row in rows]
    for row in rows:
        values = found.loc[(row["population"], row["class"])]
        for key, value in row.items():
            if key not in ("population", "class", "band_power"):
                assert values[key] == value or (value is None and (values[key] is None or np.isnan(values[key]))), key
        assert values["band_power_4-12"] == row["band_power"]["4-12"]


def test_nodes_are_those_of_the_workflow(demo: Path, made: Path) -> None:
    found = open_report(demo).filter(GROUP, START, STOP).nodes().reset_index()
    expected = pd.read_parquet(made / "nodes.parquet")
    assert found["population"].astype(str).tolist() == expected["population"].astype(str).tolist()
    pd.testing.assert_frame_equal(found.drop(columns="population"), expected.drop(columns="population"))


def test_spectrum_has_the_power_of_the_bands(demo: Path) -> None:
    chosen = open_report(demo).filter(GROUP, START, STOP)
    found, numbers = chosen.spectrum(CLASSES), chosen.statistics(CLASSES)
    for (population, name), part in found.groupby(["population", "class"]):
        inside = (part["frequency_hz"] >= 12) & (part["frequency_hz"] < 30)
        power = part["power"][inside].sum() * part["frequency_hz"].iloc[1]
        assert power == pytest.approx(numbers.loc[(population, name), "band_power_12-30"])
    assert open_report(demo).filter(None, 0, 100).spectrum().empty


def test_nonsense_is_refused(demo: Path) -> None:
    chosen = open_report(demo).filter()
    with pytest.raises(ConfigError, match="classes: expected 'auto'"):
        chosen.statistics("layer")
    with pytest.raises(ConfigError, match=r"statistics\.bin: unknown key"):
        chosen.statistics(bin=5)
    with pytest.raises(GroupError, match="holds floats"):
        chosen.statistics(["x"])
    with pytest.raises(TypeError):
        Numbers().statistics()


def test_nothing_that_fired_is_no_error(demo: Path) -> None:
    found = open_report(demo).filter({"layer": "L4"}, 0.0, 0.0).statistics()
    assert found["n_spikes"].sum() == 0
    assert found["rate_mean_hz"].isna().all()
