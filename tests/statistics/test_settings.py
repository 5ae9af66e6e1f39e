"""Settings change what is computed, and are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spikelib.statistics.by_group import statistics
from spikelib.statistics.settings import Settings
from tests.statistics.trains import poisson


def test_settings_are_told_and_used() -> None:
    case = poisson(9, 10, 30.0, 2.0)
    case = replace(case, spec=replace(case.spec, cv_min_intervals=40))
    found = statistics(case.summary, Settings(peak_bin_ms=20.0, count_bin_ms=10.0))
    assert {key: found["bins"][key] for key in ("peak_bin_ms", "count_bin_ms", "cv_min_intervals")} == {
        "peak_bin_ms": 20.0, "count_bin_ms": 10.0, "cv_min_intervals": 40,
    }  # fmt: skip
    counts = case.counts(case.trains, 20.0).sum(axis=0)
    assert found["overall"]["peak_rate_hz"] == pytest.approx(counts.max() / 10 / 0.02)
    long = [train for train in case.trains if len(train) > 40]
    assert found["overall"]["n_cv"] == len(long)
    cvs = [np.diff(train).std() / np.diff(train).mean() for train in long]
    assert found["overall"]["cv_mean"] == pytest.approx(np.mean(cvs), rel=1e-6)
