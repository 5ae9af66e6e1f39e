"""Levels and colours of an animation: bright in the frame of a spike, then fading."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.figures.drawing.glow import Glow, frame_text
from spikelib.summary.grids import movie_frames
from tests.figures.builders import build_animated, build_stage, build_summary, count_pixels


def test_bright_then_fading_then_silent() -> None:
    stage, glow = build_stage(build_animated([8.0], [0]))
    oldest, older, old, bright = glow.colours[1:]
    by_frame = [
        [count_pixels(stage, frame, colour) > 0 for colour in (bright, old, older, oldest)] for frame in range(7)
    ]
    assert by_frame == [
        [False] * 4,
        [False] * 4,
        [True, False, False, False],
        [False, True, False, False],
        [False, False, True, False],
        [False, False, False, True],
        [False] * 4,
    ]
    assert count_pixels(stage, 0, glow.colours[0]) > 0


def test_each_cell_is_bright_in_exactly_the_frames_of_its_spikes() -> None:
    rng = np.random.default_rng(7)
    xy = rng.uniform(0, 100, (300, 2))
    times, ids = rng.uniform(0, 400, 400), rng.integers(0, 300, 400)
    movie = movie_frames(build_summary({"a": (300, times, ids)}, stop=400.0, frame=4.0, frame_shape=(16, 16), xy=xy))
    glow = Glow(movie)
    bright = np.array([glow.levels(frame) > glow.fading for frame in range(len(movie.counts))])
    np.testing.assert_array_equal(bright, movie.counts > 0)
    assert movie.counts.sum() == 400


def test_busy_films_do_not_fade() -> None:
    rng = np.random.default_rng(8)
    movie = movie_frames(build_animated(rng.uniform(0, 42, 60).tolist(), rng.integers(0, 4, 60).tolist()))
    glow = Glow(movie)
    assert glow.fading == 0
    assert glow.names[0] == "silent"
    assert not any("ago" in name for name in glow.names)


def test_names_and_colours_tell_counts_apart() -> None:
    glow = Glow(movie_frames(build_animated([0.0] * 6 + [20.0], [0] * 6 + [1])))
    assert glow.names == [
        "silent", "3 frames ago", "2 frames ago", "1 frame ago", "1 spike", "2 to 3 spikes", "4 to 6 spikes",
    ]  # fmt: skip
    assert len(np.unique(glow.colours, axis=0)) == len(glow.names)


@pytest.mark.parametrize(
    ("start", "stop", "frame", "text"),
    [
        (0.0, 40.0, 4.0, "t = 4–8 ms"),
        (0.5, 40.0, 2.0, "t = 2.5–4.5 ms"),
        (1000.0, 1001.0, 0.025, "t = 1000.025–1000.050 ms"),
    ],
    ids=["whole", "half", "fine"],
)
def test_time_stamp_has_the_decimals_it_needs(start: float, stop: float, frame: float, text: str) -> None:
    assert frame_text(movie_frames(build_animated([], [], start=start, stop=stop, frame=frame)), 1) == text
