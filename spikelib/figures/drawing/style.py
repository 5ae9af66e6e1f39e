"""Colours, fonts and words that all figures share."""

from __future__ import annotations

import math
import re
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from spikelib.summary.by_class import by_class, n_classes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's colours, for any colour vision; their yellow is left out, as it is unreadable on white."""

DASHES = ("solid", (0, (4, 1)), (0, (1, 1)))
"""Line styles of the first, second and further rounds through `PALETTE`."""

NEUTRAL = "0.35"
"""Grey of what belongs to no population: totals, separators, remarks."""

MM = 25.4
"""Millimetres in an inch."""

_FONTS: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "axes.titlesize": "medium",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.fontsize": "small",
    "legend.title_fontsize": "small",
    "legend.frameon": False,
}
_SCALED = (
    "lines.linewidth",
    "axes.linewidth",
    *(f"{axis}tick.{kind}.{side}" for axis in "xy" for kind in ("major", "minor") for side in ("width", "size")),
)
"""Lengths that shrink with the letters."""

_FIXED: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "spikelib",
    "pdf.fonttype": 42,
    "text.parse_math": False,
    "savefig.bbox": None,
    "savefig.dpi": "figure",
    "axes.formatter.use_mathtext": False,
}
"""What no style file changes: text stays text, a dollar sign begins no formula, the size is the one asked for."""

_SAFE_TITLE = 0.6
"""A title of at most this part of the figure's width fits, wherever the axes begin."""

_PLACES_TO_BREAK = re.compile(r" (?!(?:ms|Hz|%|spikes?|nodes?)(?:\W|$))")
"""Spaces, but not those between a number and its unit."""

_MARGIN = 5.0
"""Points that a title leaves free at the right."""

_COLOURS: ContextVar[tuple[str, ...]] = ContextVar("colours", default=PALETTE)
_ONLY: ContextVar[int | None] = ContextVar("only", default=None)


