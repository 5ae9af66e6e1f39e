"""What all tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import missing
from tests.real_data import DATA

if TYPE_CHECKING:
    from pathlib import Path

# A busy machine takes longer than the usual 200 ms for an example, which says nothing of the code.
settings.register_profile("spikelib", deadline=None)
settings.load_profile("spikelib")


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest say in its last lines what did not run."""
    config.pluginmanager.register(missing)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real data, in which no test may write."""
    return DATA
