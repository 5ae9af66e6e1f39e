"""The sentence that tells asynchronous from synchronous, irregular from regular firing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spikelib.page.report.regime import regime_sentence
from spikelib.statistics.by_group import statistics
from tests.statistics.trains import Case, poisson


def sentence(**overall: Any) -> str:
    known = {"cv_mean": 0.9, "pair_correlation": 0.002, "sync_fano": 1.5, "rhythm_hz": None, "rhythm_ratio": None}
    return regime_sentence({"overall": {**known, **overall}, "bins": {"count_bin_ms": 5.0}})


@pytest.mark.parametrize(
    ("overall", "begins"),
    [
        ({}, "irregular (mean CV 0.90) and asynchronous; no rhythm stands out, spike counts in 5 ms vary 1.5 times"),
        ({"cv_mean": 0.2}, "regular (mean CV 0.20) and asynchronous; "),
        ({"cv_mean": None}, "asynchronous; no rhythm"),
        (
            {"rhythm_hz": 45.9, "rhythm_ratio": 12.34},
            "irregular (mean CV 0.90) and weakly synchronous; a rhythm of 45.9 Hz stands out, 12 times the level",
        ),
        ({"pair_correlation": 0.02}, "irregular (mean CV 0.90) and synchronous; no rhythm"),
        ({"pair_correlation": -0.003}, "irregular (mean CV 0.90) and asynchronous; "),
        ({"sync_fano": 28.0}, "irregular (mean CV 0.90) and weakly synchronous; no rhythm"),
    ],
)
def test_words(overall: dict[str, Any], begins: str) -> None:
    assert sentence(**overall).startswith(f"All neurons together: {begins}")


@pytest.mark.parametrize("key", ["pair_correlation", "sync_fano"])
def test_nothing_is_said_where_synchrony_is_undefined(key: str) -> None:
    assert sentence(**{key: None}) == ""


def test_older_results_say_nothing() -> None:
    assert regime_sentence({"overall": {"n_spikes": 5}}) == ""


def test_poisson_trains_are_asynchronous_and_common_beats_are_not() -> None:
    independent = poisson(2, 60, 8.0, 10.0).summary
    assert "and asynchronous; no rhythm stands out" in regime_sentence(statistics(independent))
    together = poisson(3, 60, 40.0, 10.0, depth=1.0, hz=40.0).summary
    assert ") and synchronous; a rhythm of 4" in regime_sentence(statistics(together))
    rng = np.random.default_rng(1)
    clocks = [np.arange(rng.uniform(0, 50), 9990.0, 50.0) for _ in range(40)]
    regular = Case(clocks, np.zeros(40, int), poisson(1, 1, 1.0, 10.0).spec)
    assert regime_sentence(statistics(regular.summary)).startswith("All neurons together: regular (mean CV ")
