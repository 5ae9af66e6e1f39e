"""The ``statistics`` section of a config."""

from __future__ import annotations

from typing import Any

import pytest

from spikelib.errors import ConfigError
from spikelib.options.statistics import StatisticsOptions, statistics_options


def test_what_is_left_out_has_its_default() -> None:
    assert statistics_options(None) == statistics_options({}) == StatisticsOptions()
    found = statistics_options({"peak_bin_ms": 10, "cv_min_intervals": 5.0})
    assert (found.peak_bin_ms, found.cv_min_intervals, type(found.cv_min_intervals)) == (10.0, 5, int)


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (5, "statistics: expected a mapping, got 5"),
        ({"bin": 5}, "statistics.bin: unknown key; there are peak_bin_ms, count_bin_ms"),
        ({"peak_bin_ms": 0}, "statistics.peak_bin_ms: 0 is not a positive number"),
        ({"peak_bin_ms": True}, "statistics.peak_bin_ms: True is not a positive number"),
        ({"count_bin_ms": float("nan")}, "statistics.count_bin_ms: nan is not a positive number"),
        ({"pair_bin_ms": 0.5}, "statistics.pair_bin_ms: 0.5 is no whole number of ms"),
        ({"burst_spikes": 1}, "statistics.burst_spikes: 1 is not a whole number from 2 on"),
        ({"cv_min_intervals": 2.5}, "statistics.cv_min_intervals: 2.5 is not a whole number"),
    ],
    ids=str,
)
def test_nonsense_is_refused_by_key(config: Any, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        statistics_options(config)
