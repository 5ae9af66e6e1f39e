"""The demo, written once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spikelib.demo import write_demo

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo"))
