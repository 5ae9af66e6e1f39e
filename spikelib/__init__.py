"""Spike reports of neural simulators: tables, statistics, pictures and one HTML page.

The public names are those of `__all__`; the submodules behind them are loaded when a name is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from spikelib.version import __version__ as __version__

if TYPE_CHECKING:
    from spikelib.circuit.circuit import Circuit
    from spikelib.circuit.node_population import NodePopulation
    from spikelib.errors import SpikelibError
    from spikelib.simulation.simulation import Simulation, open_report
    from spikelib.simulation.spike_report import FilteredSpikeReport, PopulationSpikeReport, SpikeReport
    from spikelib.sonata.limits import Limits, set_limits
    from spikelib.sonata.nodes.node_ids import CircuitNodeId, CircuitNodeIds
    from spikelib.sonata.nodes.node_sets import NodeSets

__all__ = [
    "Circuit",
    "CircuitNodeId",
    "CircuitNodeIds",
    "FilteredSpikeReport",
    "Limits",
    "NodePopulation",
    "NodeSets",
    "PopulationSpikeReport",
    "Simulation",
    "SpikeReport",
    "SpikelibError",
    "open_report",
    "set_limits",
]

_HOMES = {
    "Circuit": "circuit.circuit",
    "CircuitNodeId": "sonata.nodes.node_ids",
    "CircuitNodeIds": "sonata.nodes.node_ids",
    "FilteredSpikeReport": "simulation.spike_report",
    "Limits": "sonata.limits",
    "NodePopulation": "circuit.node_population",
    "NodeSets": "sonata.nodes.node_sets",
    "PopulationSpikeReport": "simulation.spike_report",
    "Simulation": "simulation.simulation",
    "SpikeReport": "simulation.spike_report",
    "SpikelibError": "errors",
    "open_report": "simulation.simulation",
    "set_limits": "sonata.limits",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for, so that ``import spikelib`` stays light."""
    if name not in _HOMES:
        msg = f"module 'spikelib' has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(importlib.import_module(f"spikelib.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
