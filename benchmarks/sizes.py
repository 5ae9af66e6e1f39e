"""Numbers of spikes as people write them: 10k, 30M, 1G."""

from __future__ import annotations

import argparse

_UNITS = {"k": 10**3, "M": 10**6, "G": 10**9}


def parse_count(text: str) -> int:
    """Read a number with an optional unit.

    >>> parse_count("10k"), parse_count("1.5M"), parse_count("800")
    (10000, 1500000, 800)
    """
    unit = _UNITS.get(text[-1:], 1)
    try:
        count = float(text if unit == 1 else text[:-1]) * unit
    except ValueError:
        count = -1.0
    if count < 1 or count != int(count):
        msg = f"{text!r} is not a number such as 800, 10k, 30M or 1G"
        raise argparse.ArgumentTypeError(msg)
    return int(count)


def format_count(count: int) -> str:
    """Write a number with the unit that keeps it short and exact.

    >>> format_count(30_000_000), format_count(1_500_000), format_count(800)
    ('30M', '1500k', '800')
    """
    for unit, size in reversed(_UNITS.items()):
        if count >= size and count % size == 0:
            return f"{count // size}{unit}"
    return str(count)
