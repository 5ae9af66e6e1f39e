"""Figures as files: PNG, SVG and PDF, the same bytes each time, without pyplot and its global state."""

from __future__ import annotations

import math
import warnings
from contextlib import contextmanager
from dataclasses import fields
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from spikelib.errors import PlotError, SpikelibError
from spikelib.figures.compose import compose, is_stacked, multiples_shape
from spikelib.figures.drawing.png import write_png
from spikelib.figures.drawing.style import MM, figure_style
from spikelib.figures.drawing.style_file import read_style
from spikelib.files import atomic_file
from spikelib.options.drawing import FileOptions
from spikelib.options.figures import FIGURES, STILLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spikelib.summary.model import Summary

__all__ = ["KINDS", "check_settled", "save_figure"]

KINDS = STILLS
"""The kinds of figures that can be saved, in the order of a page."""

_METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
_WIDTH_MM, _HEIGHT_MM = 9 * MM, 4.5 * MM
_SHAPE = 0.7
"""Height in widths of a figure of which only the width is given, as far as it is not higher than others."""
_MULTIPLE = 1.3
"""Height of a row of small multiples, inches."""
_STACKED = 1.6
"""Height of a figure whose parts are one below the other, in heights of others."""
_PANEL = 0.85
"""Height of a panel, in widths."""


def save_figure(
    kind: str,
    summary: Summary,
    folder: str | Path,
    options: Mapping[str, Any] | None = None,
    files: FileOptions | None = None,
    statement: str | None = None,
) -> list[Path]:
    """Draw a figure and save it in each of the formats wanted.

    Parameters
    ----------
    kind
        "raster", "rate", "spectrum", "isi", "rates", "boxplots", "irregularity", "correlations", "depth" or "panel".
    summary
        What to draw.
    folder
        Where to write ``<kind>.png`` and its like, each whole or not at all.
    options
        Those of the config: ``use_frequency`` and ``binsize`` of the ISI, ``nodes`` of the rate, ``log`` of the rates
        of nodes. ``y_axis`` of the raster and ``time_binsize`` of the rate were settled when the summary was made:
        others than those are errors.
    files
        Formats, size, resolution and style; None for the defaults.
    statement
        What the PNG says of itself, as a text of it.

    Returns
    -------
    The paths, PNG first.

    Raises
    ------
    PlotError
        If the kind or an option is unknown, an option does not fit the summary or was settled otherwise when it was
        made, or the style file cannot be used.
    OutputError
        If a file cannot be written.

    Examples
    --------
    >>> import numpy as np
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("cortex",), np.array([0, 2]), np.arange(2), np.ones(2, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> spikes = [(np.array([1.0, 5.0, 9.0]), np.array([0, 1, 0], np.int32))]
    >>> summary = summarise(spikes, SummarySpec(0.0, 10.0, rate_bin=5.0), nodes, axis)
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in save_figure("rates", summary, folder, {"log": True})]
    ['rates.png', 'rates.svg']
    """
    if kind not in KINDS:
        msg = f"unknown figure {kind!r}; there are {', '.join(KINDS)}"
        raise PlotError(msg)
    chosen, files = _chosen(kind, options or {}), files or FileOptions()
    check_settled(kind, summary, options or {})
    style = {} if files.style is None else read_style(files.style)
    width, height = _size(kind, summary, files, style)
    with figure_style(width * MM, style), _naming(files.style):
        figure = Figure(figsize=(width, height), dpi=files.dpi, layout="constrained")
        FigureCanvasAgg(figure)
        compose(kind, summary, figure, chosen)
        # The layout is the same for all formats, and costs as much as drawing: it is made once.
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        paths = {suffix: Path(folder) / f"{kind}.{suffix}" for suffix in files.suffixes}
        return [_write(figure, path, suffix, statement) for suffix, path in paths.items()]


