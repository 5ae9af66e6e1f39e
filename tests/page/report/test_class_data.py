"""What the charts of classes are drawn from: the same numbers as those of the statistics."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spikelib.figures.drawing.style import PALETTE
from spikelib.options.figures import FIGURES, STILLS
from spikelib.page.report.class_data import class_parts
from spikelib.page.report.live_data import MOST_COLOURS, payload
from spikelib.statistics.distributions.boxes import boxes
from spikelib.statistics.distributions.correlations import pair_histogram
from spikelib.statistics.distributions.depth import depth_profile
from spikelib.statistics.distributions.irregularity import irregularity
from spikelib.statistics.groups import class_group
from spikelib.statistics.rhythm import find_rhythm, spectrum
from spikelib.summary.by_class import by_class
from spikelib.summary.model import Classes
from tests.figures.builders import count
from tests.page.builders import statistics, unpacked

if TYPE_CHECKING:
    from spikelib.summary.model import Summary


def classes(n: int) -> Summary:
    """Return one population of so many classes, every one of which has spikes, and an input."""
    rng = np.random.default_rng(n)
    times = np.sort(rng.uniform(0, 4000, 600 * n))
    summary = count({"net": (5 * n, times, rng.integers(0, 5 * n, len(times))), "input": (3, [7.0], [1])})
    return grouped(summary, n)


def grouped(summary: Summary, n: int) -> Summary:
    """Return the summary that one pass makes with every n-th node of the first population in a class."""
    from spikelib.summary.accumulate import summarise
    from tests.figures.builders import with_everything

    n_net = int(summary.nodes.offsets[1])
    of_row = np.concatenate([np.arange(n_net) % n, np.full(3, n)]).astype(np.int32)
    found = Classes((*(f"c{k}" for k in range(n)), "input"), np.array([0] * n + [1]), of_row)
    nodes = replace(summary.nodes, grouped=found, depth=None)
    assert summary.times is not None
    assert summary.rows is not None
    return with_everything(summarise([(summary.times, summary.rows)], summary.spec, nodes, summary.axis))


def live(summary: Summary, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    packed = json.loads(json.dumps(payload(summary, statistics(**changes), 3_500_000)))
    return packed, unpacked(packed)


def test_every_still_but_the_panel_has_a_chart() -> None:
    packed, _ = live(classes(3))
    assert {kind for kind in STILLS if packed[kind] is not None} == {
        kind for kind in STILLS if FIGURES[kind].by_default
    }


@pytest.mark.parametrize("n", [MOST_COLOURS - 1, MOST_COLOURS])
def test_curves_are_of_classes_and_so_is_the_raster_while_colours_last(n: int) -> None:
    summary = classes(n)
    packed, arrays = live(summary)
    names = [f"c{k}" for k in range(n)] + ["input"]
    assert [group["name"] for group in packed["groups"]] == names
    in_raster = [group["name"] for group in packed["populations"]]
    assert in_raster == (names if n < MOST_COLOURS else ["net", "input"])
    told = [in_raster[p] for p in arrays["raster.populations"][arrays["raster.nodes"]]]
    assert summary.times is not None
    assert summary.rows is not None
    of_row = (
        summary.nodes.classes.of_row
        if n < MOST_COLOURS
        else summary.nodes.classes.population[summary.nodes.classes.of_row]
    )
    assert told == [in_raster[int(of_row[row])] for row in summary.rows]
    np.testing.assert_array_equal(arrays["rate.counts"], summary.class_fine_counts)


def test_numbers_are_those_of_the_statistics() -> None:
    summary = classes(4)
    packed, arrays = live(summary)
    seen = by_class(summary)
    for k in range(4):
        found = spectrum(summary, class_group(summary, k))
        assert found is not None
        np.testing.assert_allclose(arrays["spectrum.power"][k], found.power, rtol=1e-6)
        assert packed["spectrum"]["poisson"][k] == found.poisson
        assert packed["spectrum"]["rhythm_hz"][k] == find_rhythm(found, 5)["rhythm_hz"]
    for part in ("rate", "cv"):
        for told, box in zip(packed["boxplots"][part], boxes(seen, part), strict=True):
            assert told["n_nodes"] == box.n_nodes
            assert told["median"] == (box.median if box.n_nodes else None)
    for part in ("cv", "lv"):
        of = irregularity(seen, part)
        np.testing.assert_array_equal(arrays[f"irregularity.{part}_counts"], of.counts)
        assert packed["irregularity"][part]["n_nodes"] == of.n_nodes.tolist()
    profile = depth_profile(seen, 50.0)
    assert profile is not None
    np.testing.assert_allclose(arrays["depth.rates"], profile.rates_hz, rtol=1e-6)
    assert summary.pairs is not None
    shown = pair_histogram(summary.pairs)
    np.testing.assert_array_equal(arrays["correlations.counts"], shown.counts)
    assert packed["correlations"]["shown"] == list(shown.shown)
    binned = {"figures": {"correlations": {"binsize": 0.1}}}
    assert live(summary, **binned)[1]["correlations.edges"].size == 21


def test_page_and_figures_have_as_many_colours() -> None:
    assert len(PALETTE) == MOST_COLOURS


def test_what_is_not_drawn_or_not_known_has_no_part() -> None:
    summary = replace(classes(2), pairs=None)
    summary = replace(summary, nodes=replace(summary.nodes, depth=None))
    kept = np.arange(3)
    kinds = [part.kind for part in class_parts(by_class(summary), statistics(), kept)]
    assert kinds == ["spectrum", "boxplots", "irregularity"]
    nothing = statistics(figures=dict.fromkeys(STILLS))
    assert class_parts(by_class(summary), nothing, kept) == []
