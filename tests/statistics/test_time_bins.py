"""Spikes of classes in bins of time, against a comparison of each spike with each edge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from spikelib.statistics.time_bins import counts_in_bins, counts_in_parts
from tests.statistics.trains import Case, cases, poisson


@settings(deadline=None, max_examples=60)
@given(case=cases())
def test_counts_equal_a_comparison_with_every_edge(case: Case) -> None:
    summary = case.summary
    for width in (1.0, 2.0, 3.0, 5.0, 7.0):
        for classes in ([0], [1, 2], [0, 1, 2]):
            trains = [train for k in classes for train in case.of_class(k)]
            expected = case.counts(trains, width).sum(axis=0)
            np.testing.assert_array_equal(counts_in_bins(summary, np.array(classes), width), expected)


def test_widths_that_the_base_does_not_divide_have_no_counts() -> None:
    case = poisson(1, 3, 20.0, 1.0)
    coarse = replace(case, spec=replace(case.spec, base=2.0)).summary
    assert counts_in_bins(coarse, np.array([0]), 3.0) is None
    assert counts_in_bins(coarse, np.array([0]), 1.0) is None
    assert counts_in_bins(coarse, np.array([0]), 4.0).sum() == sum(map(len, case.trains))


@pytest.mark.parametrize("stop", [60.0, 61.7])
def test_parts_are_tenths_of_the_window(stop: float) -> None:
    case = poisson(2, 5, 50.0, 0.06)
    summary = replace(case, spec=replace(case.spec, stop=stop)).summary
    edges = np.linspace(0.0, stop, 11)
    expected, _ = np.histogram(np.concatenate(case.trains), edges)
    np.testing.assert_array_equal(counts_in_parts(summary, np.array([0])), expected)
