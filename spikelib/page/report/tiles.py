"""The essentials of a simulation, in the header of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spikelib.page.captions import window_text
from spikelib.page.checks import most_severe
from spikelib.page.format import counted, integer, isolated, milliseconds, number, readable_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spikelib.page.checks import Check, Level, PopulationChecks

__all__ = ["Tile", "simulator_label", "tiles"]

NOT_NEURONS = ("virtual", "vasculature", "astrocyte")
"""Beginnings of the types of nodes that stand for an input, or are no neurons."""


@dataclass(frozen=True)
class Tile:
    """One fact: what it is, its value, and a line that explains it."""

    label: str
    value: str
    detail: str
    level: Level | None = None
    """Of the checks only: the most severe level."""


def tiles(
    description: Mapping[str, Any],
    populations: Sequence[PopulationChecks],
    remarks: Sequence[Check],
    filters: Sequence[Mapping[str, Any]],
) -> list[Tile]:
    """Gather the essentials.

    Parameters
    ----------
    description
        Of the source.
    populations
        The checks of each population.
    remarks
        The checks of the simulation's config.
    filters
        The statistics of each filter; the mean rate is that of the first.

    Examples
    --------
    >>> simulation = {"config": "a.json", "simulator": "NEST", "dt": 0.1, "time_start": 0.0, "time_stop": 100.0}
    >>> found = tiles({"simulation": {**simulation, "node_set": None}, "populations": []}, [], [], [])
    >>> [f"{tile.label}: {tile.value}" for tile in found][:3]
    ['Simulator: NEST', 'Simulated: 100 ms', 'Populations: 0']
    """
    simulation = description["simulation"]
    types = {audit["population"]: audit.get("type") for audit in description["populations"]}
    return [
        _simulator(simulation),
        _duration(simulation),
        _populations(description),
        _nodes(description),
        _spikes(populations),
        *([_mean_rate(filters[0], types)] if filters else []),
        _checks([*remarks, *(check for population in populations for check in population.checks)]),
    ]


def simulator_label(simulation: Mapping[str, Any]) -> str:
    """Return what a config says of its simulator: for which it was written, or which one ran it.

    Examples
    --------
    >>> simulator_label({"content": {"target_simulator": "NEURON"}})
    'Target simulator'
    >>> simulator_label({"content": {"metadata": {"simulator": "NEST 3.10.0"}}})
    'Simulator'
    """
    content = simulation.get("content") or {}
    return "Target simulator" if content.get("target_simulator") else "Simulator"


def _simulator(simulation: Mapping[str, Any]) -> Tile:
    step = simulation["dt"]
    detail = "time step unknown" if step is None else f"time step {milliseconds(step)}"
    if simulation["config"] is None:
        return Tile("Simulator", "unknown", "no simulation config")
    return Tile(simulator_label(simulation), simulation["simulator"] or "not named", detail)


def _duration(simulation: Mapping[str, Any]) -> Tile:
    start, stop = simulation["time_start"], simulation["time_stop"]
    if stop is None:
        return Tile("Simulated", "unknown", f"from {milliseconds(start)} on")
    return Tile("Simulated", readable_time(stop - start), window_text({"start": start, "stop": stop}))


def _populations(description: Mapping[str, Any]) -> Tile:
    names = ", ".join(isolated(audit["population"]) for audit in description["populations"]) or "none"
    return Tile("Populations", integer(len(description["populations"])), names)


def _nodes(description: Mapping[str, Any]) -> Tile:
    sizes = [audit["n_nodes"] for audit in (*description["populations"], *description.get("silent", ()))]
    if None in sizes:
        n_unknown = sizes.count(None)
        return Tile("Nodes", "unknown", f"of {counted(n_unknown, 'population')} no circuit is known")
    node_set = description["simulation"]["node_set"]
    return Tile("Nodes", integer(sum(sizes)), f"node set {node_set} simulated" if node_set else "in the circuit")


def _spikes(populations: Sequence[PopulationChecks]) -> Tile:
    n_rejected = sum(population.n_rejected for population in populations)
    detail = f"{integer(n_rejected)} rejected" if n_rejected else "none rejected"
    return Tile("Spikes", integer(sum(population.n_kept for population in populations)), detail)


def _mean_rate(statistics: Mapping[str, Any], types: Mapping[str, str | None]) -> Tile:
    """Return the rate of the first filter: of its neurons, unless it keeps none but others, such as virtual ones."""
    chosen = {name: values for name, values in statistics["populations"].items() if values["n_nodes"]}
    apart = {name: str(types[name]) for name in chosen if str(types.get(name)).startswith(NOT_NEURONS)}
    neurons = [values for name, values in chosen.items() if name not in apart]
    detail = f"filter {statistics['filter']['name']}"
    if apart and neurons:
        rate = _united_rate(neurons)
        left_out = ", ".join(f"{isolated(name)} ({kind})" for name, kind in apart.items())
        detail = f"per neuron, {detail}, without {left_out}"
    else:
        rate = statistics["overall"].get("rate_mean_hz")
        kinds = " or ".join(sorted(set(apart.values())))
        detail = f"per {kinds} node, {detail}" if apart else f"per node, {detail}"
    return Tile("Mean rate", "unknown" if rate is None else f"{number(rate, 3)} Hz", detail)


def _united_rate(populations: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the mean rate of the nodes of several populations: their means, weighted by their nodes."""
    means = [(each.get("rate_mean_hz"), each["n_nodes"]) for each in populations]
    if any(mean is None for mean, _ in means):
        return None
    return float(sum(mean * n_nodes for mean, n_nodes in means) / sum(n_nodes for _, n_nodes in means))


def _checks(checks: Sequence[Check]) -> Tile:
    n_passed = sum(check.level == "ok" for check in checks)
    others = {level: sum(check.level == level for check in checks) for level in ("warning", "note")}
    detail = ", ".join(counted(count, level) for level, count in others.items() if count)
    text = f"{integer(n_passed)} of {integer(len(checks))}"
    return Tile("Checks passed", text, detail or "nothing to note", most_severe(check.level for check in checks))
