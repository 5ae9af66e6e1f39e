"""Plots of classes in Python: those of the workflow, into given axes or a figure of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch

from spikelib import open_report
from spikelib.demo import write_demo
from spikelib.errors import ConfigError, PlotError
from spikelib.simulation.class_plots import ClassPlots
from spikelib.steps.report import report_simulation
from spikelib.summary.by_class import by_class
from spikelib.summary.store import load_summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from spikelib.simulation.spike_report import FilteredSpikeReport

LAYERS = ["layer"]
METHODS = [name for name in vars(ClassPlots) if name.startswith("plot_")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def spikes(demo: Path) -> FilteredSpikeReport:
    return open_report(demo).filter("Column", 200.0, 1400.0)


@pytest.fixture(autouse=True)
def pyplot() -> Iterator[None]:
    """Draw without a display, and leave no figure."""
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.mark.parametrize("method", METHODS)
def test_each_makes_a_figure_of_its_own(spikes: FilteredSpikeReport, method: str) -> None:
    n_axes = {"plot_boxplots": 2, "plot_irregularity": 2, "plot_panel": 5}.get(method, 1)
    axes = getattr(spikes, method)(LAYERS)
    assert len(axes) == n_axes
    assert all(ax.get_ylabel() for ax in axes if n_axes < 5)
    assert plt.get_fignums()


@pytest.mark.parametrize("method", [name for name in METHODS if name != "plot_panel"])
def test_given_axes_get_no_labels_and_no_figure_is_made(spikes: FilteredSpikeReport, method: str) -> None:
    ax = Figure().add_subplot()
    assert getattr(spikes, method)(LAYERS, ax) == [ax]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("", "", "")
    assert ax.has_data()
    assert plt.get_fignums() == []


def test_more_than_seven_classes_have_axes_of_their_own(spikes: FilteredSpikeReport) -> None:
    assert len(spikes.plot_spectrum(["mtype", "synapse_class"])) > 7


def steps(ax: Any) -> list[Any]:
    return [patch.get_data().values for patch in ax.patches if isinstance(patch, StepPatch)]


def test_they_show_what_the_workflow_shows(demo: Path, spikes: FilteredSpikeReport, tmp_path: Path) -> None:
    from spikelib.figures import draw_correlations, draw_depth, draw_irregularity

    config: dict[str, Any] = {
        "filters": {"f": {"group": "Column", "t_start": 200.0, "t_stop": 1400.0}},
        "figures": {"others": False, "correlations": {}, "depth": {"axis": "z"}},
        "classes": LAYERS,
        "statistics": {"cv_min_intervals": 5},
    }
    report_simulation(demo, tmp_path / "r.html", config, keep=tmp_path)
    summary = by_class(load_summary(tmp_path / "filters/f/summary.npz"))
    pairs = (
        (draw_correlations, spikes.plot_correlations, {}, {}),
        (draw_depth, spikes.plot_depth, {}, {"axis": "z"}),
        (draw_irregularity, spikes.plot_irregularity, {}, {"cv_min_intervals": 5}),
    )
    for draw, plot, options, asked in pairs:
        ours, theirs = Figure().add_subplot(), Figure().add_subplot()
        plot(LAYERS, ours, **asked)
        draw(summary, theirs, **options)
        found, expected = steps(ours), steps(theirs)
        assert len(found) == len(expected) > 0
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other)


def test_nonsense_is_refused(spikes: FilteredSpikeReport) -> None:
    with pytest.raises(ConfigError, match=r"statistics\.cv_min: unknown key"):
        spikes.plot_boxplots(LAYERS, cv_min=3)
    with pytest.raises(PlotError, match=r"correlations\.binsize"):
        spikes.plot_correlations(LAYERS, Figure().add_subplot(), binsize=0.0007)
