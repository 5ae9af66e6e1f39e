"""The spectrum's lines are those of the statistics; levels and rhythms are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.figures import draw_spectrum
from spikelib.figures.drawing.style import PALETTE
from spikelib.statistics.groups import population_group
from spikelib.statistics.rhythm import find_rhythm, spectrum
from tests.figures.builders import build_summary, count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary


def beating() -> Summary:
    """Return a population that fires at 40 Hz together, and one at random."""
    rng = np.random.default_rng(3)
    beats = np.repeat(np.arange(12.5, 4000.0, 25.0), 5) + rng.normal(0.0, 1.0, 800)
    return count(
        {
            "beating": (20, np.sort(beats.clip(0, 4000)), rng.integers(0, 20, 800)),
            "random": (20, np.sort(rng.uniform(0, 4000, 800)), rng.integers(0, 20, 800)),
        }
    )


def test_lines_levels_and_rhythms(ax: Axes) -> None:
    summary = beating()
    assert draw_spectrum(summary, ax) is ax
    found = [spectrum(summary, population_group(summary, p)) for p in range(2)]
    curves = [line for line in ax.lines if len(line.get_xdata()) > 2]
    levels = [line for line in ax.lines if line.get_linestyle() == ":"]
    marks = [line for line in ax.lines if line.get_marker() == "v"]
    for curve, level, of, colour in zip(curves, levels, found, PALETTE, strict=False):
        assert of is not None
        np.testing.assert_array_equal(curve.get_ydata(), of.power[1:])
        np.testing.assert_array_equal(curve.get_xdata(), of.frequency_hz[1:])
        assert level.get_ydata()[0] == of.poisson
        assert curve.get_color() == level.get_color() == colour
    assert [float(mark.get_xdata()[0]) for mark in marks] == [find_rhythm(found[0], 2)["rhythm_hz"]]
    assert ax.get_title() == "bins of 1 ms, 14 segments of 512 ms; dotted: Poisson level; ▼ rhythm"
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


def test_axis_of_frequency_may_be_linear(ax: Axes) -> None:
    draw_spectrum(beating(), ax, log=False)
    assert (ax.get_xscale(), ax.get_xlim()) == ("linear", (0.0, 500.0))


def test_no_rhythm_is_said_too(ax: Axes) -> None:
    rng = np.random.default_rng(4)
    draw_spectrum(count({"a": (20, np.sort(rng.uniform(0, 4000, 800)), rng.integers(0, 20, 800))}), ax)
    assert ax.get_title().endswith("; no rhythm stands out")


def test_a_short_window_says_so(ax: Axes) -> None:
    draw_spectrum(build_summary({"a": (2, [1.0], [0])}), ax)
    assert [text.get_text() for text in ax.texts] == ["the window is too short for a spectrum"]
