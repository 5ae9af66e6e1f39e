"""The description of a simulation, and its text."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import spikelib
from spikelib import Simulation
from spikelib.demo import write_demo
from spikelib.errors import RejectedSpikesError
from spikelib.simulation.simulation import open_report
from spikelib.sonata.spikes import audit as audit_module
from spikelib.steps.inspect import describe, inspect
from tests.writing import write_simulation, write_spikes

if TYPE_CHECKING:
    from pathlib import Path

SPIKES = {"b": ([1.0, 2.0], [0, 1]), "a": ([], [])}


def test_description_of_a_simulation(tmp_path: Path) -> None:
    inputs = {
        "replay": {"module": "synapse_replay", "spike_file": "output/spikes.h5"},
        "gone": {"module": "synapse_replay", "spike_file": "gone.h5"},
        "current": {"module": "linear"},
    }
    content = {"node_set": "All", "target_simulator": "NEST", "inputs": inputs}
    source = write_simulation(tmp_path, SPIKES, node_sets={"All": {"node_id": [0]}}, content=content)
    description = inspect(source)
    assert description["spikelib"] == spikelib.__version__
    assert description["source"] == str(source)
    simulation = description["simulation"]
    assert (simulation["time_start"], simulation["time_stop"], simulation["dt"]) == (0.0, 100.0, 0.1)
    assert (simulation["node_set"], simulation["simulator"]) == ("All", "NEST")
    assert (simulation["config"], simulation["circuit"]) == (str(source), str(tmp_path / "circuit_config.json"))
    assert simulation["inputs"] == [
        {"name": "replay", "module": "synapse_replay", "file": str(tmp_path / "output/spikes.h5"), "exists": True},
        {"name": "gone", "module": "synapse_replay", "file": str(tmp_path / "gone.h5"), "exists": False},
        {"name": "current", "module": "linear", "file": None, "exists": False},
    ]
    assert simulation["content"]["run"]["tstop"] == 100.0
    spikes = tmp_path / "output" / "spikes.h5"
    assert description["spike_file"] == {
        "path": str(spikes), "size_bytes": spikes.stat().st_size, "sha256": None, "layout": "populations",
    }  # fmt: skip
    assert [audit["population"] for audit in description["populations"]] == ["a", "b"]
    assert [audit["n_nodes"] for audit in description["populations"]] == [10, 10]


@pytest.mark.parametrize(
    ("content", "simulator"),
    [
        ({"target_simulator": "NEURON", "metadata": {"simulator": "NEST 3.10"}}, "NEURON"),
        ({"metadata": {"simulator": "NEST 3.10"}}, "NEST 3.10"),
        ({"metadata": {"simulator": 3}}, None),
        ({"metadata": "by hand"}, None),
    ],
)
def test_simulator_may_be_named_in_the_metadata(tmp_path: Path, content: dict[str, Any], simulator: str | None) -> None:
    source = write_simulation(tmp_path, SPIKES, content=content)
    assert inspect(source)["simulation"]["simulator"] == simulator
    assert Simulation(source).simulator == simulator


def test_demo_names_one_simulator_everywhere(tmp_path: Path) -> None:
    source = write_demo(tmp_path)
    assert Simulation(source).simulator == inspect(source)["simulation"]["simulator"] == "NEST 3.10.0"


def test_file_of_an_input_is_one_everywhere(tmp_path: Path) -> None:
    # The standard's key beats the one of old Allen configs, whatever their order in the file.
    inputs = {"replay": {"module": "synapse_replay", "input_file": "old.h5", "spike_file": "new.h5"}}
    source = write_simulation(tmp_path, SPIKES, content={"inputs": inputs})
    (described,) = inspect(source)["simulation"]["inputs"]
    assert described["file"] == str(Simulation(source).inputs["replay"].spike_file) == str(tmp_path / "new.h5")


def test_audits_of_older_tables_are_described_with_findings(tmp_path: Path) -> None:
    report = open_report(write_spikes(tmp_path / "spikes.h5", SPIKES))
    (audit,) = describe(report, [{"population": "a", "notes": ["odd", {"kind": "old_layout", "text": "old"}]}])[
        "populations"
    ]
    assert audit["notes"] == [{"kind": "other", "text": "odd"}, {"kind": "old_layout", "text": "old"}]


def test_hash_is_that_of_the_spike_file(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "spikes.h5", SPIKES)
    assert describe(open_report(path), [], with_hash=True)["spike_file"]["sha256"] == (
        hashlib.sha256(path.read_bytes()).hexdigest()
    )


def test_bare_file_of_the_old_layout(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "spikes.h5", {"a": ([1.0], [2])}, layout="legacy", sorting_form="text")
    description = inspect(path)
    assert description["source"] == str(path)
    assert description["spike_file"]["layout"] == "legacy"
    simulation = description["simulation"]
    assert {key for key, value in simulation.items() if value is None} == {
        "config", "time_stop", "dt", "node_set", "simulator", "circuit",
    }  # fmt: skip
    assert simulation["content"] == {}
    assert description["populations"][0]["population"] == "<sonata:none>"


def test_strict(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "spikes.h5", {"a": ([float("inf")], [1])})
    with pytest.raises(RejectedSpikesError, match="'a': 1 spike rejected: 1 infinite; correct the file"):
        inspect(path, strict=True)


def test_progress_adds_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(audit_module, "CHUNK", 3)
    seen: list[int] = []
    inspect(write_spikes(tmp_path / "s.h5", {"a": (np.arange(10.0), [0] * 10)}), progress=seen.append)
    assert seen == [3, 3, 3, 1]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(float("nan"), "nan"), ([1, [float("inf")]], [1, ["inf"]]), ({"a": {"b": -float("inf")}}, {"a": {"b": "-inf"}})],
    ids=repr,
)
def test_numbers_that_json_lacks_become_texts(tmp_path: Path, value: Any, expected: Any) -> None:
    source = write_simulation(tmp_path, SPIKES, content={"odd": value})
    assert inspect(source)["simulation"]["content"]["odd"] == expected
