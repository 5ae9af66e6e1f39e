"""Neurons that did not fire count, what nobody knows does not, and of nothing there is no picture."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import h5py
import pytest

from spikelib import Simulation
from spikelib.cli.inspection_text import inspection_text
from spikelib.errors import SpikelibWarning
from spikelib.steps.inspect import inspect
from spikelib.steps.report import report_simulation
from tests.steps.builders import FEW
from tests.writing import write_circuit, write_simulation, write_spikes

if TYPE_CHECKING:
    from pathlib import Path

NODES = {
    "cortex": {"layer": ["L4"] * 6 + ["L5"] * 4, "x": [1.0] * 10, "y": [2.0] * 10},
    "thalamus": {"layer": ["none"] * 5},
    "input": {"layer": ["in"] * 7},
}
TYPES = {"cortex": "biophysical", "input": "virtual"}
SPIKES = {"cortex": ([1.0, 2.0, 50.0], [0, 1, 0])}
FILTERS = {"all": {}, "l4": {"group": {"layer": "L4"}}, "th": {"group": {"population": "thalamus"}}}


def write(folder: Path, spikes: Any, **options: Any) -> Path:
    path = write_simulation(folder, spikes, NODES, **options)
    write_circuit(folder, NODES, types=TYPES, node_sets=options.get("node_sets"))
    return path


def statistics(source: Path, folder: Path, filters: Any = FILTERS) -> tuple[dict[str, Any], str]:
    """Report a simulation; return the statistics of each filter, and the page."""
    config = {"filters": filters, "figures": FEW}
    with pytest.warns(SpikelibWarning, match="none of its|no node"):
        report_simulation(source, folder / "r.html", config, keep=folder / "kept")
    found = {name: json.loads((folder / f"kept/filters/{name}/statistics.json").read_text()) for name in filters}
    return found, (folder / "r.html").read_text()


def nodes_and_rate(values: dict[str, Any]) -> tuple[int, float | None]:
    return values["n_nodes"], values["rate_mean_hz"]


@pytest.mark.parametrize("form", ["no population", "empty populations", "no datasets"])
def test_run_in_which_nothing_fired(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / "in", {"cortex": ([], []), "thalamus": ([], [])})
    with h5py.File(tmp_path / "in/output/spikes.h5", "a") as file:
        for name in ("cortex", "thalamus"):
            if form == "no population":
                del file[f"spikes/{name}"]
            elif form == "no datasets":
                del file[f"spikes/{name}/timestamps"], file[f"spikes/{name}/node_ids"]
    found, page = statistics(path, tmp_path)
    assert nodes_and_rate(found["all"]["overall"]) == (15, 0.0)
    assert nodes_and_rate(found["l4"]["overall"]) == (6, 0.0)
    assert nodes_and_rate(found["th"]["overall"]) == (5, 0.0)
    assert found["all"]["overall"]["active_fraction"] == 0.0
    assert found["all"]["unrecorded"] == ["input"]
    assert "None of the 15 nodes of this filter fired in its window: there is nothing to draw." in page
    assert "No node fired: the spike file holds no spikes." in page
    assert "<figure" not in page
    assert "100 %" not in page


def test_population_of_which_the_spike_file_has_nothing_is_silent(tmp_path: Path) -> None:
    path = write(tmp_path / "in", SPIKES)
    found, page = statistics(path, tmp_path)
    overall, populations = found["all"]["overall"], found["all"]["populations"]
    assert nodes_and_rate(overall) == (15, pytest.approx(3 / 15 / 0.1))
    assert overall["active_fraction"] == pytest.approx(2 / 15)
    assert nodes_and_rate(populations["thalamus"]) == (5, 0.0)
    assert (found["all"]["silent"], found["all"]["unrecorded"]) == (["thalamus"], ["input"])
    assert found["th"]["overall"]["n_nodes"] == 5
    assert not (tmp_path / "kept/spikes/thalamus.parquet").exists()
    assert "thalamus" in page
    text = inspection_text(inspect(path))
    assert "population thalamus: silent, none of its 5 nodes fired" in text
    assert "population input: not recorded (7 nodes, virtual)" in text


def test_in_python_silent_populations_are_nodes_and_no_keys(tmp_path: Path) -> None:
    spikes = Simulation(write(tmp_path, SPIKES)).spikes
    assert list(spikes) == ["cortex"]
    assert spikes.filter({"layer": "none"}).report.empty
    assert {name: None if ids is None else len(ids) for name, ids in spikes.filter().resolved.items()} == {
        "cortex": None,
        "thalamus": None,
    }
    line = spikes.filter().firing_rate_histogram().lines[0]
    assert line.get_ydata().max() > 0


def test_only_what_was_run_is_silent(tmp_path: Path) -> None:
    sets = {"run": {"population": "cortex"}}
    path = write(tmp_path, SPIKES, node_sets=sets, content={"node_set": "run"})
    assert Simulation(path).silent_populations == []
    assert Simulation(path).unrecorded_populations == ["input", "thalamus"]


def test_spikes_of_a_population_that_nobody_knows_may_be_anybodys(tmp_path: Path) -> None:
    path = write(tmp_path, {"Cortex": ([1.0], [0])})
    assert Simulation(path).silent_populations == []


def test_inputs_are_apart_from_the_network(tmp_path: Path) -> None:
    path = write(tmp_path / "in", {**SPIKES, "input": ([1.0, 2.0, 3.0], [0, 1, 2])})
    found, _ = statistics(path, tmp_path, {**FILTERS, "in": {"group": {"population": "input"}}})
    assert (found["all"]["overall"]["n_nodes"], found["all"]["overall"]["n_spikes"]) == (15, 3)
    assert nodes_and_rate(found["all"]["populations"]["input"]) == (7, pytest.approx(3 / 7 / 0.1))
    assert found["all"]["inputs"] == ["input"]
    assert found["in"]["overall"]["n_spikes"] == 3  # of inputs alone, overall is of those


def test_of_a_bare_file_no_share_of_active_nodes_is_shown(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", {"a": ([1.0, 2.0, 5.0], [0, 4, 4])})
    report_simulation(path, tmp_path / "r.html", {"figures": FEW}, keep=tmp_path / "kept")
    found = json.loads((tmp_path / "kept/filters/all/statistics.json").read_text())
    assert found["overall"]["active_fraction"] is None
    page = (tmp_path / "r.html").read_text()
    assert "2 fired" in page
    assert "the 2 nodes that fired" in page
    assert "0 nodes silent" not in page
    assert "selected nodes, silent ones included" not in page
