"""Style sheets, scripts and data inside a page."""

from __future__ import annotations

import json
import re
from importlib import resources

import pytest

from spikelib.figures.drawing.style import PALETTE
from spikelib.page.templating import SCRIPTS, _data_json, _Held

PAGES = {"report": "report", "campaign": "index"}
ASSETS = resources.files("spikelib.page") / "assets"


def colours(css, start):
    """Return the variables of the block of a style sheet that begins with `start`."""
    block = css[css.index(start) :].partition("}")[0]
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", block))


def luminance(colour):
    def linear(part):
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[place : place + 2]) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(scope="module")
def css():
    return (ASSETS / "shared/page.css").read_text()


def test_dark_colours_are_the_same_for_the_system_and_for_the_reader(css):
    chosen = colours(css, ':root[data-theme="dark"]')
    assert chosen == colours(css, ':root:not([data-theme="light"])')
    assert set(chosen) == set(colours(css, ":root {"))


def test_palette_of_the_page_is_that_of_the_figures(css):
    light = colours(css, ":root {")
    assert [light[f"--c{place}"] for place in range(7)] == [colour.lower() for colour in PALETTE]


@pytest.mark.parametrize("theme", [":root {", ':root[data-theme="dark"]'], ids=["light", "dark"])
def test_text_can_be_read(css, theme):
    found = colours(css, theme)
    for name in ("--ink", "--quiet", "--link", "--ok", "--note", "--warning"):
        for background in ("--paper", "--wash"):
            assert contrast(found[name], found[background]) >= 4.5, (name, background)


def test_curves_stand_out_on_dark_paper(css):
    dark = colours(css, ':root[data-theme="dark"]')
    for place in range(7):
        assert contrast(dark[f"--c{place}"], dark["--paper"]) >= 3


@pytest.mark.parametrize("text", ["</script><b>", "<!-- <script>", "a & b", "\u2028\u2029", "ünï \U0001f9e0", '"\\'])
def test_data_cannot_leave_their_script_and_come_back(text):
    written = str(_data_json({text: [text, 1.5, None]}))
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written) == {text: [text, 1.5, None]}


@pytest.mark.parametrize("page", SCRIPTS)
def test_scripts_hold_nothing_that_ends_them(page):
    html = str(_Held("script", [])(*SCRIPTS[page]))
    assert html.lower().count("</script") == 1
    assert "<!--" not in html


def test_every_asset_is_small():
    own = [path for folder in ASSETS.iterdir() if folder.name != "vendor" for path in folder.iterdir()]
    assert own
    assert max(len(path.read_text().splitlines()) for path in own) <= 400


def test_the_folder_of_an_asset_says_which_page_uses_it():
    templates = resources.files("spikelib.page") / "templates"
    html = {page: (templates / f"{name}.html.j2").read_text() for page, name in PAGES.items()}
    base = (templates / "base.html.j2").read_text()
    used = {page: {*SCRIPTS[page], *re.findall(r'"([\w/.]+\.(?:css|js))"', html[page] + base)} for page in PAGES}
    files = {f"{folder.name}/{path.name}" for folder in ASSETS.iterdir() for path in folder.iterdir()}
    assert {path for path in files if path.startswith("shared/")} == used["report"] & used["campaign"]
    assert {path for path in files if path.startswith(("report/", "vendor/"))} == used["report"] - used["campaign"]
    assert {path for path in files if path.startswith("campaign/")} == used["campaign"] - used["report"]
