"""The figures of a filter, drawn from its summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spikelib.results import POSTER

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.options.figures import FigureOptions


def draw_figures(summary_file: Path, folder: Path, figures: FigureOptions, only: list[str]) -> list[Path]:
    """Draw the figures named in `only` that `figures` does not leave out; return the files written."""
    from spikelib.figures import save_figure, write_movie  # noqa: PLC0415
    from spikelib.summary.store import load_summary  # noqa: PLC0415

    summary = load_summary(summary_file)
    written: list[Path] = []
    for kind, options in figures.choices().items():
        if kind in only and options is not None and kind != "animation":
            written += save_figure(kind, summary, folder, options, figures.files)
    if "animation" in only and figures.animation is not None and summary.frames is not None:
        film, poster = folder / f"animation.{figures.animation.format}", folder / POSTER
        write_movie(summary, film, fps=figures.animation.fps, poster=poster)
        written += [film, poster]
    return written
