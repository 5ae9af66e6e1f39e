"""Which results are made again: those that state something else than what they would be made from now."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from spikelib.circuit.simulated import SimulatedCircuit
from spikelib.demo import write_demo
from spikelib.options.config import read_config
from spikelib.provenance.made_from import simulation_text
from spikelib.provenance.outdated import Wanted, outdated, outdated_campaign_page
from spikelib.results import SimulationResults
from spikelib.steps.report import report_simulation

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIG: dict[str, Any] = {
    "filters": {"all": {}, "late": {"t_start": 500}},
    "figures": {"others": False, "raster": {}, "rates": {}, "animation": {"dt": 50.0}},
    "properties": ["layer"],
}
PER_FILTER = ("spikes.parquet", "statistics.json", "summary.npz", "figures/raster.png", "figures/rates.png")
PER_FILTER += ("figures/poster.png",)
TABLES = [f"spikes/{name}.parquet/part-00000.parquet" for name in ("cortex", "thalamus")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outdated")
    source = write_demo(folder / "demo")
    report_simulation(source, folder / "results/report.html", CONFIG, keep=folder / "results")
    return folder


@pytest.fixture
def files(made: Path, tmp_path: Path) -> SimulationResults:
    return SimulationResults(Path(shutil.copytree(made / "results", tmp_path / "results")))


def wanted(made: Path, **changes: Any) -> Wanted:
    filters, figures, counting = read_config({**CONFIG, **changes})
    text = simulation_text(SimulatedCircuit(made / "demo/simulation_config.json"))
    populations = {"cortex": "cortex", "thalamus": "thalamus"}
    return Wanted(text, populations, 1, filters, figures, counting)


def found(files: SimulationResults, asked: Wanted) -> list[str]:
    return sorted(path.relative_to(files.folder).as_posix() for path in outdated(files, asked))


def of_filter(name: str, *parts: str) -> list[str]:
    return [f"filters/{name}/{part}" for part in (parts or PER_FILTER)]


def test_nothing_is_outdated_after_a_run(made: Path, files: SimulationResults) -> None:
    assert found(files, wanted(made)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"filters": {"all": {}, "late": {"t_start": 600}}}, of_filter("late")),
        ({"filters": {"late": {"t_start": 500}, "all": {}}}, []),
        ({"filters": {"all": {}}}, []),
        ({"properties": None}, [path for name in ("all", "late") for path in of_filter(name, *PER_FILTER[1:])]),
        (
            {"figures": {**CONFIG["figures"], "rates": {"log": True}}},
            [path for name in ("all", "late") for path in of_filter(name, "figures/rates.png")],
        ),
        (
            {"figures": {**CONFIG["figures"], "animation": {"dt": 50.0, "fps": 5}}},
            [path for name in ("all", "late") for path in of_filter(name, "figures/poster.png")],
        ),
        (
            {"figures": {**CONFIG["figures"], "files": {"formats": ["pdf"]}}},
            [
                path
                for name in ("all", "late")
                for path in of_filter(name, *(f"figures/{k}.{s}" for k in ("raster", "rates") for s in ("pdf", "png")))
            ],
        ),
    ],
    ids=["filter", "order", "one-less", "properties", "log", "fps", "formats"],
)
def test_changes_of_the_config(
    made: Path, files: SimulationResults, changes: dict[str, Any], expected: list[str]
) -> None:
    assert found(files, wanted(made, **changes)) == sorted([*expected, "report.html"])


def test_changes_of_the_simulation_concern_everything(made: Path, files: SimulationResults) -> None:
    everything = [*TABLES, *of_filter("all"), *of_filter("late"), "report.html"]
    assert found(files, replace(wanted(made), simulation="another")) == sorted(everything)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_cut, _empty], ids=["cut", "empty"])
def test_what_cannot_be_read_is_outdated(made: Path, files: SimulationResults, damage: Callable[[Path], None]) -> None:
    for name in [*TABLES, *of_filter("late"), "report.html"]:
        path = files.folder / name
        content = path.read_bytes()
        damage(path)
        assert found(files, wanted(made)) == [name]
        path.write_bytes(content)


def test_what_is_missing_beside_others_is_outdated(made: Path, files: SimulationResults) -> None:
    others = ["nodes.parquet", "figures/raster.svg", "figures/animation.mp4"]
    for name in [*of_filter("late", *PER_FILTER, *others), "report.html", "overview.json", "description.json"]:
        path = files.folder / name
        content = path.read_bytes()
        path.unlink()
        assert found(files, wanted(made)) == [name]
        path.write_bytes(content)


def test_what_was_never_made_is_not_outdated(made: Path, files: SimulationResults) -> None:
    shutil.rmtree(files.filter("late").folder)
    (files.folder / TABLES[0]).unlink()
    assert found(files, wanted(made)) == []


def test_results_of_another_name_are_outdated(made: Path, files: SimulationResults) -> None:
    shutil.copytree(files.filter("late").folder, files.filter("early").folder)
    asked = wanted(made, filters={**CONFIG["filters"], "early": {"t_start": 500}})
    assert found(files, asked) == sorted([*of_filter("early"), "report.html"])


def test_results_of_an_older_spikelib_are_outdated(made: Path, files: SimulationResults) -> None:
    path = files.filter("all").statistics
    content = json.loads(path.read_text())
    del content["made_from"]
    path.write_text(json.dumps(content))
    assert found(files, wanted(made)) == of_filter("all", "statistics.json")


def test_page_of_a_campaign_is_outdated_if_it_shows_others(tmp_path: Path) -> None:
    from spikelib.page.campaign.write import write_index

    record, results = tmp_path / "campaign.json", tmp_path / "results"
    record.write_text('{"simulations": {"weak": {"state": "ready"}}}')
    results.mkdir()
    assert outdated_campaign_page(results, record, ["weak"]) == []
    write_index(results, results / "index.html", record)
    assert outdated_campaign_page(results, record, ["weak"]) == []
    (results / "weak").mkdir()
    SimulationResults(results / "weak").overview.write_text("{}")
    assert outdated_campaign_page(results, record, ["weak"]) == [results / "index.html"]
