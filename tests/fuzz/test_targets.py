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

LONG = {"results"}
"""Those whose whole files take seconds to make."""


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=[pytest.mark.slow] * (name in LONG)) for name in TARGETS]
)
def target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Target:
    made = TARGETS[request.param]()
    folder = tmp_path_factory.mktemp(request.param) / "origins"
    folder.mkdir()
    made.prepare(folder)
    return made


def content(folder: Path) -> dict[str, bytes]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_whole_files_are_read_right(target: Target, tmp_path: Path) -> None:
    checked = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SpikelibWarning)
        for index in range(8):
            rng, folder = Random(index), tmp_path / str(index)
            folder.mkdir()
            target.place(rng, folder)
            checked.append(target.check(folder, target.read(rng, folder)))
    assert any(checked)


def test_a_mutant_is_determined_by_its_seed(target: Target, tmp_path: Path) -> None:
    made = []
    for k, seed in enumerate([5, 6, 7, 8, 7, 6, 5]):
        rng, folder = Random(seed), tmp_path / str(k) / "mutant"
        folder.mkdir(parents=True)
        made.append((target.place(rng, folder), target.change(rng, folder), content(folder)))
    assert made == made[::-1]
    assert len({change for _, change, _ in made}) > 2
