"""One job for everything of a simulation: the same results as from a job for each step."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest

from tests.workflow.conftest import Workflow

pytestmark = pytest.mark.slow

SMALL = {"small": "runs/small/simulation_config.json"}
FIGURES = {"raster": {"y_axis": "layer"}, "isi": {"use_frequency": True}}
STEPS = {"extract_population", "filter_spikes", "draw_figures", "draw_animation", "assemble_page"}
MARK = "small/.whole"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Workflow:
    """Return a workflow whose results were made by one job, `whole`, and then by one for each step, `results`."""
    workflow = Workflow(tmp_path_factory.mktemp("both") / "work")
    workflow.add_simulation("small")
    workflow.configure(simulations=SMALL, figures=FIGURES, jobs="per_simulation")
    assert workflow.plan() == ["assemble_campaign_page", "default", "report_simulation simulation=small"]
    workflow.run()
    assert "Nothing to be done" in workflow.run()
    # Results tell where the simulation lies: only those that were made in the same place can be compared.
    shutil.copytree(workflow.folder / "results", workflow.folder / "whole")
    workflow.configure(simulations=SMALL, figures=FIGURES)
    assert {job.split()[0] for job in workflow.plan()} > STEPS
    workflow.run()
    assert "Nothing to be done" in workflow.run()
    return workflow


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of every file of a folder but locks."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def words(page: Path) -> set[str]:
    """Return the words that a page shows."""
    shown = re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", page.read_text(), flags=re.DOTALL)
    return set(re.findall(r"\w+", html.unescape(shown)))


def test_results_are_the_same_bit_for_bit(both: Workflow) -> None:
    whole, stepwise = files(both.folder / "whole"), files(both.folder / "results")
    assert {"index.html", "small/report.html", "small/filters/late/figures/animation.mp4"} < set(whole)
    assert sorted(whole) == sorted(stepwise)
    assert [name for name, content in whole.items() if content != stepwise[name]] == []


def test_steps_do_not_take_what_one_job_has_made_for_theirs(both: Workflow) -> None:
    results = both.folder / "results"
    mark = (results / MARK).stat().st_mtime_ns
    older = [name for name in files(results) if name != MARK and (results / name).stat().st_mtime_ns <= mark]
    assert older == []


def test_page_gives_the_commands_of_the_steps(both: Workflow) -> None:
    page = html.unescape((both.folder / "whole/small/report.html").read_text())
    commands = re.findall(r"^.*\bspikelib (extract|filter|figure) .*$", page, flags=re.MULTILINE)
    assert sorted(commands) == ["extract", "figure", "figure", "filter", "filter"]


def test_removed_filter_leaves_the_page(both: Workflow, tmp_path: Path) -> None:
    workflow = Workflow(Path(shutil.copytree(both.folder, tmp_path / "work")))
    workflow.configure(simulations=SMALL, figures=FIGURES, jobs="per_simulation", filters={"all": {}})
    workflow.run()
    assert (workflow.folder / "results/small/filters/late/statistics.json").is_file()
    assert "late" in words(both.folder / "results/small/report.html")
    assert "late" not in words(workflow.folder / "results/small/report.html")


def test_targets_are_the_pages(both: Workflow) -> None:
    both.configure(simulations=SMALL, figures=FIGURES, jobs="per_simulation")
    assert both.plan("figures", "--forceall") == ["figures", "report_simulation simulation=small"]
