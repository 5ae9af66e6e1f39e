"""What the live plots are drawn from: packed, it is what the views of the summary give."""

from __future__ import annotations

import json

import numpy as np
import pytest

from spikelib.options.figures import STILLS
from spikelib.page.report.live_data import payload, tick_of
from spikelib.statistics.distributions.intervals import isi_histogram, log_isi_histogram
from spikelib.statistics.distributions.rate_distribution import rate_distribution
from spikelib.statistics.rate_curves import rate_curves
from spikelib.summary.grids import raster_density
from spikelib.summary.model import RasterAxis
from tests.figures.builders import build_summary
from tests.page.builders import statistics, unpacked

ROOMY = 3_500_000
RANDOM = np.random.default_rng(3)


def train(n_nodes, n_spikes, stop=100.0):
    times = np.sort(RANDOM.integers(0, int(stop * 10), n_spikes)) / 10
    return n_nodes, times, RANDOM.integers(0, n_nodes, n_spikes)


def two_populations(**options):
    return build_summary({"cortex": train(40, 900), "empty": (0, [], []), "inputs": train(10, 60)}, **options)


def live(summary, budget=ROOMY, **changes):
    packed = json.loads(json.dumps(payload(summary, statistics(**changes), budget)))
    return packed, unpacked(packed)


def spikes_of(packed, arrays):
    raster = packed["raster"]
    node = arrays["raster.nodes"]
    return (
        arrays["raster.times"] * raster["tick_ms"] + packed["window"][0],
        arrays["raster.ids"][node],
        arrays["raster.y"][node],
        [packed["populations"][p]["name"] for p in arrays["raster.populations"][node]],
    )


def test_every_spike_comes_back():
    summary = two_populations()
    packed, arrays = live(summary)
    times, ids, y, names = spikes_of(packed, arrays)
    np.testing.assert_allclose(times, summary.times, atol=1e-9)
    np.testing.assert_array_equal(ids, summary.nodes.ids[summary.rows])
    np.testing.assert_array_equal(y, summary.axis.y[summary.rows])
    assert names == ["cortex" if row < 40 else "inputs" for row in summary.rows]
    facts = {key: packed["raster"][key] for key in ("kind", "n_spikes", "n_left_out", "rounded", "tick_ms")}
    assert facts == {"kind": "spikes", "n_spikes": 960, "n_left_out": 0, "rounded": False, "tick_ms": 0.1}


def test_populations_without_nodes_are_left_out_and_colours_stay():
    packed, arrays = live(two_populations())
    assert [(each["name"], each["colour"], each["n_nodes"]) for each in packed["populations"]] == [
        ("cortex", 0, 40),
        ("inputs", 2, 10),
    ]
    assert all(len(arrays[name]) == 2 for name in ("rate.counts", "isi.counts", "isi.log_counts", "rates.counts"))


def test_curves_are_those_of_the_views():
    summary = two_populations(rate_parts=5)
    packed, arrays = live(summary)
    kept = [0, 2]
    isi, logs, rates = isi_histogram(summary), log_isi_histogram(summary), rate_distribution(summary)
    np.testing.assert_array_equal(arrays["rate.counts"], summary.fine_counts[kept])
    np.testing.assert_array_equal(arrays["isi.counts"], isi.counts[kept])
    np.testing.assert_array_equal(arrays["isi.log_counts"], logs.counts[kept])
    np.testing.assert_array_equal(arrays["isi.log_edges"], logs.edges)
    np.testing.assert_array_equal(arrays["rates.counts"], rates.counts[kept])
    np.testing.assert_array_equal(arrays["rates.edges"], rates.edges)
    np.testing.assert_array_equal(arrays["rates.log_counts"], rates.log_counts[kept])
    assert packed["isi"]["n_below"] == logs.n_below[kept].tolist()
    assert packed["rates"]["n_silent"] == rates.n_silent[kept].tolist()
    assert (packed["isi"]["n_intervals"], packed["isi"]["n_beyond"]) == (isi.n_intervals, isi.n_beyond)
    assert (packed["isi"]["width_ms"], packed["isi"]["shown_ms"]) == (isi.bin_width, isi.shown)


def test_fine_bins_unite_to_the_bins_of_the_figure():
    summary = two_populations(rate_parts=5)
    packed, arrays = live(summary)
    assert packed["rate"]["fine_ms"] == 2.0
    assert packed["rate"]["default_ms"] == 10.0
    assert 10.0 in packed["rate"]["widths_ms"]
    united = arrays["rate.counts"].reshape(2, -1, 5).sum(axis=2)
    np.testing.assert_array_equal(united, rate_curves(summary).counts[[0, 2]])


def test_frequencies_instead_of_intervals():
    summary = two_populations()
    packed, arrays = live(summary, figures={"isi": {"use_frequency": True, "binsize": None}})
    assert (packed["isi"]["unit"], packed["isi"]["n_below"]) == ("Hz", None)
    np.testing.assert_array_equal(arrays["isi.counts"], isi_histogram(summary, use_frequency=True).counts[[0, 2]])
    assert "isi.log_counts" not in arrays


