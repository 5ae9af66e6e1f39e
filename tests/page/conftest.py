"""Chromium, driven as a user would; every page it opens must keep off the network and say nothing in the console."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from spikelib.summary.store import load_summary
from tests.missing import BROWSER, PLAYWRIGHT, skip_without
from tests.page.charts import Charts
from tests.page.chromium import Visits
from tests.page.runs import random_run, write_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from spikelib.summary.model import Summary

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skip_without(PLAYWRIGHT)
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        skip_without(BROWSER)
    with sync_playwright() as playwright:
        # Without a sandbox of its own: containers, where tests often run, allow none.
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Visits]:
    """Return a function that opens a page: ``open_page(path, **options)``, see `Visits`."""
    visits = Visits(browser)
    yield visits
    visits.close()


@pytest.fixture(scope="session")
def run_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of a run with two filters, `all` and `late`."""
    return write_page(tmp_path_factory.mktemp("run"), {"all": random_run(), "late": random_run(seed=4)}, "a run")


@pytest.fixture(scope="session")
def run_summary(run_page: Path) -> Summary:
    """Return what the filter `all` of `run_page` counted."""
    return load_summary(run_page.parent / "filters" / "all" / "summary.npz")


@pytest.fixture
def charts(open_page: Visits, run_page: Path) -> Charts:
    """Return the charts of the first filter of `run_page`, opened."""
    return Charts(open_page(run_page))


@pytest.fixture(scope="session")
def dense(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """Return the page of a run with more spikes than are kept one by one, and what it counted."""
    sizes = {"cortex": 400, "thalamus": 200}
    run = random_run(150_000, sizes, raster_shape=(60, 120))
    assert run.times is None
    return write_page(tmp_path_factory.mktemp("dense"), {"all": run}, "dense"), run
