"""How much nodes fire together, against full matrices by numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from spikelib.statistics.groups import class_group, overall_group
from spikelib.statistics.settings import Settings
from spikelib.statistics.synchrony import count_variances, peak, synchrony
from tests.statistics.trains import Case, cases, poisson


@settings(deadline=None, max_examples=80)
@given(case=cases())
def test_pairs_equal_the_full_covariance_matrix(case: Case) -> None:
    summary = case.summary
    for index in range(3):
        group = class_group(summary, index)
        found = synchrony(summary, group, Settings())
        active = [train for train in case.of_class(index) if len(train)]
        counts = case.counts(active, 2.0)
        variances = count_variances(summary)[group.rows]
        np.testing.assert_allclose(variances[np.isfinite(variances)], counts.var(axis=1), atol=1e-12)
        if len(active) < 2:
            assert [found[key] for key in ("pair_covariance", "pair_correlation", "chi")] == [None] * 3
            continue
        matrix = np.cov(counts, ddof=0)
        pairs = matrix[~np.eye(len(active), dtype=bool)]
        assert found["pair_covariance"] == pytest.approx(pairs.mean(), rel=1e-9, abs=1e-12)
        mean = np.diag(matrix).mean()
        if mean > 0:
            assert found["pair_correlation"] == pytest.approx(pairs.mean() / mean, rel=1e-9, abs=1e-9)
            assert found["chi"] == pytest.approx(np.sqrt(counts.mean(axis=0).var() / mean), rel=1e-9, abs=1e-9)
        else:
            assert found["pair_correlation"] is found["chi"] is None


@settings(deadline=None, max_examples=40)
@given(case=cases())
def test_counts_of_the_class_equal_numpy(case: Case) -> None:
    summary, trains = case.summary, case.of_class(0) + case.of_class(1)
    group = overall_group(summary)
    if not trains:  # only inputs: they are what counts then
        trains = case.trains
    found = synchrony(summary, group, Settings())
    three, one = case.counts(trains, 3.0).sum(axis=0), case.counts(trains, 1.0).sum(axis=0)
    if not three.any():
        assert found["sync_fano"] is None
    else:
        assert found["sync_fano"] == pytest.approx(three.var() / three.mean(), rel=1e-9)
        assert found["sync_cv"] == pytest.approx(one.std() / one.mean(), rel=1e-9)
    five = case.counts(trains, 5.0).sum(axis=0)
    top = peak(summary, group, Settings())
    if five.any():
        assert top["peak_rate_hz"] == pytest.approx(five.max() / len(trains) / 0.005)
        assert top["peak_time_ms"] == pytest.approx(5.0 * five.argmax() + 2.5)
    else:
        assert top == {"peak_rate_hz": None, "peak_time_ms": None}


def test_independent_and_identical_trains_are_the_ends_of_chi() -> None:
    case = poisson(3, 100, 20.0, 20.0)
    alone = synchrony(case.summary, class_group(case.summary, 0), Settings())
    assert alone["chi"] == pytest.approx(0.1, abs=0.02)
    assert alone["pair_correlation"] == pytest.approx(0.0, abs=0.005)
    same = Case([case.trains[0]] * 100, case.of_row, case.spec).summary
    together = synchrony(same, class_group(same, 0), Settings())
    assert together["chi"] == pytest.approx(1.0)
    assert together["pair_correlation"] == pytest.approx(1.0)


def test_fewer_than_ten_bins_say_nothing() -> None:
    case = poisson(4, 5, 50.0, 0.009)
    found = synchrony(case.summary, class_group(case.summary, 0), Settings())
    assert set(found.values()) == {None}
