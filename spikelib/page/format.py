"""How numbers, sizes and times are written on a page; all of these are also filters of the templates."""

from __future__ import annotations

import json
import math
from typing import Any

__all__ = [
    "MISSING",
    "as_json",
    "counted",
    "integer",
    "isolated",
    "milliseconds",
    "number",
    "percent",
    "plain",
    "readable_time",
    "size",
    "yes_or_no",
]

MISSING = "–"
"""Stands where there is no value."""


def integer(value: int | None) -> str:
    """Write a count with thousands separators.

    Examples
    --------
    >>> integer(1234567), integer(None)
    ('1,234,567', '–')
    """
    return MISSING if value is None else f"{value:,}"


def counted(value: int, noun: str) -> str:
    """Write a count with its noun, which takes an s unless the count is 1.

    Examples
    --------
    >>> counted(1, "spike"), counted(1200, "spike")
    ('1 spike', '1,200 spikes')
    """
    return f"{value:,} {noun}" if value == 1 else f"{value:,} {noun}s"


def number(value: float | None, digits: int = 4) -> str:
    """Write a number with `digits` significant digits, never cutting digits before the decimal point.

    Examples
    --------
    >>> number(12.345678), number(0.00123456), number(123456.7), number(0)
    ('12.35', '0.001235', '123,457', '0')
    >>> number(9.99996), number(3.2e-9), number(None)
    ('10.00', '3.200e-09', '–')
    """
    if value is None or math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == 0:
        return "0"
    scientific = f"{value:.{digits - 1}e}"
    exponent = int(scientific.partition("e")[2])
    if not -4 <= exponent < 15:
        return scientific
    return f"{value:,.{max(digits - 1 - exponent, 0)}f}"


def isolated(text: str) -> str:
    """Keep a name that changes the direction of writing from changing that of what follows it.

    Examples
    --------
    >>> isolated("cortex"), isolated("\u202exetroc")
    ('cortex', '\u2068\u202exetroc\u2069')
    """
    turning = any("\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069" for character in text)
    return f"\u2068{text}\u2069" if turning else text


def percent(fraction: float | None) -> str:
    """Write a fraction as a percentage with three significant digits; 1 is 100 %.

    Examples
    --------
    >>> percent(0.98765), percent(1), percent(None)
    ('98.8 %', '100 %', '–')
    """
    return MISSING if fraction is None else f"{number(100 * fraction, 3)} %"


def yes_or_no(value: bool | None) -> str:
    """Write a truth value.

    Examples
    --------
    >>> yes_or_no(True), yes_or_no(False), yes_or_no(None)
    ('yes', 'no', '–')
    """
    return MISSING if value is None else "yes" if value else "no"


def plain(value: float | None) -> str:
    """Write a number in full, without floating-point noise.

    Examples
    --------
    >>> plain(44.39999999999964), plain(1500.0), plain(None)
    ('44.4', '1,500', '–')
    """
    return MISSING if value is None else f"{value:,.10g}"


def milliseconds(value: float | None) -> str:
    """Write a time in ms with its unit.

    Examples
    --------
    >>> milliseconds(15000.0), milliseconds(None)
    ('15,000 ms', 'unknown')
    """
    return "unknown" if value is None else f"{plain(value)} ms"


def readable_time(value: float | None) -> str:
    """Write a duration given in ms in the unit that a reader would choose.

    Examples
    --------
    >>> readable_time(250.0), readable_time(1500.0), readable_time(605000.0), readable_time(None)
    ('250 ms', '1.5 s', '10 min 5 s', 'unknown')
    """
    if value is None or abs(value) < 1000:
        return milliseconds(value)
    if abs(value) < 120_000:
        return f"{value / 1000:.6g} s"
    minutes, seconds = divmod(value / 1000, 60)
    text = f"{minutes:,.0f} min"
    return f"{text} {seconds:.4g} s" if seconds else text


def size(n_bytes: int | None) -> str:
    """Write a file size in decimal units.

    Examples
    --------
    >>> size(999), size(1500), size(3_250_000), size(None)
    ('999 B', '1.5 kB', '3.2 MB', '–')
    """
    if n_bytes is None:
        return MISSING
    if n_bytes < 1000:
        return f"{n_bytes} B"
    value = float(n_bytes)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:,.1f} TB"


def as_json(value: Any, indent: int | None = None) -> str:
    """Write a value as JSON in the order it has; what JSON lacks (a path) is written as its text.

    Examples
    --------
    >>> as_json({"layer": [4, 5]})
    '{"layer": [4, 5]}'
    """
    return json.dumps(value, indent=indent, ensure_ascii=False, default=str)
