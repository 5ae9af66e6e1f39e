"""Small selections of nodes to summarise."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.summary.model import Nodes, Places, RasterAxis, SummarySpec
from tests.summaries import id_axis, two_populations

N_NODES = (4, 3)


@pytest.fixture(scope="session")
def nodes() -> Nodes:
    return two_populations()


@pytest.fixture(scope="session")
def axis() -> RasterAxis:
    return id_axis()


@pytest.fixture(scope="session")
def spots() -> Places:
    """Every node in a cell of its own, the last one nowhere."""
    xy = np.column_stack([np.arange(7.0), np.zeros(7)])
    xy[6] = np.nan
    return Places("x", "y", xy, (0.0, 6.0, -0.5, 0.5), np.array([0, 1, 2, 3, 4, 5, -1]))


@pytest.fixture(scope="session")
def spec() -> SummarySpec:
    return SummarySpec(
        start=0.0, stop=95.0, rate_bin=10.0, rate_parts=5, isi_bin=0.001, frequency_bin=0.01,
        raster_cap=25, raster_shape=(7, 19), frame=4.0, frame_shape=(1, 6),
    )  # fmt: skip
