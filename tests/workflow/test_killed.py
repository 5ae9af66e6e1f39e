"""Runs that are killed at random moments; `python -m benchmarks kill` does all victims in both modes ten times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.kill import VICTIMS, Arena, disturb, prepare

if TYPE_CHECKING:
    from pathlib import Path

CASES = {
    "per_step": VICTIMS[:2],
    "per_simulation": [VICTIMS[2], "asked group"],
}


@pytest.fixture(scope="module", params=CASES)
def arena(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Arena]:
    folder: Path = tmp_path_factory.mktemp("arena")
    return request.param, prepare(folder, request.param)


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1])
def test_next_run_gives_what_an_undisturbed_one_gives(arena: tuple[str, Arena], number: int) -> None:
    mode, place = arena
    assert len(place.expected) > 50
    assert disturb(place, CASES[mode][number], seed=0).endswith("files as expected")