def check_settled(kind: str, summary: Summary, asked: Mapping[str, Any]) -> None:
    """Reject options of a figure that were settled otherwise when the summary was made.

    Parameters
    ----------
    kind
        Any figure, the animation as well.
    summary
        What is to be drawn.
    asked
        Options that somebody gave; defaults that nobody asked for do not belong here.

    Raises
    ------
    PlotError
        The summary cannot show what was asked for.
    """
    settled = _settled(kind, summary)
    for name in FIGURES[kind].settled:
        value, found = asked.get(name), settled.get(name)
        # For widths, None leaves the choice to spikelib; for the vertical axis of a raster it means the ids.
        is_free = isinstance(found, float) or summary.axis.by_id
        if name not in asked or (value is None and is_free) or _are_equal(value, found):
            continue
        if kind == "animation" and summary.frames is None:
            msg = f"{kind}.{name}: the summary has no animation: summarise with one; nodes without positions have none"
            raise PlotError(msg)
        msg = f"{kind}.{name}: {value!r} was asked for, but the summary was made with {found!r}"
        msg += f"; run `spikelib summarise` with {value!r} first, or leave {name} out"
        raise PlotError(msg)


def _settled(kind: str, summary: Summary) -> dict[str, Any]:
    """Return the options that a summary was made with, of those that the table of figures calls settled."""
    axis, where = summary.axis, summary.places
    if FIGURES[kind].still:
        return {
            "y_axis": axis.quantity,
            "time_binsize": summary.spec.rate_bin,
            "axis": summary.nodes.depth_axis,
        }
    return {} if where is None else {"x_axis": where.x_axis, "y_axis": where.y_axis, "dt": summary.spec.frame}


def _are_equal(one: Any, other: Any) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other)
    return bool(one == other)


@contextmanager
def _naming(style: str | None) -> Iterator[None]:
    """Name the style file in an error that it may have caused; letters that the font lacks are shown as boxes."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*[Gg]lyph.*missing")
            warnings.filterwarnings("ignore", message="constrained_layout not applied")
            yield
    except (SpikelibError, OSError):
        raise
    except Exception as error:
        if style is None:
            raise
        msg = f"{style}: no figure can be drawn in this style ({' '.join(str(error).split())})"
        raise PlotError(msg) from error


def _chosen(kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that drawing takes."""
    known = {option.name for option in fields(FIGURES[kind].options)}
    unknown = set(options) - known
    if unknown:
        names = ", ".join(sorted(known))
        msg = f"unknown option of the {kind} figure: {', '.join(sorted(unknown))}; there are {names}"
        raise PlotError(msg)
    return {name: value for name, value in options.items() if name not in FIGURES[kind].settled}


def _size(kind: str, summary: Summary, files: FileOptions, style: Mapping[str, Any]) -> tuple[float, float]:
    """Return width and height, inches: the config's, else the style's, else ours."""
    width, height = (side if side is None else side / MM for side in (files.width_mm, files.height_mm))
    if width is None and height is None:
        width, height = style.get("figure.figsize", (None, None))
    if height is None:
        height = 4.5 if width is None else min(_SHAPE * width, 4.5)
        if kind == "raster":  # names of many categories need room
            height = float(np.clip(0.13 * len(summary.axis.ticks) + 1.2, height, max(height, 14.0)))
        multiples = multiples_shape(kind, summary, width or 9.0)
        if multiples is not None:
            height = max(height, _MULTIPLE * multiples[0] + 0.8)
        elif is_stacked(kind, summary):
            height *= _STACKED
    if kind == "panel":  # it has three rows: a height that is meant for all figures would squeeze them
        height = max(height, _PANEL * (width or 9.0))
    return width or 9.0, height


def _write(figure: Figure, path: Path, suffix: str, statement: str | None) -> Path:
    with atomic_file(path) as temporary:
        if suffix != "png":
            figure.savefig(temporary, format=suffix, metadata=_METADATA[suffix])
            return path
        # Not matplotlib's own PNG: with a palette it has half the bytes.
        raw = BytesIO()
        figure.savefig(raw, format="rgba")
        width, height = figure.canvas.get_width_height()
        pixels = np.frombuffer(raw.getbuffer(), np.uint8).reshape(height, width, 4)
        write_png(pixels, temporary, figure.dpi, statement)
    return path
