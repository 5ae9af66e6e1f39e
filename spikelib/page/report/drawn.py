"""Figures as they were drawn: which of them a page shows, and the options that each of them states."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spikelib.provenance.stated import read_drawn

if TYPE_CHECKING:
    from spikelib.options.figures import FigureOptions
    from spikelib.results import FilterFiles

__all__ = ["as_drawn"]


def as_drawn(files: FilterFiles, figures: FigureOptions | None = None) -> FilterFiles:
    """Return a filter with the figures that are wanted; its statistics hold the options that these were drawn with.

    Statistics do not depend on what only looks different, so they do not know it.

    Parameters
    ----------
    files
        What the results hold of the filter; pictures that are no longer wanted may still be there.
    figures
        Which figures are wanted; None for all that there are.
    """
    unwanted = set() if figures is None else {name for name, chosen in figures.choices().items() if chosen is None}
    shown = {stem: paths for stem, paths in files.figures.items() if stem not in unwanted}
    filmed = "animation" not in unwanted
    pictures = {stem: paths[0] for stem, paths in shown.items()}
    if filmed and files.poster is not None:
        pictures["animation"] = files.poster
    options: dict[str, Any] = {**(files.statistics.get("figures") or {}), **dict.fromkeys(unwanted)}
    options |= {name: {**(options.get(name) or {}), **read_drawn(path)} for name, path in pictures.items()}
    return replace(
        files,
        statistics={**files.statistics, "figures": options},
        figures=shown,
        animation=files.animation if filmed else None,
        poster=files.poster if filmed else None,
    )
