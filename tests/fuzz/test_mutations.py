"""Changes of files: each is made of a random number generator and of nothing else, and reaches what it should."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import h5py
import pytest

from tests.fuzz.mutate_bytes import mutate_bytes
from tests.fuzz.mutate_hdf5 import mutate_hdf5
from tests.fuzz.mutate_json import mutate_json, parse, write
from tests.fuzz.values import Object, Raw
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path

JSON = b'{"run": {"tstop": 10.0, "dt": 0.1}, "list": [1, "two", null], "name": "caf\xc3\xa9"}'


def test_bytes_of_one_seed_are_equal_and_of_others_not() -> None:
    data = bytes(range(256)) * 4
    made = [mutate_bytes(Random(seed), data) for seed in range(50)]
    assert made == [mutate_bytes(Random(seed), data) for seed in range(50)]
    assert len({content for content, _ in made}) > 40


def test_nothing_can_be_changed() -> None:
    assert all(isinstance(mutate_bytes(Random(seed), b"")[0], bytes) for seed in range(50))


def test_json_is_written_as_it_was_read() -> None:
    assert json.loads(write(parse(JSON.decode()))) == json.loads(JSON)


def test_json_holds_what_python_would_not_write() -> None:
    assert write(Object([("a", Raw("1e400")), ("a", [1])])) == '{"a": 1e400, "a": [1]}'


def test_json_is_changed_in_value_and_structure() -> None:
    kinds = set()
    for seed in range(400):
        content, words = mutate_json(Random(seed), JSON)
        kinds.add(words.split()[0])
        assert (content, words) == mutate_json(Random(seed), JSON)
    assert kinds > {"value", "similar", "delete", "rename", "double", "add", "swap", "wrap", "deep"}


@pytest.fixture
def made(tmp_path: Path) -> list[tuple[str, bytes]]:
    """Return what becomes of a spike file with each of many seeds."""
    whole = write_spikes(tmp_path / "whole.h5", {"a": ([1.0, 2.0, 3.0], [0, 1, 2])}).read_bytes()
    found = []
    path = tmp_path / "mutant.h5"
    for seed in range(150):
        path.write_bytes(whole)
        words = mutate_hdf5(Random(seed), path, ("spikes", "timestamps", "node_ids"))
        assert path.stat().st_size < 1 << 26
        found.append((words, path.read_bytes()))
    return found


def test_hdf5_is_changed_in_many_ways(made: list[tuple[str, bytes]], tmp_path: Path) -> None:
    steps = {step for words, _ in made for step in words.replace(",", "").split()}
    assert steps > {
        "delete",
        "move",
        "copy",
        "replace",
        "values",
        "resize",
        "attribute",
        "link",
        "virtual",
        "raw",
        "add",
    }
    assert len({content for _, content in made}) > 100


def test_hdf5_whose_structure_alone_was_changed_is_hdf5(made: list[tuple[str, bytes]], tmp_path: Path) -> None:
    path = tmp_path / "again.h5"
    whole = [content for words, content in made if "byte" not in words and "bit" not in words and "cut" not in words]
    assert len(whole) > 50
    for content in whole:
        path.write_bytes(content)
        with h5py.File(path) as file:
            assert list(file) is not None
