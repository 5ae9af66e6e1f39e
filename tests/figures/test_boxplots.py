"""Box plots show the boxes of the statistics; what is not drawn is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from matplotlib.patches import PathPatch

from spikelib.figures import draw_boxplots
from spikelib.statistics.distributions.boxes import boxes
from tests.figures.builders import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary


@pytest.mark.parametrize("part", ["rate", "cv"])
def test_boxes_are_those_of_the_statistics(ax: Axes, rich: Summary, part: Literal["rate", "cv"]) -> None:
    draw_boxplots(rich, ax, part=part)
    patches = [patch for patch in ax.patches if isinstance(patch, PathPatch)]
    found = boxes(rich, part)
    for place, (patch, box) in enumerate(zip(patches, found, strict=True)):
        corners = patch.get_path().vertices
        assert (corners[:, 1].min(), corners[:, 1].max()) == (box.q1, box.q3)
        assert corners[:, 0].mean() == pytest.approx(place, abs=0.2)
    means = [float(line.get_ydata()[0]) for line in ax.lines if line.get_marker() == "D"]
    assert means == [box.mean for box in found]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["exc", "inh"]
    beyond = sum(box.n_below + box.n_above for box in found)
    words = "rates of 50 nodes" if part == "rate" else "CVs of 50 nodes with 10 or more intervals"
    assert ax.get_title() == (f"{words}; {beyond} beyond the whiskers" if beyond else words)


def test_a_class_without_a_value_is_named_and_has_none(ax: Axes) -> None:
    times = np.arange(0.0, 2000.0, 20.0)
    draw_boxplots(count({"a": (1, times, [0] * 100), "b": (2, [5.0], [1])}, stop=2000.0), ax, part="cv")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b"]
    assert [text.get_text() for text in ax.texts] == ["none"]


def test_no_value_at_all_is_said(ax: Axes) -> None:
    draw_boxplots(count({"a": (2, [5.0], [1])}), ax, part="cv")
    assert [text.get_text() for text in ax.texts] == ["no node has 10 intervals"]
