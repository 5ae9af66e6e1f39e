"""What figures say in words."""

from __future__ import annotations

import pytest

from spikelib.options.figures import FIGURES
from spikelib.page.captions import alternative_text, caption, live_caption
from tests.page.builders import no_stats, statistics, stats


@pytest.mark.parametrize("stem", FIGURES)
def test_every_figure_has_a_caption_and_an_alternative_text(stem):
    content = statistics(window={"start": 100.0, "stop": 200.5})
    assert caption(stem, content).endswith(".")
    assert "100 ms to 200.5 ms" in alternative_text(stem, content)


@pytest.mark.parametrize(
    ("live", "words"),
    [
        ({}, ""),
        ({"raster": None, "rate": {}}, ""),
        ({"raster": None, "rate": {"nodes": "all"}}, "This page has no room for the data of a live raster."),
        ({"raster": {"kind": "spikes", "rounded": False}}, ""),
        (
            {"raster": {"kind": "spikes", "rounded": True, "tick_ms": 1e-4}},
            "In the live plot, times are rounded to 0.0001 ms.",
        ),
        (
            {"raster": {"kind": "density", "rows": 600, "columns": 1200, "halved": 0}},
            "The live plot has 600 x 1,200 cells.",
        ),
        (
            {"raster": {"kind": "density", "rows": 300, "columns": 600, "halved": 1}},
            "The live plot has 300 x 600 cells, fewer than in the picture, to keep this page small.",
        ),
    ],
    ids=["no_data", "nothing", "no_room", "exact", "rounded", "density", "coarse"],
)
def test_caption_tells_what_the_live_raster_lacks(live, words):
    assert live_caption("raster", live) == words
    assert live_caption("rate", live) == ""


@pytest.mark.parametrize(
    ("stem", "changes", "words"),
    [
        ("raster", {"raster": "exact"}, "Each mark is one of 18,794 spikes"),
        ("raster", {"raster": "density"}, "Density of 18,794 spikes"),
        ("raster", {"figures": {"raster": {"y_axis": "layer"}}}, "nodes are ordered by layer"),
        (
            "raster",
            {"figures": {"raster": {"y_axis": "layer"}}, "raster_left_out": 794},
            "nodes are ordered by layer. 794 spikes of nodes without layer left out.",
        ),
        ("raster", {"raster": "density", "raster_left_out": 794}, "Density of 18,000 spikes"),
        ("animation", {"animation_left_out": 1}, "frame. 1 spike of nodes without a position left out."),
        ("rate", {"figures": {"rate": {"nodes": "all"}}}, "by all 400 selected nodes, silent ones included"),
        ("rate", {"figures": {"rate": {"nodes": "active"}}}, "by the 377 nodes that fired"),
        ("rate", {}, "by the number of nodes that its title names"),
        ("rates", {}, "How many of the 400 nodes fired at which rate over the whole window; 23 nodes silent."),
        ("rates", {"figures": {"rates": {"log": True}}}, "where silent nodes have no place"),
        ("isi", {}, "Density (its area is 1) of the 18,417 intervals"),
        ("isi", {"figures": {"isi": {"use_frequency": True}}}, "instantaneous frequency"),
        (
            "animation",
            {"figures": {"animation": {"x_axis": "z", "y_axis": "y", "dt": 6.0}}},
            "(z and y), 6 ms per frame",
        ),
        ("animation", {"figures": {"animation": False}}, "(x and y)"),
    ],
)
def test_caption_follows_statistics_and_options(stem, changes, words):
    assert words in caption(stem, statistics(**changes))


@pytest.mark.parametrize(("stem", "words"), [("isi", "they add up to the area"), ("rates", "100 % of its own nodes")])
def test_what_curves_of_populations_are_shares_of_is_told_where_there_are_several(stem, words):
    alone = statistics(populations={"cortex": stats(), "unselected": no_stats(0)})
    assert words in caption(stem, statistics(populations={"cortex": stats(), "thalamus": stats()}))
    assert words not in caption(stem, alone)


def test_alternative_text_counts():
    content = statistics(overall=stats(n_spikes=1, n_nodes=20))
    assert alternative_text("raster", content) == "Raster of 1 spike of 20 nodes, 0 ms to 1,500 ms."


def test_alternative_text_counts_what_is_shown():
    content = statistics(overall=stats(n_spikes=9, n_nodes=20), raster_left_out=2)
    assert alternative_text("raster", content).startswith("Raster of 7 spikes of 20 nodes")
    assert alternative_text("rate", content).startswith("Firing rate of 9 spikes of 20 nodes")


def test_alternative_text_has_the_numbers_that_the_figure_shows():
    assert alternative_text("rate", statistics()).endswith("Mean 31.32 Hz, highest 141.2 Hz, at 512.5 ms.")
    assert alternative_text("isi", statistics()).endswith("Median 19.10 ms, mean 22.53 ms.")
    assert alternative_text("rates", statistics()).endswith("Median 28.67 Hz, 95th percentile 55.33 Hz.")


def test_alternative_text_without_nodes():
    text = alternative_text("isi", statistics(overall=no_stats(0)))
    assert text.startswith("Interspike intervals of 0 spikes of 0 nodes")
