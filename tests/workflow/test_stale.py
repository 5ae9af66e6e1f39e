"""Nothing stale, and nothing made again in vain: results are told by what they state that they were made from."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from tests.workflow.conftest import FILTERS, Workflow, write_simulation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGES = ["assemble_campaign_page", "assemble_page simulation=small", "default"]
ONE_FILTER = ["draw_animation", "draw_figures", "filter_spikes"]
LATE = [f"{rule} simulation=small, filter=late" for rule in ONE_FILTER]
BOTH = [f"{rule} simulation=small, filter={name}" for rule in ONE_FILTER for name in FILTERS]
EXTRACT = ["extract_population simulation=small, population=cells"]
STATISTICS = "results/small/filters/all/statistics.json"


def forget(finished: Workflow) -> None:
    """Lose Snakemake's records, as a copy of the results alone does."""
    shutil.rmtree(finished.folder / ".snakemake")


def configure(workflow: Workflow, **content: Any) -> None:
    source = "runs/small/simulation_config.json"
    workflow.configure(**{"simulations": {"small": source}, "figures": {}, **content})


def drawing(rule: str) -> list[str]:
    return [f"{rule} simulation=small, filter={name}" for name in FILTERS]


@pytest.mark.parametrize("records", ["kept", "lost"])
@pytest.mark.parametrize(
    ("content", "jobs"),
    [
        ({"filters": {"all": {}, "late": {"group": {"layer": "L5"}, "t_start": 50}}}, LATE),
        ({"figures": {"rate": {"time_binsize": 5}}}, BOTH),
        ({"figures": {"rates": {"log": True}, "isi": {"use_frequency": True}}}, drawing("draw_figures")),
        ({"figures": {"files": {"dpi": 99}}}, drawing("draw_figures")),
        ({"figures": {"animation": {"fps": 5}}}, drawing("draw_animation")),
        ({"filters": dict(reversed(FILTERS.items()))}, []),
    ],
    ids=["filter", "counted", "looks", "size", "fps", "order"],
)
@pytest.mark.slow
def test_changes_of_the_config(finished: Workflow, records: str, content: dict[str, Any], jobs: list[str]) -> None:
    if records == "lost":
        forget(finished)
    configure(finished, **content)
    assert finished.plan() == sorted([*jobs, *PAGES])
    finished.run()
    assert finished.plan() == []


def test_lost_records_make_nothing_again_but_what_is_of_another_filter(finished: Workflow) -> None:
    forget(finished)
    assert finished.plan() == []
    configure(finished, filters={"all": {}, "late": {"group": {"layer": "L5"}, "t_start": 50}})
    assert finished.plan() == sorted([*LATE, *PAGES])


def _older(folder: Path) -> None:
    write_simulation(folder, seed=1)
    for path in folder.iterdir():
        os.utime(path, (1.5e9, 1.5e9))


def _older_and_as_large(folder: Path) -> None:
    file = folder / "spikes.h5"
    before = file.stat().st_size
    write_simulation(folder, seed=1)
    assert file.stat().st_size == before
    os.utime(file, (1.5e9, 1.5e9))


def _newer(folder: Path) -> None:
    write_simulation(folder, seed=1)


@pytest.mark.parametrize("records", ["kept", "lost"])
@pytest.mark.parametrize("replace", [_older, _older_and_as_large, _newer], ids=["older", "one-file", "newer"])
@pytest.mark.slow
def test_replaced_simulation_is_read_again(finished: Workflow, replace: Callable[[Path], None], records: str) -> None:
    before = (finished.folder / "results/small/filters/all/statistics.json").read_text()
    if records == "lost":
        forget(finished)
    replace(finished.folder / "runs/small")
    assert finished.plan() == sorted([*EXTRACT, *BOTH, *PAGES])
    finished.run()
    assert (finished.folder / "results/small/filters/all/statistics.json").read_text() != before
    assert finished.plan() == []


@pytest.mark.slow
def test_results_that_were_copied_back_are_made_again(finished: Workflow, tmp_path: Path) -> None:
    # From a backup, with times older than those of anything else, or with the time of the copy.
    results = finished.folder / "results/small/filters"
    for copy in (shutil.copy2, shutil.copy):
        configure(finished)
        finished.run()
        backup = tmp_path / copy.__name__
        shutil.copytree(results / "late", backup)
        configure(finished, filters={"all": {}, "late": {"t_start": 60}})
        finished.run()
        shutil.rmtree(results / "late")
        shutil.copytree(backup, results / "late", copy_function=copy)
        assert set(LATE) <= set(finished.plan())


@pytest.mark.slow
def test_damaged_results_are_made_again(finished: Workflow) -> None:
    place = finished.folder / "results/small"
    for name, job in {
        "spikes/cells.parquet/part-00000.parquet": EXTRACT[0],
        "filters/late/spikes.parquet": LATE[-1],
        "filters/late/summary.npz": LATE[-1],
        "filters/late/statistics.json": LATE[-1],
        "filters/late/figures/isi.png": LATE[1],
        "filters/late/figures/poster.png": LATE[0],
        "report.html": PAGES[1],
    }.items():
        path = place / name
        content, status = path.read_bytes(), path.stat()
        path.write_bytes(content[:40])
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert job in finished.plan(), name
        path.write_bytes(content)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert finished.plan() == []


