"""The workflow as a module of another one, which simulates first: no report is there when it starts."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.workflow.conftest import PROJECT, Workflow

pytestmark = pytest.mark.slow

NETWORK = Path(__file__).parent / "network"
OURS = '"../spikelib/workflow/Snakefile"'
NAMES = ("strong", "weak")
DEPLOYED = f"""
configfile: "config/config.yaml"
module spikelib:
    snakefile: "{PROJECT}/workflow/Snakefile"
    config: config
use rule * from spikelib
"""


class Outer(Workflow):
    """A workflow that simulates networks and has ours as a module."""

    def run(self, *arguments: str, **options: object) -> str:  # type: ignore[override]
        return super().run(*arguments, snakefile=str(self.folder / "Snakefile"), **options)  # type: ignore[arg-type]

    def replace(self, old: str, new: str) -> None:
        """Change the Snakefile."""
        snakefile = self.folder / "Snakefile"
        text = snakefile.read_text()
        assert text.count(old) == 1
        snakefile.write_text(text.replace(old, new))


def copy_network(folder: Path) -> Outer:
    """Copy the workflow of docs/module.md, which has ours beside it."""
    outer = Outer(Path(shutil.copytree(NETWORK, folder)))
    outer.replace(OURS, repr(str(PROJECT / "workflow/Snakefile")))
    return outer


@pytest.fixture(scope="module")
def finished_outer(tmp_path_factory: pytest.TempPathFactory) -> Outer:
    """Return the workflow after one call in an empty folder; not to be touched."""
    outer = copy_network(tmp_path_factory.mktemp("outer") / "study")
    assert outer.plan() == sorted(
        [
            "all",
            *(f"simulate name={name}" for name in NAMES),
            *(f"spikelib_report_simulation simulation={name}" for name in NAMES),
            "spikelib_assemble_campaign_page",
        ]
    )
    outer.run()
    return outer


def test_one_call_simulates_and_makes_the_pages(finished_outer: Outer) -> None:
    results = finished_outer.folder / "results"
    for name in NAMES:
        told = json.loads((results / name / "filters/excitatory/statistics.json").read_text())
        assert told["overall"]["n_nodes"] == 80
        assert told["overall"]["n_spikes"] > 100
        assert "excitatory" in (results / name / "report.html").read_text()
    index = (results / "index.html").read_text()
    assert all(f"{name}/report.html" in index for name in NAMES)
    assert "Nothing to be done" in finished_outer.run()


def test_changed_simulation_is_simulated_and_reported_again(finished_outer: Outer, tmp_path: Path) -> None:
    outer = Outer(Path(shutil.copytree(finished_outer.folder, tmp_path / "study")))
    outer.replace('"strong": 2.0', '"strong": 1.5')
    changed = [
        "simulate name=strong",
        "spikelib_assemble_campaign_page",
        "spikelib_report_simulation simulation=strong",
    ]
    assert outer.plan() == ["all", *changed]


def test_wrong_config_of_the_module_is_refused(tmp_path: Path) -> None:
    outer = copy_network(tmp_path / "study")
    outer.replace('"filters"', '"filter"')
    assert re.search(r"config: Additional properties .*'filter' was unexpected", outer.run("--dry-run", status=1))


def test_results_go_where_replace_prefix_says(tmp_path: Path) -> None:
    outer = copy_network(tmp_path / "study")
    outer.replace('"weak": 0.5, ', "")
    outer.replace("    config:", '    replace_prefix: {"results/": "pages/", "logs/": "pages/logs/"}\n    config:')
    outer.run()
    assert (outer.folder / "pages/strong/report.html").is_file()
    assert "strong/report.html" in (outer.folder / "pages/index.html").read_text()
    assert (outer.folder / "pages/logs/report_simulation/strong.log").is_file()
    assert not (outer.folder / "results").exists()
    assert not (outer.folder / "logs").exists()


def test_workflow_that_is_deployed_as_a_module_plans_the_same(workflow: Workflow) -> None:
    deployed = workflow.folder / "workflow/Snakefile"
    deployed.parent.mkdir()
    deployed.write_text(DEPLOYED)
    assert workflow.plan(snakefile=str(deployed)) == workflow.plan(snakefile="workflow/Snakefile")


def test_slabs_of_a_module_go_where_replace_prefix_says(workflow: Workflow) -> None:
    # Rules that are made from others with `use rule` have their paths replaced too.
    workflow.configure(simulations={"small": "runs/small/simulation_config.json"}, max_spikes_per_job=150)
    deployed = workflow.folder / "workflow/Snakefile"
    deployed.parent.mkdir()
    prefixes = '{"results/": "pages/", "logs/": "pages/logs/"}'
    deployed.write_text(DEPLOYED.replace("    config:", f"    replace_prefix: {prefixes}\n    config:"))
    printed = workflow.run("--dry-run", "--nocolor", snakefile=str(deployed))
    assert "output: pages/small/filters/late/spikes.parquet/part-00001.parquet" in printed
    assert "log: pages/logs/filter_slab/small/late/00001.log" in printed
    assert "results/" not in printed


def test_manual_shows_the_workflow_that_is_tested() -> None:
    assert (NETWORK / "Snakefile").read_text() in (PROJECT / "docs/module.md").read_text()
