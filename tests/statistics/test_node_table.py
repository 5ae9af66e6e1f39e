"""The table of single nodes."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.statistics.node_table import node_columns
from tests.statistics.trains import poisson


def test_columns_are_those_of_each_train() -> None:
    case = poisson(8, 6, 40.0, 1.0)
    columns = node_columns(case.summary)
    assert {len(values) for values in columns.values()} == {6}
    assert columns["n_spikes"].tolist() == [len(train) for train in case.trains]
    np.testing.assert_allclose(columns["count_variance"], case.counts(case.trains, 2.0).var(axis=1))
    np.testing.assert_allclose(columns["isi_mean_ms"], [np.diff(train).mean() for train in case.trains])
    assert columns["n_pairs"].tolist() == [len(train) - 2 for train in case.trains]
    assert columns["presence"].max() <= 1.0
    assert columns["n_burst_spikes"].sum() >= 3 * columns["n_bursts"].sum()
    assert columns["cv"][0] == pytest.approx(np.diff(case.trains[0]).std() / np.diff(case.trains[0]).mean(), rel=1e-6)
