"""Axes that need no display and no pyplot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tests.figures.builders import build_summary, count, with_everything

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary


@pytest.fixture
def ax() -> Axes:
    figure = Figure(figsize=(9.0, 4.0), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


@pytest.fixture
def silent() -> Summary:
    return with_everything(build_summary({"a": (3, [], []), "b": (2, [], [])}))


@pytest.fixture
def rich() -> Summary:
    """Four seconds of two populations: long enough for spectra and CVs."""
    rng = np.random.default_rng(8)
    trains = {
        name: (size, np.sort(rng.uniform(0.0, 4000.0, 3000)), rng.integers(0, size, 3000))
        for name, size in (("exc", 40), ("inh", 10))
    }
    return count(trains)


@pytest.fixture
def busy() -> Summary:
    """A thousand spikes of two populations."""
    rng = np.random.default_rng(5)
    times = rng.uniform(0.0, 100.0, 1000)
    trains = {"exc": (40, times[:600], rng.integers(0, 40, 600)), "inh": (10, times[600:], rng.integers(0, 10, 400))}
    return with_everything(build_summary(trains))
