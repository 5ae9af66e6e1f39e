"""What all tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.real_data import shared_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real data beside the project, or skip the test where it is absent."""
    path = shared_folder()
    if path is None:
        pytest.skip("the folder of real data is absent; SPIKELIB_SHARED names it")
    return path
