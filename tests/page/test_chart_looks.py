"""How charts look: kinds of raster, light and dark, on paper, on a phone, without JavaScript, in an old browser."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import ImageColor

from spikelib.summary.grids import raster_grid
from spikelib.summary.model import RasterAxis
from tests.figures.builders import build_summary
from tests.page.charts import SVG, Charts, chart_colours, colour_at, columns, css_colour
from tests.page.chromium import PHONE, scrolls_sideways, violations, wait_until
from tests.page.runs import KINDS, STOP, random_run, with_axis, write_page

# Charts in a browser take a minute together; `tests/page/test_browser.py` opens the page by default.
pytestmark = pytest.mark.slow


def test_charts_take_the_place_of_the_pictures(charts):
    for kind in KINDS:
        assert charts.figure(kind).locator("canvas").is_visible()
        assert charts.figure(kind).locator("img").is_hidden()
    assert charts.view("raster") == "View: 0 to 1,000 ms, rows 0 to 49"
    assert charts.view("rate") == "View: 0 to 1,000 ms, bins of 10 ms"


def test_dark_mode_has_other_colours(open_page, run_page):
    seen = []
    for dark in (False, True):
        page = open_page(run_page, dark=dark)
        Charts(page)
        colours = chart_colours(page)
        assert max(colours, key=colours.get) == css_colour(page, "paper")
        assert colours[css_colour(page, "c0")] > 100
        assert colours[css_colour(page, "c1")] > 100
        seen.append((css_colour(page, "paper"), css_colour(page, "c0")))
    assert seen[0][0] != seen[1][0]
    assert seen[0][1] != seen[1][1]


def test_charts_follow_the_theme_button(charts):
    before = chart_colours(charts.page)
    button = charts.page.get_by_role("button", name=re.compile("^Theme"))
    while "dark" not in button.text_content():
        button.click()
    charts.settle()
    after = chart_colours(charts.page)
    assert max(before, key=before.get) == "#ffffff"
    assert max(after, key=after.get) == css_colour(charts.page, "paper") != "#ffffff"
    assert after[css_colour(charts.page, "c0")] > 100


def test_paper_shows_the_pictures(charts):
    charts.page.emulate_media(media="print")
    for kind in KINDS:
        assert charts.figure(kind).locator("img").is_visible()
        assert charts.figure(kind).locator(".chart").is_hidden()


def test_without_javascript_all_pictures_are_shown(open_page, run_page):
    page = open_page(run_page, javascript=False)
    pictures = page.locator(".plots img")
    assert pictures.count() == 2 * len(KINDS)
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        assert picture.is_visible()
        assert picture.bounding_box()["width"] > 0
    assert page.locator(".chart").count() == 0


def test_old_browser_shows_the_pictures_and_says_why(open_page, run_page):
    page = open_page(run_page, before="delete globalThis.DecompressionStream;")
    assert page.locator(".chart").count() == 0
    assert page.locator(".plots img").first.is_visible()
    assert page.locator(".plots").first.get_by_text("This browser is too old for the interactive charts").is_visible()


def test_damaged_data_leave_the_pictures(open_page, run_page, tmp_path):
    broken = tmp_path / "broken.html"
    text = run_page.read_text(encoding="utf-8")
    start = text.index('"bytes":"', text.index('class="plot-data"')) + len('"bytes":"')
    broken.write_text(text[: start + 100] + "AAAA" + text[start + 104 :], encoding="utf-8")
    page = open_page(broken)
    page.locator(".plots").first.scroll_into_view_if_needed()
    page.get_by_text("The interactive charts of this filter cannot be shown").wait_for()
    assert page.locator(".plots").first.locator("img").first.is_visible()
    assert page.locator(".plots").first.locator(".chart").count() == 0
    assert Charts(page, 1).view("rate") == "View: 0 to 1,000 ms, bins of 10 ms"


def test_density_of_many_spikes(open_page, dense, tmp_path):
    path, run = dense
    charts = Charts(open_page(path))
    grid = raster_grid(run)
    assert "Density of 150,000 spikes" in charts.figure("raster").locator(".chart-title").text_content()
    assert "Firing rate per node [Hz]: 0" in charts.figure("raster").locator(".chart-legend").text_content()
    rows, cells = grid.counts.shape
    row, cell = rows // 4, cells // 3
    told = charts.hover("raster", (cell + 0.5) / cells, (row + 0.5) / rows)
    spikes = int(grid.counts[row, cell])
    rate = spikes * 1000 / (grid.nodes[row] * grid.cell_ms)
    assert told.endswith(f"({spikes} spikes)")
    assert f"{grid.nodes[row]} nodes of cortex: " in told
    assert float(re.search(r": ([\d.]+) Hz per node", told)[1]) == pytest.approx(rate, rel=6e-3)
    head, table = charts.table("raster", tmp_path)
    assert head == ["start [ms]", "stop [ms]", "nodes, by id from", "nodes, by id to", "nodes", "spikes"]
    assert int(columns(table)[5].sum()) == run.n_spikes
    charts.drag("raster", (0.25, 0.25), (0.5, 0.5))
    inside = columns(charts.table("raster", tmp_path)[1])
    low, high = charts.time("raster")
    assert inside[1].min() >= low
    assert inside[0].max() <= high
    assert len(inside[0]) < len(table) / 8


@pytest.mark.parametrize("dark", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["light", "dark"])
def test_colours_of_a_density(open_page, tmp_path, dark):
    # Nodes 0 to 19 fire evenly in the second half, and nothing else does; above them there are no nodes at all.
    ids, times = np.divmod(np.arange(20 * 1000), 1000)
    y = RasterAxis("depth", np.arange(40.0), (-0.5, 79.5), (), ())
    shape = {"raster_shape": (40, 50), "raster_cap": 10, "rate_bin": 10.0, "stop": STOP}
    run = build_summary({"net": (40, STOP / 2 + times / 2, ids)}, axis=y, **shape)
    charts = Charts(open_page(write_page(tmp_path, {"all": run}), dark=dark))
    charts.page.mouse.move(2, 2)
    paper, wash = (css_colour(charts.page, name) for name in ("paper", "wash"))
    assert colour_at(charts, "raster", 0.3, 0.1) == paper
    assert colour_at(charts, "raster", 0.7, 0.4) == paper
    assert colour_at(charts, "raster", 0.7, 0.8) == wash
    # Nearly the end of the scale: a spike more or less falls into a cell.
    busy = pytest.approx((252, 253, 191) if dark else (0, 0, 4), abs=15)
    assert ImageColor.getrgb(colour_at(charts, "raster", 0.7, 0.1)) == busy
    assert "no nodes" in charts.figure("raster").locator(".chart-legend").text_content()
    charts.drag("raster", (0.5, 0.02), (0.9, 0.22))
    assert ImageColor.getrgb(colour_at(charts, "raster", 0.5, 0.5)) == busy


def test_axis_of_categories(open_page, tmp_path):
    y = [*np.linspace(-0.45, 0.45, 20), *np.linspace(0.55, 1.45, 20), *[np.nan] * 10]
    run = with_axis("layer (number of nodes)", y, (-0.5, 1.5), ((0.0, "L4 (20)"), (1.0, "L5 (20)")), (0.5,))
    charts = Charts(open_page(write_page(tmp_path, {"all": run})))
    lost = int((run.rows >= 40).sum())
    title = charts.figure("raster").locator(".chart-title").text_content()
    assert title == f"Every spike: {len(run.rows) - lost} spikes; {lost} spikes of nodes without layer left out"
    assert charts.view("raster").endswith("ms, layer L4 to L5")
    _, rows = charts.table("raster", tmp_path)
    assert len(rows) == len(run.rows) - lost
    assert {row[2] for row in rows} == {"cortex"}
    time, row = next((t, r) for t, r in zip(run.times, run.rows, strict=True) if 20 < r < 38)
    told = charts.hover("raster", time / STOP, (y[row] + 0.5) / 2)
    assert re.fullmatch(r"Spike at [\d.]+ ms, node \d+ of cortex \(layer L5\)", told)
    charts.drag("raster", (0.5, 0.1), (0.505, 0.4))
    assert charts.view("raster").endswith("ms, layer L4")


def test_axis_of_positions_and_times_that_had_to_be_rounded(open_page, tmp_path):
    exact = with_axis("y [µm]", np.linspace(-500, 500, 50), (-500.0, 500.0))
    run = replace(exact, times=exact.times + 1e-5 * np.sqrt(np.arange(len(exact.times))))
    charts = Charts(open_page(write_page(tmp_path, {"all": run})))
    assert charts.view("raster").endswith("ms, y −500 to 500 µm")
    assert "times rounded to 0.0001 ms" in charts.figure("raster").locator(".chart-title").text_content()
    head, rows = charts.table("raster", tmp_path)
    assert head[0] == "time [ms] (rounded to 0.0001)"
    np.testing.assert_allclose(columns(rows, 0, 1)[0], run.times, atol=5.1e-5)
    time, row = run.times[450], run.rows[450]
    told = charts.hover("raster", time / STOP, (run.axis.y[row] + 500) / 1000)
    assert re.search(r"node \d+ of (cortex|thalamus) \(y = −?[\d.]+ µm\)$", told)


def test_one_population_of_ids_has_ids_on_its_axis(open_page, tmp_path):
    run = random_run(400, {"net": 50})
    charts = Charts(open_page(write_page(tmp_path, {"all": run})))
    assert charts.view("raster").endswith("ms, nodes 0 to 49")
    texts = {text.text for text in ET.parse(charts.save("raster", "SVG", tmp_path)).getroot().findall(f".//{SVG}text")}
    assert {"node id", "0", "10", "40"} <= texts
    assert "thalamus" not in charts.hover("rate", 0.5)
    assert re.fullmatch(r"\d+ to \d+ ms: \d+ intervals?", charts.hover("isi", 0.1))


@pytest.mark.parametrize("dark", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["light", "dark"])
def test_charts_are_accessible(open_page, run_page, dark):
    charts = Charts(open_page(run_page, dark=dark))
    charts.figure("rate").get_by_role("button", name="cortex", exact=True).click()
    assert violations(charts.page, ".plots") == []


def test_phone(open_page, run_page):
    charts = Charts(open_page(run_page, size=PHONE, has_touch=True, device_scale_factor=2))
    assert not scrolls_sideways(charts.page)
    for kind in KINDS:
        box = charts.figure(kind).locator(".chart-stage").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE[0]
    charts.figure("rate").get_by_role("button", name="Zoom in (time)").tap()
    assert charts.time("raster") == pytest.approx([200, 800], abs=1)
    charts.page.touchscreen.tap(*charts.at("rate", 0.5, 0.5))
    assert " Hz" in charts.readout("rate")


def below_the_top(page, fragment):
    """Return how far the heading of a section is from the top of the window, or from the list that stays there, px."""
    return page.evaluate(
        """id => {
          const list = document.querySelector('.with-nav > nav').getBoundingClientRect();
          const covered = innerWidth < 1024 ? list.bottom : 0;
          return document.querySelector(id).querySelector('h2').getBoundingClientRect().top - covered;
        }""",
        fragment,
    )


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["desk", "phone"])
def test_links_land_at_their_sections_though_charts_are_drawn_meanwhile(open_page, run_page, size):
    links = ["#provenance", "#filter-late", "#checks", "#filter-all", "#definitions", "#statistics"]
    page = open_page(run_page, size=size)
    for link in links:
        page.locator(f"nav li a[href='{link}']").click()
        page.wait_for_load_state("networkidle")
        for _ in range(20):  # until what would be drawn is drawn, on a busy machine too
            page.wait_for_timeout(500)
            if 0 <= below_the_top(page, link) <= 20:
                break
        assert 0 <= below_the_top(page, link) <= 20, link
    assert page.locator(".u-over").count() > 4


def test_pictures_have_the_place_of_their_charts(open_page, run_page):
    page = open_page(run_page, size=(390, 844))
    heights = "[...document.querySelectorAll('figure.plot')].map(e => Math.round(e.getBoundingClientRect().height))"
    before = page.evaluate(heights)
    for filter_ in range(2):
        Charts(page, filter_).settle()
    assert page.locator("figure.coming").count() == 0
    assert page.evaluate(heights) == pytest.approx(before, abs=40)  # names in legends may take a line more


def test_a_reader_who_moves_the_page_is_not_pulled_back(open_page, run_page):
    page = open_page(run_page)
    page.locator("nav li a[href='#checks']").click()
    page.mouse.move(700, 500)
    page.mouse.wheel(0, -700)
    wait_until(page, "document.querySelector('#checks').getBoundingClientRect().top > 500")
    page.evaluate("document.querySelector('#statistics').style.paddingBottom = '50px'")
    page.wait_for_timeout(300)
    assert below_the_top(page, "#checks") > 500


def test_charts_fit_themselves_to_the_window(charts):
    before = charts.area("raster")[2]
    charts.page.set_viewport_size({"width": 700, "height": 900})
    wait_until(charts.page, "document.querySelector('[data-plot=raster] canvas').getBoundingClientRect().width < 700")
    assert charts.area("raster")[2] < before
    assert not scrolls_sideways(charts.page)
