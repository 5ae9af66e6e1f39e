"""The animation object of notebooks: images and titles of its frames read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib import rcParams

from spikelib.errors import PlotError
from spikelib.figures import animate
from spikelib.figures.drawing.glow import AFTERGLOW
from tests.figures.builders import build_summary

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary


@pytest.fixture
def film() -> Summary:
    """Three nodes in the cells of a 2 x 2 grid; the fourth has no position."""
    xy = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 50.0], [np.nan, np.nan]])
    return build_summary({"a": (4, [1.0, 41.0, 3.0], [0, 2, 3])}, stop=42.0, frame=4.0, frame_shape=(2, 2), xy=xy)


def test_frames_show_spikes_at_their_places(ax: Axes, film: Summary) -> None:
    animation = animate(film, ax)
    assert list(animation.new_frame_seq()) == list(range(11))
    (image,) = ax.images
    assert image.get_extent() == [0.0, 100.0, 0.0, 50.0]
    assert image.origin == "lower"
    for frame, expected in [(0, [[AFTERGLOW + 1, 0], [0, None]]), (10, [[0, 0], [AFTERGLOW + 1, None]])]:
        animation._func(frame)
        assert np.ma.asarray(image.get_array()).tolist() == expected
    assert ax.get_title() == "t = 40–42 ms"
    ax.figure.canvas.draw()  # matplotlib warns of animations that were never drawn


def test_labels_and_legend(ax: Axes, film: Summary) -> None:
    animation = animate(film, ax)
    ax.figure.canvas.draw()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x [µm]", "y [µm]")
    assert ax.get_aspect() == 1.0
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()][::5] == ["1 spike"]
    assert "1 spike of nodes" in legend.get_title().get_text()
    del animation  # kept until it was drawn


def test_labels_are_left_alone_unless_asked(ax: Axes, film: Summary) -> None:
    animation = animate(film, ax, label_axes=False)
    ax.figure.canvas.draw()
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_legend()) == ("", "", None)
    del animation  # kept until it was drawn


def test_no_animation(ax: Axes, busy: Summary) -> None:
    with pytest.raises(PlotError, match="no animation in this summary"):
        animate(busy, ax)


def test_film_is_saved_and_shown_without_an_ffmpeg_on_the_path(
    ax: Axes, film: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    before = rcParams["animation.ffmpeg_path"]
    animation = animate(film, ax)
    animation.save(tmp_path / "film.mp4")
    assert (tmp_path / "film.mp4").read_bytes()[4:8] == b"ftyp"
    assert "<video" in animation.to_html5_video()
    assert rcParams["animation.ffmpeg_path"] == before
