"""The curves of many digests, packed for the page of a campaign."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.page.campaign.curves import RATE_LEVELS, filter_names, filter_of, pack_filter
from tests.page.builders import unpacked

RATES = {"seconds": 0.5, "n_nodes": 3, "spikes": [0, 2, 7], "nodes": [1, 2, 3], "exact": True}


def found(*hz, isi=(), **rates):
    """Return what a digest says of a filter."""
    return {
        "name": "all",
        "curve": {"start": 5, "stop": 25, "bin": 10, "hz": list(hz)},
        "rates": {**RATES, **rates},
        "isi": isi,
    }


def digest(*names):
    return {"filters": [{"name": name} for name in names]}


def test_filters_of_all_simulations_with_all_first():
    assert filter_names([digest("late"), digest("early", "all", "late")]) == ("all", "late", "early")
    assert filter_names([]) == ()


def test_filter_that_a_simulation_does_not_have():
    assert filter_of(digest("all", "late"), "late") == {"name": "late"}
    assert filter_of(digest("all"), "late") is None


def test_packed_arrays_are_those_of_the_digests_by_number():
    arrays = unpacked(pack_filter({7: found(5.0, 10.0, isi=[0.25, 1.0]), 2: found(3.0, n_nodes=9), 4: {"name": "all"}}))
    assert arrays["simulation"].tolist() == [2, 7]
    assert arrays["nodes"].tolist() == [9, 3]
    assert arrays["peak"].tolist() == [3.0, 10.0]
    assert arrays["points"].tolist() == [1, 2]
    assert arrays["curve"].tolist() == [RATE_LEVELS, RATE_LEVELS // 2, RATE_LEVELS]
    assert arrays["step_spikes"].tolist() == [0, 2, 7, 0, 2, 7]
    assert arrays["intervals"].tolist() == [0, 1]
    assert arrays["isi"].tolist() == [2500, 10000]


def test_silent_simulation_has_a_flat_curve():
    arrays = unpacked(pack_filter({0: found(0.0, 0.0)}))
    assert arrays["curve"].tolist() == [0, 0]
    assert arrays["peak"].tolist() == [0.0]


def test_nothing_to_pack():
    arrays = unpacked(pack_filter({}))
    assert all(array.size == 0 for name, array in arrays.items() if name != "isi_edges")


def test_curves_come_back_to_a_part_of_their_peak():
    hz = np.random.default_rng(3).uniform(0, 40, 100)
    arrays = unpacked(pack_filter({0: found(*hz)}))
    assert arrays["curve"] * arrays["peak"][0] / RATE_LEVELS == pytest.approx(hz, abs=hz.max() / RATE_LEVELS)


@pytest.mark.parametrize(
    ("key", "value"), [("hz", float("inf")), ("hz", float("nan")), ("isi", 1e308), ("isi", float("nan"))]
)
def test_numbers_that_cannot_be_packed_are_an_error(key, value):
    curve = {"start": 0, "stop": 20, "bin": 10, "hz": [5.0, value if key == "hz" else 1.0]}
    rates = {"seconds": 0.02, "n_nodes": 2, "spikes": [0], "nodes": [2], "exact": True}
    shares = [0.5, value if key == "isi" else 1.0]
    with pytest.raises((ArithmeticError, ValueError)):
        pack_filter({0: {"curve": curve, "rates": rates, "isi": shares}})


@pytest.mark.parametrize("key", ["seconds", "n_nodes", "exact"])
def test_a_list_in_the_place_of_a_number_is_an_error_of_that_simulation_alone(key):
    curve = {"start": 0, "stop": 20, "bin": 10, "hz": [5.0, 1.0]}
    rates = {"seconds": 0.02, "n_nodes": 2, "spikes": [0], "nodes": [2], "exact": True}
    with pytest.raises(ValueError, match="not one number for each simulation"):
        pack_filter({0: {"curve": curve, "rates": {**rates, key: [rates[key]]}, "isi": [1.0]}})
