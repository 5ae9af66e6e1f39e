"""Windows of time: both ends are included, with a tolerance of 1e-6 ms."""

from __future__ import annotations

import numpy as np

from spikelib.errors import WindowError

EPSILON_MS = 1e-6
"""Tolerance of every comparison of times, ms; the tolerance of libsonata."""


EVERYTHING = (-np.inf, np.inf)
"""The window without ends."""


def check_window(t_start: float | None, t_stop: float | None) -> tuple[float, float]:
    """Check a time window and return its two ends, -inf and inf where None.

    Parameters
    ----------
    t_start, t_stop
        Ends in ms, both included.

    Raises
    ------
    WindowError
        An end is negative or not a number, or t_start > t_stop.

    Examples
    --------
    >>> check_window(None, 100)
    (-inf, 100.0)
    """
    start = -np.inf if t_start is None else float(t_start)
    stop = np.inf if t_stop is None else float(t_stop)
    for name, value, given in (("t_start", start, t_start), ("t_stop", stop, t_stop)):
        if given is not None and (np.isnan(value) or value < -EPSILON_MS):
            msg = (
                f"{name}={value:g}: times cannot be negative or NaN; give ms from the start of the simulation, or None"
            )
            raise WindowError(msg)
    if start > stop:
        msg = f"t_start={start:g} is later than t_stop={stop:g}; exchange them (both ends are included)"
        raise WindowError(msg)
    return start, stop
