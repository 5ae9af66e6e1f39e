"""What all tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from real_data import shared_folder

if TYPE_CHECKING:
    from pathlib import Path

# A busy machine takes longer than the usual 200 ms for an example, which says nothing of the code.
settings.register_profile("spikelib", deadline=None)
settings.load_profile("spikelib")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real data beside the project, or skip the test where it is absent."""
    path = shared_folder()
    if path is None:
        pytest.skip("the folder of real data is absent; SPIKELIB_SHARED names it")
    return path
