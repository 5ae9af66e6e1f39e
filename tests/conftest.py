"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real data beside the project, or skip the test where it is absent."""
    path = Path(os.environ.get("SPIKELIB_SHARED") or Path(__file__).parents[2] / "shared")
    if not (path / "data").is_dir():
        pytest.skip("the folder of real data is absent; SPIKELIB_SHARED names it")
    return path
