"""Figures as files of the workflow: their formats and style, and Snakemake's own report of them."""

from __future__ import annotations

import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.workflow.conftest import Workflow

pytestmark = pytest.mark.slow

SMALL = {"small": "runs/small/simulation_config.json"}
ONLY_ISI: dict[str, Any] = {"isi": {}, "others": False}
REDRAWN = ["assemble_campaign_page", "assemble_page", "default", "draw_figures"]
FIGURES = {
    "raster": "Raster: the spikes",
    "rate": "Firing rate over time",
    "isi": "Interspike intervals",
    "rates": "Firing rates of nodes",
}
LABELS = {
    "raster": "raster",
    "rate": "firing rate over time",
    "isi": "interspike intervals",
    "rates": "firing rates of nodes",
}


def _variable(report: str, name: str) -> Any:
    """Return a variable of the report's script."""
    found = re.search(rf"var {name} = (\{{.*\}})\s*;?\s*$", report, flags=re.MULTILINE)
    assert found is not None
    return json.loads(found[1])


def _rules(jobs: list[str]) -> list[str]:
    return sorted(job.split()[0] for job in jobs)


def test_report_of_snakemake_has_captions_categories_and_labels(finished: Workflow) -> None:
    finished.run("--report", "report.zip")
    with zipfile.ZipFile(finished.folder / "report.zip") as report:
        html = report.read("report/report.html").decode()
        files = set(report.namelist())
    results, categories = _variable(html, "results"), _variable(html, "categories")
    for name in ("all", "late"):
        for figure, caption in FIGURES.items():
            found = results[f"results/small/filters/{name}/figures/{figure}.png"]
            assert found["labels"] == {"figure": LABELS[figure], "filter": name}
            assert found["caption"].startswith(f"<p>{caption}")
            assert f"<em>{name}</em>" in found["caption"]
            assert "report/" + found["data_uri"] in files
        film = results[f"results/small/filters/{name}/figures/animation.mp4"]
        assert film["labels"] == {"figure": "animation", "filter": name}
        assert film["caption"].startswith("<p>Film: ")
    page = results["results/small/report.html"]
    assert page["labels"] == {"figure": "the whole page", "filter": "every filter"}
    assert len(results) == 2 * 5 + 1
    assert set(categories) == {"small"}
    assert sorted(path for part in categories["small"].values() for path in part) == sorted(results)
    assert "{{" not in "".join(found["caption"] for found in results.values())


def test_files_follow_the_config_and_nothing_else_is_made_again(workflow: Workflow) -> None:
    def configure(**files: Any) -> None:
        workflow.configure(simulations=SMALL, filters={"all": {}}, figures={**ONLY_ISI, "files": files})

    style = workflow.folder / "journal.mplstyle"
    style.write_text("font.size: 7\n")
    configure(formats=["pdf"], width_mm=85, height_mm=60, style="journal.mplstyle")
    workflow.run()
    folder = workflow.folder / "results/small/filters/all/figures"
    assert sorted(path.name for path in folder.iterdir()) == ["isi.pdf", "isi.png"]
    assert b"/MediaBox [ 0 0 240.9" in (folder / "isi.pdf").read_bytes()
    assert workflow.plan() == []
    before = (folder / "isi.pdf").read_bytes()
    style.write_text("font.size: 9\n")
    assert _rules(workflow.plan()) == REDRAWN
    workflow.run()
    assert (folder / "isi.pdf").read_bytes() != before
    configure(formats=["pdf", "svg"], style="journal.mplstyle")
    assert _rules(workflow.plan()) == REDRAWN
    style.write_text("font.sise: 9\n")
    assert "journal.mplstyle: not a valid matplotlib style file: Bad key font.sise" in (
        workflow.run(status=1) + (workflow.folder / "logs/draw_figures/small/all.log").read_text()
    )


def test_a_style_that_is_missing_is_named(workflow: Workflow) -> None:
    workflow.configure(simulations=SMALL, figures={**ONLY_ISI, "files": {"style": "none.mplstyle"}})
    assert "none.mplstyle" in workflow.run(status=1)
