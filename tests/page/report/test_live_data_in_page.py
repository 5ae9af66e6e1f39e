"""The data of live plots in a page, and the scripts that draw them."""

from __future__ import annotations

import json

import pytest

from spikelib.page.report import context
from spikelib.page.report.live_data import payload
from spikelib.page.report.write import write_report
from spikelib.page.templating import SCRIPTS
from spikelib.summary.store import save_summary
from tests.figures.builders import build_summary
from tests.page.builders import PROVENANCE, Page, add_filter, audit, description, statistics

EVERY_FIGURE = ("raster", "rate", "isi", "rates")


@pytest.fixture
def results(tmp_path):
    return tmp_path


def written(source, results):
    out = results / "report.html"
    write_report(source, results, out, provenance=PROVENANCE)
    return Page(out.read_text(encoding="utf-8"))


def scripts(html):
    """Return the content of each script element, with its attributes before it."""
    return [part.partition("</script>")[0] for part in html.split("<script")[1:]]


def test_data_of_live_plots_stand_in_the_page(results):
    folder = add_filter(results, statistics(), figures=EVERY_FIGURE)
    save_summary(build_summary({"cortex": (3, [1.0, 2.0, 3.0], [0, 1, 0])}), folder / "summary.npz")
    written(description(audit()), results)
    (text,) = [part for part in scripts((results / "report.html").read_text()) if "application/json" in part]
    attributes, _, content = text.partition(">")
    assert 'class="plot-data" data-filter="filter-all"' in attributes
    live = json.loads(content)
    assert (live["filter"], live["raster"]["n_spikes"]) == ("all", 3)


def test_filters_share_the_room_for_live_plots_in_the_order_of_the_page(results, monkeypatch):
    summary = build_summary({"cortex": (3, [1.0, 2.0, 3.0], [0, 1, 0])})
    for name in ("all", "late"):
        save_summary(summary, add_filter(results, statistics(name), figures=EVERY_FIGURE) / "summary.npz")
    monkeypatch.setattr(context, "LIVE_BYTES", len(payload(summary, statistics(), 10**6)["bytes"]))
    page = written(description(audit()), results)
    assert page.attributes("data-filter", "script") == ["filter-all"]
    assert len(page.attributes("src", "img")) == 8


def test_summary_of_another_version_is_told(results):
    folder = add_filter(results, statistics(), figures=EVERY_FIGURE)
    (folder / "summary.npz").write_bytes(b"old")
    page = written(description(audit()), results)
    assert "There are no live plots: another version of spikelib wrote the summary." in page.text
    assert page.attributes("data-filter", "script") == []


def test_scripts_come_in_their_order_with_the_licence(results):
    written(description(audit()), results)
    html = (results / "report.html").read_text()
    assert "Copyright (c)" in html
    assert "Permission is hereby granted, free of charge" in html
    assert SCRIPTS["report"][0] == "vendor/LICENSE.uPlot"
    assert [attributes for tag, attributes in Page(html).elements if tag == "script"] == [{}, {}]
