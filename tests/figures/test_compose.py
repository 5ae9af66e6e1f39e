"""Which axes a figure has: parts side by side, and small multiples on the same scales beyond seven classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch

from spikelib.figures.compose import MOST_MULTIPLES, compose, multiples_shape
from spikelib.figures.drawing.style import PALETTE
from spikelib.options.figures import FIGURES, STILLS
from spikelib.statistics.rate_curves import rate_curves
from tests.figures.builders import count

if TYPE_CHECKING:
    from spikelib.summary.model import Summary

MANY = [kind for kind in STILLS if FIGURES[kind].multiples]


def populations(n: int, size: int = 6, spikes: int = 240) -> Summary:
    """Return so many populations, the later ones with more spikes."""
    rng = np.random.default_rng(n)
    trains = {}
    for k in range(n):
        times = np.sort(rng.uniform(0, 4000, spikes + 10 * k))
        trains[f"p{k}"] = (size, times, rng.integers(0, size, len(times)))
    return count(trains)


def composed(kind: str, summary: Summary, width: float = 9.0, **options: Any) -> Figure:
    figure = Figure(figsize=(width, 6.0), layout="constrained")
    FigureCanvasAgg(figure)
    compose(kind, summary, figure, options)
    return figure


@pytest.mark.parametrize("kind", STILLS)
def test_seven_groups_are_told_apart_by_colour(kind: str) -> None:
    summary = populations(7)
    assert multiples_shape(kind, summary, 9.0) is None
    assert len(composed(kind, summary).axes) == {"panel": 5}.get(kind, max(len(FIGURES[kind].parts), 1))


@pytest.mark.parametrize("kind", MANY)
def test_eight_groups_have_axes_of_their_own_on_the_same_scales(kind: str) -> None:
    summary = populations(8)
    parts = FIGURES[kind].parts or ("",)
    figure = composed(kind, summary)
    axes = figure.axes
    assert len(axes) == 8 * len(parts)
    names = [ax.get_title() or ax.get_title(loc="left") for ax in axes]
    assert names == [f"p{k}: {part.upper()}" if part else f"p{k}" for k in range(8) for part in parts]
    for offset in range(len(parts)):
        own = axes[offset :: len(parts)]
        assert len({ax.get_xlim() for ax in own}) == len({ax.get_ylim() for ax in own}) == 1
    drawn = [line.get_color() for ax in axes for line in ax.lines]
    drawn += [patch.get_edgecolor() for ax in axes for patch in ax.patches]
    assert not {to_hex(colour) for colour in drawn} & {colour.lower() for colour in PALETTE[1:6]}
    assert figure.get_suptitle()
    assert not figure.legends


def test_each_of_the_multiples_shows_its_own_group() -> None:
    summary = populations(9)
    curves = rate_curves(summary, "all")
    for p, ax in enumerate(composed("rate", summary, nodes="all").axes):
        (line,) = ax.lines
        np.testing.assert_array_equal(line.get_ydata()[:-1], curves.rates_hz[p])


def test_densities_of_intervals_are_of_each_group_alone() -> None:
    for ax in composed("isi", populations(9)).axes:
        (patch,) = (patch for patch in ax.patches if isinstance(patch, StepPatch))
        values, edges, _ = patch.get_data()
        assert float((values * np.diff(edges)).sum()) == pytest.approx(1.0)


def test_of_too_many_those_with_most_spikes_are_shown_and_it_is_said() -> None:
    summary = populations(MOST_MULTIPLES + 5, size=2, spikes=20)
    figure = composed("rate", summary)
    assert [ax.get_title() or ax.get_title(loc="left") for ax in figure.axes] == [
        f"p{k}" for k in range(5, MOST_MULTIPLES + 5)
    ]
    said = f"{MOST_MULTIPLES} of {MOST_MULTIPLES + 5} classes, those with the most spikes"
    assert said in figure.get_suptitle().replace("\n", " ")


def test_narrow_figures_have_two_columns() -> None:
    assert multiples_shape("rate", populations(9), 3.3) == (5, 2)
    assert multiples_shape("irregularity", populations(9), 9.0) == (5, 4)


def test_many_boxes_have_parts_one_below_the_other() -> None:
    few, many = (composed("boxplots", populations(n, size=2, spikes=30)).axes for n in (14, 15))
    assert few[0].get_subplotspec().get_gridspec().get_geometry() == (1, 2)
    assert many[0].get_subplotspec().get_gridspec().get_geometry() == (2, 1)
    assert [label.get_text() for label in many[0].get_xticklabels()] == [f"p{k}" for k in range(15)]
