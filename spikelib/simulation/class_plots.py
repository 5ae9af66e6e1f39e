"""The plots of classes: spectra, box plots, distributions, and a panel for a paper."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from spikelib.options.classes import AUTO
from spikelib.simulation.numbers import Numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spikelib.summary.model import Summary

__all__ = ["ClassPlots"]


class ClassPlots(Numbers):
    """Plots of the numbers of classes.

    Each returns the axes that it drew into: the given one, which gets no labels, or those of a new figure of pyplot:
    one, one for each part, or one for each class where these are more than seven. `classes` is that of
    `Numbers.statistics`.
    """

    def plot_spectrum(self, classes: Any = AUTO, ax: Axes | None = None, *, log: bool = True) -> list[Axes]:
        """Draw the power spectrum of the rate of each class, its Poisson level, and the rhythm that stands out.

        Parameters
        ----------
        classes
            As in `statistics`.
        ax
            Where to draw; a new figure if None.
        log
            Whether the axis of frequency is logarithmic.

        Raises
        ------
        ConfigError, GroupError
            A choice of classes makes no sense.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from matplotlib.figure import Figure
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> spikes = open_report(write_demo(mkdtemp())).filter("Column")
        >>> [axes] = spikes.plot_spectrum(["layer"], Figure().add_subplot())
        >>> axes.get_yscale()
        'log'
        """
        return _plot("spectrum", self._summary(classes), ax, log=log)

    def plot_boxplots(
        self, classes: Any = AUTO, ax: Axes | None = None, *, part: Literal["rate", "cv"] = "rate", **options: float
    ) -> list[Axes]:
        """Draw quartiles, median and mean of the rates (Hz) and CVs of the nodes of each class.

        Parameters
        ----------
        classes
            As in `statistics`.
        ax
            Where to draw; a new figure with both if None.
        part
            What to draw into `ax`: "rate" or "cv".
        options
            As in `statistics`: ``cv_min_intervals``.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from matplotlib.figure import Figure
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> spikes = open_report(write_demo(mkdtemp())).filter("Column")
        >>> [axes] = spikes.plot_boxplots(["layer"], Figure().add_subplot(), part="cv")
        >>> [label.get_text() for label in axes.get_xticklabels()]
        ['L2/3', 'L4', 'L5', 'L6', 'thalamus']
        """
        return _plot("boxplots", self._summary(classes, options), ax, part=part)

    def plot_irregularity(
        self,
        classes: Any = AUTO,
        ax: Axes | None = None,
        *,
        part: Literal["cv", "lv"] = "cv",
        cumulative: bool = False,
        **options: float,
    ) -> list[Axes]:
        """Draw how CV and LV are distributed over the nodes of each class.

        Parameters
        ----------
        classes
            As in `statistics`.
        ax
            Where to draw; a new figure with both if None.
        part
            What to draw into `ax`: "cv" or "lv".
        cumulative
            Whether to show the share of nodes up to each value.
        options
            As in `statistics`: ``cv_min_intervals``.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from matplotlib.figure import Figure
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> spikes = open_report(write_demo(mkdtemp())).filter("Column")
        >>> [axes] = spikes.plot_irregularity(["layer"], Figure().add_subplot(), part="lv")
        >>> len(axes.patches)
        5
        """
        return _plot("irregularity", self._summary(classes, options), ax, part=part, cumulative=cumulative)

    def plot_correlations(
        self, classes: Any = AUTO, ax: Axes | None = None, *, binsize: float | None = None, **options: float
    ) -> list[Axes]:
        """Draw how Pearson's coefficients of pairs are distributed, for at most 200 active nodes of each class.

        Parameters
        ----------
        classes
            As in `statistics`.
        ax
            Where to draw; a new figure if None.
        binsize
            Width of the bins, a multiple of 0.001; None to choose it from the data.
        options
            As in `statistics`: ``pair_bin_ms``.

        Raises
        ------
        PlotError
            `binsize` is no multiple of 0.001.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from matplotlib.figure import Figure
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> spikes = open_report(write_demo(mkdtemp())).filter({"layer": "L4"})
        >>> [axes] = spikes.plot_correlations(["synapse_class"], Figure().add_subplot(), pair_bin_ms=5)
        >>> len(axes.patches)
        2
        """
        from spikelib.statistics.distributions.correlations import pair_sample  # noqa: PLC0415

        chosen = self._chosen_spikes()
        summary = chosen.summarise(classes, options)
        times, ids, codes = chosen.spikes
        found = pair_sample(summary, [(times, chosen.selection.rows(ids, codes))])
        return _plot("correlations", replace(summary, pairs=found), ax, binsize=binsize)

    def plot_depth(
        self,
        classes: Any = AUTO,
        ax: Axes | None = None,
        *,
        axis: Literal["x", "y", "z"] = "y",
        bin_um: float = 50.0,
    ) -> list[Axes]:
        """Draw the mean rate of the nodes of each class against their position, silent nodes included.

        Parameters
        ----------
        classes
            As in `statistics`.
        ax
            Where to draw; a new figure if None.
        axis
            The position: "x", "y" or "z".
        bin_um
            Width of the bins, µm.

        Raises
        ------
        PlotError
            The bins are too many.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from matplotlib.figure import Figure
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> spikes = open_report(write_demo(mkdtemp())).filter("Column")
        >>> [axes] = spikes.plot_depth(["layer"], Figure().add_subplot(), bin_um=100)
        >>> print(axes.get_ylim()[1])
        -100.0
        """
        return _plot("depth", self._summary(classes, depth=axis), ax, bin_um=bin_um)

    def plot_panel(self, classes: Any = AUTO, *, letters: bool = True, titles: bool = False) -> list[Axes]:
        """Draw a panel for a paper: raster, rate above, rates along its axis, and box plots below; a new figure.

        Parameters
        ----------
        classes
            As in `statistics`.
        letters
            Whether to letter the parts A to E.
        titles
            Whether to give them titles.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from matplotlib import pyplot as plt
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> plt.switch_backend("agg")
        >>> axes = open_report(write_demo(mkdtemp())).filter("Column").plot_panel(["layer"])
        >>> len(axes)
        5
        >>> plt.close()
        """
        return _plot("panel", self._summary(classes), None, letters=letters, titles=titles)

    def _summary(self, classes: Any, options: dict[str, float] | None = None, depth: str | None = None) -> Summary:
        return self._chosen_spikes().summarise(classes, options or {}, depth)


def _plot(kind: str, summary: Summary, ax: Axes | None, **options: Any) -> list[Axes]:
    from spikelib.figures.compose import compose, drawing  # noqa: PLC0415 - matplotlib only for plots
    from spikelib.options.figures import FIGURES  # noqa: PLC0415
    from spikelib.summary.by_class import by_class  # noqa: PLC0415

    if ax is not None:
        drawing(kind)(by_class(summary), ax, label_axes=False, **options)
        return [ax]
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure = plt.figure(layout="constrained")
    if FIGURES[kind].parts:
        options.pop("part")
    compose(kind, summary, figure, options)
    return figure.axes
