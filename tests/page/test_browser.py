"""The page around the charts in a real browser: its tables, themes, paper, a phone, and no JavaScript."""

from __future__ import annotations

import csv

import pytest

from spikelib.page.measures import MEASURES
from spikelib.page.report.write import write_report
from tests.page.builders import (
    PROVENANCE,
    Page,
    add_filter,
    audit,
    by_property,
    description,
    finding,
    no_stats,
    png,
    statistics,
    stats,
)
from tests.page.chromium import PHONE, download, scrolls_sideways, violations, wait_until

FIGURES = ("raster", "rate", "isi", "rates")
HOSTILE = (
    "<script>document.title = 'broken'</script>",
    "\"quotes\" and 'more' & <b>tags</b>",
    "../../etc/passwd",
    "\u202eright to left \u05d0\u05d1\u05d2",
    "n" * 200,
    "\U0001f9e0\U0001f9ea neurons",
)
RATES = {"cortex": 3.5, "thalamus": 40.25, "silent": None, "slow": 0.5}


def write(
    folder, *, name="In a browser", source=None, populations=None, filters=("all", "late"), group=None, **changes
):
    """Write the page of a simulation with some filters and every picture; the pictures are orange."""
    if populations is None:
        populations = {each: stats(rate_mean_hz=rate, n_spikes=7) for each, rate in RATES.items()}
    tables = changes.pop("by_property", [by_property(), by_property(name="mtype")])
    for each in filters:
        chosen = {"name": each, "group": group, "t_start": None, "t_stop": None}
        content = statistics(each, populations=populations, by_property=tables, filter=chosen, **changes)
        added = add_filter(folder, content, figures=FIGURES)
        for figure in FIGURES:
            (added / "figures" / f"{figure}.png").write_bytes(png(300, 200, (213, 94, 0)))
    out = folder / "report.html"
    source = source or description(*map(audit, populations))
    write_report(source, folder, out, provenance=PROVENANCE, name=name)
    return out


@pytest.fixture
def path(tmp_path):
    return write(tmp_path)


def column(page, place, table="#statistics-table"):
    return page.locator(f"{table} tbody tr > :nth-child({place})").all_inner_texts()


def head(page, key):
    return page.locator("#statistics-table thead th").nth(list(MEASURES).index(key) + 2)


def shown_heads(page):
    heads = page.locator("#statistics-table thead th:visible .label").all_inner_texts()
    return heads[2:]


USUAL = [measure.label for measure in MEASURES.values() if measure.important]


def test_browser_reads_what_was_written(open_page, path):
    page = open_page(path, javascript=False)
    seen, written = Page(page.content()), Page(path.read_text(encoding="utf-8"))
    assert seen.text == written.text
    assert page.title() == "In a browser · spike report"


def test_columns_sort_up_down_and_back(open_page, path):
    page = open_page(path)
    rates = head(page, "rate_mean_hz")
    place = list(MEASURES).index("rate_mean_hz") + 3
    before = column(page, 2)
    rates.locator("button.sort").click()
    assert rates.get_attribute("aria-sort") == "descending"
    found = column(page, place)
    assert found[:2] == ["40.25", "40.25"]
    assert all(text.startswith("–") for text in found[-2:])  # without a value: last in either order
    rates.locator("button.sort").click()
    assert rates.get_attribute("aria-sort") == "ascending"
    assert column(page, place)[:2] == ["0.5000", "0.5000"]
    assert all(text.startswith("–") for text in column(page, place)[-2:])
    rates.locator("button.sort").click()
    assert rates.get_attribute("aria-sort") is None
    assert column(page, 2) == before


def test_names_sort_as_text_by_keyboard(open_page, path):
    page = open_page(path)
    button = page.locator("#statistics-table thead th").nth(1).locator("button.sort")
    button.focus()
    page.keyboard.press("Enter")
    names = [name for name in column(page, 2) if name not in {"All populations", "All neurons"}]
    assert names == sorted(names)


