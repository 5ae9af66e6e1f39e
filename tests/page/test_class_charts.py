"""The charts of classes in a browser: their tables are the statistics, and no colour means two things."""

from __future__ import annotations

import re

import numpy as np
import pytest

from spikelib.options.figures import STILLS
from spikelib.page.report.write import write_report
from spikelib.statistics.distributions.boxes import boxes
from spikelib.statistics.distributions.correlations import pair_histogram
from spikelib.statistics.distributions.depth import depth_profile
from spikelib.statistics.distributions.irregularity import irregularity
from spikelib.statistics.groups import class_group
from spikelib.statistics.rhythm import spectrum
from spikelib.summary.by_class import by_class
from spikelib.summary.store import save_summary
from tests.page.builders import PROVENANCE, add_filter, audit, description, statistics, stats
from tests.page.charts import Charts, columns
from tests.page.report.test_class_data import classes

pytestmark = pytest.mark.slow
N = 9


@pytest.fixture(scope="module")
def summary():
    return classes(N)


@pytest.fixture(scope="module")
def page(summary, tmp_path_factory):
    folder = tmp_path_factory.mktemp("classes")
    content = statistics("all", populations={"net": stats(), "input": stats()})
    save_summary(summary, add_filter(folder, content, figures=STILLS) / "summary.npz")
    write_report(description(audit("net"), audit("input")), folder, folder / "report.html", provenance=PROVENANCE)
    return folder / "report.html"


@pytest.fixture
def charts(open_page, page):
    return Charts(open_page(page))


def pressed(charts, kind):
    items = charts.figure(kind).locator(".chart-item").all()
    return [item.text_content() for item in items if item.get_attribute("aria-pressed") == "true"]


def swatches(charts, kind):
    """Return the colours of the items that are shown."""
    found = charts.figure(kind).locator('.chart-item[aria-pressed="true"] .chart-swatch:not(.faint)').all()
    return [swatch.evaluate("e => e.style.getPropertyValue('--swatch')") for swatch in found]


@pytest.mark.parametrize("kind", ["rate", "spectrum", "isi", "rates", "irregularity", "depth"])
def test_at_most_seven_classes_are_shown_each_in_a_colour_of_its_own(charts, kind):
    names = [name for name in pressed(charts, kind) if name != "all"]
    assert names == [f"c{k}" for k in range(7)]
    charts.figure(kind).get_by_role("button", name="c8", exact=True).click()
    names = [name for name in pressed(charts, kind) if name != "all"]
    assert (len(names), "c8" in names, "c0" in names) == (7, True, False)
    assert len(set(swatches(charts, kind))) == 7
    charts.figure(kind).get_by_role("button", name="c3", exact=True).click()
    charts.figure(kind).get_by_role("button", name="input", exact=True).click()
    names = [name for name in pressed(charts, kind) if name != "all"]
    assert (len(names), "input" in names) == (7, True)
    assert len(set(swatches(charts, kind))) == 7
    assert "at most 7 at a time" in charts.figure(kind).locator(".chart-legend").text_content()


def test_spectra_are_those_of_the_statistics(charts, summary, tmp_path):
    head, rows = charts.table("spectrum", tmp_path)
    assert head == ["frequency [Hz]", *(f"c{k} [Hz²/Hz]" for k in range(7))]
    table = columns(rows)
    for k in range(7):
        found = spectrum(summary, class_group(summary, k))
        np.testing.assert_allclose(table[0], found.frequency_hz[1:])
        np.testing.assert_allclose(table[k + 1], found.power[1:], rtol=1e-6)
    charts.figure("spectrum").get_by_label("Log x").uncheck()
    assert "linear axis" in charts.view("spectrum")


def test_boxes_are_those_of_the_statistics(charts, summary, tmp_path):
    head, rows = charts.table("boxplots", tmp_path)
    assert head == ["name", "measure", "nodes", "low", "q1", "median", "q3", "high", "mean", "beyond"]
    for part in ("rate", "cv"):
        own = [row for row in rows if row[1] == part]
        for row, box in zip(own, boxes(by_class(summary), part), strict=True):
            assert (row[0], int(row[2])) == (box.name, box.n_nodes)
            if box.n_nodes:
                values = [float(value) for value in row[3:9]]
                np.testing.assert_allclose(values, [box.low, box.q1, box.median, box.q3, box.high, box.mean])
    first = boxes(by_class(summary), "rate")[0]
    told = re.match(r"c0: median ([0-9.]+) Hz, ", charts.hover("boxplots", 0.5, 1 - 0.5 / (N + 1)))
    assert float(told[1]) == pytest.approx(first.median, rel=5e-3)
    charts.figure("boxplots").get_by_label("Measure").select_option("CV")
    assert charts.figure("boxplots").locator(".chart-title").text_content().startswith("CVs of")


def test_irregularity_of_both_kinds(charts, summary, tmp_path):
    for part in ("cv", "lv"):
        charts.figure("irregularity").get_by_label("Measure").select_option(part.upper())
        head, rows = charts.table("irregularity", tmp_path)
        assert head[:3] == ["from", "to", "c0 [nodes]"]
        np.testing.assert_array_equal(columns(rows)[2:], irregularity(by_class(summary), part).counts[:7])


def test_correlations_are_those_of_the_summary(charts, summary, tmp_path):
    _, rows = charts.table("correlations", tmp_path)
    table = columns(rows)
    shown = pair_histogram(summary.pairs)
    inside = (shown.edges[1:] > shown.shown[0] + 1e-9) & (shown.edges[:-1] < shown.shown[1] - 1e-9)
    np.testing.assert_allclose(table[0], shown.edges[:-1][inside], atol=1e-9)
    np.testing.assert_array_equal(table[2:], shown.counts[:7, inside])


def test_depths_are_those_of_the_statistics(charts, summary, tmp_path):
    head, rows = charts.table("depth", tmp_path)
    assert head[:3] == ["from [µm]", "to [µm]", "c0 [Hz]"]
    found = depth_profile(by_class(summary), 50.0)
    for row, edge, rates, nodes in zip(rows, found.edges, found.rates_hz.T, found.n_nodes.T, strict=False):
        assert float(row[0]) == edge
        told = [None if value == "" else float(value) for value in row[2:9]]
        assert told == [
            pytest.approx(rate, rel=1e-6) if n else None for rate, n in zip(rates[:7], nodes[:7], strict=True)
        ]
