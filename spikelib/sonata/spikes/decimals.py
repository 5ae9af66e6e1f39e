"""Times stored in single precision, as the numbers that the simulator had.

1000.1 ms is stored as 1000.09997558...: a window from 1000.1 on would miss it. What was meant is the nearest multiple
of the time step, if it is stored as the same single-precision number; else the shortest decimal number that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITS = {2: range(3, 6), 4: range(6, 10)}
"""By bytes: the digits that such a number always keeps, up to those that always tell it from all others."""
_MOST_DECIMALS = 22
"""Powers of ten up to this one are exact in double precision."""


def nearest_decimals(
    times: NDArray[np.floating[Any]], to_ms: float = 1.0, dt: float | None = None
) -> NDArray[np.float64]:
    """Return the times in ms that numbers in single or half precision stand for.

    Parameters
    ----------
    times
        Shape (spikes,), float32 or float16; NaN and infinite values stay what they are.
    to_ms
        Factor from the stored unit to ms.
    dt
        Time step of the simulation, ms; None if unknown.

    Returns
    -------
    Shape (spikes,), float64, ms; equal times stay equal, and the order is kept.

    Examples
    --------
    >>> nearest_decimals(np.array([1000.1, 0.025], np.float32)).tolist()
    [1000.1, 0.025]
    >>> nearest_decimals(np.array([150000.025], np.float32), dt=0.025).tolist()
    [150000.025]
    """
    native = times.astype(times.dtype.newbyteorder("="), copy=False)
    result = native.astype(np.float64)
    finite = np.isfinite(result) & (result != 0.0)
    left = np.flatnonzero(finite)
    if dt is not None:
        steps = _multiples(result[left] * to_ms, dt)
        with np.errstate(over="ignore"):
            fits = (steps / to_ms).astype(native.dtype) == native[left]
        result[left[~fits]] = _shortest(native[left[~fits]]) * to_ms
        result[left[fits]] = steps[fits]
        result[~finite] *= to_ms
        return result
    result[left] = _shortest(native[left])
    return result * to_ms if to_ms != 1.0 else result


def _multiples(times: NDArray[np.float64], dt: float) -> NDArray[np.float64]:
    """Return the nearest multiples of a time step: those of 0.1 as quotients, since 3 * 0.1 is not 0.3."""
    per_ms = round(1.0 / dt) if 1e-9 < dt < 1e9 else 0
    if per_ms and abs(per_ms * dt - 1.0) < 1e-12:
        return np.asarray(np.rint(times * per_ms) / per_ms)
    with np.errstate(over="ignore"):  # of a time step that is next to nothing
        return np.asarray(np.rint(times / dt) * dt)


def _shortest(native: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return the shortest decimal numbers that finite numbers but zero stand for."""
    result = native.astype(np.float64)
    left = np.arange(len(native))
    for digits in _DIGITS[native.dtype.itemsize]:
        if not len(left):
            break
        exact = result[left]
        decimals = digits - 1 - np.floor(np.log10(np.abs(exact))).astype(np.int64)
        scale = 10.0 ** np.clip(decimals, 0, _MOST_DECIMALS)
        with np.errstate(over="ignore"):
            candidates = np.where(decimals <= _MOST_DECIMALS, np.rint(exact * scale) / scale, exact)
            fits = candidates.astype(native.dtype) == native[left]
        result[left[fits]] = candidates[fits]
        left = left[~fits]
    return result