def test_columns_can_be_chosen(open_page, path):
    page = open_page(path)
    assert shown_heads(page) == USUAL
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Highest rate [Hz]").check()
    page.get_by_label("Mean CV", exact=True).uncheck()
    assert "Highest rate" in shown_heads(page)
    assert "Mean CV" not in shown_heads(page)
    page.get_by_role("button", name="All columns").click()
    assert shown_heads(page) == [measure.label for measure in MEASURES.values()]
    page.get_by_role("button", name="The usual ones").click()
    assert shown_heads(page) == USUAL


def test_columns_can_be_chosen_without_javascript(open_page, path):
    page = open_page(path, javascript=False)
    assert shown_heads(page) == USUAL
    page.locator(".chooser summary").click()
    page.get_by_label("Shortest ISI [ms]").check()
    assert "Shortest ISI" in shown_heads(page)


def test_copy_puts_the_columns_shown_on_the_clipboard(open_page, path):
    page = open_page(path, permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-tools=statistics-table]").get_by_role("button", name="Copy").click()
    page.get_by_text("Copied").wait_for()
    lines = [line.split("\t") for line in page.evaluate("navigator.clipboard.readText()").split("\n")]
    important = [measure for measure in MEASURES.values() if measure.important]
    assert lines[0] == ["Filter", "Population", *(measure.title for measure in important)]
    assert len(lines) == 11
    cortex = dict(zip(lines[0], lines[2], strict=True))
    assert (cortex["Filter"], cortex["Population"], cortex["Mean rate [Hz]"]) == ("all", "cortex", "3.5")
    assert float(cortex["Mean CV"]) == stats()["cv_mean"]
    silent = dict(zip(lines[0], lines[4], strict=True))
    assert (silent["Population"], silent["Mean rate [Hz]"]) == ("silent", "")


def test_csv_has_all_columns_with_all_digits(open_page, path, tmp_path):
    page = open_page(path)
    button = page.locator("[data-tools=statistics-table]").get_by_role("button", name="Save CSV")
    saved = download(page, button, tmp_path)
    assert saved.name == "In_a_browser-statistics.csv"
    with saved.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["Filter", "Population", *(measure.title for measure in MEASURES.values())]
    cortex = rows[1]
    for key, measure in MEASURES.items():
        if key not in ("rate_mean_hz", "n_spikes"):
            assert float(cortex[measure.title]) == float(stats()[key])
    assert [row["Filter"] for row in rows] == ["all"] * 5 + ["late"] * 5


def test_tables_by_property_sort_and_save(open_page, path, tmp_path):
    page = open_page(path)
    table = page.locator("#filter-all details.property").first
    table.get_by_role("button", name="Nodes", exact=True).click()
    assert table.locator("tbody th").all_inner_texts() == ["L4", "L5"]
    table.get_by_role("button", name="Nodes", exact=True).click()
    assert table.locator("tbody th").all_inner_texts() == ["L5", "L4"]
    saved = download(page, table.get_by_role("button", name="Save CSV"), tmp_path)
    assert saved.name == "In_a_browser-all_cortex_by_layer.csv"
    assert saved.read_text(encoding="utf-8").startswith("layer,Nodes,Active,Spikes,Mean rate [Hz]")


def test_bars_are_as_long_as_the_rates(open_page, path):
    page = open_page(path)
    cells = page.locator("#filter-all details.property").first.locator("td.barred")
    widths = [
        cells.nth(place).evaluate("cell => parseFloat(getComputedStyle(cell, '::before').width)") for place in (0, 1)
    ]
    assert widths[0] > 50
    assert widths[1] == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_definitions_are_one_click_away(open_page, path, javascript):
    page = open_page(path, javascript=javascript)
    page.get_by_role("button", name="What is “Mean CV”?").first.click()
    about = page.locator("#about-cv_mean")
    assert about.is_visible()
    assert "Coefficient of variation of a node’s intervals" in about.inner_text()
    page.keyboard.press("Escape")
    assert not about.is_visible()


