"""The four plots of the API: a summary of the spikes in memory, given to `spikelib.figures`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from spikelib.errors import PlotError
from spikelib.selection.summary_setup import SummarySetup, run_window, select_resolved
from spikelib.summary.model import SummarySpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from matplotlib.animation import FuncAnimation
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from spikelib.circuit.simulated import SimulatedCircuit
    from spikelib.selection.rows import Selection


MOST_RATE_BINS = 1000
"""Bins of a rate histogram whose width is not given."""


@dataclass(frozen=True)
class PlotData:
    """The spikes to plot, and the circuit that they came from."""

    circuit: SimulatedCircuit
    resolved: Mapping[str, NDArray[np.int64] | None]
    """The chosen ids of each population; None for all of them."""
    spikes: tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int32]]
    """Times (ms), ids and indices of populations, each of shape (spikes,), by (time, id, population)."""
    fired: NDArray[np.bool_]
    """Which populations fired, shape (populations,)."""


class Plots:
    """Raster, rates, intervals and animation of a report; labels are set only on axes that the plot makes itself."""

    def _plot_data(self) -> PlotData:
        """Return what to plot; each report class has its own."""
        raise TypeError(type(self).__name__)

    def raster(self, y_axis: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw the spikes, time against node.

        Every spike is a marker while they can be seen apart; beyond, a density image, and the title says so.

        Parameters
        ----------
        y_axis
            A node property for the vertical axis, numeric or categorical; None for the node ids, population above
            population.
        ax
            Where to draw; the current axes of pyplot if None.

        Raises
        ------
        PlotError
            No population has the property `y_axis`.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from matplotlib.figure import Figure
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> report = open_report(write_demo(mkdtemp()))
        >>> report.filter("Probe").raster(y_axis="layer", ax=Figure().add_subplot()).get_title()
        ''
        """
        from spikelib.figures import draw_raster  # noqa: PLC0415 - matplotlib only for plots

        data = self._plot_data()
        setup = SummarySetup.of(selection_of(data), _spec(_run_window(data), intervals=False), y_axis=y_axis)
        return draw_raster(setup.summarise([data.spikes]), _axes(ax), label_axes=ax is None)

    def firing_rate_histogram(
        self, time_binsize: float | None = None, ax: Axes | None = None, *, nodes: Literal["active", "all"] = "active"
    ) -> Axes:
        """Draw the mean firing rate against time (PSTH).

        Parameters
        ----------
        time_binsize
            Width of the bins, ms; None for about 100 spikes per bin, at most 50 ms, and at most 1000 bins, which is
            what a picture can show. Bins begin at the first spike; the last one ends at the last spike, and its
            rate is of its true width.
        ax
            Where to draw; the current axes of pyplot if None.
        nodes
            The denominator: "active" for the nodes that fired, "all" for all chosen nodes that were simulated.

        Raises
        ------
        PlotError
            `time_binsize` is not positive, or `nodes` is neither word.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from matplotlib.figure import Figure
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> report = open_report(write_demo(mkdtemp()))
        >>> axes = report["cortex"].firing_rate_histogram(50, Figure().add_subplot(), nodes="all")
        >>> print(axes.get_xlim()[1])  # the last spike, ms
        1499.6
        """
        from spikelib.figures import draw_rate  # noqa: PLC0415

        data = self._plot_data()
        start, stop = _spike_window(data)
        n_spikes = len(data.spikes[0])
        rate_bin = time_binsize
        if rate_bin is None:
            rate_bin = max(min(50.0, (stop - start) / (n_spikes / 100.0 + 1.0)), (stop - start) / MOST_RATE_BINS)
        if time_binsize is None and rate_bin <= 0:  # one spike, or all at one time
            rate_bin = 1.0
        setup = SummarySetup.of(selection_of(data), _spec((start, stop), rate_bin=float(rate_bin), intervals=False))
        return draw_rate(setup.summarise([data.spikes]), _axes(ax), nodes=nodes, label_axes=ax is None)

    def isi(self, use_frequency: bool = False, binsize: float | None = None, ax: Axes | None = None) -> Axes:
        """Draw the density of the interspike intervals of all nodes.

        Parameters
        ----------
        use_frequency
            Show 1000 / interval in Hz instead of the interval in ms; intervals of zero are left out.
        binsize
            Width of the bins, ms (Hz with `use_frequency`); None to choose it from the data. Bins begin at zero and
            cover the largest value.
        ax
            Where to draw; the current axes of pyplot if None.

        Raises
        ------
        PlotError
            `binsize` is not positive.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from matplotlib.figure import Figure
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> report = open_report(write_demo(mkdtemp()))
        >>> axes = report["cortex"].isi(binsize=5, ax=Figure().add_subplot())
        >>> print(axes.get_xlim()[1])  # beyond the longest interval, ms
        1290.0
        """
        from spikelib.figures import draw_isi  # noqa: PLC0415

        data = self._plot_data()
        width = {} if binsize is None else {"frequency_bin" if use_frequency else "isi_bin": float(binsize)}
        setup = SummarySetup.of(selection_of(data), _spec(_run_window(data), **width))
        drawn = setup.summarise([data.spikes])
        return draw_isi(drawn, _axes(ax), use_frequency=use_frequency, binsize=binsize, label_axes=ax is None)

    def firing_animation(
        self, x_axis: str = "x", y_axis: str = "y", dt: float = 20, ax: Axes | None = None
    ) -> tuple[FuncAnimation, Axes]:
        """Animate the spikes at the positions of their nodes.

        Parameters
        ----------
        x_axis, y_axis
            Two of "x", "y", "z".
        dt
            Duration of a frame, ms. Frames are half-open, begin at a multiple of `dt`, and show every spike once.
        ax
            Where to draw; a new figure of pyplot if None.

        Returns
        -------
        animation, axes
            Keep the animation alive while it is shown; ``animation.save("film.mp4")`` writes it.

        Raises
        ------
        PlotError
            An axis is none of x, y, z, `dt` is not positive or gives too many frames, or no node has positions.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from matplotlib.figure import Figure
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> config = write_demo(mkdtemp())
        >>> cortex = open_report(config)["cortex"]
        >>> animation, _ = cortex.firing_animation("x", "z", dt=500, ax=Figure((2, 2)).add_subplot())
        >>> animation.save(config.with_name("film.gif"), writer="pillow")
        >>> config.with_name("film.gif").read_bytes()[:6]
        b'GIF89a'
        """
        from spikelib.figures import animate  # noqa: PLC0415

        data = self._plot_data()
        if not 0 < dt < math.inf:
            msg = f"dt={dt:g} must be a positive number of ms"
            raise PlotError(msg)
        # From a multiple of dt, not from the first spike: films of several filters then show the same moments.
        first, stop = _spike_window(data)
        spec = _spec((math.floor(first / dt) * dt, stop), frame=float(dt), intervals=False)
        setup = SummarySetup.of(selection_of(data), spec, animation=(x_axis, y_axis))
        if setup.where is None:
            msg = f"no population has positions {x_axis!r} and {y_axis!r}, so there is nothing to animate"
            raise PlotError(msg)
        drawn = _axes(ax, new_figure=True)
        return animate(setup.summarise([data.spikes]), drawn, label_axes=ax is None), drawn