@contextmanager
def figure_style(width_mm: float = 9 * MM, style: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Set the settings of saved figures for as long as the context lasts.

    Parameters
    ----------
    width_mm
        Width of the figure, mm: a narrow one has smaller letters and finer lines.
    style
        Settings laid over ours. Its ``axes.prop_cycle`` has the colours of the populations.
    """
    size = min(6.0 + 0.444 * width_mm / MM, 10.0)
    # From matplotlib's defaults on: a matplotlibrc in the home of whoever runs a job must not change its figures.
    ours: dict[str, Any] = {str(name): value for name, value in mpl.rcParamsDefault.items() if name != "backend"}
    ours |= {**_FONTS, "font.size": size, **{name: ours[name] * size / 10.0 for name in _SCALED}}
    cycle = (style or {}).get("axes.prop_cycle")
    colours = cycle.by_key().get("color") if cycle is not None else None
    token = _COLOURS.set(tuple(colours) if colours else PALETTE)
    settings: Any = {**ours, **(style or {}), **_FIXED}
    try:
        with mpl.rc_context(settings):
            yield
    finally:
        _COLOURS.reset(token)


@contextmanager
def showing_only(population: int) -> Iterator[None]:
    """Have figures show one population alone for as long as the context lasts: one of small multiples.

    All multiples have the same colour, which then means nothing.
    """
    token = _ONLY.set(population)
    try:
        yield
    finally:
        _ONLY.reset(token)


def is_multiple() -> bool:
    """Return whether what is drawn is one of small multiples."""
    return _ONLY.get() is not None


def n_colours() -> int:
    """Return how many populations can be told apart by colour."""
    return len(_COLOURS.get())


def colour(population: int) -> str:
    """Return the colour of the population of that index."""
    colours = _COLOURS.get()
    return colours[0 if _ONLY.get() is not None else population % len(colours)]


def dashes(population: int) -> str | tuple[int, tuple[int, ...]]:
    """Return the line style of the population of that index: dashed where colours repeat."""
    round_ = 0 if _ONLY.get() is not None else population // len(_COLOURS.get())
    return DASHES[min(round_, len(DASHES) - 1)]


def line_width() -> float:
    """Return the width of a population's line, points."""
    return 0.8 * float(mpl.rcParams["lines.linewidth"])


def count_text(count: int, noun: str) -> str:
    """Return a count with its noun, in words that fit a caption.

    Examples
    --------
    >>> count_text(1, "spike"), count_text(12345, "spike"), count_text(1234567, "spike")
    ('1 spike', '12,345 spikes', '1.23 million spikes')
    """
    number = f"{count / 1e6:.3g} million" if count >= 1_000_000 else f"{count:,}"
    return f"{number} {noun}" if count == 1 else f"{number} {noun}s"


def short(name: str, longest: int = 29) -> str:
    """Return a name that fits a legend: of a long one the beginning and the end.

    Examples
    --------
    >>> short("L4_PC"), short("excitatory_neurons_of_the_visual_cortex_L4", 18)
    ('L4_PC', 'excitator…ortex_L4')
    """
    name = " ".join(name.split()) or name
    end = (longest - 1) // 2
    return name if len(name) <= longest else f"{name[: longest - 1 - end]}…{name[-end:]}"


def shown_populations(summary: Summary) -> list[int]:
    """Return the indices of the populations of which there are nodes; the others are in no figure."""
    shown = [p for p, size in enumerate(summary.nodes.offsets[1:] - summary.nodes.offsets[:-1]) if size]
    only = _ONLY.get()
    return shown if only is None else [only]


def seen_by_class(summary: Summary) -> Summary:
    """Return a summary with as many groups as colours tell apart: by class, or else by population."""
    return by_class(summary) if n_classes(summary) <= n_colours() else summary


def window_text(summary: Summary) -> str:
    """Return the window of the summary in words: "in 0 to 1000 ms"."""
    return f"in {summary.spec.start:.10g} to {summary.spec.stop:.10g} ms"


def set_window(ax: Axes, summary: Summary) -> None:
    """End the time axis with the window, or after one rate bin if the window is a single moment."""
    ax.set_xlim(summary.rate_edges[0], summary.rate_edges[-1])


def say(ax: Axes, sentence: str) -> None:
    """Write a sentence into the middle of axes that have nothing else to show."""
    ax.text(0.5, 0.5, sentence, transform=ax.transAxes, ha="center", va="center", color=NEUTRAL)


def say_instead(ax: Axes, summary: Summary, why: str) -> None:
    """Write why axes show nothing, or that there are no spikes, in the place of marks and ticks."""
    say(ax, why if summary.n_spikes else f"no spikes {window_text(summary)}")
    ax.set_xticks([])
    ax.set_yticks([])


def size_in_points(ax: Axes) -> tuple[float, float]:
    """Return width and height of the axes, points."""
    extent = ax.get_window_extent()
    return extent.width * 72.0 / ax.figure.dpi, extent.height * 72.0 / ax.figure.dpi


def wrap_title(ax: Axes, *, beside_others: bool = False) -> None:
    """Break the title of axes into lines that end within the figure, or within the axes if there are others beside."""
    figure: Any = ax.get_figure(root=True)
    renderer, font = figure.canvas.get_renderer(), ax.title.get_fontproperties()

    def width(text: str) -> float:
        return float(renderer.get_text_width_height_descent(text, font, False)[0])

    place = str(mpl.rcParams["axes.titlelocation"])
    title = ax.get_title(loc=place)  # type: ignore[arg-type]
    if width(title) < _SAFE_TITLE * figure.bbox.width and not beside_others:
        return
    # Only the layout knows where the axes begin, and it is made while drawing.
    figure.draw_without_rendering()
    end = ax.bbox.x1 if beside_others else figure.bbox.width - _MARGIN * figure.dpi / 72.0
    room, lines = end - ax.bbox.x0, [""]
    for word in _PLACES_TO_BREAK.split(title):
        longer = f"{lines[-1]} {word}".lstrip()
        if width(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    ax.set_title("\n".join(lines))


def power_of_ten(value: float, _place: float = 0) -> str:
    """Return a power of ten as text for a logarithmic axis; "" for other numbers.

    Examples
    --------
    >>> power_of_ten(0.001), power_of_ten(100.0), power_of_ten(20.0)
    ('10⁻³', '10²', '')
    """
    exponent = round(math.log10(value)) if value > 0 else 0
    if value <= 0 or not math.isclose(value, 10.0**exponent, rel_tol=1e-9):
        return ""
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def number_text(value: float) -> str:
    """Return a number with four digits that count, never as a power of ten.

    Examples
    --------
    >>> number_text(0.25), number_text(1300.0), number_text(39328.0)
    ('0.25', '1,300', '39,328')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
