"""Axes that need no display and no pyplot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tests.figures.builders import build_summary

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
    return build_summary({"a": (3, [], []), "b": (2, [], [])})


@pytest.fixture
def busy() -> Summary:
    """A thousand spikes of two populations."""
    rng = np.random.default_rng(5)
    times = rng.uniform(0.0, 100.0, 1000)
    return build_summary(
        {"exc": (40, times[:600], rng.integers(0, 40, 600)), "inh": (10, times[600:], rng.integers(0, 10, 400))}
    )
