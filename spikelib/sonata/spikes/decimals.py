"""Times stored in single precision, as the decimal numbers that the simulator had.

1000.1 ms is stored as 1000.09997558...: a window from 1000.1 on would miss it. The shortest decimal number that is
stored as the same single-precision number is what was meant; in double precision it is within any tolerance.
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


def nearest_decimals(times: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return the shortest decimal numbers that times in single or half precision stand for.

    Parameters
    ----------
    times
        Shape (spikes,), float32 or float16; NaN and infinite values stay what they are.

    Returns
    -------
    Shape (spikes,), float64; equal times stay equal, and the order is kept.

    Examples
    --------
    >>> nearest_decimals(np.array([1000.1, 0.025], np.float32)).tolist()
    [1000.1, 0.025]
    """
    native = times.astype(times.dtype.newbyteorder("="), copy=False)
    result = native.astype(np.float64)
    left = np.flatnonzero(np.isfinite(result) & (result != 0.0))
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
