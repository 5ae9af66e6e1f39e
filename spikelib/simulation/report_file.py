"""A spike report as a file: where it is, the run that wrote it, and the populations in it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from spikelib.errors import MissingFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

    from spikelib.circuit.simulated import SimulatedCircuit
    from spikelib.sonata.configs.simulation_config import OutputConfig
    from spikelib.sonata.spikes.spike_file import SpikeSource


class ReportFile:
    """What is known of a spike report before a spike is read.

    Parameters
    ----------
    simulation
        The simulation that wrote the report.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from spikelib.circuit.simulated import SimulatedCircuit
    >>> from spikelib.demo import write_demo
    >>> report = ReportFile(SimulatedCircuit(write_demo(mkdtemp())))
    >>> report.path.name, report.population_names, report.time_stop
    ('spikes.h5', ['cortex', 'thalamus'], 1500.0)
    """

    def __init__(self, simulation: SimulatedCircuit) -> None:
        self._simulation = simulation

    @property
    def config(self) -> OutputConfig:
        """The ``output`` section of the simulation's config."""
        return self._simulation.output

    @property
    def time_start(self) -> float:
        """Start of the run, ms."""
        return self._simulation.time_start

    @property
    def time_stop(self) -> float | None:
        """End of the run, ms; None if no config gives it."""
        return self._simulation.time_stop

    @property
    def dt(self) -> float | None:
        """Time step of the run, ms; None if no config gives it."""
        return self._simulation.dt

    @property
    def time_units(self) -> str:
        """Unit of all times: always "ms", whatever the file holds."""
        return self._simulation.time_units

    @property
    def simulation(self) -> SimulatedCircuit:
        """The simulation of this report."""
        return self._simulation

    @contextmanager
    def log(self) -> Iterator[TextIO]:
        """Open the simulation's log file for reading.

        Raises
        ------
        MissingFileError
            The config names no log file, or it does not exist.
        """
        path = self.config.log_file
        if path is None or not path.is_file():
            msg = f"{path or self.path}: cannot find the log file of the spike report; is output.log_file right?"
            raise MissingFileError(msg)
        with path.open(encoding="utf-8", errors="replace") as file:
            yield file

    @property
    def path(self) -> Path:
        """The spike file."""
        return self.config.spikes_file

    @property
    def sources(self) -> dict[str, SpikeSource]:
        """How each population is stored in the spike file, by name."""
        return self._simulation.sources

    @property
    def population_names(self) -> list[str]:
        """Names of the populations in the spike file, sorted."""
        return sorted(self.sources)