def colours(page):
    return page.evaluate(
        "[document.body, document.querySelector('h1')].map((e, i) =>"
        " getComputedStyle(e)[i ? 'color' : 'backgroundColor'])"
    )


def test_theme_button(open_page, path):
    page = open_page(path)
    button = page.get_by_role("button", name="Theme")
    light = colours(page)
    assert button.inner_text() == "Theme: auto"
    page.evaluate("document.addEventListener('themechange', () => { window.told = (window.told ?? 0) + 1; })")
    button.click()
    assert (button.inner_text(), colours(page)) == ("Theme: light", light)
    button.click()
    dark = colours(page)
    assert button.inner_text() == "Theme: dark"
    assert dark[0] != light[0]
    assert dark[1] != light[1]
    assert page.evaluate("window.told") == 2
    page.reload()
    assert colours(page) == dark
    page.get_by_role("button", name="Theme").click()
    assert colours(page) == light


def test_theme_of_the_system_is_followed_until_the_reader_chooses(open_page, path):
    page = open_page(path, dark=True)
    dark = colours(page)
    page.get_by_role("button", name="Theme").click()
    light = colours(page)
    assert light != dark
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Theme").click()
    assert colours(page) == dark


def test_paper_is_white_and_shows_the_usual_columns_and_what_is_folded(open_page, path):
    page = open_page(path, dark=True, printed=True)
    assert colours(page) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert not page.locator("nav").is_visible()
    assert not page.locator(".toolbar").is_visible()
    page.evaluate("document.querySelector('#show-rate_max_hz').checked = true")
    page.evaluate("document.querySelector('#show-cv_mean').checked = false")
    assert shown_heads(page) == USUAL
    assert page.locator("#filter-all details.property").nth(1).locator("table").is_visible()
    assert page.locator(".plots img").evaluate_all("images => images.every(image => image.checkVisibility())")


def test_without_javascript_all_is_there(open_page, path):
    page = open_page(path, javascript=False)
    images = page.locator(".plots img")
    assert images.count() == 8
    assert images.evaluate_all("images => images.every(image => image.complete && image.naturalWidth === 300)")
    assert page.locator("#statistics-table tbody tr").count() == 10
    assert page.get_by_role("button", name="Copy").count() == 0
    assert page.locator("button:visible:not(.help)").count() == 0
    assert page.locator("nav a[href='#filter-late']").is_visible()


def test_list_of_sections_marks_the_one_being_read(open_page, path):
    page = open_page(path)
    current = page.locator("nav a[aria-current]")
    for place in ("filter-late", "checks", "statistics"):
        page.locator(f"nav a[href='#{place}']").click()
        wait_until(page, f"document.querySelector('nav a[aria-current]')?.getAttribute('href') === '#{place}'")
        assert current.count() == 1


def hostile_page(folder):
    """Write a page in which all that has a name has a hostile one."""
    populations = {name: stats() for name in HOSTILE} | {"silent": no_stats()}
    tables = [
        by_property(HOSTILE[0], name, values=[{"value": each, **stats()} for each in HOSTILE]) for name in HOSTILE
    ]
    inputs = [{"name": name, "module": name, "file": name, "exists": False} for name in HOSTILE]
    source = description(
        *(audit(name, type=name, notes=[finding("other", name)], n_duplicates=1) for name in populations),
        inputs=inputs,
        notes=[finding("other", text) for text in HOSTILE],
        node_set=HOSTILE[4],
        simulator=HOSTILE[4],
    )
    return write(
        folder, name=HOSTILE[0] + HOSTILE[4], source=source, populations=populations, by_property=tables,
        notes=list(HOSTILE), group={name: name for name in HOSTILE},
        filters=[*HOSTILE[3:], "<img src=x onerror=alert(1)> & \"so\" 'on' -->"],
    )  # fmt: skip


