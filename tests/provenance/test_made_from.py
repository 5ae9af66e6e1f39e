"""What results are made from: another text for whatever changes a result, the same text for what does not."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from spikelib.circuit.simulated import SimulatedCircuit
from spikelib.demo import write_demo
from spikelib.options.counting import Counting, counting_options
from spikelib.options.figures import FIGURES, figure_options
from spikelib.options.filters import Filter
from spikelib.provenance import made_from as made_from_module
from spikelib.provenance.made_from import (
    campaign_page_text,
    figure_text,
    page_text,
    simulation_text,
    spikes_text,
    summary_text,
    table_text,
)
from spikelib.provenance.sources import source_files
from spikelib.results import SimulationResults

LOOKS: list[dict[str, Any]] = [
    {"rates": {"log": True}},
    {"isi": {"use_frequency": True}},
    {"rate": {"nodes": "active"}},
    {"animation": {"fps": 10}},
    {"animation": {"format": "gif"}},
    {"files": {"dpi": 300, "formats": ["pdf"], "width_mm": 100}},
    {"raster": False},
    {"rates": False},
    {"isi": False},
]
COUNTED: list[dict[str, Any]] = [
    {"raster": {"y_axis": "layer"}},
    {"rate": {"time_binsize": 3}},
    {"isi": {"binsize": 2}},
    {"isi": {"binsize": 2, "use_frequency": True}},
    {"animation": {"dt": 2}},
    {"animation": {"y_axis": "z"}},
    {"animation": False},
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_demo(tmp_path / "demo")


def text_of(source: Path) -> str:
    return simulation_text(SimulatedCircuit(source))


def test_every_file_counts_whether_newer_or_older(source: Path) -> None:
    for path in source_files(SimulatedCircuit(source)):
        before = text_of(source)
        os.utime(path, (1.0, 1.0))
        older = text_of(source)
        os.utime(path, (4e9, 4e9))
        assert len({before, older, text_of(source)}) == 3, path


def test_size_counts_at_the_same_time(source: Path) -> None:
    before, status = text_of(source), source.stat()
    source.write_bytes(source.read_bytes() + b"\n")
    os.utime(source, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert text_of(source) != before


def test_copy_of_the_working_directory_is_the_same_and_a_copy_of_the_simulation_is_not(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(source.parent)
    before = text_of(Path(source.name))
    copied = Path(shutil.copytree(source.parent, tmp_path / "copy", copy_function=shutil.copy2))
    monkeypatch.chdir(copied)
    assert text_of(Path(source.name)) == before
    monkeypatch.chdir(tmp_path)
    assert len({text_of(source), text_of(copied / source.name)}) == 2


@pytest.mark.parametrize("changed", LOOKS, ids=str)
def test_looks_make_no_other_summary(changed: dict[str, Any]) -> None:
    assert summary_text("s", figure_options(changed), Counting()) == summary_text("s", figure_options({}), Counting())


@pytest.mark.parametrize("changed", COUNTED, ids=str)
def test_what_is_counted_makes_another_summary(changed: dict[str, Any]) -> None:
    assert summary_text("s", figure_options(changed), Counting()) != summary_text("s", figure_options({}), Counting())


def test_each_text_depends_on_what_is_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, late = figure_options({}), Filter("late", t_start=5.0)

    def texts(simulation: str = "a", **chosen: Any) -> list[str]:
        given = chosen.get("filter", late)
        spikes = spikes_text(simulation, given)
        counting = Counting(chosen.get("properties"))
        summary = summary_text(spikes, plain, counting)
        figures = [figure_text(summary, name, plain) for name in FIGURES]
        page = page_text(simulation, [given], plain, counting)
        return [table_text(simulation, "cortex"), spikes, summary, *figures, page]

    def differing(other: list[str]) -> list[bool]:
        return [one != two for one, two in zip(texts(), other, strict=True)]

    n_figures = len(FIGURES)
    assert differing(texts()) == [False] * (n_figures + 4)
    assert differing(texts("b")) == [True] * (n_figures + 4)
    assert differing(texts(filter=Filter("late", {"layer": "4"}, 5.0))) == [False] + [True] * (n_figures + 3)
    assert differing(texts(properties=())) == [False, False] + [True] * (n_figures + 2)
    others = texts()
    monkeypatch.setattr(made_from_module, "__version__", "999.0")
    assert differing(others) == [True] * (n_figures + 4)


def test_classes_and_statistics_make_other_summaries_and_the_same_spikes() -> None:
    plain, others = figure_options({}), [{"classes": ["layer"]}, {"statistics": {"count_bin_ms": 5}}]
    before = summary_text("s", plain, Counting())
    assert all(summary_text("s", plain, counting_options(other)) != before for other in others)
    assert spikes_text("a", Filter("f", classes=("layer",))) == spikes_text("a", Filter("f"))


def test_population_of_a_table_counts() -> None:
    assert table_text("a", "cortex") != table_text("a", "thalamus")


@pytest.mark.parametrize(
    ("changed", "drawn"),
    [
        ({"rates": {"log": True}}, {"rates"}),
        ({"animation": {"fps": 10}}, {"animation"}),
        ({"files": {"dpi": 300}}, set(FIGURES) - {"animation"}),
        ({"files": {"formats": ["pdf"]}}, set(FIGURES) - {"animation"}),
    ],
    ids=["log", "fps", "dpi", "formats"],
)
def test_looks_make_those_figures_that_show_them(changed: dict[str, Any], drawn: set[str]) -> None:
    texts = [{name: figure_text("s", name, figure_options(given)) for name in FIGURES} for given in ({}, changed)]
    assert {name for name in FIGURES if texts[0][name] != texts[1][name]} == drawn


def test_style_file_counts(tmp_path: Path) -> None:
    style = tmp_path / "lab.mplstyle"
    figures = figure_options({"files": {"style": str(style)}})
    style.write_text("font.size: 8\n")
    before = figure_text("s", "rate", figures)
    style.write_text("font.size: 12\n")
    assert figure_text("s", "rate", figures) != before


def test_page_knows_the_order_of_filters_and_every_option() -> None:
    one, two = Filter("one"), Filter("two")
    before = page_text("a", [one, two], figure_options({}), Counting())
    assert page_text("a", [two, one], figure_options({}), Counting()) != before
    assert page_text("a", [one], figure_options({}), Counting()) != before
    for changed in (*LOOKS, *COUNTED):
        assert page_text("a", [one, two], figure_options(changed), Counting()) != before


def test_page_of_a_campaign_knows_what_it_shows(tmp_path: Path) -> None:
    record, results = tmp_path / "campaign.json", tmp_path / "results"
    record.write_text("{}")
    texts = [campaign_page_text(record, results, ["weak"])]
    overview = SimulationResults(results / "weak").overview
    overview.parent.mkdir(parents=True)
    for act in (
        lambda: overview.write_text("{}"),
        lambda: overview.write_text("{ }"),
        lambda: record.write_text("{ }"),
        lambda: (results / "gone").mkdir() or SimulationResults(results / "gone").page.write_text(""),
    ):
        act()
        texts.append(campaign_page_text(record, results, ["weak"]))
    assert len(set(texts)) == 5
    os.utime(overview, (1.0, 1.0))
    assert campaign_page_text(record, results, ["weak"]) == texts[-1]
