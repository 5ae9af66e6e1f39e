"""The ISI figure: steps equal to the view, and a title that tells what is out of sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.patches import StepPatch

from spikelib.errors import PlotError
from spikelib.figures import draw_isi
from spikelib.statistics.distributions.intervals import isi_histogram
from tests.figures.builders import build_summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary


def _steps(ax: Axes) -> list[StepPatch]:
    return [patch for patch in ax.patches if isinstance(patch, StepPatch)]


@pytest.mark.parametrize(
    ("use_frequency", "labels", "binsize"),
    [
        (False, ("Interspike interval [ms]", "Density [1/ms]"), 2.0),
        (True, ("Frequency [Hz]", "Density [1/Hz]"), 50.0),
    ],
    ids=["interval", "frequency"],
)
def test_area_is_the_views_density_and_lines_add_up(
    ax: Axes, busy: Summary, use_frequency: bool, labels: tuple[str, str], binsize: float
) -> None:
    assert draw_isi(busy, ax, use_frequency=use_frequency, binsize=binsize) is ax
    view = isi_histogram(busy, use_frequency=use_frequency, binsize=binsize)
    area, *lines = _steps(ax)
    np.testing.assert_array_equal(area.get_data().values, view.density)
    np.testing.assert_array_equal(area.get_data().edges, view.edges)
    np.testing.assert_allclose(sum(line.get_data().values for line in lines), view.density)
    assert (ax.get_xlabel(), ax.get_ylabel()) == labels


def test_a_long_tail_is_told_in_the_title(ax: Axes) -> None:
    times = np.cumsum([0.0, *[10.0] * 600, 3000.0])
    draw_isi(build_summary({"a": (1, times, [0] * 602)}, stop=1e4), ax, binsize=5.0)
    assert ax.get_xlim() == (0.0, 15.0)
    assert ax.get_title() == "601 intervals, bins of 5 ms; 1 beyond 15 ms (up to 3,005 ms)"
    assert len(_steps(ax)) == 1
    assert ax.get_legend() is None


def test_grown_bins_are_told_in_the_title(ax: Axes) -> None:
    draw_isi(build_summary({"a": (1, [0.0, 2000.0], [0, 0])}, stop=3000.0), ax, binsize=0.5)
    assert ax.get_title().endswith("; bins of 0.4 ms instead of 0.5 ms, to hold the largest value")


@pytest.mark.parametrize("times", [[], [5.0]], ids=["no spike", "one spike"])
def test_no_intervals_says_so(ax: Axes, times: list[float]) -> None:
    draw_isi(build_summary({"a": (2, times, [0] * len(times))}), ax)
    assert [text.get_text() for text in ax.texts] == ["no interspike intervals: no node fired twice in 0 to 100 ms"]
    assert not ax.patches
    assert ax.get_xlim() == (0.0, 100.0)


def test_labels_are_left_alone_unless_asked(ax: Axes, busy: Summary) -> None:
    draw_isi(busy, ax, label_axes=False)
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("", "", "")


def test_unusable_binsize(ax: Axes, busy: Summary) -> None:
    with pytest.raises(PlotError, match="no multiple of the summary's bins"):
        draw_isi(busy, ax, binsize=0.15)


def test_populations_without_nodes_are_not_named(ax: Axes) -> None:
    draw_isi(build_summary({"gone": (0, [], []), "a": (1, [1.0, 5.0], [0, 0]), "b": (1, [1.0, 2.0], [0, 0])}), ax)
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["all", "a (1 interval)", "b (1 interval)"]
