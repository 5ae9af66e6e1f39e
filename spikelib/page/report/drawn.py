"""Figures as they were drawn: which of them a page shows, and the options that each of them states."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spikelib.options.figures import FIGURES
from spikelib.provenance.stated import read_drawn

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.options.figures import FigureOptions
    from spikelib.results import FilterFiles

__all__ = ["as_drawn"]


def as_drawn(files: FilterFiles, figures: FigureOptions | None = None) -> FilterFiles:
    """Return a filter with the figures that are wanted; its statistics hold the options that these were drawn with.

    Statistics do not depend on what only looks different, so they do not know it. Pictures that are no longer wanted,
    or not in that format, may still be there: they are of an earlier run, perhaps of other spikes.

    Parameters
    ----------
    files
        What the results hold of the filter.
    figures
        Which figures are wanted, and in which formats; None for all that there are.
    """
    unwanted = set() if figures is None else {name for name, chosen in figures.choices().items() if chosen is None}
    # One that has nothing to show may be of an earlier run in which the nodes had positions; older results do not tell.
    empty = {name for name, kind in FIGURES.items() if files.statistics.get(kind.needs) is False}
    shown = {stem: paths for stem, paths in files.figures.items() if stem not in unwanted | empty}
    animation = None if "animation" in unwanted | empty else files.animation
    if figures is not None:
        suffixes = [f".{suffix}" for suffix in figures.files.suffixes]
        shown = {stem: tuple(path for path in paths if path.suffix in suffixes) for stem, paths in shown.items()}
        animation = _film(animation, figures)
    pictures = {stem: paths[0] for stem, paths in shown.items()}
    if animation is not None and files.poster is not None:
        pictures["animation"] = files.poster
    options: dict[str, Any] = {**(files.statistics.get("figures") or {}), **dict.fromkeys(unwanted)}
    options |= {name: {**(options.get(name) or {}), **read_drawn(path)} for name, path in pictures.items()}
    return replace(
        files,
        statistics={**files.statistics, "figures": options},
        figures=shown,
        animation=animation,
        poster=None if animation is None else files.poster,
    )


def _film(path: Path | None, figures: FigureOptions) -> Path | None:
    """Return the film in the format that is wanted, if it is there."""
    if path is None or figures.animation is None:
        return None
    wanted = path.with_suffix(f".{figures.animation.format}")
    return wanted if wanted.exists() else None
