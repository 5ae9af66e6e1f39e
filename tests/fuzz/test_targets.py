"""Each target reads its whole files, and finds in them what the other reading finds; here in this process."""

from __future__ import annotations

import warnings
from random import Random
from typing import TYPE_CHECKING

import pytest

from spikelib.errors import SpikelibWarning
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fuzz.target import Target


def prepared(name: str, folder: Path) -> Target:
    target = TARGETS[name]()
    (folder / "origins").mkdir(parents=True)
    target.prepare(folder / "origins")
    return target


def content(folder: Path) -> dict[str, bytes]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize("name", TARGETS)
def test_whole_files_are_read_right(name: str, tmp_path: Path) -> None:
    target = prepared(name, tmp_path)
    checked = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SpikelibWarning)
        for index in range(8):
            rng, folder = Random(index), tmp_path / str(index)
            folder.mkdir()
            target.place(rng, folder)
            checked.append(target.check(folder, target.read(rng, folder)))
    assert sum(checked) >= 3


@pytest.mark.parametrize("name", TARGETS)
def test_a_mutant_is_determined_by_its_seed(name: str, tmp_path: Path) -> None:
    target, made = prepared(name, tmp_path), []
    for k, seed in enumerate([5, 6, 7, 8, 7, 6, 5]):
        rng, folder = Random(seed), tmp_path / str(k) / "mutant"
        folder.mkdir(parents=True)
        made.append((target.place(rng, folder), target.change(rng, folder), content(folder)))
    assert made == made[::-1]
    assert len({change for _, change, _ in made}) > 2
