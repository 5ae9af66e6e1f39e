"""The ``statistics`` section of a config: widths and limits of what is counted."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from spikelib.errors import ConfigError
from spikelib.options.sections import check_keys, is_number

_WHOLE = ("cv_min_intervals", "burst_spikes")
_LARGEST = 1e6


@dataclass(frozen=True)
class StatisticsOptions:
    """Options of the statistics; docs/statistics.md says what each is for."""

    peak_bin_ms: float = 5.0
    """Bins of the peak rate, ms."""
    count_bin_ms: float = 3.0
    """Bins of ``sync_fano``, ms."""
    pair_bin_ms: float = 2.0
    """Bins in which nodes are correlated, ms."""
    cv_min_intervals: int = 10
    """Fewest intervals of a node whose CV counts."""
    lvr_refractoriness_ms: float = 5.0
    """R of LvR, ms."""
    burst_spikes: int = 3
    """Fewest spikes of a burst."""
    burst_isi_ms: float = 10.0
    """Longest interval within a burst, ms."""


def statistics_options(config: Any) -> StatisticsOptions:
    """Read the ``statistics`` section of a config.

    Parameters
    ----------
    config
        Names of options to numbers; what is left out has its default.

    Raises
    ------
    ConfigError
        A key is unknown or a value makes no sense; the text names the key.

    Examples
    --------
    >>> statistics_options({"count_bin_ms": 5}).count_bin_ms
    5.0
    """
    values = {} if config is None else config
    check_keys("statistics", values, [option.name for option in fields(StatisticsOptions)])
    for key, value in values.items():
        if not is_number(value) or not 0 < value <= _LARGEST:
            msg = f"statistics.{key}: {value!r} is not a positive number"
            raise ConfigError(msg)
        least = {"cv_min_intervals": 2, "burst_spikes": 2}.get(key, 0)
        if key in _WHOLE and (value != int(value) or value < least):
            msg = f"statistics.{key}: {value!r} is not a whole number from {least} on"
            raise ConfigError(msg)
        if key in ("peak_bin_ms", "count_bin_ms", "pair_bin_ms") and value != int(value):
            msg = f"statistics.{key}: {value!r} is no whole number of ms, as spikes are counted in bins of 1 ms"
            raise ConfigError(msg)
    chosen: dict[str, Any] = {key: int(v) if key in _WHOLE else float(v) for key, v in values.items()}
    return StatisticsOptions(**chosen)
