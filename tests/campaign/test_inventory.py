"""What the workflow knows of a simulation before any job runs."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

import h5py
import pytest

import spikelib
from spikelib.campaign import inventory as inventory_module
from spikelib.campaign.inventory import NOTHING, read_inventories, take_inventories, take_inventory
from spikelib.errors import SpikeFileError
from spikelib.provenance import sources as sources_module
from spikelib.sonata.spikes.spike_file import SpikeReader
from tests.writing import write_simulation, write_spikes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SPIKES = {"b;c": ([1.0, 2.0], [0, 1]), "a": ([], []), "ghost": ([3.0], [7])}
NODES = {"b;c": {"x": [1.0, 2.0], "layer": [4, 5]}, "a": 3}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_simulation(tmp_path / "in", SPIKES, NODES)


def test_inventory_has_all_that_jobs_depend_on(source: Path) -> None:
    known = take_inventory(source)
    folder = source.parent
    assert known["source"] == str(source)
    assert known["spike_file"] == str(folder / "output" / "spikes.h5")
    assert known["populations"] == [
        {"name": "a", "file": "a.parquet", "n_spikes": 0, "n_nodes": 3, "sorting_claim": "by_time"},
        {"name": "b;c", "file": "b%3Bc.parquet", "n_spikes": 2, "n_nodes": 2, "sorting_claim": "by_time"},
        {"name": "ghost", "file": "ghost.parquet", "n_spikes": 1, "n_nodes": None, "sorting_claim": "by_time"},
    ]
    assert known["properties"] == {"a": [], "b;c": ["layer", "x"], "ghost": []}
    names = ("a_nodes.h5", "b;c_nodes.h5", "circuit_config.json", "node_sets.json", "output/spikes.h5")
    assert known["files"] == sorted(str(folder / name) for name in (*names, "simulation_config.json"))
    assert json.loads(json.dumps(known)) == known


def test_files_dated_in_the_future_are_known(source: Path) -> None:
    assert take_inventory(source)["ahead"] == []
    spikes = source.parent / "output/spikes.h5"
    os.utime(spikes, (time.time() + 3600,) * 2)
    assert take_inventory(source)["ahead"] == [str(spikes)]


def test_bare_spike_file(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "spikes.h5", {"a": ([1.0], [0])})
    known = take_inventory(path)
    assert known["files"] == [str(path)]
    assert known["populations"][0]["n_nodes"] is None


def test_no_spike_is_read(monkeypatch: pytest.MonkeyPatch, source: Path) -> None:
    def refuse(*_: Any) -> None:
        pytest.fail("an inventory must be cheap")

    monkeypatch.setattr(SpikeReader, "read", refuse)
    monkeypatch.setattr(SpikeReader, "read_times", refuse)
    assert len(take_inventory(source)["populations"]) == 3


def forget_how(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it an error to look at the simulation again."""
    monkeypatch.setattr(inventory_module, "take_inventory", lambda _: pytest.fail("it was looked at again"))


def take_one(source: Path, cache: Path) -> Mapping[str, Any]:
    """Take the inventory of a campaign of one simulation."""
    return take_inventories({"one": source}, cache, quiet_minutes=0)["one"].content


def test_answer_is_remembered(monkeypatch: pytest.MonkeyPatch, source: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "plans.json"
    made = take_one(source, cache)
    assert json.loads(cache.read_text()) == {"one": made} == read_inventories(cache)
    before = cache.stat().st_mtime_ns
    forget_how(monkeypatch)
    assert take_one(source, cache) == made
    assert cache.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "name", ["simulation_config.json", "circuit_config.json", "node_sets.json", "a_nodes.h5", "output/spikes.h5"]
)
def test_any_changed_file_makes_it_anew(source: Path, tmp_path: Path, name: str) -> None:
    cache = tmp_path / "plans.json"
    before = take_one(source, cache)
    file = source.parent / name
    os.utime(file, ns=(1, 1))
    after = take_one(source, cache)
    assert before["stamps"].pop(str(file)) != after["stamps"].pop(str(file))
    assert before.pop("made_from") != after.pop("made_from")
    assert before == after


