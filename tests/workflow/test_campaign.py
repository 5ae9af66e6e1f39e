"""Many simulations at once, and broken ones among them."""

from __future__ import annotations

import json
import os
import re
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.workflow.conftest import Workflow


@pytest.mark.slow
def test_broken_simulation_fails_alone_and_leaves_no_results(workflow: Workflow) -> None:
    for name, seed in (("seed_1", 1), ("seed_2", 2)):
        workflow.add_simulation(name, seed)
    (workflow.folder / "runs/seed_2/spikes.h5").write_bytes(b"not HDF5")
    workflow.configure(simulations={"campaign": "runs/seed_*/simulation_config.json"}, filters={"all": {}})
    printed = workflow.run("--nocolor", status=1)
    assert re.search(r"seed_2.*spikes\.h5", printed), printed
    assert "Traceback" not in printed
    assert "seed_1/report.html" in workflow.results()
    assert not [path for path in workflow.results() if path.startswith("seed_2")]


@pytest.mark.slow
def test_corrected_simulation_is_made_by_the_next_run(workflow: Workflow) -> None:
    workflow.configure(
        simulations={"small": "runs/small/simulation_config.json"},
        figures={"raster": {}, "others": False},
        filters={"all": {}},
        quiet_minutes=0,
    )
    spikes = workflow.folder / "runs/small/spikes.h5"
    content = spikes.read_bytes()
    spikes.write_bytes(content[: len(content) // 2])
    for _ in range(2):  # a failure is told at every run, not only at the first
        workflow.run(status=1)
    spikes.write_bytes(content)
    workflow.run()
    assert [path for path in workflow.results() if "figures" in path] == [
        "small/filters/all/figures/raster.png",
        "small/filters/all/figures/raster.svg",
    ]


def test_glob_plans_a_page_for_each_match(workflow: Workflow) -> None:
    for name in ("seed_1", "seed_2"):
        workflow.add_simulation(name)
    workflow.configure(simulations={"campaign": "runs/*/simulation_config.json", "other": "runs/small/spikes.h5"})
    pages = [job for job in workflow.plan() if job.startswith("assemble_page")]
    assert pages == [f"assemble_page simulation={name}" for name in ("other", "seed_1", "seed_2", "small")]


@pytest.mark.slow
def test_simulation_without_places_has_no_animation(workflow: Workflow) -> None:
    simulations = {"bare": "runs/small/spikes.h5", "small": "runs/small/simulation_config.json"}
    workflow.configure(simulations=simulations, figures={}, filters={"all": {}})
    films = [job for job in workflow.plan() if job.startswith("draw_animation")]
    assert [re.sub(r".*simulation=(\w+).*", r"\1", job) for job in films] == ["small"]


@pytest.mark.slow
def test_filter_that_keeps_no_node_has_all_its_results(workflow: Workflow) -> None:
    simulations = {"small": "runs/small/simulation_config.json"}
    workflow.configure(simulations=simulations, figures={}, filters={"nobody": {"group": {"layer": "L6"}}})
    workflow.run()
    statistics = json.loads((workflow.folder / "results/small/filters/nobody/statistics.json").read_text())
    assert statistics["overall"]["n_spikes"] == 0
    assert "small/filters/nobody/figures/animation.mp4" in workflow.results()


@pytest.mark.slow
def test_unfinished_simulations_are_left_for_the_next_time(workflow: Workflow) -> None:
    for name in ("planned", "running", "small"):
        workflow.add_simulation(name)
    (workflow.folder / "runs/planned/spikes.h5").unlink()
    running = workflow.folder / "runs/running/spikes.h5"
    content = running.read_bytes()
    running.write_bytes(content[: len(content) // 2])
    workflow.configure(simulations={"campaign": "runs/*/simulation_config.json"}, filters={"all": {}})
    printed = workflow.run("--dry-run", "--nocolor")
    assert re.search(r"simulation planned is left for the next run: .*spikes\.h5 does not exist yet", printed)
    assert re.search(r"simulation running is left for the next run: .* cannot be read yet", printed)
    pages = [job for job in workflow.plan() if job.startswith("assemble_page")]
    assert pages == ["assemble_page simulation=small"]
    campaign = json.loads((workflow.folder / "resources/campaign.json").read_text())["simulations"]
    assert {name: entry["state"] for name, entry in campaign.items()} == {
        "planned": "waiting",
        "running": "waiting",
        "small": "ready",
    }
    assert "simulation running is waiting: its spike report" in workflow.run("results/running/report.html", status=1)
    running.write_bytes(content)
    assert "assemble_page simulation=running" in workflow.plan()


@pytest.mark.slow
def test_sample_sheet_names_and_describes(workflow: Workflow) -> None:
    other = workflow.add_simulation("other")
    (workflow.folder / "runs.csv").write_text(f"simulation,path,weight\nstrong,{other},4.5\n")
    config = {"filters": {"all": {}}, "figures": {}, "sheet": "runs.csv"}
    (workflow.folder / "config/config.yaml").write_text(json.dumps(config))
    assert "assemble_page simulation=strong" in workflow.plan()
    (workflow.folder / "runs.csv").write_text(f"simulation,path\nstrong,{other}\nstrong,{other}\n")
    printed = workflow.run("--dry-run", status=1)
    assert "runs.csv: row 3, column simulation: 'strong' is named twice (runs.csv: row 2)" in printed
    assert "Traceback" not in printed


@pytest.mark.slow
def test_results_of_one_broken_simulation_stay_away_and_it_is_tried_again(workflow: Workflow) -> None:
    workflow.add_simulation("broken")
    (workflow.folder / "runs/broken/spikes.h5").write_text("no HDF5")
    campaign = {"campaign": "runs/*/simulation_config.json"}
    workflow.configure(simulations=campaign, filters={"all": {}}, jobs="per_simulation")
    workflow.run(status=1)
    assert {"index.html", "small/report.html"} <= set(workflow.results())
    assert "report_simulation simulation=broken" in workflow.plan()
    assert "report_simulation simulation=small" not in workflow.plan()


@pytest.mark.slow
def test_braces_and_future_dates_stop_nothing(workflow: Workflow) -> None:
    workflow.add_simulation("g={4}", seed=1)
    ahead = time.time() + 3600
    os.utime(workflow.folder / "runs/small/spikes.h5", (ahead, ahead))
    query = {"group": {"layer": {"$regex": "L{1}4"}}}
    workflow.configure(
        simulations={"all": "runs/*/simulation_config.json"}, filters={"braces": query}, figures={"animation": False}
    )
    workflow.run()
    for name in ("small", "g={4}"):
        statistics = json.loads((workflow.folder / "results" / name / "filters/braces/statistics.json").read_text())
        assert statistics["filter"]["group"] == query["group"]
    assert workflow.plan() == []
    workflow.add_simulation("g={4}", seed=2)
    assert any(re.match("extract_population .*simulation=g_4_", job) for job in workflow.plan())
