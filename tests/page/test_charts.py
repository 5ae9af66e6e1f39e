"""Zooming, moving and reading the live charts of a filter: mouse, wheel, keys, buttons."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from spikelib.statistics.distributions.intervals import isi_histogram
from spikelib.statistics.rate_curves import rate_curves
from tests.page.charts import SVG, Charts, numbers
from tests.page.chromium import wait_until
from tests.page.runs import SIZES, STOP

# Charts in a browser take a minute together; `tests/page/test_browser.py` opens the page by default.
pytestmark = pytest.mark.slow


def test_dragging_across_the_rate_zooms_it_and_the_raster(charts):
    charts.drag("rate", (0.3, 0.2), (0.6, 0.8))
    assert charts.time("rate") == pytest.approx([300, 600], abs=2)
    assert charts.time("raster") == charts.time("rate")
    assert "rows 0 to 49" in charts.view("raster")
    assert charts.view("isi").startswith("View: 0 to ")


def test_dragging_a_box_on_the_raster_zooms_time_and_nodes(charts):
    charts.drag("raster", (0.1, 0.2), (0.5, 0.6))
    assert numbers(charts.view("raster"))[:2] == pytest.approx([100, 500], abs=2)
    low, high = numbers(charts.view("raster"))[2:]
    assert low == pytest.approx(-0.5 + 0.2 * 50, abs=1)
    assert high == pytest.approx(-0.5 + 0.6 * 50, abs=1)
    assert charts.time("rate") == charts.time("raster")


def test_other_filters_keep_their_view(charts):
    other = Charts(charts.page, 1)
    charts.drag("rate", (0.3, 0.5), (0.6, 0.5))
    assert other.time("rate") == [0, 1000]


def test_double_click_shows_all_again(charts):
    charts.drag("raster", (0.1, 0.2), (0.5, 0.6))
    charts.page.mouse.dblclick(*charts.at("raster", 0.5, 0.5))
    assert charts.view("raster") == "View: 0 to 1,000 ms, rows 0 to 49"
    assert charts.time("rate") == [0, 1000]


def test_shift_and_dragging_moves_what_is_in_view(charts):
    charts.drag("raster", (0.3, 0.3), (0.7, 0.7))
    (low, high), (bottom, top) = charts.time("raster"), numbers(charts.view("raster"))[2:]
    charts.page.keyboard.down("Shift")
    charts.drag("raster", (0.6, 0.5), (0.35, 0.75))
    charts.page.keyboard.up("Shift")
    moved = 0.25 * (high - low)
    assert charts.time("raster") == pytest.approx([low + moved, high + moved], abs=2)
    assert charts.time("rate") == charts.time("raster")
    assert numbers(charts.view("raster"))[2:] == pytest.approx([bottom - 5, top - 5], abs=1.1)


def test_wheel_scrolls_the_page_unless_ctrl_is_held(charts):
    point = charts.at("rate", 0.25, 0.5)
    charts.page.mouse.move(*point)
    before = charts.page.evaluate("scrollY")
    charts.page.mouse.wheel(0, -200)
    wait_until(charts.page, f"scrollY < {before}")
    assert charts.time("rate") == [0, 1000]
    charts.page.mouse.move(*charts.at("rate", 0.25, 0.5))
    charts.page.keyboard.down("Control")
    charts.page.mouse.wheel(0, -200)
    charts.page.keyboard.up("Control")
    low, high = charts.time("rate")
    assert high - low < 700
    assert (250 - low) / (high - low) == pytest.approx(0.25, abs=0.01)
    assert charts.time("raster") == [low, high]


def test_wheel_zooms_after_a_click_and_with_shift_the_nodes(charts):
    charts.page.mouse.click(*charts.at("raster", 0.5, 0.5))
    charts.page.mouse.wheel(0, -200)
    assert charts.time("raster")[0] > 150
    assert "rows 0 to 49" in charts.view("raster")
    charts.page.keyboard.down("Shift")
    charts.page.mouse.wheel(0, -200)
    charts.page.keyboard.up("Shift")
    assert numbers(charts.view("raster"))[2] > 5


def test_keys(charts):
    stage = charts.figure("raster").get_by_role("application")
    stage.focus()
    stage.press("+")
    assert charts.time("raster") == pytest.approx([200, 800], abs=1)
    stage.press("ArrowRight")
    assert charts.time("raster") == pytest.approx([320, 920], abs=1)
    stage.press("i")
    assert numbers(charts.view("raster"))[2:] == [10, 39]
    stage.press("ArrowUp")
    assert numbers(charts.view("raster"))[2:] == [16, 45]
    stage.press("-")
    stage.press("ArrowLeft")
    assert charts.time("raster") == [0, 1000]
    stage.press("0")
    assert charts.view("raster") == "View: 0 to 1,000 ms, rows 0 to 49"


def test_buttons_move_as_the_mouse_does(charts):
    charts.press("rate", "Zoom in (time)", times=2)
    assert charts.time("rate") == pytest.approx([320, 680], abs=1)
    charts.press("rate", "Left")
    assert charts.time("raster") == pytest.approx([248, 608], abs=1)
    charts.press("raster", "Zoom in (vertical axis)")
    charts.press("raster", "Down")
    assert numbers(charts.view("raster"))[2:] == [4, 33]
    charts.press("raster", "Reset")
    assert charts.view("raster") == "View: 0 to 1,000 ms, rows 0 to 49"


def test_zoom_goes_no_further_than_the_data(charts):
    charts.press("rate", "Zoom out (time)", times=3)
    assert charts.time("rate") == [0, 1000]
    charts.press("rate", "Zoom in (time)", times=4)
    charts.press("rate", "Right", times=24)
    low, high = charts.time("rate")
    assert (high, high - low) == (1000, pytest.approx(1000 * 0.6**4, abs=1))


def test_ticks_of_the_axis_follow_the_zoom(charts, tmp_path):
    charts.drag("rate", (0.3, 0.5), (0.6, 0.5))
    low, high = charts.time("rate")
    texts = ET.parse(charts.save("rate", "SVG", tmp_path)).getroot().findall(f".//{SVG}text")
    ticks = [float(text.text) for text in texts if text.get("text-anchor") == "middle" and text.text.isdigit()]
    assert len(ticks) >= 4
    assert all(low <= tick <= high for tick in ticks)


def test_resting_cursor_stands_in_both_charts_of_time(charts):
    charts.hover("rate", 0.25)
    lines = [charts.figure(kind).locator(".u-cursor-x").bounding_box()["x"] for kind in ("raster", "rate")]
    assert lines[0] == pytest.approx(lines[1], abs=1.5)
    assert charts.readout("raster").endswith(" ms")
    assert numbers(charts.readout("raster")) == pytest.approx([250], abs=2)
    assert "Drag to zoom" in charts.readout("isi")


def alone(summary):
    """Find a spike that has no other near it, in the middle of its chart: its time, row, and share of the width."""
    times, rows = summary.times, summary.rows
    for time, row in zip(times, rows, strict=True):
        near = (abs(times - time) < 25) & (abs(rows - row) < 3)
        if near.sum() == 1 and 100 < time < 900 and 5 < row < 45:
            return float(time), int(row)
    pytest.fail("these spikes are too dense for the test")


def test_hover_tells_spike_node_and_population(charts, run_summary):
    time, row = alone(run_summary)
    population = "cortex" if row < SIZES["cortex"] else "thalamus"
    told = charts.hover("raster", time / STOP, (row + 0.5) / 50)
    assert told == f"Spike at {round(time, 1):g} ms, node {run_summary.nodes.ids[row]} of {population}"
    assert charts.figure("raster").locator(".chart-mark").is_visible()
    assert charts.readout("rate").startswith(f"{10 * int(time / 10)} to {10 * int(time / 10) + 10} ms: cortex ")


def test_hover_tells_rates_with_units(charts, run_summary):
    curves = rate_curves(run_summary, "all")
    told = charts.hover("rate", 0.455)
    span, values = told.split(": ")
    assert span == "450 to 460 ms"
    assert re.findall(r"(\S+) [\d.]+ Hz", values) == ["cortex", "thalamus", "all"]
    expected = [*curves.rates_hz[:, 45], curves.total_hz[45]]
    assert numbers(values) == pytest.approx(expected, rel=5e-3)


def test_hover_tells_intervals(charts, run_summary):
    found = isi_histogram(run_summary)
    told = charts.hover("isi", 0.101)
    low, high, total, *parts = numbers(told)
    k = round(low / found.bin_width)
    assert (low, high) == pytest.approx(tuple(found.edges[k : k + 2]))
    assert low <= 0.101 * found.shown < high
    assert [total, *parts] == [found.counts[:, k].sum(), *found.counts[:, k]]
    assert "intervals (cortex" in told
    assert f"{high:g} ms" in told


def test_hover_tells_silent_nodes(charts):
    assert charts.hover("rates", 0.02) == "silent nodes: 1 of 40 in cortex, 1 of 10 in thalamus"


def test_leaving_a_chart_clears_what_was_read(charts):
    charts.hover("raster", 0.5)
    charts.page.mouse.move(2, 2)
    assert "Drag to zoom" in charts.readout("raster")
    assert "Drag to zoom" in charts.readout("rate")
