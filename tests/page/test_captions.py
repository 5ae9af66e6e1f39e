"""What figures say in words."""

from __future__ import annotations

import pytest

from spikelib.page.captions import TITLES, alternative_text, caption

from .builders import no_stats, statistics, stats


@pytest.mark.parametrize("stem", TITLES)
def test_every_caption_tells_nodes_and_window(stem):
    chosen = {"name": "l4", "group": {"layer": [4], "mtype": "L4_PC"}, "t_start": 100.0, "t_stop": 200.5}
    text = caption(stem, statistics(filter=chosen, window={"start": 100.0, "stop": 200.5}))
    assert '{"layer": [4], "mtype": "L4_PC"}' in text
    assert "100 ms to 200.5 ms, both ends included" in text


@pytest.mark.parametrize(
    ("stem", "changes", "words"),
    [
        ("raster", {"raster": "exact"}, "Each mark is one of 18,794 spikes"),
        ("raster", {"raster": "density"}, "Density of 18,794 spikes"),
        ("raster", {"figures": {"raster": {"y_axis": "layer"}}}, "nodes are ordered by layer"),
        ("rate", {"figures": {"rate": {"nodes": "all"}}}, "by all 400 selected nodes, silent ones included"),
        ("rate", {"figures": {"rate": {"nodes": "active"}}}, "by the 377 nodes that fired"),
        ("rate", {}, "by the number of nodes that its title names"),
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


def test_alternative_text_counts():
    content = statistics(overall=stats(n_spikes=1, n_nodes=20))
    assert alternative_text("raster", content) == "Raster of 1 spike of 20 nodes, 0 ms to 1,500 ms."


def test_alternative_text_without_nodes():
    text = alternative_text("isi", statistics(overall=no_stats(0)))
    assert text.startswith("Interspike intervals of 0 spikes of 0 nodes")
