"""The spike-report API: reports, populations, filters and their plots, as BlueBrain SNAP names them.

Times are ms, ids are node ids within their population. Time windows include both ends, with a tolerance of 1e-6 ms.
Where this leaves ``bluepysnap.spike_report`` is listed in ``docs/departures.md``.
"""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.circuit.resolve_group import resolve_population, resolve_report
from spikelib.errors import SpikelibWarning
from spikelib.findings import Kind
from spikelib.selection.summary_setup import run_window
from spikelib.simulation.class_plots import ClassPlots
from spikelib.simulation.numbers import ChosenSpikes
from spikelib.simulation.plots import PlotData, Plots, selection_of
from spikelib.simulation.report_file import ReportFile
from spikelib.sonata.spikes.audit import describe_rejected
from spikelib.sonata.spikes.chosen_ids import ChosenIds
from spikelib.sonata.spikes.load import load_spikes
from spikelib.sonata.spikes.merge import merge_parts
from spikelib.sonata.spikes.spike_file import select_source
from spikelib.window import check_window

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from spikelib.circuit.node_population import NodePopulation
    from spikelib.simulation.notebook import PopulationRow
    from spikelib.sonata.spikes.arrays import RunFacts, Spikes


class SpikeReport(ReportFile):
    """The spikes of a simulation, population by population.

    Parameters
    ----------
    simulation
        The simulation that wrote the report.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from spikelib import open_report
    >>> from spikelib.demo import write_demo
    >>> report = open_report(write_demo(mkdtemp()))
    >>> report.population_names
    ['cortex', 'thalamus']
    >>> report["cortex"].get({"layer": "L4"}, t_start=600, t_stop=900).head(2)
    times
    600.0    997
    600.1    968
    Name: ids, dtype: int64
    >>> len(report.filter("Excitatory", t_stop=100).report)
    464
    """

    @cached_property
    def _populations(self) -> dict[str, PopulationSpikeReport]:
        return {name: PopulationSpikeReport(self, name) for name in self.population_names}

    def __getitem__(self, population_name: str) -> PopulationSpikeReport:
        """Get the report of one population; UnknownPopulationError (a KeyError) if there is none of that name."""
        select_source(self.sources, population_name, self.path)
        return self._populations[population_name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the populations."""
        return iter(self._populations)

    def filter(
        self, group: Any = None, t_start: float | None = None, t_stop: float | None = None
    ) -> FilteredSpikeReport:
        """Choose nodes and a time window of all populations; nothing is read yet.

        Parameters
        ----------
        group
            None for all nodes, a node set's name, an id, ids, CircuitNodeIds, or a query of properties.
        t_start, t_stop
            Window in ms, both ends included; None for the start or the end of the report.

        Returns
        -------
        FilteredSpikeReport
            Reads the spikes when they are asked for.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> report = open_report(write_demo(mkdtemp()))
        >>> filtered = report.filter({"layer": "L6"}, t_start=300, t_stop=320)
        >>> len(filtered.report), list(filtered.report.columns)
        (79, ['ids', 'population'])
        """
        return FilteredSpikeReport(self, group, t_start, t_stop)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path}>"

    def _repr_html_(self) -> str:
        from spikelib.simulation.notebook import report_html  # noqa: PLC0415 - only notebooks need it

        rows = [self[name]._notebook_row() for name in self]
        return report_html(self.path.name, self.time_start, self.time_stop, rows)


class PopulationSpikeReport(Plots):
    """The spikes of one population.

    Parameters
    ----------
    spike_report
        The report of the simulation.
    population_name
        A population of the spike file; UnknownPopulationError if it has none of that name.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from spikelib import open_report
    >>> from spikelib.demo import write_demo
    >>> thalamus = PopulationSpikeReport(open_report(write_demo(mkdtemp())), "thalamus")
    >>> thalamus.nodes.size, len(thalamus.node_ids)
    (120, 120)
    """

    def __init__(self, spike_report: SpikeReport, population_name: str) -> None:
        self.spike_report = spike_report
        self.source = select_source(spike_report.sources, population_name, spike_report.path)
        self._has_warned = False

    @property
    def name(self) -> str:
        """Name of the population."""
        return self.source.population

    @property
    def nodes(self) -> NodePopulation:
        """The nodes of the population; UnknownPopulationError if the circuit does not have it."""
        return self.spike_report.simulation.circuit.nodes[self.name]

    @cached_property
    def facts(self) -> RunFacts:
        """What is known of the population from outside the spike file."""
        return self.spike_report.simulation.facts(self.name)

    @cached_property
    def node_ids(self) -> NDArray[np.int64]:
        """Ids of the nodes that fired, ascending."""
        return np.unique(self.load()[1])

    def resolve_nodes(self, group: Any, raise_missing_property: bool = True) -> NDArray[np.int64]:
        """Find the ids of a group in this population.

        Parameters
        ----------
        group
            As in `get`.
        raise_missing_property
            If False, a query of a property that the population lacks matches nothing instead of raising.

        Returns
        -------
        numpy.ndarray
            Ids, int64; in the given order for a list of ids, else ascending.

        Raises
        ------
        GroupError
            The group is malformed, or names nodes, node sets or properties that there are not.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> cortex = open_report(write_demo(mkdtemp()))["cortex"]
        >>> cortex.resolve_nodes([5, 2]), len(cortex.resolve_nodes("Inhibitory"))
        (array([5, 2]), 536)
        """
        found = resolve_population(
            self.spike_report.simulation, self.name, group, raise_missing_property=raise_missing_property
        )
        return self.node_ids if found is None else found

    def get(self, group: Any = None, t_start: float | None = None, t_stop: float | None = None) -> pd.Series[int]:
        """Read the spikes of a group in a time window.

        Parameters
        ----------
        group
            None for all nodes, a node set's name, an id, ids, a boolean mask, CircuitNodeIds, or a query of
            properties.
        t_start, t_stop
            Window in ms, both ends included; None for the start or the end of the report.

        Returns
        -------
        pandas.Series
            Ids (int64, named "ids") indexed by time in ms (float64, named "times"), sorted by time, ties by id.

        Raises
        ------
        GroupError
            The group names nodes, node sets or properties that there are not.
        WindowError
            A negative or NaN end, or t_start > t_stop.

        Examples
        --------
        >>> from tempfile import mkdtemp
        >>> from spikelib import open_report
        >>> from spikelib.demo import write_demo
        >>> open_report(write_demo(mkdtemp()))["thalamus"].get(t_start=300, t_stop=300.3)
        times
        300.1    14
        300.3    23
        300.3    30
        Name: ids, dtype: int64
        """
        import pandas as pd  # noqa: PLC0415 - not needed to inspect or to extract

        ids = None if group is None else self.resolve_nodes(group)
        times, found = self.load(ids, t_start, t_stop)
        return pd.Series(found, index=pd.Index(times, name="times", copy=False), name="ids", copy=False)

    def load(
        self, ids: NDArray[np.int64] | None = None, t_start: float | None = None, t_stop: float | None = None
    ) -> Spikes:
        """Read spikes as `get` does, into two arrays: times (ms) and ids; `ids` are the nodes, None for all."""
        window = check_window(t_start, t_stop)
        members = None if ids is None else ChosenIds(ids)
        spikes, audit = load_spikes(self.source, self.facts, window, members)
        # Once: a loop over windows needs to hear it no more often.
        for note in () if self._has_warned else self.source.notes:
            if note.kind is Kind.UNITS_UNKNOWN:
                self._has_warned = True
                msg = f"{self.source.path}, population {self.name!r}: {note.text}"
                warnings.warn(msg, SpikelibWarning, stacklevel=3)
        if audit.n_rejected:
            msg = f"{self.source.path}, population {self.name!r}: {describe_rejected(audit.rejected)}"
            warnings.warn(msg, SpikelibWarning, stacklevel=3)
        return spikes

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r} of {self.spike_report.path}>"

    def _notebook_row(self) -> PopulationRow:
        from spikelib.simulation.notebook import PopulationRow  # noqa: PLC0415

        return PopulationRow(
            self.name, self.source.n_spikes, self.facts.n_nodes, self.source.sorting_claim, self.source.units
        )

    def _repr_html_(self) -> str:
        from spikelib.simulation.notebook import population_html  # noqa: PLC0415

        return population_html(self.name, self.source.path.name, self._notebook_row())

    def _plot_data(self) -> PlotData:
        return FilteredSpikeReport(self.spike_report, populations=[self.name])._plot_data()


class FilteredSpikeReport(Plots, ClassPlots):
    """Chosen nodes and a time window of a report; the spikes are read when first asked for, and kept.

    Parameters
    ----------
    spike_report
        The report to filter.
    group, t_start, t_stop
        As in `SpikeReport.filter`.
    populations
        Names of the populations to look at; None for all of the report.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from spikelib import open_report
    >>> from spikelib.demo import write_demo
    >>> filtered = FilteredSpikeReport(open_report(write_demo(mkdtemp())), "L4E", 300, 400, populations=["cortex"])
    >>> {name: len(ids) for name, ids in filtered.resolved.items()}, len(filtered.report)
    ({'cortex': 767}, 450)
    """

    def __init__(
        self,
        spike_report: SpikeReport,
        group: Any = None,
        t_start: float | None = None,
        t_stop: float | None = None,
        *,
        populations: list[str] | None = None,
    ) -> None:
        self.spike_report = spike_report
        self.group = group
        self.t_start = t_start
        self.t_stop = t_stop
        self.populations = spike_report.population_names if populations is None else list(populations)
        self._of_all = populations is None

    @cached_property
    def resolved(self) -> dict[str, NDArray[np.int64] | None]:
        """The chosen ids of each population; None for all of them.

        Populations of the circuit of which none fired come last: they have no spikes, but nodes.
        """
        simulation = self.spike_report.simulation
        silent = simulation.silent_populations if self._of_all else []
        return resolve_report(simulation, [*self.populations, *silent], self.group)

    @cached_property
    def spikes(self) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int32]]:
        """Times (ms), ids and indices of `populations`, each of shape (spikes,), by (time, id, population)."""
        check_window(self.t_start, self.t_stop)
        chosen = self.resolved
        parts = [self.spike_report[name].load(chosen[name], self.t_start, self.t_stop) for name in self.populations]
        return merge_parts(parts, list(range(len(parts))), len(parts))

    @cached_property
    def fired(self) -> NDArray[np.bool_]:
        """Which of `populations` fired, shape (populations,)."""
        codes = self.spikes[2]
        return np.array([(codes == code).any() for code in range(len(self.populations))], np.bool_)

    @cached_property
    def report(self) -> pd.DataFrame:
        """The spikes as a DataFrame.

        Index "times" (float64, ms), columns "ids" (int64) and "population" (category), sorted by (times, ids,
        population). The categories are the populations that fired.
        """
        import pandas as pd  # noqa: PLC0415

        times, ids, codes = self.spikes
        fired = self.fired
        names = pd.Index(
            [name for name, any_spike in zip(self.populations, fired, strict=True) if any_spike], dtype=str
        )
        # The categories are those that fired, as bluepysnap's are: codes of later populations move down.
        if not fired.all():
            codes = (np.cumsum(fired) - 1).astype(codes.dtype)[codes]
        population = pd.Categorical.from_codes(codes, categories=names)
        columns = {"ids": ids, "population": population}
        return pd.DataFrame(columns, index=pd.Index(times, name="times", copy=False), copy=False)

    def _chosen_spikes(self) -> ChosenSpikes:
        data, times = self._plot_data(), self.spikes[0]
        fired = (float(times[0]), float(times[-1])) if len(times) else None
        window = run_window(data.circuit, fired, self.t_start, self.t_stop)
        return ChosenSpikes(data.circuit, selection_of(data), self.spikes, window)

    def __repr__(self) -> str:
        window = f"t_start={self.t_start}, t_stop={self.t_stop}"
        return f"<{type(self).__name__} group={self.group!r}, {window} of {self.spike_report.path}>"

    def _repr_html_(self) -> str:
        from spikelib.simulation.notebook import filtered_html  # noqa: PLC0415

        # Only spikes that have been read are counted: showing an object must not read a file.
        counts = (
            np.bincount(self.spikes[2], minlength=len(self.populations)).tolist() if "spikes" in vars(self) else None
        )
        return filtered_html(self.group, self.t_start, self.t_stop, self.populations, counts)

    def _plot_data(self) -> PlotData:
        return PlotData(self.spike_report.simulation, self.resolved, self.spikes, self.fired)
