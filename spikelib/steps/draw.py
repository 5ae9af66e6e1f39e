"""The figures of a filter, drawn from its summary."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from spikelib.errors import PlotError
from spikelib.options.drawing import ANIMATION_FORMATS, FORMATS
from spikelib.options.figures import FIGURES
from spikelib.provenance.made_from import figure_text
from spikelib.provenance.stated import KEY, read_made_from
from spikelib.results import POSTER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from spikelib.options.figures import FigureOptions
    from spikelib.summary.model import Summary


def draw_figures(
    summary_file: Path,
    folder: Path,
    figures: FigureOptions,
    only: list[str],
    asked: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Draw the figures named in `only` that `figures` does not leave out; return the files written.

    Parameters
    ----------
    summary_file
        The ``summary.npz``.
    folder
        Where to write. In the folder of the summary's own figures, older files of the same figures are removed.
    figures
        The figures and their options.
    only
        Names of figures.
    asked
        What `figures` was read from, if that may be of another config than the summary was made with: nothing is
        drawn then that differs from what was asked for.

    Raises
    ------
    PlotError
        An option that was asked for was settled otherwise when the summary was made.
    """
    from spikelib.figures import save_figure, write_movie  # noqa: PLC0415
    from spikelib.summary.store import load_summary  # noqa: PLC0415

    summary, made_from = load_summary(summary_file), read_made_from(summary_file) or ""
    _check(summary_file, summary, only, asked or {})
    written: list[Path] = []
    for kind, options in figures.choices().items():
        if kind in only and options is not None:
            _remove_older(summary_file, folder, kind)
        if FIGURES[kind].costly and summary.pairs is None and kind not in (asked or {}):
            continue  # it was not counted for, and nobody asked for it by name
        if kind in only and options is not None and kind != "animation":
            free = {name: value for name, value in options.items() if name not in FIGURES[kind].settled}
            written += save_figure(kind, summary, folder, free, figures.files, _statement(made_from, kind, figures))
    if "animation" in only and figures.animation is not None and summary.frames is not None:
        film, poster = folder / f"animation.{figures.animation.format}", folder / POSTER
        statement = _statement(made_from, "animation", figures)
        write_movie(summary, film, fps=figures.animation.fps, poster=poster, statement=statement)
        written += [film, poster]
    return written


def _statement(summary: str, kind: str, figures: FigureOptions) -> str:
    """Return what a picture says of itself: what it was made from, and its options, which a caption needs."""
    options = figures.choices()[kind]
    return json.dumps({KEY: figure_text(summary, kind, figures), "options": options}, sort_keys=True)


def _remove_older(summary_file: Path, folder: Path, kind: str) -> None:
    """Remove pictures of an earlier summary in whatever format: nothing would say how old they are."""
    if folder.resolve() != (summary_file.parent / "figures").resolve():
        return  # a folder of somebody's own, where files of these names may be theirs
    made = summary_file.stat().st_mtime_ns
    names = [f"{kind}.*", POSTER] if kind == "animation" else [f"{kind}.*"]
    for path in (path for name in names for path in folder.glob(name)):
        if path.suffix[1:] in (*FORMATS, *ANIMATION_FORMATS) and path.stat().st_mtime_ns < made:
            path.unlink(missing_ok=True)


def _check(summary_file: Path, summary: Summary, only: list[str], asked: Mapping[str, Any]) -> None:
    """Raise PlotError if a figure was asked for as the summary cannot show it."""
    from spikelib.figures.save import check_settled  # noqa: PLC0415

    try:
        for kind in only:
            check_settled(kind, summary, asked.get(kind) or {})
    except PlotError as error:
        msg = f"{summary_file}: figures.{error}"
        raise PlotError(msg) from error
