"""A small simulation of two populations and its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.steps.builders import SPIKES, extract_all
from tests.writing import write_simulation

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_simulation(tmp_path / "in", SPIKES, {"a": {"layer": [1, 1, 2, 2]}, "b": 4})


@pytest.fixture
def tables(source: Path, tmp_path: Path) -> Path:
    extract_all(source, tmp_path / "tables")
    return tmp_path / "tables"
