from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from spikelib.sonata.configs.bmtk_copy import is_expanded_copy, relocate
from spikelib.sonata.configs.simulation_config import load_simulation
from tests.sonata.builders import write_json

if TYPE_CHECKING:
    from pathlib import Path


def copy_content(folder: str, output_dir: str, **more: Any) -> dict[str, Any]:
    """Return what bmtk writes for a simulation that ran in ``folder``."""
    output = {"output_dir": output_dir, "spikes_file": f"{output_dir}/spikes.h5", "log_file": f"{output_dir}/log.txt"}
    return {
        "config_path": f"{folder}/config.json",
        "config_dir": folder,
        "run": {"tstop": 10, "dt": 0.1},
        "output": output,
        "networks": {"nodes": [{"nodes_file": "net/nodes.h5"}]},
        **more,
    }


@pytest.mark.parametrize("output_dir", ["output", "./output", "runs/1/output"])
def test_paths_lead_to_where_the_copy_lies_now(tmp_path: Path, output_dir: str) -> None:
    own = tmp_path / output_dir
    path = write_json(own / "config.json", copy_content("/gone/sim", output_dir))
    (own / "spikes.h5").touch()
    config = load_simulation(path)
    assert config.output.spikes_file == own / "spikes.h5"
    assert config.output.log_file == own / "log.txt"
    assert config.circuit is not None
    assert config.circuit.nodes[0].nodes_file == tmp_path / "net/nodes.h5"
    assert "is a copy that bmtk made of /gone/sim/config.json" in config.notes[0].text


def test_spikes_are_found_by_name_before_they_exist(tmp_path: Path) -> None:
    path = write_json(tmp_path / "output/config.json", copy_content("/gone/sim", "output"))
    assert load_simulation(path).output.spikes_file == tmp_path / "output/spikes.h5"


@pytest.mark.parametrize(
    "folder",
    [pytest.param("/gone/sim", id="posix"), pytest.param(r"C:\Users\x\sim", id="windows")],
)
def test_absolute_paths_are_moved(tmp_path: Path, folder: str) -> None:
    separator = "\\" if "\\" in folder else "/"
    content = copy_content(folder, folder + separator + "output")
    content["output"]["spikes_file"] = separator.join([folder, "output", "spikes.h5"])
    (tmp_path / "output").mkdir()
    (tmp_path / "output/spikes.h5").touch()
    config = load_simulation(write_json(tmp_path / "output/config.json", content))
    assert config.output.spikes_file == tmp_path / "output/spikes.h5"


def test_output_elsewhere_uses_the_original_folder(tmp_path: Path) -> None:
    (tmp_path / "sim").mkdir()
    content = copy_content(str(tmp_path / "sim"), "../results/a")
    path = write_json(tmp_path / "results/a/config.json", content)
    assert load_simulation(path).output.spikes_file == tmp_path / "results/a/spikes.h5"


def test_unknown_original_is_noted(tmp_path: Path) -> None:
    path = write_json(tmp_path / "config.json", copy_content("/gone/sim", "../results/a"))
    assert any(
        "the folder of the original config does not exist here" in note.text for note in load_simulation(path).notes
    )


def test_inline_node_sets_go_before_the_file(tmp_path: Path) -> None:
    write_json(tmp_path / "node_sets.json", {"a": {"node_id": 1}})
    more = {"node_sets_file": "node_sets.json", "node_sets": {"a": {"node_id": 2}}}
    path = write_json(tmp_path / "output/config.json", copy_content("/gone", "output", **more))
    config = load_simulation(path)
    assert config.node_sets_files == ()
    assert config.inline_node_sets == {"a": {"node_id": 2}}


def test_is_expanded_copy(tmp_path: Path) -> None:
    copy = write_json(tmp_path / "output/config.json", copy_content("/gone", "output"))
    plain = write_json(tmp_path / "config.json", {"network": "c.json", "simulation": "s.json"})
    itself = write_json(tmp_path / "own/config.json", copy_content(str(tmp_path / "own"), "."))
    assert is_expanded_copy(copy)
    assert not is_expanded_copy(plain)
    assert not is_expanded_copy(itself)
    assert not is_expanded_copy(tmp_path / "none.json")


def test_real_copy(real_data: Path) -> None:
    folder = real_data / "allen_300_pointneurons_run"
    assert is_expanded_copy(folder / "output/config.json")
    assert not is_expanded_copy(folder / "config.json")
    copy, original = load_simulation(folder / "output/config.json"), load_simulation(folder / "config.json")
    assert copy.output.spikes_file == original.output.spikes_file
    assert copy.inputs == original.inputs


def test_relocate_leaves_other_values(tmp_path: Path) -> None:
    value = {"a": ["/other/x", "net/x", 3], "b": "/gone/sim/x"}
    moved = {"a": ["/other/x", "net/x", 3], "b": str(tmp_path / "x")}
    assert relocate(value, "/gone/sim", tmp_path) == moved
