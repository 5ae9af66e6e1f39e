"""Figures as files: PNG and SVG, the same bytes each time, without pyplot and its global state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from spikelib.errors import PlotError
from spikelib.figures._style import figure_style
from spikelib.figures.isi import draw_isi
from spikelib.figures.raster import draw_raster
from spikelib.figures.rate import draw_rate
from spikelib.files import atomic_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from spikelib.summary.model import Summary

__all__ = ["KINDS", "save_figure"]

_DRAW: dict[str, Callable[..., Any]] = {"raster": draw_raster, "isi": draw_isi, "rate": draw_rate}
_OPTIONS: dict[str, frozenset[str]] = {
    "raster": frozenset(),
    "isi": frozenset({"use_frequency", "binsize"}),
    "rate": frozenset({"nodes"}),
}
_OPTIONS_OF_SUMMARY: dict[str, frozenset[str]] = {
    "raster": frozenset({"y_axis"}),
    "isi": frozenset(),
    "rate": frozenset({"time_binsize"}),
}

KINDS = tuple(_DRAW)
"""The kinds of figures that can be saved."""

_FORMATS: dict[str, dict[str, Any]] = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}
_DPI = 150


def save_figure(
    kind: str, summary: Summary, folder: str | Path, options: Mapping[str, Any] | None = None
) -> list[Path]:
    """Draw a figure and save it as PNG and SVG.

    Parameters
    ----------
    kind
        "raster", "isi" or "rate".
    summary
        What to draw.
    folder
        Where to write ``<kind>.png`` and ``<kind>.svg``, each whole or not at all.
    options
        Those of the config: ``use_frequency`` and ``binsize`` of the ISI, ``nodes`` of the rate. ``y_axis``
        of the raster and ``time_binsize`` of the rate were settled when the summary was made; they have no
        effect.

    Returns
    -------
    The two paths, PNG first.

    Raises
    ------
    PlotError
        If the kind or an option is unknown, or an option does not fit the summary.
    OutputError
        If a file cannot be written.
    """
    if kind not in _DRAW:
        msg = f"unknown figure {kind!r}; there are {', '.join(KINDS)}"
        raise PlotError(msg)
    with figure_style():
        figure = Figure(figsize=(9.0, _inches(kind, summary)), dpi=_DPI, layout="constrained")
        FigureCanvasAgg(figure)
        _DRAW[kind](summary, figure.add_subplot(), **_chosen(kind, options or {}))
        return [_write(figure, Path(folder) / f"{kind}.{suffix}", suffix) for suffix in _FORMATS]


def _chosen(kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that drawing takes."""
    unknown = set(options) - _OPTIONS[kind] - _OPTIONS_OF_SUMMARY[kind]
    if unknown:
        known = ", ".join(sorted(_OPTIONS[kind] | _OPTIONS_OF_SUMMARY[kind]))
        msg = f"unknown option of the {kind} figure: {', '.join(sorted(unknown))}; there are {known}"
        raise PlotError(msg)
    return {name: value for name, value in options.items() if name in _OPTIONS[kind]}


def _inches(kind: str, summary: Summary) -> float:
    """Return the height of the figure: more for a raster with many named ticks, so that their names fit."""
    return float(np.clip(0.13 * len(summary.axis.ticks) + 1.2, 4.5, 14.0)) if kind == "raster" else 4.5


def _write(figure: Figure, path: Path, suffix: str) -> Path:
    with atomic_file(path) as temporary:
        figure.savefig(temporary, format=suffix, metadata=_FORMATS[suffix])
    return path
