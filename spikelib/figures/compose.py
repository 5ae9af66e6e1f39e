"""Which axes a figure has: one, one for each of its parts, or small multiples where classes are many."""

from __future__ import annotations

import math
import textwrap
from importlib import import_module
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from spikelib.figures.drawing.legend import without_legend
from spikelib.figures.drawing.style import n_colours, seen_by_class, short, showing_only, shown_populations, wrap_title
from spikelib.options.figures import FIGURES
from spikelib.summary.by_class import by_class, n_classes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary

__all__ = ["compose", "is_stacked", "multiples_shape"]

MOST_MULTIPLES = 48
"""Of more classes, those with the most spikes are shown, and the title says so."""

_NARROW_COLUMNS, _COLUMNS, _NARROW = 2, 4, 6.0

_MOST_BESIDE = 14
"""More boxes than this have parts of a figure one below the other."""

_LETTERS = 12
"""Letters of a title in an inch, at most."""


def compose(kind: str, summary: Summary, figure: Figure, options: Mapping[str, Any]) -> None:
    """Draw a figure by class into an empty figure.

    Parameters
    ----------
    kind
        A key of `FIGURES`.
    summary
        What to draw.
    figure
        Where to draw.
    options
        Those that its drawing takes.
    """
    if kind == "panel":
        from spikelib.figures.panel import draw_panel  # noqa: PLC0415 - it is made of other figures

        draw_panel(summary, figure, **options)
        return
    draw = drawing(kind)
    multiples = multiples_shape(kind, summary, figure.get_figwidth())
    if multiples is not None:
        _draw_multiples(kind, by_class(summary), figure, options, multiples)
        return
    seen, parts = (seen_by_class if kind == "raster" else by_class)(summary), FIGURES[kind].parts
    if not parts:
        ax = figure.add_subplot()
        draw(seen, ax, **options)
        wrap_title(ax)
        return
    stacked = is_stacked(kind, summary)
    axes = figure.subplots(len(parts), 1) if stacked else figure.subplots(1, len(parts))
    for ax, part in zip(axes[:-1], parts[:-1], strict=True):
        with without_legend():
            draw(seen, ax, part=part, **options)
    draw(seen, axes[-1], part=parts[-1], **options)
    for ax in axes:
        wrap_title(ax, beside_others=True)


def is_stacked(kind: str, summary: Summary) -> bool:
    """Return whether the parts of a figure are one below the other: the names of many boxes need the whole width."""
    kind_ = FIGURES[kind]
    return bool(kind_.parts) and not kind_.multiples and n_classes(summary) > _MOST_BESIDE


def multiples_shape(kind: str, summary: Summary, width: float) -> tuple[int, int] | None:
    """Return rows and columns of small multiples, in a figure of a width in inches; None where there are none."""
    if not FIGURES[kind].multiples or n_classes(summary) <= n_colours():
        return None
    n_cells = min(n_classes(summary), MOST_MULTIPLES) * max(len(FIGURES[kind].parts), 1)
    columns = _NARROW_COLUMNS if width < _NARROW else _COLUMNS
    return math.ceil(n_cells / columns), columns


def drawing(kind: str) -> Callable[..., Any]:
    """Return the function that the table of figures names."""
    module, _, function = FIGURES[kind].drawn_by.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(f"spikelib.figures.{module}"), function)
    return found


def _draw_multiples(
    kind: str, seen: Summary, figure: Figure, options: Mapping[str, Any], shape: tuple[int, int]
) -> None:
    """Draw a class in each of many axes, on the same scales; the title and the labels are those of all together."""
    draw, parts = drawing(kind), FIGURES[kind].parts or (None,)
    shown = shown_populations(seen)
    kept = shown
    if len(shown) > MOST_MULTIPLES:
        counts = np.add.reduceat(seen.counters.count, seen.nodes.offsets[shown])
        kept = sorted(shown[k] for k in np.argsort(-counts, kind="stable")[:MOST_MULTIPLES])
    cells = [(p, part) for p in kept for part in parts]
    grid = figure.subplots(*shape, squeeze=False)
    axes = grid.ravel()[: len(cells)]
    for ax in grid.ravel()[len(cells) :]:
        ax.remove()
    for ax, (p, part) in zip(axes, cells, strict=True):
        with showing_only(p):
            draw(seen, ax, label_axes=False, **_with_part(options, part))
        name = short(seen.nodes.populations[p], 22)
        ax.set_title(name if part is None else f"{name}: {part.upper()}", fontsize="small")
    for part in parts:
        _share_scales([ax for ax, (_, of) in zip(axes, cells, strict=True) if of == part])
    for place, ax in enumerate(axes):
        ax.tick_params(labelsize="small", labelleft=place % shape[1] == 0, labelbottom=place + shape[1] >= len(axes))
    # Of all together, drawn nowhere: its words are theirs.
    wholes = Figure(figsize=(figure.get_figwidth(), figure.get_figheight())).subplots(1, len(parts), squeeze=False)[0]
    titles = []
    for whole, part in zip(wholes, parts, strict=True):
        with without_legend():
            draw(seen, whole, **_with_part(options, part))
        title = whole.get_title(loc=mpl.rcParams["axes.titlelocation"])
        titles.append(f"{part.upper()}: {title}" if part else title)
    of = "" if len(kept) == len(shown) else f"; {len(kept)} of {len(shown)} classes, those with the most spikes"
    title = textwrap.fill("; ".join(titles) + of, int(_LETTERS * figure.get_figwidth()))
    figure.suptitle(title, x=0.01, ha="left", fontsize="medium")
    label = " or ".join(part.upper() for part in parts if part) or wholes[0].get_xlabel()
    figure.supxlabel(label, fontsize="medium")
    figure.supylabel(wholes[0].get_ylabel(), fontsize="medium")


def _with_part(options: Mapping[str, Any], part: str | None) -> dict[str, Any]:
    return dict(options) if part is None else {**options, "part": part}


def _share_scales(axes: list[Axes]) -> None:
    """Give all axes that show anything the same limits."""
    shown = [ax for ax in axes if ax.has_data()]
    if not shown:
        return
    for limits, which in ((np.array([ax.get_xlim() for ax in shown]), "x"), ([ax.get_ylim() for ax in shown], "y")):
        found = np.array(limits)
        for ax in shown:
            getattr(ax, f"set_{which}lim")(found[:, 0].min(), found[:, 1].max())
