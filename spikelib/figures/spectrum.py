"""The power spectrum of the rate of each population, or class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import LogLocator, NullLocator

from spikelib.figures.drawing.legend import (
    add_legend,
    is_narrow,
    legend_text,
)
from spikelib.figures.drawing.style import (
    colour,
    count_text,
    dashes,
    is_multiple,
    line_width,
    number_text,
    power_of_ten,
    say_instead,
    shown_populations,
)
from spikelib.statistics.groups import population_group
from spikelib.statistics.rhythm import find_rhythm, spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.statistics.rhythm import Spectrum
    from spikelib.summary.model import Summary

__all__ = ["draw_spectrum"]

_LOWEST = 1e-3
"""Powers below this part of the least Poisson level are not worth room on a logarithmic axis."""


def draw_spectrum(summary: Summary, ax: Axes, *, log: bool = True, label_axes: bool = True) -> Axes:
    """Draw the power spectral density of the rate per node of each population.

    A dotted line is the level of independent Poisson trains of the same rate. A triangle marks the rhythm that stands
    out of the spectrum, if there is one.

    Parameters
    ----------
    summary
        The spikes, counted in bins of 1 ms or finer.
    ax
        Where to draw.
    log
        Whether the axis of frequency is logarithmic; that of power always is.
    label_axes
        Whether to set labels and title.

    Returns
    -------
    `ax`.

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib.figure import Figure
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("cortex",), np.array([0, 1]), np.arange(1), np.ones(1, np.bool_))
    >>> axis = RasterAxis("node id", np.zeros(1), (-0.5, 0.5), (), ())
    >>> spikes = [(np.arange(0.0, 4000.0, 25.0), np.zeros(160, np.int32))]  # 40 Hz
    >>> summary = summarise(spikes, SummarySpec(0.0, 4000.0, rate_bin=5.0), nodes, axis)
    >>> draw_spectrum(summary, Figure().add_subplot()).get_title()
    'bins of 1 ms, 14 segments of 512 ms; dotted: Poisson level; ▼ rhythm'
    """
    n_classes = len(summary.nodes.populations)
    found = {p: spectrum(summary, population_group(summary, p)) for p in shown_populations(summary)}
    drawn = {p: of for p, of in found.items() if of is not None and of.poisson > 0}
    if not drawn:
        say_instead(ax, summary, "the window is too short for a spectrum")
        title = ""
    else:
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter(power_of_ten)
        ax.yaxis.set_minor_locator(NullLocator())
        title = _draw(drawn, summary, ax, n_classes, log=log)
    if label_axes:
        ax.set_xlabel("Frequency [Hz]")
        ax.set_ylabel("Power [Hz²/Hz]" if is_narrow(ax) else "Power of the rate per node [Hz²/Hz]")
        ax.set_title(title)
    return ax


def _draw(drawn: dict[int, Spectrum], summary: Summary, ax: Axes, n_classes: int, *, log: bool) -> str:
    handles, marked = [], False
    for p, found in drawn.items():
        line = {"color": colour(p), "linestyle": dashes(p), "linewidth": line_width()}
        # Segments are taken less their mean: there is nothing at 0 Hz.
        n_nodes = population_group(summary, p).n_nodes
        label = legend_text(ax, summary.nodes.populations[p], count_text(n_nodes, "node"))
        handles += ax.plot(found.frequency_hz[1:], found.power[1:], label=label, **line)  # type: ignore[arg-type]
        ax.axhline(found.poisson, color=colour(p), linestyle="dotted", linewidth=0.6 * line_width())
        rhythm = find_rhythm(found, n_classes)["rhythm_hz"]
        if rhythm is not None:
            power = found.power[int(np.argmin(np.abs(found.frequency_hz - rhythm)))]
            ax.plot(rhythm, 1.5 * power, marker="v", color=colour(p), markersize=5.0)
            marked = True
    first = next(iter(drawn.values()))
    if log:
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(LogLocator(subs=(1.0,) if is_narrow(ax) else (1.0, 2.0, 5.0)))
        ax.xaxis.set_minor_formatter("")
        if is_multiple():
            ax.xaxis.set_minor_locator(NullLocator())
        ax.xaxis.set_major_formatter(lambda value, _: number_text(value))
    ax.set_xlim(float(first.frequency_hz[1]) if log else 0.0, float(first.frequency_hz[-1]))
    lowest = _LOWEST * min(found.poisson for found in drawn.values())
    least = min(float(found.power[1:].min()) for found in drawn.values())
    ax.set_ylim(max(least, lowest) / 1.5, 3.0 * max(float(found.power[1:].max()) for found in drawn.values()))
    if len(drawn) > 1:
        add_legend(ax, handles)
    size = number_text(1000.0 / first.width_hz)
    told = f"bins of 1 ms, {count_text(first.n_segments, 'segment')} of {size} ms"
    return f"{told}; dotted: Poisson level; {'▼ rhythm' if marked else 'no rhythm stands out'}"
