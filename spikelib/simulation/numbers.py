"""The numbers of chosen spikes in Python: statistics of classes, of single nodes, spectra and correlations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.options.classes import AUTO, class_options
from spikelib.options.figures import FigureOptions
from spikelib.options.statistics import statistics_options
from spikelib.selection.bins import analysis_bins, choose_spec, settings_of, with_widths
from spikelib.selection.classes import classify
from spikelib.selection.summary_setup import SummarySetup

if TYPE_CHECKING:
    import pandas as pd

    from spikelib.circuit.simulated import SimulatedCircuit
    from spikelib.selection.rows import Selection
    from spikelib.sonata.spikes.arrays import Mixed
    from spikelib.summary.model import Summary

__all__ = ["ChosenSpikes", "Numbers"]


@dataclass(frozen=True)
class ChosenSpikes:
    """Spikes in memory, and the nodes that they were chosen from."""

    circuit: SimulatedCircuit
    selection: Selection
    spikes: Mixed
    """Times (ms), ids and indices of populations, each of shape (spikes,), by (time, id, population)."""
    window: tuple[float, float]
    """Both ends included, ms."""

    def summarise(self, classes: Any, options: dict[str, Any], depth: str | None = None) -> Summary:
        """Count the spikes by classes; `depth` is the axis of the positions that nodes get, if any."""
        self.selection.group_by(classify(self.circuit, self.selection, class_options(classes)))
        widths = statistics_options(options)
        spec = with_widths(choose_spec(self.window, FigureOptions(animation=None)), widths)
        n_classes = len(self.selection.nodes.classes.names)
        setup = SummarySetup.of(self.selection, analysis_bins(spec, n_classes, self.circuit.dt), depth=depth)
        return setup.summarise([self.spikes])


class Numbers:
    """Statistics, nodes and spectra of chosen spikes."""

    def _chosen_spikes(self) -> ChosenSpikes:
        """Return what to count; each report class has its own."""
        raise TypeError(type(self).__name__)

    def statistics(self, classes: Any = AUTO, **options: float) -> pd.DataFrame:
        """Return rates, irregularity, synchrony, rhythm and steadiness of each class of nodes.

        Parameters
        ----------
        classes
            "auto" lets spikelib choose, names of node properties make a class of each combination of their values, a
            mapping of names to groups makes those, and None makes each population one.
        options
            Widths and limits as in the ``statistics`` section of a config, such as ``count_bin_ms=5``.

        Returns
        -------
        pandas.DataFrame
            Index (population, class), a column for each number of ``statistics.json``; NaN where it is undefined.
            docs/statistics.md defines them.

        Raises
        ------
        ConfigError, GroupError
            A choice of classes or an option makes no sense.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> found = open_report(write_demo(mkdtemp())).filter({"layer": "L4"}).statistics(["synapse_class"])
        >>> found["n_nodes"].to_dict()
        {('cortex', 'EXC'): 767, ('cortex', 'INH'): 192}
        """
        import pandas as pd  # noqa: PLC0415

        from spikelib.statistics.by_group import statistics  # noqa: PLC0415

        summary = self._chosen_spikes().summarise(classes, options)
        rows = statistics(summary, settings_of(statistics_options(options)))["classes"]
        flat = [{**row, **{f"band_power_{band}": power for band, power in row["band_power"].items()}} for row in rows]
        frame = pd.DataFrame(flat).drop(columns="band_power").set_index(["population", "class"])
        others = [name for name in map(str, frame) if not name.startswith("n_") and name != "transient"]
        frame = frame.astype(dict.fromkeys(others, "float64"))
        return frame[frame["n_nodes"] > 0]

    def nodes(self, **options: float) -> pd.DataFrame:
        """Return the numbers of each chosen node: counts, rates, irregularity, bursts and presence.

        Parameters
        ----------
        options
            As in `statistics`.

        Returns
        -------
        pandas.DataFrame
            Index (population, ids), silent nodes included; columns as in ``nodes.parquet`` (docs/tables.md), NaN where
            undefined.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> nodes = open_report(write_demo(mkdtemp())).filter({"layer": "L4"}).nodes()
        >>> len(nodes), int((nodes["n_spikes"] == 0).sum())
        (959, 27)
        """
        import pandas as pd  # noqa: PLC0415

        from spikelib.statistics.node_table import node_columns  # noqa: PLC0415

        summary = self._chosen_spikes().summarise(None, options)
        columns = node_columns(summary)
        names = pd.Index(summary.nodes.populations)
        population = pd.Categorical.from_codes(columns.pop("population"), categories=names)
        return pd.DataFrame({"population": population, **columns}).set_index(["population", "ids"])

    def spectrum(self, classes: Any = AUTO) -> pd.DataFrame:
        """Return the power spectral density of the rate per node of each class (Welch's method, bins of 1 ms).

        Parameters
        ----------
        classes
            As in `statistics`.

        Returns
        -------
        pandas.DataFrame
            Columns population, class, frequency_hz and power (Hz²/Hz); no rows where the window is too short.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> found = open_report(write_demo(mkdtemp())).filter().spectrum(classes=None)
        >>> sorted(found["population"].unique()), round(float(found["frequency_hz"][1]), 3)
        (['cortex', 'thalamus'], 3.906)
        """
        import pandas as pd  # noqa: PLC0415

        from spikelib.statistics.rhythm import spectrum_columns  # noqa: PLC0415

        columns, names = spectrum_columns(self._chosen_spikes().summarise(classes, {}))
        return pd.DataFrame({**columns, **{name: np.array(names[name], object)[columns[name]] for name in names}})

    def correlations(self, classes: Any = AUTO, **options: float) -> pd.DataFrame:
        """Return how the spike counts of pairs of nodes correlate within each class.

        At most 200 active nodes of each class are taken, chosen by a hash of their ids: the same ones each time.

        Parameters
        ----------
        classes
            As in `statistics`.
        options
            As in `statistics`: ``pair_bin_ms`` is the width of the bins of counts.

        Returns
        -------
        pandas.DataFrame
            Columns population, class, a, b (ids, a < b) and correlation (Pearson's coefficient), a row for each pair of
            which it is defined; none where the window has fewer than ten bins. Their mean is not the
            ``pair_correlation`` of `statistics`, which is a ratio of means over all active nodes.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> found = open_report(write_demo(mkdtemp())).filter({"layer": "L4"}).correlations(["synapse_class"])
        >>> found.groupby("class", observed=True).size().to_dict()
        {'EXC': 19900, 'INH': 17205}
        """
        import pandas as pd  # noqa: PLC0415

        from spikelib.statistics.distributions.correlations import class_correlations  # noqa: PLC0415

        chosen = self._chosen_spikes()
        summary = chosen.summarise(classes, options)
        times, ids, codes = chosen.spikes
        nodes, parts = summary.nodes, []
        found = class_correlations(summary, [(times, chosen.selection.rows(ids, codes))])
        for name, population, own in zip(nodes.classes.names, nodes.classes.population, found, strict=True):
            first, second = np.triu_indices(len(own.rows), 1)
            frame = pd.DataFrame({"a": nodes.ids[own.rows[first]], "b": nodes.ids[own.rows[second]]})
            frame["correlation"] = own.matrix[first, second]
            frame.insert(0, "class", name)
            frame.insert(0, "population", nodes.populations[int(population)])
            parts.append(frame)
        return pd.concat(parts, ignore_index=True).dropna(subset="correlation", ignore_index=True)