@pytest.mark.slow
def test_only_what_was_asked_for_is_made_again(finished: Workflow) -> None:
    forget(finished)
    configure(finished, filters={"all": {"t_stop": 90}, "late": {"t_start": 60}})
    (job,) = finished.plan("results/small/filters/late/statistics.json")
    assert job == LATE[-1]


@pytest.mark.slow
@pytest.mark.parametrize("content", [{"max_spikes_per_job": 150}, {"jobs": "per_simulation"}], ids=["slabs", "one-job"])
def test_other_ways_of_working_see_the_same(workflow: Workflow, content: dict[str, Any]) -> None:
    source = "runs/small/simulation_config.json"
    workflow.configure(simulations={"small": source}, **content)
    workflow.run()
    forget(workflow)
    assert workflow.plan() == []
    filters = {"all": {}, "late": {"group": {"layer": "L5"}, "t_start": 50}}
    workflow.configure(simulations={"small": source}, filters=filters, **content)
    rules = {job.split()[0] for job in workflow.plan()}
    expected = {"filter_slab", "merge_slabs", "draw_figures", "assemble_page"}
    assert rules - {"assemble_campaign_page", "default"} == ({"report_simulation"} if "jobs" in content else expected)
    assert not [job for job in workflow.plan() if "filter=all" in job]
    workflow.run()
    forget(workflow)
    _older(workflow.folder / "runs/small")
    assert {"survey_simulation", "extract_slab", "report_simulation"} & {job.split()[0] for job in workflow.plan()}
    workflow.run()
    assert workflow.plan() == []


def _replace_by_more(folder: Path, when: float | None = None) -> None:
    """Write a simulation with more spikes, dated earlier or now."""
    write_simulation(folder, seed=2)
    with h5py.File(folder / "spikes.h5", "a") as file:
        del file["spikes/cells"]
        spikes = file.create_group("spikes/cells")
        spikes["timestamps"] = np.sort(np.random.default_rng(3).uniform(0, 100, 440))
        spikes["timestamps"].attrs["units"] = "ms"
        spikes["node_ids"] = np.arange(440, dtype=np.uint64) % 40
    for path in folder.iterdir() if when is not None else ():
        os.utime(path, (when, when))


@pytest.mark.slow
@pytest.mark.parametrize("records", ["kept", "lost"])
@pytest.mark.parametrize("when", [1.5e9, None], ids=["older", "newer"])
def test_slabs_of_a_replaced_simulation_are_surveyed_anew(workflow: Workflow, when: float | None, records: str) -> None:
    # In a folder whose name no input can have, time stamps alone tell.
    source = "runs/a{4}/simulation_config.json"
    workflow.add_simulation("a{4}")
    workflow.configure(simulations={"small": source}, filters={"all": {}}, max_spikes_per_job=150)
    workflow.run()
    if records == "lost":
        forget(workflow)
    _replace_by_more(workflow.folder / "runs/a{4}", when)
    assert "survey_simulation simulation=small" in workflow.plan()
    workflow.run()
    assert json.loads((workflow.folder / STATISTICS).read_text())["overall"]["n_spikes"] == 440
    assert workflow.plan() == []


@pytest.mark.slow
def test_another_number_of_slabs_without_records_is_done_anew(workflow: Workflow) -> None:
    for limit in (150, 250, 150, 10**9):
        source = "runs/small/simulation_config.json"
        workflow.configure(simulations={"small": source}, filters={"all": {}}, max_spikes_per_job=limit)
        workflow.run()
        assert workflow.plan() == []
        forget(workflow)


@pytest.mark.slow
def test_file_of_the_circuit_that_appears_is_seen(workflow: Workflow) -> None:
    nodes = workflow.folder / "runs/small/nodes.h5"
    away = nodes.rename(nodes.with_suffix(".away"))
    workflow.configure(simulations={"small": "runs/small/simulation_config.json"}, filters={"all": {}})
    workflow.run()
    assert workflow.plan() == []
    away.rename(nodes)
    assert EXTRACT[0] in workflow.plan()
    workflow.run()
    assert json.loads((workflow.folder / STATISTICS).read_text())["overall"]["n_nodes"] == 40
    assert workflow.plan() == []


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["per_step", "per_simulation"])
def test_film_that_can_no_longer_be_made_is_not_shown(workflow: Workflow, jobs: str) -> None:
    def configure_axis(axis: str) -> None:
        film = {"y_axis": axis, "format": "gif", "dt": 20}
        source = "runs/small/simulation_config.json"
        workflow.configure(simulations={"small": source}, filters={"all": {}}, figures={"animation": film}, jobs=jobs)

    configure_axis("z")
    workflow.run()
    page = workflow.folder / "results/small/report.html"
    assert "data:image/gif" in page.read_text()
    with h5py.File(workflow.folder / "runs/small/nodes.h5", "a") as file:
        del file["nodes/cells/0/z"]
    workflow.run()
    assert "data:image/gif" not in page.read_text()
    assert workflow.plan() == []
