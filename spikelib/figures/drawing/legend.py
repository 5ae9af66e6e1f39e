"""The legend: beside the axes where they are wide enough, else below them, and never larger than they are."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.lines import Line2D

from spikelib.figures.drawing.style import is_multiple, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend

__all__ = ["add_legend", "is_narrow", "legend_below", "legend_text", "without_legend"]

_NARROW = 6.0
"""Inches: figures of less width have their legend below."""

_BESIDE, _BELOW = 0.32, 0.33
"""Parts of a figure's width, or height, that a legend takes at most."""

_MOST_COLUMNS = 6


_WANTED: ContextVar[bool] = ContextVar("wanted", default=True)


@contextmanager
def without_legend() -> Iterator[None]:
    """Have no legends added for as long as the context lasts: axes beside show the same colours, and name them."""
    token = _WANTED.set(False)
    try:
        yield
    finally:
        _WANTED.reset(token)


def is_narrow(ax: Axes) -> bool:
    """Return whether the axes lie in a small figure, or are one of small multiples, which have room for few words."""
    return is_multiple() or bool(ax.get_figure(root=True).get_figwidth() < _NARROW)  # type: ignore[union-attr]


def add_legend(ax: Axes, handles: Sequence[Artist]) -> None:
    """Add a legend of these handles, outside of the axes if the figure makes room for it.

    Entries that do not fit are counted in a last one.
    """
    if not _WANTED.get():
        return
    figure: Any = ax.get_figure(root=True)
    if figure.get_layout_engine() is None:
        ax.legend(handles=handles, loc="best", frameon=True, framealpha=0.85, fontsize="small")
        return
    if not is_narrow(ax) or len(figure.axes) > 1:
        beside = _beside(ax, handles)
        if beside.get_window_extent().width <= _BESIDE * figure.bbox.width or len(figure.axes) > 1:
            return
        beside.remove()
    legend_below(figure, handles)


def _beside(ax: Axes, handles: Sequence[Artist]) -> Legend:
    room = int(0.75 * ax.get_figure(root=True).bbox.height / _line_height(ax))  # type: ignore[union-attr]
    return ax.legend(handles=_cut(handles, room), loc="upper left", bbox_to_anchor=(1.0, 1.0), alignment="left")


def legend_text(ax: Axes, name: str, remark: str) -> str:
    """Return the text of an entry: the name, and a remark where there is room for it."""
    return short(name) if is_narrow(ax) else f"{short(name)} ({remark})"


def legend_below(figure: Any, handles: Sequence[Artist]) -> None:
    """Add a legend below all axes, in as many columns as fit."""
    rows = max(1, int(_BELOW * figure.bbox.height / _line_height(figure.axes[0])))
    for columns in range(min(_MOST_COLUMNS, len(handles)), 0, -1):
        legend = figure.legend(
            handles=_cut(handles, rows * columns), loc="outside lower center", ncols=columns, columnspacing=1.2
        )
        if columns == 1 or legend.get_window_extent().width <= 0.98 * figure.bbox.width:
            return
        legend.remove()


def _cut(handles: Sequence[Artist], room: int) -> list[Artist]:
    if len(handles) <= room:
        return list(handles)
    rest = Line2D([], [], linestyle="none", label=f"… and {len(handles) - room + 1} more")
    return [*handles[: room - 1], rest]


def _line_height(ax: Axes) -> float:
    """Return the height of a line of the legend, pixels."""
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415

    points = FontProperties(size=mpl.rcParams["legend.fontsize"]).get_size_in_points()
    return float(points * (1.2 + mpl.rcParams["legend.labelspacing"]) * ax.get_figure(root=True).dpi / 72.0)  # type: ignore[union-attr]
