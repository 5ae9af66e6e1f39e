"""A campaign of many small simulations with their results: how long its page takes to build, open, sort and compare."""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

from benchmarks.commands import Command
from benchmarks.generate import Recipe, generate
from benchmarks.measure import run_command
from benchmarks.place import PYTHON
from spikelib.campaign.record import Member, write_campaign

if TYPE_CHECKING:
    from pathlib import Path

SPIKES, NODES = 2_000, 200
FILTERS: dict[str, Any] = {"all": {}, "inhibitory": {"group": {"synapse_class": "INH"}}}
NO_FIGURES = {"others": False}
N_FAILED = 3


def measure_campaign(folder: Path, count: int) -> dict[str, Any]:
    """Make the campaign if it is not there, build its page in a fresh process, and use it in Chromium."""
    make_campaign(folder, count)
    page = folder / "results/index.html"
    known = ["--campaign", folder / "resources/campaign.json", "--logs", folder / "logs"]
    words = [PYTHON, "-m", "spikelib", "report", "--index", folder / "results", *known, "--out", page]
    built, _ = run_command(Command("campaign page", tuple(map(str, words))), folder)
    return {"simulations": count, **built, "page_bytes": page.stat().st_size, "in_browser": use_page(page)}


def make_campaign(folder: Path, count: int) -> None:
    """Write simulations, their results without figures, and what the workflow would say of them; once."""
    names = [f"run_{number:04d}" for number in range(count)]
    with ProcessPoolExecutor() as pool:
        list(pool.map(_make_simulation, [folder] * count, names, range(count), chunksize=8))
    failed = names[:: max(1, count // N_FAILED)][:N_FAILED]
    for name in failed:
        shutil.rmtree(folder / "results" / name, ignore_errors=True)
        log = folder / "logs/extract_population" / name / "cortex.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(
            f"spikelib: error: runs/{name}/output/spikes.h5: the HDF5 file is truncated; simulate it again\n"
        )
    members = [Member(name, f"runs/{name}", _metadata(number)) for number, name in enumerate(names)]
    write_campaign(folder / "resources/campaign.json", {}, members)


def _metadata(number: int) -> dict[str, str]:
    return {"seed": str(number), "parity": ("even", "odd")[number % 2]}


def _make_simulation(folder: Path, name: str, number: int) -> None:
    from spikelib.steps.report import report_simulation

    results = folder / "results" / name
    log = folder / "logs/extract_population" / name / "cortex.log"
    if (results / "overview.json").exists() or log.exists():  # a failure leaves a log
        return
    generate(Recipe(SPIKES + 2 * number, NODES, seed=number), folder / "runs" / name)
    config = {"filters": FILTERS, "figures": NO_FIGURES}
    source = folder / "runs" / name / "simulation_config.json"
    report_simulation(source, results / "report.html", config, keep=results)


def use_page(page: Path) -> dict[str, float]:
    """Open, sort and search the page in Chromium and compare three simulations; seconds of each."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page()
        clock = _Clock()
        tab.goto(page.as_uri())
        # Two frames later all has been laid out and painted.
        tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        clock.lap("open")
        tab.get_by_role("button", name="Mean rate", exact=True).click()
        tab.evaluate("() => document.querySelector('#table').offsetHeight")
        clock.lap("sort")
        tab.get_by_label("Find").fill("run_0")
        clock.lap("find")
        for box in tab.get_by_role("checkbox").all()[:3]:
            box.check()
        tab.get_by_role("button", name="Compare", exact=True).click()
        tab.locator("#comparison svg[role=img]").last.wait_for()
        clock.lap("compare")
        browser.close()
    return clock.laps


class _Clock:
    """Seconds between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name], self._last = round(now - self._last, 3), now
