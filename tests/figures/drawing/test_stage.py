"""The pixels of an animation: its axes, its dots and the time."""

from __future__ import annotations

import numpy as np
import pytest

from tests.figures.builders import XY, build_animated, build_stage


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [(900.0, 700.0, (96, 128)), (200.0, 1000.0, (128, 32)), (100.0, 100.0, (96, 128))],
    ids=["wide", "column", "square"],
)
def test_axes_are_to_scale(width: float, height: float, shape: tuple[int, int]) -> None:
    stage, _ = build_stage(build_animated([], [], xy=XY / 100.0 * [width, height], frame_shape=shape))
    box = stage.box
    assert box.to_scale
    assert box.width / box.height == pytest.approx(width / height, rel=0.05)


def test_height_that_is_no_binary_fraction_of_inches() -> None:
    stage, _ = build_stage(build_animated([], [], xy=XY / 100.0 * [90.5, 100.0]))
    assert stage.size == (620, 502)
    assert stage.frame(0).shape == (502, 620, 4)


def test_very_thin_tissue_is_stretched_and_says_so() -> None:
    stage, _ = build_stage(build_animated([], [], xy=XY / 100.0 * [10.0, 1000.0]))
    assert not stage.box.to_scale
    assert stage.box.width == 100


def test_a_frame_is_opaque_and_changes_only_where_dots_and_the_time_are() -> None:
    stage, glow = build_stage(build_animated([8.0], [0]))
    silent, bright = stage.frame(0), stage.frame(2)
    width, height = stage.box.frame_size
    assert silent.shape == (height, width, 4)
    assert (silent[..., 3] == 255).all()
    changed = (silent != bright).any(axis=2)
    box = stage.box
    below = changed[box.top :]
    assert changed[: box.top].any()
    rows, columns = np.nonzero(below)
    # Node 0 is at the lower left corner: its dot is there, and nothing else moves.
    assert rows.min() > box.height / 2
    assert columns.min() >= box.left
    assert columns.max() < box.left + box.width / 2
    assert below.sum() == (bright[:, : box.left + box.width, :3] == np.round(glow.colours[-1] * 255)).all(axis=2).sum()


@pytest.mark.parametrize("shape", [(96, 128), (7, 3), (1, 1)], ids=str)
def test_sides_of_a_frame_are_even(shape: tuple[int, int]) -> None:
    stage, _ = build_stage(build_animated([], [], frame_shape=shape))
    assert [side % 2 for side in stage.size] == [0, 0]
