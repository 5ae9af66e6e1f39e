"""What the workflow knows of a simulation before any job runs."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import h5py
import pytest
from writing import write_simulation, write_spikes

import spikelib
from spikelib import plan as plan_module
from spikelib.errors import MissingFileError, SpikeFileError
from spikelib.plan import plan
from spikelib.sonata.spikes import SpikeReader

if TYPE_CHECKING:
    from pathlib import Path

SPIKES = {"b;c": ([1.0, 2.0], [0, 1]), "a": ([], []), "ghost": ([3.0], [7])}
NODES = {"b;c": {"x": [1.0, 2.0], "layer": [4, 5]}, "a": 3}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_simulation(tmp_path / "in", SPIKES, NODES)


def test_plan_tells_all_that_jobs_depend_on(source: Path) -> None:
    known = plan(source)
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


def test_bare_spike_file(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "spikes.h5", {"a": ([1.0], [0])})
    known = plan(path)
    assert known["files"] == [str(path)]
    assert known["populations"][0]["n_nodes"] is None


def test_no_spike_is_read(monkeypatch: pytest.MonkeyPatch, source: Path) -> None:
    def refuse(*_: Any) -> None:
        pytest.fail("a plan must be cheap")

    monkeypatch.setattr(SpikeReader, "read", refuse)
    monkeypatch.setattr(SpikeReader, "read_times", refuse)
    assert len(plan(source)["populations"]) == 3


def forget_how(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it an error to look at the simulation again."""
    monkeypatch.setattr(plan_module, "_make", lambda _: pytest.fail("the plan was made again"))


def test_answer_is_remembered(monkeypatch: pytest.MonkeyPatch, source: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "plan.json"
    made = plan(source, cache)
    assert json.loads(cache.read_text()) == made
    forget_how(monkeypatch)
    assert plan(source, cache) == made


@pytest.mark.parametrize(
    "name", ["simulation_config.json", "circuit_config.json", "node_sets.json", "a_nodes.h5", "output/spikes.h5"]
)
def test_any_changed_file_makes_it_anew(source: Path, tmp_path: Path, name: str) -> None:
    cache = tmp_path / "plan.json"
    before = plan(source, cache)
    file = source.parent / name
    os.utime(file, ns=(1, 1))
    after = plan(source, cache)
    assert before["stamps"].pop(str(file)) != after["stamps"].pop(str(file))
    assert before == after


def test_new_spikes_are_seen(source: Path, tmp_path: Path) -> None:
    cache = tmp_path / "plan.json"
    plan(source, cache)
    write_spikes(source.parent / "output" / "spikes.h5", {"a": ([1.0] * 5, [0] * 5)})
    assert [(known["name"], known["n_spikes"]) for known in plan(source, cache)["populations"]] == [("a", 5)]
    (source.parent / "output" / "spikes.h5").unlink()
    with pytest.raises(MissingFileError, match=r"spikes\.h5: there is no such spike file"):
        plan(source, cache)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[1]",
        "{}",
        '{"source": "x", "stamps": {}}',
        '{"writer": "{version}", "source": "{source}", "stamps": 5}',
        '{"writer": "{version}", "source": "{source}", "stamps": {"{source}": null}}',
        '{"writer": "0.0.0", "source": "{source}", "stamps": {}}',
        "\0\0",
    ],
)
def test_unusable_cache_is_made_anew(source: Path, tmp_path: Path, content: str) -> None:
    cache = tmp_path / "plan.json"
    cache.write_text(content.replace("{version}", spikelib.__version__).replace("{source}", str(source)))
    assert plan(source, cache) == plan(source)
    assert json.loads(cache.read_text()) == plan(source)


def test_cache_of_another_simulation_is_not_taken(source: Path, tmp_path: Path) -> None:
    cache = tmp_path / "plan.json"
    plan(source, cache)
    other = write_spikes(tmp_path / "other.h5", {"z": ([1.0], [0])})
    assert [known["name"] for known in plan(other, cache)["populations"]] == ["z"]


def test_bad_input_leaves_no_cache(tmp_path: Path) -> None:
    path = tmp_path / "spikes.h5"
    with h5py.File(path, "w"):
        pass
    with pytest.raises(SpikeFileError, match=r"spikes\.h5: it has no group /spikes"):
        plan(path, tmp_path / "cache" / "plan.json")
    assert list(tmp_path.iterdir()) == [path]
