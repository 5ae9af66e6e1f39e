"""Real runs of the workflow: what they make, what they make again, and what survives a kill."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import spikelib

if TYPE_CHECKING:
    from tests.workflow.conftest import Workflow

FILTERS = ("all", "late")
DRAWN = ("raster", "rate", "isi", "rates")
PER_FILTER = [
    *(f"figures/{name}.{suffix}" for name in DRAWN for suffix in ("png", "svg")),
    "figures/animation.mp4",
    "figures/poster.png",
    "nodes.parquet",
    "spectrum.parquet",
    "spikes.parquet",
    "statistics.json",
    "summary.npz",
]
RESULTS = sorted(
    [
        "index.html",
        "small/description.json",
        "small/overview.json",
        "small/report.html",
        "small/spikes/cells.parquet/part-00000.parquet",
        *(f"small/filters/{name}/{file}" for name in FILTERS for file in PER_FILTER),
    ]
)
ONE_FILTER = ["draw_animation", "draw_figures", "filter_spikes"]


def test_run_makes_all_results_once_and_nothing_else(finished: Workflow) -> None:
    # One test, for a run takes many seconds and each process of pytest would have to make one.
    assert finished.results() == RESULTS
    logs = finished.folder / "logs"
    jobs = {path.relative_to(logs / "benchmarks").with_suffix("") for path in logs.rglob("*.tsv")}
    assert {path.relative_to(logs).with_suffix("") for path in logs.rglob("*.log")} == jobs
    assert Path("draw_figures/small/late") in jobs
    page = (finished.folder / "results/small/report.html").read_text()
    assert all(name in page for name in FILTERS)
    assert "small" in (finished.folder / "results/index.html").read_text()
    before = {path: (finished.folder / "results" / path).stat().st_mtime_ns for path in finished.results()}
    assert "Nothing to be done" in finished.run()
    assert {path: (finished.folder / "results" / path).stat().st_mtime_ns for path in finished.results()} == before


@pytest.mark.slow
def test_changed_filter_is_made_again_and_nothing_else(finished: Workflow) -> None:
    filters = {"all": {}, "late": {"group": {"layer": "L4"}, "t_start": 60}}
    finished.configure(simulations={"small": "runs/small/simulation_config.json"}, filters=filters, figures={})
    jobs = [
        *(f"{rule} simulation=small, filter=late" for rule in ONE_FILTER),
        "assemble_page simulation=small",
    ]
    assert finished.plan() == sorted([*jobs, "assemble_campaign_page", "default"])
    untouched = finished.folder / "results/small/filters/all/statistics.json"
    before = untouched.stat().st_mtime_ns
    finished.run()
    assert untouched.stat().st_mtime_ns == before
    assert "Nothing to be done" in finished.run()


@pytest.mark.slow
def test_new_filter_is_made_and_nothing_else(finished: Workflow) -> None:
    filters = {"all": {}, "late": {"group": {"layer": "L4"}, "t_start": 50}, "early": {"t_stop": 50}}
    finished.configure(simulations={"small": "runs/small/simulation_config.json"}, filters=filters, figures={})
    rules = {job.split()[0] for job in finished.plan() if "filter=" in job}
    assert rules == set(ONE_FILTER)
    assert not [job for job in finished.plan() if "filter=all" in job or "filter=late" in job]


@pytest.mark.slow
def test_changed_spike_file_is_read_again(finished: Workflow) -> None:
    finished.add_simulation("small", seed=1)
    assert "extract_population simulation=small, population=cells" in finished.plan()


@pytest.mark.slow
def test_upgrade_of_spikelib_makes_everything_again(finished: Workflow, tmp_path: Path) -> None:
    package = Path(shutil.copytree(Path(spikelib.__file__).parent, tmp_path / "upgrade/spikelib"))
    code = (package / "version.py").read_text()
    assert f'"{spikelib.__version__}"' in code
    (package / "version.py").write_text(code.replace(f'"{spikelib.__version__}"', '"999.0"'))
    jobs = finished.plan(env={**os.environ, "PYTHONPATH": str(tmp_path / "upgrade")})
    assert {job.split()[0] for job in jobs} == {
        "extract_population",
        *ONE_FILTER,
        "assemble_page",
        "assemble_campaign_page",
        "default",
    }


@pytest.mark.parametrize(
    ("target", "rules"),
    [
        pytest.param(
            "results/small/report.html",
            {"assemble_page", "draw_figures", "extract_population"},
            marks=pytest.mark.slow,
        ),
        (
            "results/small/filters/late/statistics.json",
            {"filter_spikes", "extract_population"},
        ),
        pytest.param("tables", {"tables", "extract_population"}, marks=pytest.mark.slow),
        pytest.param("statistics", {"statistics", "filter_spikes", "extract_population"}, marks=pytest.mark.slow),
        pytest.param("figures", {"figures", "draw_figures", "filter_spikes"}, marks=pytest.mark.slow),
    ],
    ids=["simulation", "filter", "tables", "statistics", "figures"],
)
def test_targets(workflow: Workflow, target: str, rules: set[str]) -> None:
    jobs = workflow.plan(target)
    assert rules <= {job.split()[0] for job in jobs}
    assert "assemble_campaign_page" not in jobs
    if "/late/" in target:
        assert not [job for job in jobs if "filter=all" in job]


@pytest.mark.slow
def test_killed_run_goes_on_with_the_same_command(workflow: Workflow) -> None:
    command, log = workflow.command(), workflow.folder / "logs/filter_spikes"
    with subprocess.Popen(command, cwd=workflow.folder, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        while not log.is_dir() and process.poll() is None:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert "small/report.html" not in workflow.results()
    workflow.run()
    assert "Nothing to be done" in workflow.run()
    assert "small/report.html" in workflow.results()
    assert not [path for path in workflow.results() if path.endswith((".tmp", ".part"))]


@pytest.mark.slow
def test_slabs_give_what_one_job_gives(workflow: Workflow, finished_folder: Path) -> None:
    # With their times, so that results state the same of what they were made from.
    shutil.copytree(finished_folder / "runs", workflow.folder / "runs", dirs_exist_ok=True)
    source = "runs/small/simulation_config.json"
    workflow.configure(simulations={"small": source}, figures={}, max_spikes_per_job=150)
    jobs = workflow.plan()
    assert len([job for job in jobs if job.startswith("extract_slab")]) == 3
    assert len([job for job in jobs if job.startswith("filter_slab")]) == 6
    assert not [job for job in jobs if job.startswith(("extract_population", "filter_spikes"))]
    workflow.run()
    assert "Nothing to be done" in workflow.run()
    for name in ("all", "late"):
        whole, slabs = (run / "results/small/filters" / name for run in (finished_folder, workflow.folder))
        assert (slabs / "statistics.json").read_text() == (whole / "statistics.json").read_text()
        for picture in ("raster.png", "isi.svg", "animation.mp4"):
            assert (slabs / "figures" / picture).read_bytes() == (whole / "figures" / picture).read_bytes()
        pd.testing.assert_frame_equal(
            pd.read_parquet(slabs / "spikes.parquet"), pd.read_parquet(whole / "spikes.parquet")
        )
    assert "small/report.html" in workflow.results()


@pytest.mark.slow
def test_one_job_becomes_slabs_and_slabs_one_job_again(finished: Workflow) -> None:
    config = {"simulations": {"small": "runs/small/simulation_config.json"}}
    finished.configure(**config, max_spikes_per_job=150)
    finished.run()
    assert (finished.folder / "results/small/filters/all/spikes.parquet").is_dir()
    assert "small/spikes/cells.parquet/part-00001.parquet" in finished.results()
    finished.configure(**config, jobs="per_simulation")
    finished.run()
    assert "small/spikes/cells.parquet/part-00001.parquet" not in finished.results()
    assert (finished.folder / "results/small/filters/all/spikes.parquet").is_file()
