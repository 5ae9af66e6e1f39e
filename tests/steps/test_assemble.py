"""The page of a simulation, assembled from its results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from spikelib.demo import write_demo
from spikelib.errors import MissingFileError
from spikelib.options.config import read_config
from spikelib.provenance.made_from import page_text, simulation_text
from spikelib.provenance.stated import read_made_from
from spikelib.simulation.simulation import open_report
from spikelib.steps.assemble import write_page
from spikelib.steps.filter import filter_spikes
from spikelib.steps.report import report_simulation

if TYPE_CHECKING:
    from pathlib import Path


def test_page_needs_all_its_parts(source: Path, tables: Path, tmp_path: Path) -> None:
    (tmp_path / "spikes").symlink_to(tables)
    with pytest.raises(MissingFileError, match=r"x/s\w+\.\w+: "):
        write_page(source, tmp_path, tmp_path / "report.html", filters=["x"])
    assert not (tmp_path / "report.html").exists()
    assert not (tmp_path / "description.json").exists()


def test_page_of_results_that_are_not_kept_has_no_overview(source: Path, tables: Path, tmp_path: Path) -> None:
    (tmp_path / "spikes").symlink_to(tables)
    write_page(source, tmp_path, tmp_path / "report.html", kept=False)
    page = (tmp_path / "report.html").read_text()
    assert "spikelib report" in page
    assert "spikelib extract" not in page
    assert not (tmp_path / "overview.json").exists()
    write_page(source, tmp_path, tmp_path / "report.html")
    assert "spikelib extract" in (tmp_path / "report.html").read_text()
    assert (tmp_path / "overview.json").exists()


def test_page_by_hand_is_the_workflows_only_if_it_shows_what_that_would(
    source: Path, tables: Path, tmp_path: Path
) -> None:
    (tmp_path / "spikes").symlink_to(tables)
    config: dict[str, Any] = {"filters": {"a": {}, "b": {"t_start": 50}}}
    chosen, figures, counting = read_config(config)
    for each in chosen:
        filter_spikes(source, tables, tmp_path / "filters" / each.name, each, figures=figures, counting=counting)
    page = tmp_path / "report.html"

    def stated(**how: Any) -> str | None:
        write_page(source, tmp_path, page, **how)
        return read_made_from(page)

    whole = page_text(simulation_text(open_report(source).simulation), chosen, figures, counting)
    assert stated(config=config) == whole
    assert stated(config=config, kept=False) == ""
    assert stated() == ""  # no config: nobody knows what the filters are
    assert stated(config={"filters": {"a": {}}}, filters=["a", "b"]) == ""
    part = stated(config=config, filters=["a"])
    assert part not in ("", whole)


def test_page_without_a_config_shows_every_picture_that_there_is(tmp_path: Path) -> None:
    results = tmp_path / "results"
    drawn: dict[str, Any] = {"others": False, "rate": {}}
    drawn |= {"files": {"formats": ["png", "pdf"]}, "animation": {"format": "gif", "dt": 100.0}}
    source = write_demo(tmp_path / "demo")
    report_simulation(source, results / "report.html", {"figures": drawn}, keep=results)
    write_page(source, results, results / "report.html")
    page = (results / "report.html").read_text()
    assert [
        name for name in ("rate.png", "rate.pdf", "animation.gif") if f'filters/all/figures/{name}"' not in page
    ] == []
