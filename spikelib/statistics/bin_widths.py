"""Bin widths that can be read: whole multiples of the counted bins, and not too many of them."""

from __future__ import annotations

FEWEST_BINS, MOST_BINS = 10, 2000
"""Widths that give fewer or more rate bins than these are not offered."""

TOLERANCE = 1e-9
"""Of a quotient, relative: 0.3 / 0.1 is 2.9999999999999996."""

ROUND_NUMBERS = tuple(m * 10.0**e for e in range(-9, 13) for m in (1, 2, 5))


def is_multiple(value: float, width: float) -> bool:
    """Return whether a value is a whole multiple of a width, to within rounding.

    Examples
    --------
    >>> is_multiple(0.3, 0.1), is_multiple(0.35, 0.1), is_multiple(0.05, 0.1)
    (True, False, False)
    """
    times = value / width
    return round(times) >= 1 and abs(times - round(times)) <= TOLERANCE * max(1.0, times)
