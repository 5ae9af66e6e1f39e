"""The page in a real browser, opened as a file, with the network and JavaScript never needed."""

from __future__ import annotations

import os
import shutil
import subprocess

import matplotlib.image
import numpy as np
import pytest

from spikelib.page import write_report

from .builders import PROVENANCE, Page, add_filter, audit, description, png, statistics

OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser():
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("there is no Chromium, and CI must not skip the browser's test")
    if found is None:
        pytest.skip("there is no Chromium")
    return found


@pytest.fixture
def page(tmp_path):
    folder = add_filter(tmp_path, statistics(), figures=("raster",))
    (folder / "figures" / "raster.png").write_bytes(png(300, 200, (213, 94, 0)))
    out = tmp_path / "report.html"
    source = description(audit("<script>document.title = 'broken'</script>"))
    write_report(source, tmp_path, out, provenance=PROVENANCE, name="In a browser")
    return out


def run(browser, tmp_path, *arguments):
    command = [browser, *OPTIONS, f"--user-data-dir={tmp_path / 'profile'}", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def test_browser_reads_what_was_written(browser, tmp_path, page):
    seen = Page(run(browser, tmp_path, "--dump-dom", page.as_uri()))
    assert seen.text == Page(page.read_text(encoding="utf-8")).text
    assert seen.row("Mean rate [Hz]") == ["Mean rate [Hz]", "31.32"]
    assert seen.text.startswith("In a browser · spike report")


@pytest.mark.parametrize("width", [1280, 600], ids=["desk", "narrow"])
def test_text_and_figure_are_painted(browser, tmp_path, page, width):
    shot = tmp_path / "shot.png"
    run(browser, tmp_path, f"--window-size={width},6000", f"--screenshot={shot}", page.as_uri())
    pixels = (matplotlib.image.imread(shot)[..., :3] * 255).round().astype(int)
    assert pixels.shape[1] == width
    orange = np.all(abs(pixels - (213, 94, 0)) <= 2, axis=2)
    assert np.count_nonzero(orange) == pytest.approx(300 * 200, rel=0.05)
    dark = pixels.max(axis=2) < 100
    assert np.count_nonzero(dark.any(axis=1)) > 500
