"""What a report says before a spike is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spikelib.circuit.simulated import SimulatedCircuit
from spikelib.errors import MissingFileError
from spikelib.simulation.report_file import ReportFile
from tests.writing import write_simulation

if TYPE_CHECKING:
    from pathlib import Path

SPIKES = {"b": ([1.0, 2.0], [0, 1]), "a": ([3.0], [2])}


def report(folder: Path, **output: str) -> ReportFile:
    section = {"output_dir": "output", "spikes_file": "spikes.h5", **output}
    return ReportFile(SimulatedCircuit(write_simulation(folder, SPIKES, content={"output": section})))


def test_run_and_place(tmp_path: Path) -> None:
    found = report(tmp_path)
    assert (found.time_start, found.time_stop, found.dt, found.time_units) == (0.0, 100.0, 0.1, "ms")
    assert found.path == tmp_path / "output/spikes.h5"
    assert found.config is found.simulation.output


def test_populations_are_sorted_by_name(tmp_path: Path) -> None:
    found = report(tmp_path)
    assert found.population_names == ["a", "b"]
    assert {name: source.n_spikes for name, source in found.sources.items()} == {"a": 1, "b": 2}


def test_the_log_is_read_as_text(tmp_path: Path) -> None:
    found = report(tmp_path, log_file="run.log")
    (tmp_path / "output/run.log").write_text("step 1: 5 µs\n", encoding="utf-8")
    with found.log() as file:
        assert file.read() == "step 1: 5 µs\n"


def test_a_log_in_another_coding_is_read(tmp_path: Path) -> None:
    found = report(tmp_path, log_file="run.log")
    (tmp_path / "output/run.log").write_bytes(b"5 \xb5s\n")
    with found.log() as file:
        assert file.read() == "5 \ufffds\n"


@pytest.mark.parametrize(
    ("output", "named"), [({}, "spikes.h5"), ({"log_file": "run.log"}, "run.log"), ({"log_file": "."}, "output")]
)
def test_a_log_that_there_is_not(tmp_path: Path, output: dict[str, str], named: str) -> None:
    found, match = report(tmp_path, **output), rf"{named}: cannot find the log file .* is output\.log_file right"
    with pytest.raises(MissingFileError, match=match), found.log():
        pass
