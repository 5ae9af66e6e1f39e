"""Rates against position and along the raster's axis, against numpy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import binned_statistic

from spikelib.errors import PlotError
from spikelib.statistics.distributions.depth import axis_profile, depth_profile
from spikelib.summary.by_class import by_class
from tests.statistics.distributions.test_boxes import mixed

if TYPE_CHECKING:
    from spikelib.summary.model import Summary


def placed(seed: int = 4) -> Summary:
    """Return nodes with positions, some of them unknown."""
    summary = mixed().summary
    places = np.random.default_rng(seed).uniform(-620.0, 310.0, len(summary.nodes.ids))
    places[::7] = np.nan
    return replace(summary, nodes=replace(summary.nodes, depth=places, depth_axis="z"))


@pytest.mark.parametrize("width", [50.0, 33.0, 2000.0])
def test_rates_are_means_over_nodes_in_bins(width: float) -> None:
    summary = placed()
    found = depth_profile(by_class(summary), width)
    assert found is not None
    assert found.axis == "z"
    np.testing.assert_allclose(found.edges / width, np.round(found.edges / width))
    places, of_row = summary.nodes.depth, summary.nodes.classes.of_row
    assert places is not None
    rates = summary.counters.count / 4.0
    for k in range(3):
        own = (of_row == k) & np.isfinite(places)
        expected = binned_statistic(places[own], rates[own], "mean", found.edges).statistic
        np.testing.assert_allclose(found.rates_hz[k], expected)
        assert found.n_nodes[k].sum() == own.sum()
    assert found.n_unplaced == np.isnan(places).sum()


def test_without_positions_there_is_no_profile() -> None:
    assert depth_profile(mixed().summary) is None
    summary = placed()
    nowhere = replace(summary.nodes, depth=np.full(len(summary.nodes.ids), np.nan))
    assert depth_profile(replace(summary, nodes=nowhere)) is None


def test_too_many_bins_are_refused() -> None:
    with pytest.raises(PlotError, match=r"depth\.bin_um: bins of 0\.001 µm are over 10,000"):
        depth_profile(placed(), 0.001)


def test_profile_along_the_axis_of_the_raster() -> None:
    summary = mixed().summary
    edges, rates = axis_profile(summary, 12)
    expected = binned_statistic(summary.axis.y, summary.counters.count / 4.0, "mean", edges).statistic
    np.testing.assert_allclose(rates, expected)
