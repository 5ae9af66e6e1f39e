"""What a job of the workflow needs, from the size of its simulation: memory and time to ask a scheduler for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["memory_mb", "runtime_min"]

_BASE_MB = 1000
_SORTED_MB = 1000
"""DuckDB's share, where more spikes have to be sorted than are sorted in memory."""
_SORTED_FROM = 4 << 20
_NODE_BYTES = 800
_BASE_MIN = 15
_SPIKES_PER_MIN = 50_000_000
_UNKNOWN_MB, _UNKNOWN_MIN = 4000, 240


def memory_mb(known: Mapping[str, Any] | None, attempt: int) -> int:
    """Estimate the memory of the largest job of a simulation, MB.

    Spikes are read in chunks, so their number hardly counts; nodes do, each of which has its counts in memory.

    Parameters
    ----------
    known
        What `spikelib.campaign.inventory.take_inventory` found in the simulation; None if nothing is known.
    attempt
        1 for the first attempt; each further one doubles the estimate.

    Examples
    --------
    >>> known = {"populations": [{"n_spikes": 10_000_000, "n_nodes": 500_000}]}
    >>> memory_mb(known, 1), memory_mb(known, 2)
    (2400, 4800)
    """
    if known is None:
        return int(_UNKNOWN_MB * 2 ** (attempt - 1))
    populations = known["populations"]
    n_nodes = sum(_n_nodes(population) for population in populations)
    sorts = any(population["n_spikes"] > _SORTED_FROM for population in populations)
    estimate = _BASE_MB + (_SORTED_MB if sorts else 0) + n_nodes * _NODE_BYTES // 10**6
    return int(estimate * 2 ** (attempt - 1))


def runtime_min(known: Mapping[str, Any] | None, attempt: int, steps: int = 1) -> int:
    """Estimate an upper limit of the time of a job, minutes: many times what a quiet machine takes.

    Parameters
    ----------
    known
        What `spikelib.campaign.inventory.take_inventory` found in the simulation; None if nothing is known.
    attempt
        1 for the first attempt; each further one doubles the estimate.
    steps
        How often the job passes over all spikes.

    Examples
    --------
    >>> runtime_min({"populations": [{"n_spikes": 200_000_000, "n_nodes": None}]}, 1, steps=4)
    35
    """
    if known is None:
        return int(_UNKNOWN_MIN * 2 ** (attempt - 1))
    n_spikes = sum(population["n_spikes"] for population in known["populations"])
    return int((_BASE_MIN + steps * (1 + n_spikes // _SPIKES_PER_MIN)) * 2 ** (attempt - 1))


def _n_nodes(population: Mapping[str, Any]) -> int:
    """Return the number of nodes; where no circuit tells it, a guess from the spikes: a tenth, at most a million."""
    if population["n_nodes"] is not None:
        return int(population["n_nodes"])
    return int(min(population["n_spikes"] // 10, 10**6))
