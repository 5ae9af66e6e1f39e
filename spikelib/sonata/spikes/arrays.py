"""Arrays of spikes, and what is known of a population from outside its spike file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from spikelib.findings import Finding

Times: TypeAlias = NDArray[np.float64]
Ids: TypeAlias = NDArray[np.int64]
Spikes: TypeAlias = tuple[Times, Ids]
"""Times in ms and node ids, two arrays of one length."""

CHUNK = 1 << 20
"""Spikes of one chunk: 16 MiB of times and ids."""


LARGE = 1 << 18
"""From this many spikes on, two threads are worth starting."""

BLOCK = 1 << 16
"""Spikes that a loop over large arrays takes at a time: its temporaries of 512 KiB stay in the processor's cache."""

LARGEST_ID = 1 << 40
"""A greater id is damage, not a node, even where the size of the population is unknown."""


@dataclass(frozen=True)
class RunFacts:
    """What is known of a population from outside the spike file."""

    n_nodes: int | None = None
    """Size of the population, None if no circuit describes it."""
    node_type: str | None = None
    """Type of the population in the circuit, for example "biophysical"."""
    start: float = 0.0
    """Start of the run, ms."""
    stop: float | None = None
    """End of the run, ms, None if no config gives it."""
    id_end: int | None = None
    """One more than the highest id, where that is not the size; see `spikelib.sonata.nodes.numbering`."""
    note: Finding | None = None
    """What is unusual about the ids of the circuit."""

    @property
    def id_limit(self) -> int:
        """The lowest id that is too high for the population, or that can be no node's."""
        if self.id_end is not None:
            return self.id_end
        return LARGEST_ID + 1 if self.n_nodes is None else self.n_nodes


Mixed: TypeAlias = "tuple[Times, Ids, NDArray[np.signedinteger[Any]]]"
"""Times, ids and indices of populations of spikes in canonical order: by time, id, population."""
