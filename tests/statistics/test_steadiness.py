"""Steadiness, bursts and evenness, against loops in Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from spikelib.statistics.groups import class_group
from spikelib.statistics.steadiness import bursts, evenness, node_bursts, node_presence, steadiness
from tests.statistics.trains import Case, cases, poisson


def bursts_of(train: np.ndarray) -> list[int]:
    """Return the sizes of the bursts of a train."""
    sizes, size = [], 0
    for k, time in enumerate(train):
        if k and time - train[k - 1] <= 10.0 + 1e-6:
            size += 1
        else:
            sizes.append(size)
            size = 1
    return [size for size in [*sizes, size] if size >= 3]


@settings(deadline=None, max_examples=60)
@given(case=cases())
def test_bursts_and_presence_equal_a_loop(case: Case) -> None:
    summary = case.summary
    n_bursts, n_spikes = node_bursts(summary)
    expected = [bursts_of(train) for train in case.trains]
    assert n_bursts.tolist() == [len(sizes) for sizes in expected]
    assert n_spikes.tolist() == [sum(sizes) for sizes in expected]
    tenth = case.spec.stop / 10
    parts = [{min(int((time + 1e-6) / tenth), 9) for time in train} for train in case.trains]
    np.testing.assert_allclose(node_presence(summary), [len(each) / 10 for each in parts])
    for index in range(3):
        trains = case.of_class(index)
        found, sizes = bursts(summary, class_group(summary, index)), [s for t in trains for s in bursts_of(t)]
        spikes, active = sum(map(len, trains)), sum(len(train) > 0 for train in trains)
        if not spikes:
            assert set(found.values()) == {None}
            continue
        assert found["burst_spike_share"] == pytest.approx(sum(sizes) / spikes)
        assert found["bursting_share"] == pytest.approx(sum(bool(bursts_of(train)) for train in trains) / active)
        assert found["burst_length_mean"] == (pytest.approx(np.mean(sizes)) if sizes else None)


@settings(deadline=None, max_examples=40)
@given(case=cases())
def test_drift_equals_the_rates_of_the_halves(case: Case) -> None:
    summary = case.summary
    times = np.concatenate(case.of_class(0) or [np.empty(0)])
    found = steadiness(summary, class_group(summary, 0))
    if not len(times):
        assert set(found.values()) == {None}
        return
    half = case.spec.stop / 2
    late = int((times + 1e-6 >= half).sum())
    seconds = case.spec.stop / 1000
    rates = (len(times) - late) / (seconds / 2), late / (seconds / 2)
    assert found["drift"] == pytest.approx((rates[1] - rates[0]) / (len(times) / seconds))


def test_transient_is_a_first_tenth_unlike_the_others() -> None:
    steady = poisson(5, 50, 10.0, 10.0)
    summary = steady.summary
    assert steadiness(summary, class_group(summary, 0))["transient"] is False
    onset = [np.sort(np.concatenate([train, np.linspace(1, 900, 10)])) for train in steady.trains]
    summary = Case(onset, steady.of_row, steady.spec).summary
    assert steadiness(summary, class_group(summary, 0))["transient"] is True
    # By hand: the limit is that of a prediction by nine others.
    parts = summary.part_counts[0]
    t = stats.t.isf(0.01 / 3 / 2, 8)
    assert abs(parts[0] - parts[1:].mean()) > t * parts[1:].std(ddof=1) * np.sqrt(1 + 1 / 9)


def test_clock_that_never_varies_has_no_transient() -> None:
    spec = poisson(1, 1, 1.0, 1.0).spec
    summary = Case([np.arange(5.0, 1000.0, 10.0)], np.zeros(1, int), spec).summary
    assert steadiness(summary, class_group(summary, 0))["transient"] is None


@pytest.mark.parametrize(
    ("rates", "sparseness", "gini"),
    [([2.0, 2.0, 2.0], 0.0, 0.0), ([0.0, 6.0], 1.0, 0.5), ([1.0, 2.0, 3.0, 4.0], 2 / 9, 0.25), ([3.0], None, 0.0)],
)
def test_evenness_by_hand(rates: list[float], sparseness: float | None, gini: float) -> None:
    found = evenness(np.array(rates))
    assert found["sparseness"] == (None if sparseness is None else pytest.approx(sparseness, abs=1e-12))
    assert found["gini"] == pytest.approx(gini, abs=1e-12)
