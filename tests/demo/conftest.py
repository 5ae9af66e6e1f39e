"""The cells of the demo's network, and a small run of it that was written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.demo import column
from spikelib.demo.run import Run, Spikes


@pytest.fixture(scope="session")
def cortex() -> column.Cells:
    return column.place_cortex(np.random.default_rng(1))


@pytest.fixture(scope="session")
def thalamus() -> column.Cells:
    return column.place_thalamus(np.random.default_rng(2))


@pytest.fixture
def run(cortex: column.Cells, thalamus: column.Cells) -> Run:
    spikes = Spikes(np.array([3, 1], dtype=np.uint64), np.array([0.1, 7.5]))
    return Run(cortex, thalamus, spikes, spikes, 10.0, 0.1, 5.0, 1, "hand")
