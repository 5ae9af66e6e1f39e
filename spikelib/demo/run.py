"""What one run of the demo's network leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spikelib.demo.column import Cells

__all__ = ["Run", "Spikes"]


@dataclass(frozen=True)
class Spikes:
    """The spikes of one population, ordered by time and then by id.

    Attributes
    ----------
    ids
        Node id of each spike, shape (n,), uint64.
    times_ms
        Its time in the report, shape (n,), float64.
    """

    ids: NDArray[np.uint64]
    times_ms: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Run:
    """Cells, spikes and settings of one run.

    Attributes
    ----------
    cortex, thalamus
        The cells of the two populations.
    cortex_spikes, thalamus_spikes
        Their spikes from 0 to `duration_ms`, both ends included.
    duration_ms, dt_ms
        Length of the report and the time step.
    warm_up_ms
        Time simulated before the report starts.
    seed
        Seed of every random number.
    simulator
        Name and version.
    """

    cortex: Cells
    thalamus: Cells
    cortex_spikes: Spikes
    thalamus_spikes: Spikes
    duration_ms: float
    dt_ms: float
    warm_up_ms: float
    seed: int
    simulator: str
