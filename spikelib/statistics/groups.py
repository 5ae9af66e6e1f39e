"""The groups that statistics are of: a class, a population, or everything that counts together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spikelib.statistics.nodes import counted_nodes, in_overall, rows_in_overall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.summary.model import Integers, Summary

__all__ = ["Group", "class_group", "overall_group", "population_group"]


@dataclass(frozen=True)
class Group:
    """Nodes whose statistics are computed together: whole classes, whose counts add up."""

    classes: Integers
    """Indices of the classes."""
    rows: NDArray[np.bool_]
    """Shape (rows,): its nodes."""
    n_nodes: int
    """Nodes that count: simulated, or known to have been as they fired."""
    n_active: int
    """Nodes with a spike in the window."""


def class_group(summary: Summary, index: int) -> Group:
    """Return one class."""
    return _group(summary, np.array([index]), summary.nodes.classes.of_row == index)


def population_group(summary: Summary, index: int) -> Group:
    """Return the classes of a population together."""
    offsets = summary.nodes.offsets
    rows = np.zeros(len(summary.nodes.ids), np.bool_)
    rows[int(offsets[index]) : int(offsets[index + 1])] = True
    return _group(summary, np.flatnonzero(summary.nodes.classes.population == index), rows)


def overall_group(summary: Summary) -> Group:
    """Return all neurons, or the inputs where only such are counted."""
    chosen = np.flatnonzero(in_overall(summary))
    classes = np.flatnonzero(np.isin(summary.nodes.classes.population, chosen))
    return _group(summary, classes, rows_in_overall(summary))


def _group(summary: Summary, classes: Integers, rows: NDArray[np.bool_]) -> Group:
    n_active = int((summary.counters.count[rows] > 0).sum())
    return Group(classes, rows, int(counted_nodes(summary)[rows].sum()), n_active)
