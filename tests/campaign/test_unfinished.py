"""Which simulations are left for the next time, and which are broken."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import h5py
import pytest

from spikelib.campaign.inventory import NOTHING, take_inventories, take_inventory
from spikelib.campaign.unfinished import waiting_reason
from spikelib.errors import SpikelibError
from tests.writing import write_simulation

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_simulation(tmp_path / "in", {"a": ([1.0, 2.0], [0, 1])}, {"a": 3})


def reason(source: Path, quiet_minutes: float = 60) -> str | None:
    """Return why a source is waited for."""
    with pytest.raises(SpikelibError, match=r"\S: ") as raised:
        take_inventory(source)
    return waiting_reason(source, raised.value, quiet_minutes)


def spikes(source: Path) -> Path:
    return source.parent / "output/spikes.h5"


def test_report_that_does_not_exist(source: Path) -> None:
    spikes(source).unlink()
    assert reason(source) == f"its spike report {spikes(source)} does not exist yet"


def test_source_that_does_not_exist(tmp_path: Path) -> None:
    assert reason(tmp_path / "planned/config.json") == f"{tmp_path / 'planned/config.json'} does not exist yet"


def test_misspelt_source_names_what_is_there(source: Path) -> None:
    wrong = source.with_name("simulation_confg.json")
    assert reason(wrong) == f"{wrong} does not exist yet (but simulation_config.json is there)"


@pytest.mark.parametrize("share", [0.0, 0.5], ids=["empty", "cut"])
def test_report_that_is_being_written(source: Path, share: float) -> None:
    content = spikes(source).read_bytes()
    spikes(source).write_bytes(content[: int(len(content) * share)])
    assert "cannot be read yet, it changed 0 min ago" in str(reason(source))
    # What is wrong with it is not kept back: waiting may not be the cure.
    assert "taken to be finished): /" in str(reason(source))
    assert reason(source, quiet_minutes=0) is None
    long_ago = time.time() - 2 * 3600
    os.utime(spikes(source), (long_ago, long_ago))
    assert reason(source) is None
    assert "it changed 120 min ago" in str(reason(source, quiet_minutes=180))
    for hours, says in ((2, "it is dated 120 min ahead"), (30, "None")):
        ahead = time.time() + hours * 3600
        os.utime(spikes(source), (ahead, ahead))
        assert says in str(reason(source))


def test_hdf5_file_without_its_datasets_is_being_written(source: Path) -> None:
    with h5py.File(spikes(source), "w"):
        pass
    assert "cannot be read yet" in str(reason(source))


def test_report_that_another_program_has_open(source: Path) -> None:
    # HDF5's locks are for other processes; this one holds the file open until its input ends.
    code = "import h5py, sys; f = h5py.File(sys.argv[1], 'a'); print('open', flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", code, str(spikes(source))], **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        long_ago = time.time() - 2 * 3600
        os.utime(spikes(source), (long_ago, long_ago))
        assert reason(source) == f"its spike report {spikes(source)} is open for writing"
        process.communicate(b"\n")
    assert len(take_inventory(source)["populations"]) == 1


def test_bare_spike_file(tmp_path: Path) -> None:
    path = tmp_path / "spikes.h5"
    path.touch()
    assert "cannot be read yet" in str(reason(path))


@pytest.mark.parametrize("name", ["simulation_config.json", "a_nodes.h5", "output/spikes.h5"])
def test_what_is_no_hdf5_or_no_report_is_broken(source: Path, name: str) -> None:
    (source.parent / name).write_text("something else")
    assert reason(source) is None


def test_ready_waiting_and_broken_are_distinguished(source: Path, tmp_path: Path) -> None:
    waiting = write_simulation(tmp_path / "waiting", {"a": ([1.0], [0])}, {"a": 3})
    spikes(waiting).unlink()
    broken = write_simulation(tmp_path / "broken", {"a": ([1.0], [0])}, {"a": 3})
    spikes(broken).write_text("something else")
    found = take_inventories({"r": source, "w": waiting, "b": broken}, tmp_path / "plans.json", 60)
    assert [inventory.state for inventory in found.values()] == ["ready", "waiting", "broken"]
    assert found["r"].problem == ""
    assert found["w"].problem.startswith("its spike report ")
    assert "it is not an HDF5 file" in found["b"].problem
    assert found["b"].content == NOTHING