def test_new_spikes_are_seen(source: Path, tmp_path: Path) -> None:
    cache = tmp_path / "plans.json"
    take_one(source, cache)
    write_spikes(source.parent / "output" / "spikes.h5", {"a": ([1.0] * 5, [0] * 5)})
    assert [(known["name"], known["n_spikes"]) for known in take_one(source, cache)["populations"]] == [("a", 5)]
    (source.parent / "output" / "spikes.h5").unlink()
    found = take_inventories({"one": source}, cache, quiet_minutes=0)["one"]
    assert found.state == "waiting"
    assert found.problem.endswith("spikes.h5 does not exist yet")
    assert read_inventories(cache) == {}


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["populations", 0, "file"], None),
        (["populations", 0, "n_spikes"], "5"),
        (["populations", 0, "n_spikes"], 10**20),
        (["populations", 0, "n_nodes"], -1),
        (["populations", 0, "n_nodes"], 1.5),
        (["populations", 0], {"name": "a", "file": "a.parquet", "n_spikes": 1, "sorting_claim": None}),
        (["populations", 0], []),
        (["properties", "a"], {"x": 1}),
        (["files", 0], {}),
        (["stamps"], []),
    ],
)
def test_a_record_that_was_damaged_is_made_again(source: Path, tmp_path: Path, keys: list[Any], value: Any) -> None:
    cache = tmp_path / "plans.json"
    made = take_one(source, cache)
    content = json.loads(cache.read_text())
    holder = content["one"]
    for key in keys[:-1]:
        holder = holder[key]
    holder[keys[-1]] = value
    cache.write_text(json.dumps(content))
    assert read_inventories(cache) == {}
    assert take_one(source, cache) == made
    cache.write_text("[" * 100_000 + "]" * 100_000)
    assert read_inventories(cache) == {}


def test_simulations_that_left_are_forgotten(source: Path, tmp_path: Path) -> None:
    cache = tmp_path / "plans.json"
    take_inventories({"one": source, "two": source}, cache, quiet_minutes=0)
    assert list(read_inventories(cache)) == ["one", "two"]
    take_inventories({"two": source}, cache, quiet_minutes=0)
    assert list(read_inventories(cache)) == ["two"]


def test_shared_files_are_looked_at_once(monkeypatch: pytest.MonkeyPatch, source: Path, tmp_path: Path) -> None:
    sources = {f"seed_{number}": source for number in range(20)}
    take_inventories(sources, tmp_path / "plans.json", quiet_minutes=0)
    looked_at: list[str] = []
    stamp = sources_module.stamp_of
    monkeypatch.setattr(sources_module, "stamp_of", lambda file: looked_at.append(file) or stamp(file))
    take_inventories(sources, tmp_path / "plans.json", quiet_minutes=0)
    assert sorted(looked_at) == take_inventory(source)["files"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[1]",
        "{}",
        '{"one": 5}',
        '{"one": {"source": "x", "stamps": {}}}',
        '{"one": {"writer": "{version}", "source": "{source}", "stamps": 5}}',
        '{"one": {"writer": "{version}", "source": "{source}", "stamps": {"{source}": null}}}',
        '{"one": {"writer": "0", "source": "x", "stamps": {}, "files": [], "populations": [], "properties": {}}}',
        "\0\0",
    ],
)
def test_unusable_cache_is_made_anew(source: Path, tmp_path: Path, content: str) -> None:
    cache = tmp_path / "plans.json"
    cache.write_text(content.replace("{version}", spikelib.__version__).replace("{source}", str(source)))
    assert take_one(source, cache) == take_inventory(source)
    assert read_inventories(cache) == {"one": take_inventory(source)}


def test_cache_of_another_simulation_is_not_taken(source: Path, tmp_path: Path) -> None:
    cache = tmp_path / "plans.json"
    take_one(source, cache)
    other = write_spikes(tmp_path / "other.h5", {"z": ([1.0], [0])})
    assert [known["name"] for known in take_one(other, cache)["populations"]] == ["z"]


def test_bad_input_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "spikes.h5"
    with h5py.File(path, "w"):
        pass
    with pytest.raises(SpikeFileError, match=r"spikes\.h5: it has no group /spikes"):
        take_inventory(path)
    found = take_inventories({"one": path}, tmp_path / "cache" / "plans.json", quiet_minutes=0)["one"]
    assert (found.state, found.content) == ("broken", NOTHING)
    assert "it has no group /spikes" in found.problem
    assert list(tmp_path.iterdir()) == [path]
