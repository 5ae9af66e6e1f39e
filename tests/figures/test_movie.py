"""Films, decoded again: frames, sizes, and bright pixels where and when spikes are."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from spikelib.errors import OutputError, PlotError
from spikelib.figures import write_movie
from spikelib.figures.movie import MOST_GIF_FRAMES
from tests.figures.builders import build_animated, build_stage, build_summary

if TYPE_CHECKING:
    from pathlib import Path


def _decode(path: Path) -> np.ndarray:
    """All frames of an mp4, shape (frames, height, width, 3); a PPM stream tells their size."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-i", str(path)]
    stream = subprocess.run([*command, "-f", "image2pipe", "-c:v", "ppm", "-"], capture_output=True, check=True).stdout
    header = stream[: stream.index(b"255\n") + 4]
    width, height = (int(word) for word in header.split()[1:3])
    frames = np.frombuffer(stream, np.uint8).reshape(-1, len(header) + width * height * 3)
    return frames[:, len(header) :].reshape(-1, height, width, 3)


def test_mp4_has_all_frames_and_even_sides(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = write_movie(
        build_animated([1.0, 41.0], [0, 3]), tmp_path / "film.mp4", progress=lambda *step: seen.append(step)
    )
    frames = _decode(path)
    assert path == tmp_path / "film.mp4"
    assert len(frames) == 11
    assert frames.shape[1] % 2 == frames.shape[2] % 2 == 0
    assert seen == [(i, 11) for i in range(1, 12)]
    assert [file.name for file in tmp_path.iterdir()] == ["film.mp4"]


def test_mp4_shows_each_spike_where_and_when_it_is(tmp_path: Path) -> None:
    frames = _decode(write_movie(build_animated([1.0, 41.0], [0, 3]), tmp_path / "film.mp4")).astype(int)
    red = frames[:, 32:-50, 80:-165, 0] > 200
    lower_left, upper_right = red[:, -45:, :45], red[:, :45, -45:]
    assert np.flatnonzero(lower_left.any(axis=(1, 2))).tolist() == [0]
    assert np.flatnonzero(upper_right.any(axis=(1, 2))).tolist() == [10]


def test_mp4_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    summary = build_animated([1.0, 9.0], [0, 3])
    first, again = (write_movie(summary, tmp_path / f"{name}.mp4").read_bytes() for name in "ab")
    assert first == again


def test_mp4_can_start_before_it_is_loaded(tmp_path: Path) -> None:
    content = write_movie(build_animated([1.0], [0]), tmp_path / "film.mp4").read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_fps_sets_the_duration(tmp_path: Path) -> None:
    path = write_movie(build_animated([1.0], [0]), tmp_path / "film.mp4", fps=5)
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(path))
    assert (frames, seconds) == (11, pytest.approx(11 / 5, abs=0.01))


def test_gif_has_all_frames(tmp_path: Path) -> None:
    path = write_movie(build_animated([1.0, 41.0], [0, 3]), tmp_path / "film.gif", fps=20)
    with Image.open(path) as image:
        assert image.n_frames == 11
        assert image.info["duration"] == 50
        assert image.info["loop"] == 0
        image.seek(10)
        assert image.convert("RGB").getpixel((3, 3)) == (255, 255, 255)


def test_gif_of_many_frames_is_bounded(tmp_path: Path) -> None:
    summary = build_animated([1.0], [0], stop=700.0, frame=1.0, frame_shape=(2, 2))
    with Image.open(write_movie(summary, tmp_path / "film.gif")) as image:
        assert image.n_frames == 234 <= MOST_GIF_FRAMES


@pytest.mark.parametrize("suffix", [".mp4", ".gif"])
def test_no_spikes_give_a_film_of_silent_nodes(suffix: str, tmp_path: Path) -> None:
    path = write_movie(build_animated([], []), tmp_path / f"film{suffix}")
    if suffix == ".mp4":
        frames = _decode(path)
        assert len(frames) == 11
        np.testing.assert_allclose(frames[0, 40:].astype(int), frames[10, 40:], atol=40)
    else:
        with Image.open(path) as image:
            assert image.n_frames == 11


@pytest.mark.parametrize(
    ("name", "fps", "message"),
    [
        ("film.avi", 25, "unknown kind of animation '.avi'; choose .mp4 or .gif"),
        ("film.mp4", 0, "fps must be a positive number, not 0"),
        ("film.gif", float("nan"), "fps must be a positive number"),
    ],
)
def test_unusable_options(name: str, fps: float, message: str, tmp_path: Path) -> None:
    with pytest.raises(PlotError, match=message):
        write_movie(build_animated([], []), tmp_path / name, fps=fps)


def test_no_animation(tmp_path: Path) -> None:
    with pytest.raises(PlotError, match="no animation in this summary"):
        write_movie(build_summary({"a": (1, [], [])}), tmp_path / "film.mp4")


def test_failing_encoder_is_reported_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spikelib.figures.movie._H264", "-c:v no_such_codec -f mp4")
    with pytest.raises(OutputError, match=r"ffmpeg could not write the animation: .*no_such_codec"):
        write_movie(build_animated([], []), tmp_path / "film.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "script",
    ["exit 228", "echo 'x' >&2; echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 1"],
    ids=["status", "words"],
)
def test_full_disk_is_told_though_ffmpeg_may_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    ffmpeg, out = tmp_path / "ffmpeg", tmp_path / "out"
    ffmpeg.write_text(f"#!/bin/sh\ncat > /dev/null\n{script}\n")
    ffmpeg.chmod(0o755)
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", lambda: str(ffmpeg))
    with pytest.raises(OutputError, match=r"film\.mp4: the disk is full \(No space left on device\); make room there"):
        write_movie(build_animated([], []), out / "film.mp4")
    assert not out.exists()


def test_interruption_leaves_nothing(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"^$"):
        write_movie(build_animated([], []), tmp_path / "film.mp4", progress=stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["mp4", "gif"])
def test_poster_is_the_frame_with_the_most_spikes(suffix: str, tmp_path: Path) -> None:
    film = build_animated([1.0, 21.0, 22.0, 23.0, 33.0, 34.0, 35.0], [0, 1, 2, 3, 0, 1, 2])
    write_movie(film, tmp_path / f"film.{suffix}", poster=tmp_path / "poster.png")
    expected = build_stage(film)[0].frame(5)[..., :3].astype(int)
    with Image.open(tmp_path / "poster.png") as image:
        assert image.mode == "P"
        found = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(found - expected).max() <= 6


def test_poster_of_a_film_without_spikes(tmp_path: Path) -> None:
    write_movie(build_animated([], []), tmp_path / "film.mp4", poster=tmp_path / "poster.png")
    assert (tmp_path / "poster.png").stat().st_size > 1000
