"""How large pages of real results are, and how soon a browser has opened them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.generate import Recipe, generate
from spikelib.demo import write_demo
from spikelib.steps.report import report_simulation
from tests.page.charts import Charts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.page.chromium import Visits

FILTERS: dict[str, Any] = {
    "all": {},
    "excitatory": {"group": {"synapse_class": "EXC"}},
    "early": {"t_stop": 500},
}


def seconds_to_open(open_page: Visits, page: Path) -> float:
    """Return how long a page takes until the charts of its first filter are drawn; the best of three, s."""
    found = []
    for _ in range(3):
        before = time.perf_counter()
        Charts(open_page(page))
        found.append(time.perf_counter() - before)
    return min(found)


@pytest.mark.slow
def test_page_of_the_demo(open_page: Visits, tmp_path: Path) -> None:
    results = tmp_path / "results" / "demo"
    report_simulation(write_demo(tmp_path / "demo"), results / "report.html", {"filters": FILTERS}, keep=results)
    assert (results / "report.html").stat().st_size < 3_000_000
    assert seconds_to_open(open_page, results / "report.html") < 3


@pytest.mark.slow
def test_page_of_ten_million_spikes(open_page: Visits, tmp_path: Path) -> None:
    generate(Recipe(spikes=10_000_000, nodes=100_000), tmp_path / "run")
    results = tmp_path / "results" / "run"
    config = {"filters": FILTERS, "figures": {"animation": False}}
    report_simulation(tmp_path / "run" / "simulation_config.json", results / "report.html", config, keep=results)
    assert (results / "report.html").stat().st_size < 8_000_000
    assert seconds_to_open(open_page, results / "report.html") < 3
