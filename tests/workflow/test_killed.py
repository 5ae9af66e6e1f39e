"""Runs that are killed at random moments; `python -m benchmarks kill` does the same ten times each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.kill import VICTIMS, Arena, disturb, prepare

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module", params=["per_step", "per_simulation"])
def arena(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Arena:
    folder: Path = tmp_path_factory.mktemp("arena")
    return prepare(folder, request.param)


@pytest.mark.slow
@pytest.mark.parametrize("victim", [*VICTIMS[:3], "asked group"])
def test_next_run_gives_what_an_undisturbed_one_gives(arena: Arena, victim: str) -> None:
    assert len(arena.expected) > 50
    assert disturb(arena, victim, seed=0).endswith("files as expected")
