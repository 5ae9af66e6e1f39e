"""What charts save: numbers as CSV, drawings as SVG, pictures as PNG; and names and numbers as text."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from spikelib.figures.drawing.style import PALETTE
from spikelib.page.packing import pack
from spikelib.statistics.distributions.intervals import isi_histogram, log_isi_histogram
from spikelib.statistics.distributions.rate_distribution import rate_distribution
from spikelib.statistics.rate_curves import rate_curves
from tests.page.charts import SVG, Charts, columns, quoted
from tests.page.runs import KINDS, SIZES, random_run, write_page

# Charts in a browser take a minute together; `tests/page/test_browser.py` opens the page by default.
pytestmark = pytest.mark.slow


def test_csv_of_the_raster_holds_the_spikes_in_view(charts, run_summary, tmp_path):
    head, rows = charts.table("raster", tmp_path)
    assert head == ["time [ms]", "node id", "population"]
    names = np.repeat(list(SIZES), list(SIZES.values()))[run_summary.rows]
    expected = [
        [f"{round(time, 1):g}", str(run_summary.nodes.ids[row]), name]
        for time, row, name in zip(run_summary.times, run_summary.rows, names, strict=True)
    ]
    assert rows == expected
    charts.drag("raster", (0.2, 0.5), (0.4, 0.5))
    low, high = charts.time("raster")
    times = columns(charts.table("raster", tmp_path)[1], 0, 1)[0]
    inside = np.round(run_summary.times[(run_summary.times > low + 0.6) & (run_summary.times < high - 0.6)], 1)
    assert set(inside) <= set(times)
    assert times.min() >= low - 0.6
    assert times.max() <= high + 0.6


@pytest.mark.parametrize("width", [1, 10, 50])
def test_bin_width_of_the_rate_can_be_chosen(charts, run_summary, tmp_path, width):
    charts.figure("rate").get_by_label("Bin width").select_option(f"{width} ms")
    assert charts.view("rate").endswith(f"bins of {width} ms")
    head, rows = charts.table("rate", tmp_path)
    names = ["cortex", "thalamus", "all"]
    assert head == ["start [ms]", "stop [ms]", *[f"{n} [Hz]" for n in names], *[f"{n} [spikes]" for n in names]]
    curves = rate_curves(run_summary, "all", float(width))
    table = columns(rows)
    np.testing.assert_allclose(table[0], curves.edges[:-1])
    np.testing.assert_allclose(table[1], curves.edges[1:])
    np.testing.assert_allclose(table[2:5], [*curves.rates_hz, curves.total_hz])
    np.testing.assert_array_equal(table[5:], [*curves.counts, curves.counts.sum(axis=0)])


def test_last_bin_that_is_narrower_has_its_true_rate(open_page, tmp_path):
    run = random_run(rate_bin=30.0, rate_parts=3)
    charts = Charts(open_page(write_page(tmp_path, {"all": run})))
    charts.figure("rate").get_by_label("Bin width").select_option("30 ms")
    table = columns(charts.table("rate", tmp_path)[1])
    curves = rate_curves(run, "all")
    assert curves.edges[-1] - curves.edges[-2] == pytest.approx(10)
    np.testing.assert_allclose(table[2:5], [*curves.rates_hz, curves.total_hz])


def test_isi_linear_and_logarithmic(charts, run_summary, tmp_path):
    found, logs = isi_histogram(run_summary), log_isi_histogram(run_summary)
    charts.press("isi", "Zoom out (horizontal axis)", times=4)
    head, rows = charts.table("isi", tmp_path)
    assert head == ["from [ms]", "to [ms]", "cortex [intervals]", "thalamus [intervals]"]
    np.testing.assert_allclose(columns(rows)[0], found.edges[:-1])
    np.testing.assert_array_equal(columns(rows)[2:], found.counts)
    charts.figure("isi").get_by_label("Log x").check()
    assert charts.view("isi").endswith("ms, logarithmic axis")
    table = columns(charts.table("isi", tmp_path)[1])
    np.testing.assert_allclose([*table[0], table[1][-1]], logs.edges)
    np.testing.assert_array_equal(table[2:], logs.counts)


def test_logarithmic_axes_change_the_picture(charts, tmp_path):
    def texts():
        root = ET.parse(charts.save("isi", "SVG", tmp_path)).getroot()
        return [text.text for text in root.findall(f".//{SVG}text")]

    assert "Density [1/ms]" in texts()
    charts.figure("isi").get_by_label("Log x").check()
    assert {"Density [1/decade]", "1", "10", "100"} <= set(texts())
    charts.figure("isi").get_by_label("Log y").check()
    assert {"0.01", "0.1"} <= set(texts())


def test_rates_of_nodes(charts, run_summary, tmp_path):
    found = rate_distribution(run_summary)
    head, (silent, *rows) = charts.table("rates", tmp_path)
    assert head == ["from [Hz]", "to [Hz]", "cortex [nodes]", "thalamus [nodes]"]
    assert silent == ["0", "0", "1", "1"]
    fired = found.counts.copy()
    fired[:, 0] -= found.n_silent
    np.testing.assert_array_equal(columns(rows)[2:], fired)
    np.testing.assert_allclose(columns(rows)[1], found.edges[1:])
    charts.figure("rates").get_by_label("Log x").check()
    np.testing.assert_array_equal(columns(charts.table("rates", tmp_path)[1])[2:], found.log_counts)


def test_populations_can_be_switched_off(charts, tmp_path):
    item = charts.figure("raster").get_by_role("button", name="cortex", exact=True)
    item.click()
    assert item.get_attribute("aria-pressed") == "false"
    assert {row[2] for row in charts.table("raster", tmp_path)[1]} == {"thalamus"}
    charts.figure("rate").get_by_role("button", name="thalamus", exact=True).click()
    assert charts.table("rate", tmp_path)[0][2:4] == ["cortex [Hz]", "all [Hz]"]
    assert "thalamus" not in charts.hover("rate", 0.3)
    item.click()
    assert {row[2] for row in charts.table("raster", tmp_path)[1]} == set(SIZES)


def test_svg_has_real_text_and_every_spike(charts, run_summary, tmp_path):
    path = charts.save("raster", "SVG", tmp_path)
    assert path.name == "a_run-all-raster.svg"
    root = ET.parse(path).getroot()
    texts = [text.text for text in root.findall(f".//{SVG}text")]
    assert {"Time [ms]", "nodes, by id", "cortex", "thalamus"} <= set(texts)
    assert "a run · all · 0 to 1,000 ms, rows 0 to 49" in texts
    drawn = {path.get("stroke"): path.get("d").count("M") for path in root.findall(f".//{SVG}g/{SVG}path")}
    n_cortex = int((run_summary.rows < SIZES["cortex"]).sum())
    assert drawn[PALETTE[0]] == n_cortex
    assert drawn[PALETTE[1]] == len(run_summary.rows) - n_cortex


@pytest.mark.parametrize("dark", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["light", "dark"])
def test_png_is_twice_as_large_and_shows_the_chart_on_white(open_page, run_page, tmp_path, dark):
    charts = Charts(open_page(run_page, dark=dark))
    for kind in KINDS:
        width = charts.figure(kind).locator(".chart-stage").bounding_box()["width"]
        with Image.open(charts.save(kind, "PNG", tmp_path)) as image:
            pixels = np.asarray(image.convert("RGB"))
        assert pixels.shape[1] == 2 * max(640, round(width))
        assert tuple(pixels[2, 2]) == (255, 255, 255)
        for colour in PALETTE[:2]:
            wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
            assert np.all(abs(pixels.astype(int) - wanted) <= 3, axis=2).sum() > 200


def test_density_saved_as_svg_is_a_picture_with_real_axes(open_page, dense, tmp_path):
    charts = Charts(open_page(dense[0]))
    root = ET.parse(charts.save("raster", "SVG", tmp_path)).getroot()
    assert root.find(f".//{SVG}image").get("href").startswith("data:image/png;base64,")
    texts = {text.text for text in root.findall(f".//{SVG}text")}
    assert {"Time [ms]", "cortex", "Firing rate per node [Hz]: 0"} <= texts


def test_many_visible_spikes_become_a_picture_in_svg(open_page, tmp_path):
    path = write_page(tmp_path, {"all": random_run(40_000)})
    charts = Charts(open_page(path))
    assert ET.parse(charts.save("raster", "SVG", tmp_path)).getroot().find(f".//{SVG}image") is not None
    charts.press("raster", "Zoom in (time)", times=2)
    root = ET.parse(charts.save("raster", "SVG", tmp_path)).getroot()
    assert root.find(f".//{SVG}image") is None
    n_ticks = sum(path.get("d").count("M") for path in root.findall(f".//{SVG}g/{SVG}path"))
    assert n_ticks >= len(charts.table("raster", tmp_path)[1]) > 10_000


def test_frequencies_instead_of_intervals(open_page, tmp_path, run_page, run_summary):
    path = write_page(tmp_path, {"all": run_summary}, figures={"isi": {"use_frequency": True, "binsize": 2.0}})
    charts = Charts(open_page(path))
    assert charts.figure("isi").get_by_label("Log x").count() == 0
    head, rows = charts.table("isi", tmp_path)
    assert head[:2] == ["from [Hz]", "to [Hz]"]
    found = isi_histogram(run_summary, use_frequency=True, binsize=2.0)
    np.testing.assert_array_equal(columns(rows)[2:], found.counts[:, : len(rows)])


def test_arrays_come_out_of_the_page_as_they_went_in(open_page, run_page):
    random = np.random.default_rng(5)
    arrays = {
        "ascending": np.sort(random.integers(-(2**31), 2**31, 5000)),
        "bytes": random.integers(0, 256, 300).astype(np.uint8),
        "floats": random.normal(size=(7, 11)),
        "short": random.normal(size=13).astype(np.float32),
        "none": np.empty((0, 3), int),
        "extremes": np.array([2**31 - 1, -(2**31), 0]),
    }
    packed = pack(arrays, delta=["ascending", "extremes", "none"])
    read = "packed => spikelib.unpack(packed).then(a => Object.entries(a).map(([k, v]) => [k, v.shape, [...v]]))"
    for name, shape, values in open_page(run_page).evaluate(read, packed):
        assert shape == list(arrays[name].shape)
        np.testing.assert_array_equal(np.array(values, arrays[name].dtype).reshape(shape), arrays[name])


HOSTILE = (
    "<script>document.title = 'broken'</script>",
    '"><img src=x onerror=alert(1)>, "quoted"',
    "../../etc/passwd",
    "\u202eright to left \u05e9\u05dc\u05d5\u05dd",
    "\U0001f9e0 line\nbreak",
    "x" * 200,
)


def test_hostile_names_are_text_everywhere(open_page, tmp_path):
    sizes = dict.fromkeys(HOSTILE, 5)
    path = write_page(tmp_path, {"all": random_run(60, sizes)}, "<b>../run</b>")
    charts = Charts(open_page(path))
    legend = charts.figure("rate").locator(".chart-legend")
    for name in HOSTILE:
        assert legend.locator(f".chart-item[title={quoted(name)}]").count() == 1
    assert legend.locator("script, img").count() == 0
    told = charts.hover("rate", 0.5)
    assert all(f"{name} " in told for name in HOSTILE)
    head, _ = charts.table("rate", tmp_path)
    assert head[2 : 2 + len(HOSTILE)] == [f"{name} [Hz]" for name in HOSTILE]
    _, rows = charts.table("raster", tmp_path)
    assert {row[2] for row in rows} == set(HOSTILE)
    saved = charts.save("raster", "SVG", tmp_path)
    assert re.fullmatch(r"[\w.-]+", saved.name)
    texts = [text.text for text in ET.parse(saved).getroot().findall(f".//{SVG}text")]
    for name in HOSTILE[2:4]:
        assert name in texts
    assert any(text and text.startswith("<script>document") for text in texts)
    assert charts.page.title().startswith("<b>../run</b>")


TEXTS = {
    "number(1234.56)": "1,235",
    "number(0.012345)": "0.01235",
    "number(-3.2)": "−3.2",
    "number(0)": "0",
    "number(null)": "–",
    "number(2e16)": "2.000e+16",
    "stepped(12.5, 0.025)": "12.5",
    "stepped(-0.0001, 0.1)": "0",
    "count(1, 'spike')": "1 spike",
    "count(12345, 'spike')": "12,345 spikes",
    "range(120.44, 480.31, 'ms')": "120.4 to 480.3 ms",
    "range(12.345, 12.389, 'ms')": "12.345 to 12.389 ms",
    "short('\U0001f9e0\U0001f9e0\U0001f9e0', 2)": "\U0001f9e0…",
    "csv([['a,b', 'c\"d', 'e\\nf', ' g', 1.5]])": '"a,b","c""d","e\nf"," g",1.5\r\n',
    "fileName(['../a<b>', '', 'raster'], 'csv')": "a_b-_-raster.csv",
}


def test_numbers_and_names_as_text(open_page, run_page):
    page = open_page(run_page)
    assert {call: page.evaluate(f"spikelib.format.{call}") for call in TEXTS} == TEXTS
