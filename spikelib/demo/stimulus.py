"""What the thalamus of the demo does: noise, a flash on the left, a bar that sweeps across, a full flash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["EVENTS", "Event", "thalamic_rates", "thalamic_trains"]

NOISE_HZ = 2.0


@dataclass(frozen=True)
class Event:
    """One stimulus: a bump of rate over the thalamic sheet, at rest or moving along x.

    Attributes
    ----------
    name, description
        The name of the stimulus, and what it is in a few words.
    start_ms, stop_ms
        When it is on, in time of the report; the start is included, the end is not.
    rate_hz
        Rate at the centre of the bump.
    x_um
        Centre at the start and at the end.
    width_um
        Standard deviation of the bump along x; infinite for the whole sheet.
    """

    name: str
    start_ms: float
    stop_ms: float
    rate_hz: float
    x_um: tuple[float, float]
    width_um: float
    description: str


EVENTS = (
    Event("flash_left", 300.0, 320.0, 150.0, (-250.0, -250.0), 110.0, "150 Hz around x = -250 um"),
    Event("moving_bar", 600.0, 900.0, 130.0, (-550.0, 550.0), 60.0, "a bar of 130 Hz moving from left to right"),
    Event("flash_all", 1200.0, 1210.0, 80.0, (0.0, 0.0), np.inf, "80 Hz everywhere"),
)


def thalamic_rates(x_um: NDArray[np.floating], time_ms: float, events: Iterable[Event] = EVENTS) -> NDArray[np.float64]:
    """Return the rate of each thalamic cell at one time, in Hz, shape (n,).

    Parameters
    ----------
    x_um
        The x of each cell, shape (n,).
    time_ms
        Time in the report.
    events
        The stimuli.

    Examples
    --------
    >>> thalamic_rates(np.array([-250.0, 250.0]), 305.0).round(1)
    array([152.,   2.])
    """
    rates = np.full(len(x_um), NOISE_HZ)
    for event in events:
        if event.start_ms <= time_ms < event.stop_ms:
            done = (time_ms - event.start_ms) / (event.stop_ms - event.start_ms)
            centre = event.x_um[0] + done * (event.x_um[1] - event.x_um[0])
            rates += event.rate_hz * np.exp(-0.5 * ((x_um - centre) / event.width_um) ** 2)
    return rates


def thalamic_trains(
    x_um: NDArray[np.floating], window_ms: tuple[float, float], dt_ms: float, rng: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Draw a Poisson train for each thalamic cell; times in ms are on the grid of `dt_ms` steps.

    Parameters
    ----------
    x_um
        The x of each cell, shape (n,).
    window_ms
        First and last time in the report; the first is not included, the last is.
    dt_ms
        The step; a cell fires at most once in one.
    rng
        Where the randomness comes from.

    Returns
    -------
    One sorted array of times per cell.

    Examples
    --------
    >>> trains = thalamic_trains(np.array([-250.0] * 9 + [250.0] * 9), (300.0, 320.0), 0.1, np.random.default_rng(1))
    >>> sum(map(len, trains[:9])), sum(map(len, trains[9:]))  # the flash is on the left
    (25, 1)
    """
    first, last = (round(edge / dt_ms) for edge in window_ms)
    steps = np.arange(first + 1, last + 1)
    fired = np.empty((len(steps), len(x_um)), dtype=bool)
    # Times are whole steps times dt: sums of dt would drift off the grid.
    for row, step in enumerate(steps):
        chance = thalamic_rates(x_um, step * dt_ms) * dt_ms / 1000.0
        fired[row] = rng.random(len(x_um)) < chance
    return [np.round(steps[fired[:, cell]] * dt_ms, 4) for cell in range(len(x_um))]
