"""The ``classes`` key of a config or of a filter: which nodes are counted together over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from spikelib.errors import ConfigError

ClassChoice: TypeAlias = "str | tuple[str, ...] | Mapping[str, Any] | None"
"""`AUTO`, names of node properties, groups by name, or None for populations."""

AUTO = "auto"
"""spikelib chooses properties for each population."""
INHERITED = "inherited"
"""Of a filter: what the config says for all."""


def class_options(value: Any, where: str = "classes") -> ClassChoice:
    """Read a choice of classes.

    Parameters
    ----------
    value
        "auto", a list of names of node properties, a mapping of names to groups, or None for populations.
    where
        The key, for errors.

    Raises
    ------
    ConfigError
        It is none of these.

    Examples
    --------
    >>> class_options(["layer", "synapse_class"]), class_options({"E": "Excitatory"}), class_options("auto")
    (('layer', 'synapse_class'), {'E': 'Excitatory'}, 'auto')
    """
    if value is None or value == AUTO:
        return AUTO if value == AUTO else None
    if isinstance(value, list | tuple) and value and all(isinstance(name, str) and name for name in value):
        return tuple(dict.fromkeys(value))
    if isinstance(value, Mapping) and value and all(isinstance(name, str) and name.strip() for name in value):
        return dict(value)
    expected = "'auto', a list of node properties, a mapping of names to groups, or null for populations"
    msg = f"{where}: expected {expected}, got {value!r:.80}"
    raise ConfigError(msg)
