"""Trains with known statistics, and their summary."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.summary.accumulate import summarise
from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
from tests.summaries import id_axis, two_populations


@pytest.fixture(scope="session")
def nodes() -> Nodes:
    return two_populations()


@pytest.fixture(scope="session")
def axis() -> RasterAxis:
    return id_axis()


@pytest.fixture(scope="session")
def trains() -> list[np.ndarray]:
    """Gamma trains of seven nodes, the fifth of one spike and the last silent."""
    random = np.random.default_rng(11)
    trains = [np.cumsum(random.gamma(shape, 20.0 / shape, 400)) for shape in (0.5, 1, 2, 4, 8, 1, 1)]
    trains = [train[train < 5000] for train in trains]
    return [*trains[:4], trains[4][:1], trains[5], np.empty(0)]


@pytest.fixture(scope="session")
def summary(trains, nodes, axis):
    times = np.concatenate(trains)
    rows = np.repeat(np.arange(7, dtype=np.int32), [len(train) for train in trains])
    order = np.argsort(times, kind="stable")
    spec = SummarySpec(start=0.0, stop=5000.0, rate_bin=50.0)
    return summarise([(times[order], rows[order])], spec, nodes, axis)
