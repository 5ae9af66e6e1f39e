"""What is counted beside what figures show: classes, properties to group by, and the widths of statistics."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from spikelib.errors import ConfigError
from spikelib.options.classes import AUTO, INHERITED, class_options
from spikelib.options.statistics import StatisticsOptions, statistics_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spikelib.options.classes import ClassChoice
    from spikelib.options.filters import Filter

KEYS = ("properties", "classes", "statistics")
"""Keys of a config that it is read from."""


@dataclass(frozen=True)
class Counting:
    """Choices that summaries and statistics depend on, and tables of spikes do not."""

    properties: tuple[str, ...] | None = None
    """Node properties of the tables by property; None to choose them."""
    classes: ClassChoice = AUTO
    statistics: StatisticsOptions = field(default_factory=StatisticsOptions)

    def of(self, chosen: Filter) -> Counting:
        """Return the choices for a filter, which may have classes of its own."""
        return self if chosen.classes == INHERITED else replace(self, classes=chosen.classes)


def counting_options(config: Mapping[str, Any]) -> Counting:
    """Read ``properties``, ``classes`` and ``statistics`` of a config; ConfigError names what makes no sense.

    Examples
    --------
    >>> counting_options({"classes": ["layer"]}).classes
    ('layer',)
    """
    return Counting(
        property_options(config.get("properties")),
        class_options(config.get("classes", AUTO)),
        statistics_options(config.get("statistics")),
    )


def property_options(value: Any) -> tuple[str, ...] | None:
    """Read the ``properties`` key of a config.

    Parameters
    ----------
    value
        Names of node properties; None to let spikelib choose.

    Raises
    ------
    ConfigError
        It is no list of names.

    Examples
    --------
    >>> property_options(["layer", "mtype"])
    ('layer', 'mtype')
    """
    if value is None:
        return None
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) and name for name in value):
        msg = f"properties: {value!r:.80} is no list of names of node properties"
        raise ConfigError(msg)
    return tuple(dict.fromkeys(value))


def counting_words(counting: Counting) -> list[str]:
    """Return the words of a command line that have `spikelib filter` count so; none for the defaults.

    Examples
    --------
    >>> counting_words(Counting(properties=(), classes=("layer",)))
    ['--classes', '["layer"]', '--properties']
    """
    changed = {key: value for key, value in asdict(counting.statistics).items() if value != getattr(_DEFAULTS, key)}
    words = [] if counting.classes == AUTO else ["--classes", json.dumps(counting.classes)]
    words += ["--statistics", json.dumps(changed)] if changed else []
    # Last, as it takes all names that follow; an empty list is a choice, of none.
    return words if counting.properties is None else [*words, "--properties", *counting.properties]


_DEFAULTS = StatisticsOptions()