@pytest.mark.parametrize("javascript", [True, False])
def test_hostile_names_are_text(open_page, tmp_path, javascript):
    (tmp_path / "run").mkdir()
    page = open_page(hostile_page(tmp_path / "run"), javascript=javascript)
    assert page.title().startswith("<script>")
    texts = page.locator("body").inner_text()
    for name in HOSTILE:
        assert texts.count(name) > 5
    assert page.locator("b", has_text="tags").count() == page.locator("b", has_text="<b>tags</b>").count()


PLANTED = """
<script>document.title = "script"</script>
<img src="x.png" onerror="document.title = 'handler'">
<a id="planted" href="javascript:document.title='link'">link</a>
<iframe srcdoc="<script>parent.document.title = 'frame'</script>"></iframe>
<style>h1 { display: none }</style>
<h2 id="styled" style="color: rgb(1, 2, 3)">styled</h2>
<base href="http://example.org/">
"""


@pytest.mark.slow
def test_what_slips_into_the_page_does_not_run(open_page, path):
    """Not even if a name were written unescaped: scripts, handlers, styles and requests all meet the policy."""
    html = path.read_text(encoding="utf-8")
    path.write_text(html.replace('<main id="main">', f'<main id="main">{PLANTED}'), encoding="utf-8")
    page = open_page(path)
    page.locator("#planted").click(force=True)
    wait_until(page, "document.querySelectorAll('button.sort').length > 0")  # the page's own scripts do run
    assert page.title() == "In a browser · spike report"
    assert page.locator("h1").is_visible()
    assert page.locator("#styled").evaluate("e => getComputedStyle(e).color") != "rgb(1, 2, 3)"
    refused = [text for text in open_page.complaints if "Content Security Policy" in text]
    assert len(refused) >= 6
    assert not [text for text in open_page.complaints if text.startswith("request: http")]
    open_page.complaints.clear()


@pytest.mark.parametrize("size", [PHONE, (768, 1000), (1280, 900)], ids=["phone", "tablet", "desk"])
@pytest.mark.parametrize("hostile", [False, True], ids=["usual", "hostile"])
def test_page_never_scrolls_sideways(open_page, tmp_path, size, hostile):
    (tmp_path / "run").mkdir()
    page = open_page((hostile_page if hostile else write)(tmp_path / "run"), size=size)
    assert not scrolls_sideways(page)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    assert not scrolls_sideways(page)


@pytest.mark.parametrize("size", [PHONE, (390, 844), (1024, 900), (1280, 900)], ids=lambda size: str(size[0]))
def test_large_numbers_in_the_header_stand_in_one_line(open_page, tmp_path, size):
    page = open_page(write(tmp_path, source=description(audit("cortex", n_kept=1_234_567_890))), size=size)
    value = page.locator(".tiles .value", has_text="1,234,567,890")
    height, line = value.evaluate("e => [e.getBoundingClientRect().height, parseFloat(getComputedStyle(e).lineHeight)]")
    assert height < 1.5 * line


@pytest.mark.parametrize(
    "options",
    [{}, pytest.param({"dark": True}, marks=pytest.mark.slow), {"size": PHONE}],
    ids=["light", "dark", "phone"],
)
def test_page_is_accessible(open_page, tmp_path, options):
    source = description(audit("cortex", n_duplicates=2), audit("VPM", sorting_found="none"))
    path = write(tmp_path, source=source, notes=["the window ends after the run"])
    page = open_page(path, **options)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    assert violations(page) == []
    page.get_by_role("button", name="What is “Mean CV”?").first.click()
    assert violations(page) == []


def test_everything_can_be_reached_by_keyboard_and_shows_the_focus(open_page, path):
    page = open_page(path)
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.textContent.trim()"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"
    assert {"Skip to the content", "Statistics", "Theme: auto", "Columns", "Copy", "Save CSV", "Mean rate"} <= seen
