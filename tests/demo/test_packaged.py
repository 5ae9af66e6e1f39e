"""The packaged files say what their README says, and `write_demo` copies them without doing harm."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest

from spikelib.demo import write_demo
from spikelib.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

POPULATIONS = ("cortex", "thalamus")
GROUPS = ("L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I")
LAYERS_FROM_THE_TOP = ("L2/3", "L4", "L5", "L6")


@pytest.fixture
def demo(tmp_path):
    return write_demo(tmp_path / "deep" / "demo").parent


@pytest.fixture
def report(demo):
    import bluepysnap

    return bluepysnap.Simulation(demo / "simulation_config.json").spikes


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def readme_row(folder: Path, name: str) -> list[str]:
    """Return the cells of the row of a table of the README, without its name."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    match = re.search(rf"^\| {name} \| (.*) \|$", text, re.MULTILINE)
    assert match is not None, f"README has no row {name}"
    return match.group(1).split(" | ")


def read_spikes(path: Path, population: str) -> tuple[np.ndarray, np.ndarray]:
    with h5py.File(path) as file:
        group = file["spikes"][population]
        return group["node_ids"][:], group["timestamps"][:]


def test_all_files_are_written(demo):
    assert set(contents(demo)) == {
        "README.md",
        "circuit_config.json",
        "inputs/thalamus_spikes.h5",
        "node_sets.json",
        "nodes/cortex.h5",
        "nodes/thalamus.h5",
        "output/simulation.log",
        "output/spikes.h5",
        "simulation_config.json",
    }


def test_it_is_small(demo):
    assert sum(map(len, contents(demo).values())) < 1_000_000


def test_the_config_is_returned(tmp_path):
    assert write_demo(str(tmp_path)) == tmp_path / "simulation_config.json"


@pytest.mark.parametrize("population", POPULATIONS)
def test_populations_hold_what_the_readme_says(demo, population):
    n_nodes, n_spikes, first, last = readme_row(demo, population)
    ids, times = read_spikes(demo / "output" / "spikes.h5", population)
    with h5py.File(demo / "nodes" / f"{population}.h5") as file:
        nodes = file["nodes"][population]
        assert len(nodes["node_type_id"]) == len(nodes["0/x"]) == int(n_nodes)
    assert len(ids) == len(times) == int(n_spikes)
    assert f"{times.min():.1f}" == first
    assert f"{times.max():.1f}" == last
    assert ids.max() < int(n_nodes)


@pytest.mark.parametrize("population", POPULATIONS)
def test_spikes_are_sonata_sorted_by_time(demo, population):
    with h5py.File(demo / "output" / "spikes.h5") as file:
        group = file["spikes"][population]
        codes = h5py.check_enum_dtype(group.attrs.get_id("sorting").dtype)
        assert group.attrs["sorting"] == codes["by_time"]
        assert group["timestamps"].attrs["units"] == "ms"
        assert group["node_ids"].dtype == np.uint64
        assert np.all(np.diff(group["timestamps"][:]) >= 0)


def test_the_stimulus_is_what_the_thalamus_did(demo):
    given = read_spikes(demo / "inputs" / "thalamus_spikes.h5", "thalamus")
    reported = read_spikes(demo / "output" / "spikes.h5", "thalamus")
    np.testing.assert_array_equal(given, reported)


def test_layers_are_stacked_from_the_pia_down(demo):
    with h5py.File(demo / "nodes" / "cortex.h5") as file:
        group = file["nodes/cortex/0"]
        layer = group["@library/layer"].asstr()[:][group["layer"][:]]
        y = group["y"][:]
    spans = [(y[layer == name].max(), y[layer == name].min()) for name in LAYERS_FROM_THE_TOP]
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges, reverse=True)


def test_a_second_copy_changes_nothing(demo):
    before = {path: path.stat().st_mtime_ns for path in demo.rglob("*")}
    write_demo(demo)
    assert {path: path.stat().st_mtime_ns for path in demo.rglob("*")} == before


def test_a_lost_file_comes_back(demo):
    complete = contents(demo)
    (demo / "output" / "spikes.h5").unlink()
    write_demo(demo)
    assert contents(demo) == complete


def test_other_files_are_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write_demo(tmp_path)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_different_file_is_not_overwritten(tmp_path):
    (tmp_path / "node_sets.json").write_text("{}", encoding="utf-8")
    with pytest.raises(OutputError, match=r"node_sets\.json exists and is not the file of this demo"):
        write_demo(tmp_path)
    assert contents(tmp_path) == {"node_sets.json": b"{}"}


def test_a_file_in_the_place_of_the_folder_is_reported(tmp_path):
    place = tmp_path / "demo"
    place.write_text("", encoding="utf-8")
    with pytest.raises(
        OutputError, match=r"demo/README.md: cannot be written \(Not a directory\); name a file in a folder"
    ):
        write_demo(place)


def test_a_place_that_cannot_be_looked_at_is_reported(tmp_path):
    with pytest.raises(OutputError, match=r"README.md: cannot be read \(File name too long\); choose another folder"):
        write_demo(tmp_path / ("x" * 300))
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("population", POPULATIONS)
def test_bluepysnap_reads_the_same_spikes(demo, report, population):
    ids, times = read_spikes(demo / "output" / "spikes.h5", population)
    frame = report[population].get()
    np.testing.assert_array_equal(frame.index, times)
    np.testing.assert_array_equal(frame, ids)


@pytest.mark.parametrize("name", GROUPS)
def test_bluepysnap_finds_the_groups_of_the_readme(demo, report, name):
    n_nodes, n_spikes, rate = readme_row(demo, name)
    assert len(report["cortex"].nodes.ids(name)) == int(n_nodes)
    assert len(report["cortex"].get(name)) == int(n_spikes)
    assert f"{int(n_spikes) / int(n_nodes) / 1.5:.2f}" == rate