def selection_of(data: PlotData) -> Selection:
    """Return the chosen nodes, of which the spikes are known."""
    _, ids, codes = data.spikes
    highest: dict[str, int | None] = {}
    for code, name in enumerate(data.resolved):
        known = data.circuit.facts(name).n_nodes is not None
        # Of a population that a circuit describes, it matters only whether it fired at all.
        fired = code < len(data.fired) and data.fired[code]  # populations that are all silent come last
        highest[name] = None if not fired else 0 if known else int(ids[codes == code].max())
    return select_resolved(data.circuit, data.resolved, highest)


def _spec(window: tuple[float, float], **bins: Any) -> SummarySpec:
    start, stop = window
    # A summary has rate bins, though only one of the plots draws them: where none are asked for, few.
    bins = {"rate_bin": max((stop - start) / 200.0, 1e-3), **bins}
    return SummarySpec(start=start, stop=stop, **bins)


def _spike_window(data: PlotData) -> tuple[float, float]:
    """First and last spike, ms; the run's window if there is none."""
    times = data.spikes[0]
    return (float(times[0]), float(times[-1])) if len(times) else _run_window(data)


def _run_window(data: PlotData) -> tuple[float, float]:
    """Return the window of the run, widened to any spike outside of it, ms."""
    times = data.spikes[0]
    return run_window(data.circuit, (float(times[0]), float(times[-1])) if len(times) else None)


def _axes(ax: Axes | None, *, new_figure: bool = False) -> Axes:
    if ax is not None:
        return ax
    from matplotlib import pyplot as plt  # noqa: PLC0415

    return plt.figure().gca() if new_figure else plt.gca()
