"""The ``filters`` section of a config: which nodes and times each filter keeps."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from spikelib.errors import ConfigError, WindowError
from spikelib.options.classes import INHERITED, ClassChoice, class_options
from spikelib.window import check_window

_LATEST_MS = 10**300
"""Whole numbers beyond are beyond the floats."""
_KEYS = ("group", "t_start", "t_stop", "classes")

NAME = re.compile("[A-Za-z0-9][A-Za-z0-9._-]*")
"""What the name of a filter or of a simulation looks like: it becomes a folder of results."""


@dataclass(frozen=True)
class Filter:
    """A named choice of nodes and times."""

    name: str = "all"
    group: Any = None
    """A node set's name, ids or a query; None for all nodes."""
    t_start: float | None = None
    """Start of the window, ms, included; None for the start of the report."""
    t_stop: float | None = None
    """End of the window, ms, included; None for the end of the report."""
    classes: ClassChoice = INHERITED
    """Which nodes are counted together over time, if not as the config says for all filters."""

    @property
    def window(self) -> tuple[float, float]:
        """Both ends in ms, -inf and inf where None; WindowError if one makes no sense."""
        for name, value in (("t_start", self.t_start), ("t_stop", self.t_stop)):
            if value is not None and math.isinf(value):
                msg = f"{name}={value:g} is no time; leave it out to have no limit"
                raise WindowError(msg)
        return check_window(self.t_start, self.t_stop)


def filter_options(config: Any) -> list[Filter]:
    """Read the ``filters`` section of a config.

    Parameters
    ----------
    config
        Name of a filter to its ``group``, ``t_start``, ``t_stop`` and ``classes``, each of which may be left out; one
        filter named "all" if there are none.

    Raises
    ------
    ConfigError
        A name cannot be that of a folder, a key is unknown, or a time is not a number; the text names the key.
    WindowError
        A time is negative, NaN or infinite, or t_start > t_stop.

    Examples
    --------
    >>> filter_options({"late": {"t_start": 500}})
    [Filter(name='late', group=None, t_start=500.0, t_stop=None, classes='inherited')]
    """
    if not config:
        return [Filter()]
    if not isinstance(config, Mapping):
        msg = f"filters: expected names of filters and their options, got {config!r}"
        raise ConfigError(msg)
    filters = [_one(name, values) for name, values in config.items()]
    check_names([chosen.name for chosen in filters], "filters")
    return filters


def check_names(names: Iterable[str], what: str) -> None:
    """Refuse names that differ in case only: on many file systems their results would be one folder.

    Parameters
    ----------
    names
        Of simulations, or of filters.
    what
        Which of these.

    Raises
    ------
    ConfigError
        Two are alike.

    Examples
    --------
    >>> check_names(["All", "late", "all"], "filters")
    Traceback (most recent call last):
        ...
    spikelib.errors.ConfigError: filters: 'All' and 'all' differ in case only, ... rename one of them
    """
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            reason = "differ in case only, and on many file systems their results would be in one folder"
            msg = f"{what}: {other!r} and {name!r} {reason}; rename one of them"
            raise ConfigError(msg)


def filter_words(group: Any = None, t_start: float | None = None, t_stop: float | None = None, **_: Any) -> list[str]:
    """Return the words of a command line that make ``spikelib filter`` choose these nodes and times.

    Parameters
    ----------
    group
        What JSON can hold: a node set's name, ids or a query; None for all nodes.
    t_start, t_stop
        Ends of the window, ms, both included; None for no limit.

    Examples
    --------
    >>> filter_words({"layer": "L4"}, t_stop=950.0)
    ['--group', '{"layer": "L4"}', '--t-stop', '950.0']
    """
    text = None if group is None else json.dumps(group)
    values = {"--group": text, "--t-start": t_start, "--t-stop": t_stop}
    return [word for option, value in values.items() if value is not None for word in (option, str(value))]


def _one(name: Any, values: Any) -> Filter:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        msg = f"filters.{name}: a name is made of letters, digits, '.', '_' and '-' and begins with a letter or digit"
        raise ConfigError(msg)
    values = {} if values is None else values
    if not isinstance(values, Mapping):
        msg = f"filters.{name}: expected {', '.join(_KEYS)}, got {values!r}"
        raise ConfigError(msg)
    for key, value in values.items():
        if key not in _KEYS:
            msg = f"filters.{name}.{key}: unknown key; there are {', '.join(_KEYS)}"
            raise ConfigError(msg)
        if key in ("group", "classes"):
            continue
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            msg = f"filters.{name}.{key}: {value!r} is not a number of ms"
            raise ConfigError(msg)
        if isinstance(value, int) and abs(value) > _LATEST_MS:
            msg = f"filters.{name}.{key}: a number of {len(str(abs(value)))} digits is no time in ms"
            raise ConfigError(msg)
    # Results carry the times: 50 and 50.0 must not give different files.
    times = {key: float(values[key]) for key in ("t_start", "t_stop") if values.get(key) is not None}
    classes = values.get("classes", INHERITED)
    if classes != INHERITED:
        classes = class_options(classes, f"filters.{name}.classes")
    chosen = Filter(name, values.get("group"), **times, classes=classes)
    try:
        _ = chosen.window
    except WindowError as error:
        msg = f"filters.{name}: {error}"
        raise WindowError(msg) from error
    return chosen