def test_figures_that_are_not_drawn_have_no_data():
    figures = {**dict.fromkeys(STILLS), "rate": {"time_binsize": None, "nodes": "active"}}
    packed, arrays = live(two_populations(), figures=figures)
    assert [packed[key] for key in ("raster", "isi", "rates")] == [None, None, None]
    assert packed["rate"]["nodes"] == "active"
    assert list(arrays) == ["rate.counts"]


def test_density_is_that_of_the_picture():
    summary = two_populations(raster_cap=10, raster_shape=(60, 120))
    packed, arrays = live(summary)
    raster = packed["raster"]
    assert (raster["kind"], raster["rows"], raster["columns"], raster["halved"]) == ("density", 60, 120, 0)
    shown, nodes = arrays["raster.shown"], arrays["raster.row_nodes"]
    with np.errstate(invalid="ignore"):
        rates = arrays["raster.counts"][shown] / (nodes[shown] * raster["cell_ms"] / 1000)[:, None]
    np.testing.assert_allclose(rates, raster_density(summary).rates_hz)
    assert arrays["raster.counts"].sum() == raster["n_spikes"] == summary.n_spikes


def sizes(summary):
    """Return the lengths that the forms of a payload need, the largest first."""
    found, budget = [], ROOMY
    while True:
        packed = payload(summary, statistics(), budget)
        found.append((len(packed["bytes"]), packed))
        if not packed["arrays"]:
            return found
        budget = len(packed["bytes"]) - 1


def test_less_room_gives_a_density_then_coarser_ones_then_none():
    summary = build_summary({"a": train(60, 9000)}, raster_shape=(64, 128))
    forms = [packed["raster"] for _, packed in sizes(summary)]
    assert forms[0]["kind"] == "spikes"
    shapes = [(form["rows"], form["columns"]) for form in forms[1:] if form is not None]
    assert shapes == sorted(shapes, reverse=True)
    assert len(shapes) >= 2
    assert forms[-2:] == [None, None]
    last = payload(summary, statistics(), 0)
    assert [last[key] for key in ("raster", "rate", "isi", "rates")] == [None] * 4


def test_coarser_density_keeps_every_spike():
    summary = build_summary({"a": train(60, 9000)}, raster_shape=(64, 128))
    for _, packed in sizes(summary):
        if packed["raster"] is not None:
            assert packed["raster"]["n_spikes"] == 9000
            if packed["raster"]["kind"] == "density":
                assert unpacked(packed)["raster.counts"].sum() == 9000


def test_nodes_without_a_place_are_counted_not_drawn():
    y = np.array([0.5, np.nan, 2.25])
    axis = RasterAxis("depth [µm]", y, (0.5, 2.25), (), ())
    summary = build_summary({"a": (3, [1.0, 2.0, 3.0], [0, 1, 2])}, axis=axis)
    packed, arrays = live(summary)
    assert (packed["raster"]["n_spikes"], packed["raster"]["n_left_out"]) == (2, 1)
    times, ids, heights, _ = spikes_of(packed, arrays)
    assert (times.tolist(), ids.tolist(), heights.tolist()) == ([1.0, 3.0], [0, 2], [0.5, 2.25])
    assert packed["raster"]["axis"] == {
        "label": "depth [µm]",
        "limits": [0.5, 2.25],
        "ticks": [],
        "separators": [],
        "is_id": False,
    }


def test_ids_are_told_from_places():
    assert live(build_summary({"a": train(5, 20)}))[0]["raster"]["axis"]["is_id"]
    assert not live(two_populations())[0]["raster"]["axis"]["is_id"]


def test_nothing_fired():
    packed, arrays = live(build_summary({"a": (5, [], [])}))
    assert [packed[key] for key in ("raster", "rate", "isi", "rates")] == [None] * 4
    assert packed["populations"][0]["n_fired"] == 0
    assert arrays == {}


def test_no_nodes():
    packed, _ = live(build_summary({"a": (0, [], [])}))
    assert packed["populations"] == []


@pytest.mark.parametrize(
    ("times", "start", "tick", "rounded"),
    [
        ([0, 1, 5], 0.0, 1, False),
        ([0.025, 44.399999999999636], 0.0, 0.025, False),
        ([550.1, 550.3], 550.0, 0.1, False),
        ([0.1234567], 0.0, 1e-4, True),
        ([3e6 + 0.1234567], 0.0, 0.0025, True),
        ([1e9], 0.0, 1, False),
        ([1e12 + 0.5], 0.0, 1000.0, True),
        ([], 0.0, 1, False),
    ],
    ids=["whole", "neuron", "window", "finer", "long", "longest", "beyond", "none"],
)
def test_tick(times, start, tick, rounded):
    assert tick_of(np.array(times, float), start) == (tick, rounded)


def test_same_text_twice():
    summary = two_populations()
    assert payload(summary, statistics(), ROOMY) == payload(summary, statistics(), ROOMY)
