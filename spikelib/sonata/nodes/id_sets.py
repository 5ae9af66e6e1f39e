"""Sets of ids while a group is resolved: sorted distinct ids, or None for all nodes, however many."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

IdSet: TypeAlias = "NDArray[np.int64] | None"
"""Sorted distinct ids; None for every node of the population, however many there are."""

NOTHING: NDArray[np.int64] = np.empty(0, dtype=np.int64)


def both(sets: Iterable[IdSet]) -> IdSet:
    """Return the nodes that are in all of the sets; all nodes if there is no set."""
    result: IdSet = None
    for ids in sets:
        if result is None:
            result = ids
        elif ids is not None:
            result = np.intersect1d(result, ids, assume_unique=True)
    return result


def either(sets: Iterable[IdSet]) -> IdSet:
    """Return the nodes that are in at least one of the sets; no node if there is no set."""
    found = [NOTHING]
    for ids in sets:
        if ids is None:
            return None
        found.append(ids)
    return np.unique(np.concatenate(found))
