"""A set of node ids that spikes are held against, many at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_MASKED = 1 << 24
"""Up to this id, a mask over all ids is quicker than a search, and fits in memory."""


class ChosenIds:
    """Node ids to keep.

    Parameters
    ----------
    ids
        Shape (nodes,), not negative, in any order, repetitions allowed.

    Examples
    --------
    >>> ChosenIds(np.array([7, 2])).among(np.array([2, 3, 7, 2**40]))
    array([ True, False,  True, False])
    """

    def __init__(self, ids: NDArray[np.int64]) -> None:
        highest = int(ids.max()) if len(ids) else -1
        self._mask: NDArray[np.bool_] | None = None
        self._ids = np.empty(0, np.int64)
        if highest <= MOST_MASKED:
            self._mask = np.zeros(highest + 1, np.bool_)
            self._mask[ids] = True
        else:
            self._ids = np.unique(ids)

    def among(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of some ids, none of them negative, are chosen; shape of `ids`."""
        if self._mask is None:
            places = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
            return np.asarray(self._ids[places] == ids)
        chosen: NDArray[np.bool_] = ids < len(self._mask)
        chosen[chosen] = self._mask[ids[chosen]]
        return chosen
