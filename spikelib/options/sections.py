"""What sections of a config have in common: known keys, and numbers."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from spikelib.errors import ConfigError


def is_number(value: Any) -> bool:
    """Return whether a value of a config is a finite number; a truth value is none.

    >>> is_number(5), is_number(True), is_number(float("inf"))
    (True, False, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def check_keys(where: str, values: Any, known: Iterable[str]) -> None:
    """Refuse a section that is no mapping, or that has a key which is not known.

    Raises
    ------
    ConfigError
        The text names the section and the key.
    """
    if not isinstance(values, Mapping):
        msg = f"{where}: expected a mapping, got {values!r:.80}"
        raise ConfigError(msg)
    known = list(known)
    unknown = sorted(set(map(str, values)) - set(known))
    if unknown:
        msg = f"{where}.{unknown[0]}: unknown key; there are {', '.join(known)}"
        raise ConfigError(msg)
