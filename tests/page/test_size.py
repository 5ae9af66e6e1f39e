"""How large pages of real results are; a browser opens them and draws their charts."""

from __future__ import annotations

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


@pytest.mark.slow
def test_page_of_the_demo(open_page: Visits, tmp_path: Path) -> None:
    results = tmp_path / "results" / "demo"
    report_simulation(write_demo(tmp_path / "demo"), results / "report.html", {"filters": FILTERS}, keep=results)
    assert (results / "report.html").stat().st_size < 4_000_000
    assert Charts(open_page(results / "report.html")).figure("rates").is_visible()


@pytest.mark.slow
def test_page_of_ten_million_spikes(open_page: Visits, tmp_path: Path) -> None:
    generate(Recipe(spikes=10_000_000, nodes=100_000), tmp_path / "run")
    results = tmp_path / "results" / "run"
    config = {"filters": FILTERS, "figures": {"animation": False}}
    report_simulation(tmp_path / "run" / "simulation_config.json", results / "report.html", config, keep=results)
    assert (results / "report.html").stat().st_size < 8_000_000
    assert Charts(open_page(results / "report.html")).figure("rates").is_visible()
