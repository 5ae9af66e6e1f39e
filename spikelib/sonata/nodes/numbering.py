"""Which ids the nodes of a population have, and in which row of its columns each of them is.

SONATA asks for ids 0 to N - 1, which are rows. Some nodes files give other ids (``node_id`` with gaps, or beginning
at 10), and simulators take them in two ways: as the names of the nodes, or, as libsonata does, not at all. Which of
the two a simulation meant is told by its spikes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from spikelib.errors import NodesError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    Fired = Callable[[], Iterable[NDArray[np.int64]]]
    """Reads the ids of all spikes of a population, in chunks."""

_SHOWN = 3
_HIGHEST_IN_TABLE = 1 << 23


@dataclass(frozen=True)
class Numbering:
    """The ids of the nodes of a population: 0 to size - 1, or labels.

    Examples
    --------
    >>> Numbering(3, np.array([10, 12, 15])).rows(np.array([15, 11, 10]))
    array([ 2, -1,  0])
    """

    size: int
    """Number of nodes."""
    labels: NDArray[np.int64] | None = None
    """Shape (size,), ascending and distinct: the id of each row. None where ids are rows."""

    @property
    def end(self) -> int:
        """One more than the highest id; 0 if there is no node."""
        return self.size if self.labels is None else int(self.labels[-1]) + 1 if self.size else 0

    def ids(self, rows: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Return the ids of rows, or all ids, ascending."""
        if self.labels is None:
            return np.arange(self.size, dtype=np.int64) if rows is None else rows
        return self.labels if rows is None else self.labels[rows]

    def rows(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row of each id, -1 for an id that no node has."""
        if self.labels is None:
            return np.where((ids >= 0) & (ids < self.size), ids, -1)
        if not self.size:
            return np.full(len(ids), -1, np.int64)
        if self._table is not None:
            return self._table[np.where((ids >= 0) & (ids < self.end), ids, self.end)]
        rows = np.minimum(np.searchsorted(self.labels, ids), self.size - 1)
        return np.where(self.labels[rows] == ids, rows, -1)

    @cached_property
    def _table(self) -> NDArray[np.int64] | None:
        """The row of each id, and -1 at the end: quicker than a search, where ids are not too high for it."""
        if self.labels is None or self.end > _HIGHEST_IN_TABLE:
            return None
        table = np.full(self.end + 1, -1, np.int64)
        table[self.labels] = np.arange(self.size)
        return table

    def has(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether there is a node of each id; shape of `ids`."""
        if self.labels is None:
            return np.asarray((ids >= 0) & (ids < self.size))
        return self.rows(ids) >= 0

    def describe(self) -> str:
        """Return in words which ids there are.

        >>> Numbering(3).describe(), Numbering(3, np.array([10, 12, 15])).describe()
        ('>= 0 and < 3', 'one of the 3 from 10 to 15 that its node_id lists')
        """
        if self.labels is None or not self.size:
            return f">= 0 and < {self.size}"
        return f"one of the {self.size} from {self.labels[0]} to {self.labels[-1]} that its node_id lists"


class Reading(NamedTuple):
    """What the ``node_id`` of a nodes file means."""

    numbering: Numbering
    order: NDArray[np.int64] | None = None
    """Sorts what is stored by id; None where it is so stored, or where the simulation did not go by ``node_id``."""
    note: str | None = None
    """What the user must know, None where ``node_id`` is as SONATA asks."""


def number(node_id: NDArray[np.int64], where: str, fired: Fired | None) -> Reading:
    """Decide what the ``node_id`` of a nodes file means.

    Parameters
    ----------
    node_id
        Shape (nodes,), as stored.
    where
        File and population, for messages.
    fired
        Reads the ids that fired; None where no spikes are known.

    Raises
    ------
    NodesError
        Two nodes have one id, an id is negative, or the spikes fit neither these ids nor the rows.

    Examples
    --------
    >>> node_id = np.array([12, 10, 15])
    >>> number(node_id, "nodes.h5", lambda: [np.array([15, 10])]).numbering.labels
    array([10, 12, 15])
    >>> number(node_id, "nodes.h5", lambda: [np.array([2, 0])]).numbering.ids()
    array([0, 1, 2])
    """
    size = len(node_id)
    rows = np.arange(size)
    if np.array_equal(node_id, rows):
        return Reading(Numbering(size))
    order = np.argsort(node_id, kind="stable")
    labels = node_id[order]
    _check_labels(labels, where)
    in_order = None if np.array_equal(order, rows) else order
    if np.array_equal(labels, rows):
        note = "node_id lists 0 to N - 1 in another order: the rows of its columns are those of these ids"
        return Reading(Numbering(size), in_order, note)
    named = Numbering(size, labels)
    strange = None if fired is None else _first_strange(fired, named)
    if strange is None:
        fits = "" if fired is None else ", and all spikes fit it"
        note = (
            f"the nodes file numbers its {size} nodes from {labels[0]} to {labels[-1]}{fits}: ids are those of node_id"
        )
        return Reading(named, in_order, note)
    plain = Numbering(size)
    no_row = _first_strange(fired, plain) if fired is not None else None
    if no_row is None:
        note = (
            f"the nodes file numbers its {size} nodes from {labels[0]} to {labels[-1]}, but node {strange} fired: all "
            f"spikes fit the rows, so ids are rows from 0 to {size - 1}, and node_id is not used"
        )
        return Reading(plain, None, note)
    msg = (
        f"{where}: node {strange} fired, but node_id does not list it ({named.describe()}), and node {no_row} fired, "
        f"but there are {size} rows; the spikes are of another circuit, or the nodes file is damaged"
    )
    raise NodesError(msg)


def _check_labels(labels: NDArray[np.int64], where: str) -> None:
    if labels[0] < 0:
        msg = f"{where}: node_id holds {labels[0]}, and ids are not negative; correct the nodes file"
        raise NodesError(msg)
    again = labels[1:][labels[1:] == labels[:-1]]
    if len(again):
        shown = ", ".join(map(str, np.unique(again)[:_SHOWN]))
        msg = f"{where}: node_id must be distinct, but {shown} is there more than once; correct the nodes file"
        raise NodesError(msg)


def _first_strange(fired: Fired, numbering: Numbering) -> int | None:
    """Return the first id that fired and is of no node; None if there is none."""
    for ids in fired():
        strange = ids[~numbering.has(ids)]
        if len(strange):
            return int(strange[0])
    return None
