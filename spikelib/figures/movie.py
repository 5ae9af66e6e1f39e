"""The animation as a file: mp4 through the ffmpeg of imageio-ffmpeg, GIF through Pillow."""

from __future__ import annotations

import errno
import math
import os
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import imageio_ffmpeg
import numpy as np
from PIL import Image

from spikelib.errors import OutputError, PlotError
from spikelib.figures.drawing.glow import Glow
from spikelib.figures.drawing.png import write_png
from spikelib.figures.drawing.stage import Stage
from spikelib.files import atomic_file
from spikelib.summary.grids import movie_frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from spikelib.summary.model import Summary

__all__ = ["MOST_GIF_FRAMES", "write_movie"]

MOST_GIF_FRAMES = 300
"""A GIF unites consecutive frames beyond this number, since it grows by all of each frame."""

_H264 = (
    "-an -threads 1 -c:v libx264 -g 50 -pix_fmt yuv420p "
    "-map_metadata -1 -fflags +bitexact -flags:v +bitexact -movflags +faststart -f mp4"
)
"""One thread, as composing the frames keeps another busy, and no dates: the bytes are equal on each run."""

_SHORT, _SMALL, _FAST = 400, "-preset veryfast -crf 26", "-preset ultrafast -crf 26"
"""An animation of at most so many frames goes into a page: there, half the bytes are worth twice the time."""

_SAME_COLOUR = 8

_STATUSES = 256
"""ffmpeg ends with the negative number of the system's error, of which a status shows 8 bits."""


def write_movie(
    summary: Summary,
    path: str | Path,
    *,
    fps: float = 25,
    poster: Path | None = None,
    statement: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Write the animation as a file.

    Parameters
    ----------
    summary
        With positions and frames.
    path
        The file, ".mp4" (H.264, plays in every browser, any number of frames) or ".gif" (at most
        `MOST_GIF_FRAMES`, consecutive ones united). It is written beside its place and renamed.
    fps
        Frames per second.
    poster
        Where to write the frame with the most spikes (the first of them) as PNG, shown until the animation plays.
    statement
        What the poster says of itself, as a text of it.
    progress
        Called after each frame with the number of frames done and of all.

    Returns
    -------
    `path`.

    Raises
    ------
    PlotError
        If the summary has no animation, the suffix is another one, or `fps` is not positive.
    OutputError
        If the file cannot be written.

    Examples
    --------
    >>> import numpy as np
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, Places, RasterAxis, SummarySpec
    >>> nodes = Nodes(("cortex",), np.array([0, 2]), np.arange(2), np.ones(2, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> spikes = [(np.array([1.0, 5.0, 9.0]), np.array([0, 1, 0], np.int32))]
    >>> where = Places("x", "y", np.array([[0.0, 0.0], [9.0, 9.0]]), (0.0, 9.0, 0.0, 9.0), np.array([0, 8]))
    >>> spec = SummarySpec(0.0, 10.0, rate_bin=5.0, frame=2.5, frame_shape=(3, 3))
    >>> summary = summarise(spikes, spec, nodes, axis, where)
    >>> with TemporaryDirectory() as folder:
    ...     with Image.open(write_movie(summary, Path(folder, "animation.gif"))) as animation:
    ...         animation.n_frames
    4
    """
    path = Path(path)
    if not (math.isfinite(fps) and fps > 0):
        msg = f"{path}: fps must be a positive number, not {fps}"
        raise PlotError(msg)
    if path.suffix not in (".mp4", ".gif"):
        msg = f"{path}: unknown kind of animation {path.suffix!r}; choose .mp4 or .gif"
        raise PlotError(msg)
    movie = movie_frames(summary, MOST_GIF_FRAMES if path.suffix == ".gif" else None)
    glow = Glow(movie)
    stage = Stage(summary, movie, glow)
    frames = _reported(stage, len(movie.counts), progress)
    if poster is not None:
        with atomic_file(poster) as temporary:
            write_png(stage.frame(int(np.argmax(movie.counts.sum(axis=1)))), temporary, statement=statement)
    with atomic_file(path) as temporary:
        if path.suffix == ".gif":
            _write_gif(frames, glow.colours, fps, temporary)
        else:
            _write_mp4(frames, len(movie.counts), stage.size, fps, temporary)
    return path


def _reported(stage: Stage, total: int, progress: Callable[[int, int], None] | None) -> Iterator[NDArray[np.uint8]]:
    for index in range(total):
        yield stage.frame(index)
        if progress is not None:
            progress(index + 1, total)


def _write_mp4(
    frames: Iterator[NDArray[np.uint8]], n_frames: int, size: tuple[int, int], fps: float, path: Path
) -> None:
    """Pipe raw frames into ffmpeg."""
    raw = f"-f rawvideo -pix_fmt rgb0 -s {size[0]}x{size[1]} -r {fps:g} -i -"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-y",
        "-loglevel",
        "error",
        *raw.split(),
        *_H264.split(),
        *(_SMALL if n_frames <= _SHORT else _FAST).split(),
        str(path),
    ]
    # Not a pipe: nobody reads it while frames are fed, and ffmpeg would stop once it is full.
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=complaints)
        try:
            _feed(process, frames)
        except BaseException:
            # Else ffmpeg would first finish a file that is thrown away.
            process.kill()
            raise
        finally:
            status = process.wait()
        complaints.seek(0)
        words = complaints.read().decode(errors="replace").split("\n")
    if status != 0:
        raise _failure(path, status, list(filter(None, words)))


def _failure(path: Path, status: int, words: list[str]) -> OSError:
    """Return the error for what ffmpeg said, or for its exit status: its words may have had no room either."""
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.ENOMEM):
        if status == _STATUSES - number or any(os.strerror(number) in line for line in words):
            return OSError(number, os.strerror(number))
    said = words[0] if words else f"exit status {status}"
    msg = f"{path}: ffmpeg could not write the animation: {said}"
    return OutputError(msg)


def _feed(process: subprocess.Popen[bytes], frames: Iterator[NDArray[np.uint8]]) -> None:
    """Write all frames, as far as ffmpeg takes them: if it stops early, its exit status shows why."""
    if process.stdin is None:
        return
    with suppress(BrokenPipeError), process.stdin:
        for frame in frames:
            process.stdin.write(frame.data)


def _write_gif(frames: Iterator[NDArray[np.uint8]], colours: NDArray[np.float64], fps: float, path: Path) -> None:
    """Write a GIF that repeats for ever, with one palette for all frames."""
    first = Image.fromarray(next(frames)[..., :3])
    palette = _palette(first, colours)

    def indexed(image: Image.Image) -> Image.Image:
        return image.quantize(palette=palette, dither=Image.Dither.NONE)

    rest = (indexed(Image.fromarray(frame[..., :3])) for frame in frames)
    indexed(first).save(
        path, format="GIF", save_all=True, append_images=rest, duration=round(1000 / fps), loop=0, disposal=1
    )


def _palette(first: Image.Image, colours: NDArray[np.float64]) -> Image.Image:
    """Return an image with a palette: the levels' colours, black, white, and nearly the background's."""
    exact = np.round(np.vstack([colours, np.zeros(3), np.ones(3)]) * 255).astype(np.int64)
    still = np.array(first.quantize(256 - len(exact)).getpalette()).reshape(-1, 3)
    apart = np.abs(still[:, None] - exact).max(axis=2).min(axis=1) > _SAME_COLOUR
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.vstack([exact, still[apart]]).ravel().tolist())
    return palette
