"""The files behind a simulation, and what counts as another file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from spikelib.circuit.simulated import SimulatedCircuit
from spikelib.demo import write_demo
from spikelib.provenance.sources import look_at, named_files, source_files, source_text, stamp_of

if TYPE_CHECKING:
    import pytest


def test_files_are_those_that_results_depend_on(tmp_path: Path) -> None:
    found = source_files(SimulatedCircuit(write_demo(tmp_path)))
    names = {path.name for path in found}
    assert {"simulation_config.json", "circuit_config.json", "spikes.h5", "node_sets.json"} <= names
    assert all(path.exists() for path in found)


def test_a_wrapper_and_what_it_names_are_files_of_the_simulation(tmp_path: Path) -> None:
    inner = write_demo(tmp_path)
    wrapper = tmp_path / "config.json"
    circuit = inner.parent / "circuit_config.json"
    wrapper.write_text(json.dumps({"simulation": str(inner), "network": str(circuit)}))
    found = named_files(SimulatedCircuit(wrapper))
    assert {wrapper, inner} <= set(found)
    assert len(found) == len(set(found))


def test_stamp_is_time_and_size(tmp_path: Path) -> None:
    file = tmp_path / "spikes.h5"
    assert stamp_of(str(file)) is None
    file.write_bytes(b"12345")
    os.utime(file, ns=(7, 1_500_000_000_123_456_789))
    assert stamp_of(str(file)) == [1_500_000_000_123_456_789, 5]


def test_each_file_is_looked_at_once(tmp_path: Path) -> None:
    file = tmp_path / "nodes.h5"
    file.write_bytes(b"12")
    seen = {}
    first = look_at([str(file)], seen)
    file.write_bytes(b"123")
    assert look_at([str(file), str(tmp_path / "absent")], seen) == first | {str(tmp_path / "absent"): None}


def test_path_in_the_working_directory_does_not_name_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = tmp_path / "elsewhere/spikes.h5"
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    assert source_text(Path("runs/../runs/1.json")) == "runs/1.json"
    assert source_text(tmp_path / "work/runs/1.json") == "runs/1.json"
    assert source_text(outside) == outside.as_posix()
