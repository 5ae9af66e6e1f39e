"""The simulations of the benchmarks are what they claim to be, and a comparison runs; nothing here is timed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pandas as pd
import pytest
from bluepysnap import Simulation

import spikelib
from benchmarks import careful
from benchmarks.generate import Recipe, generate
from benchmarks.place import Place
from benchmarks.sizes import format_count, parse_count
from benchmarks.table import insert
from tests import PROJECT
from tests.missing import BROWSER, skip_without

if TYPE_CHECKING:
    from pathlib import Path

RECIPE = Recipe(spikes=10_000, nodes=1_000)
SORTINGS = ("by_time", "by_id", "none")


@pytest.fixture(scope="module", params=SORTINGS)
def simulation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp(request.param)
    generate(replace(RECIPE, sorting=request.param), folder)
    return request.param, folder


def test_spike_file_holds_what_was_asked_for(simulation: tuple[str, Path]) -> None:
    sorting, folder = simulation
    with h5py.File(folder / "output/spikes.h5") as file:
        assert {name: len(group["timestamps"]) for name, group in file["spikes"].items()} == {
            "cortex": 9_000,
            "thalamus": 1_000,
        }
        for name, group in file["spikes"].items():
            times, ids = group["timestamps"], group["node_ids"]
            names = {code: text for text, code in h5py.check_enum_dtype(group.attrs.get_id("sorting").dtype).items()}
            assert names[group.attrs["sorting"]] == sorting
            assert (times.dtype, ids.dtype, times.chunks, ids.chunks) == (np.float64, np.uint64, None, None)
            assert times.attrs["units"] == "ms"
            assert ids[:].max() < {"cortex": 900, "thalamus": 100}[name]
            assert np.array_equal(np.round(times[:] * 40) / 40, times[:])
            assert times[:].min() >= 0
            assert times[:].max() < 1000
            assert _order(times[:], ids[:].astype(np.int64)) == sorting


def _order(times: np.ndarray, ids: np.ndarray) -> str:
    if (np.diff(times) >= 0).all():
        return "by_time"
    later = (np.diff(ids) > 0) | ((np.diff(ids) == 0) & (np.diff(times) >= 0))
    return "by_id" if later.all() else "none"


@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")  # bluepysnap on pandas 3.1
def test_bluepysnap_reads_spikes_and_nodes(simulation: tuple[str, Path]) -> None:
    sorting, folder = simulation
    opened = Simulation(str(folder / "simulation_config.json"))
    assert opened.spikes["cortex"]._sorted_by == sorting
    assert (opened.time_stop, opened.dt) == (1000, 0.025)
    report = opened.spikes.filter().report
    assert report["population"].value_counts().to_dict() == {"cortex": 9_000, "thalamus": 1_000}
    assert len(report.index.unique()) < len(report)
    nodes = opened.circuit.nodes["cortex"].get(properties=["x", "y", "z", "layer", "mtype", "synapse_class"])
    assert nodes.dtypes.astype(str).tolist() == [*["float32"] * 3, *["category"] * 3]
    assert nodes["mtype"].nunique() == 20
    assert set(nodes["synapse_class"]) == {"EXC", "INH"}
    assert len(opened.circuit.nodes["thalamus"].ids("Excitatory")) > 0


def test_rates_are_10_hz_on_average_and_far_apart(simulation: tuple[str, Path]) -> None:
    with h5py.File(simulation[1] / "output/spikes.h5") as file:
        counts = np.bincount(file["spikes/cortex/node_ids"][:].astype(np.int64), minlength=900)
    assert counts.mean() == 10
    assert counts.std() > 2 * np.sqrt(10)  # of equal rates it would be the square root of 10


@pytest.mark.parametrize("sorting", SORTINGS)
def test_slabs_are_seamless(sorting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.generate.PIECE", 700)
    generate(replace(RECIPE, sorting=sorting), tmp_path)
    with h5py.File(tmp_path / "output/spikes.h5") as file:
        group = file["spikes/cortex"]
        times, ids = group["timestamps"][:], group["node_ids"][:].astype(np.int64)
    assert _order(times, ids) == sorting
    per_tenth, _ = np.histogram(times, bins=10, range=(0, 1000))
    assert per_tenth.min() > 700


def test_folder_is_kept_while_it_holds_the_same(tmp_path: Path) -> None:
    assert generate(RECIPE, tmp_path)
    spikes = tmp_path / "output/spikes.h5"
    first = spikes.read_bytes()
    assert not generate(RECIPE, tmp_path)
    assert generate(replace(RECIPE, seed=1), tmp_path)
    assert spikes.read_bytes() != first
    assert generate(RECIPE, tmp_path)
    assert spikes.read_bytes() == first


def test_careful_dataframe_is_that_of_spikelib(simulation: tuple[str, Path], tmp_path: Path) -> None:
    place = Place(simulation[1], tmp_path)
    ours = spikelib.Simulation(place.config).spikes.filter().report
    theirs = careful.report_dataframe(place)()
    pd.testing.assert_frame_equal(theirs, ours, check_categorical=False)


@pytest.mark.slow
def test_comparison_writes_table_json_and_plot(tmp_path: Path) -> None:
    out = tmp_path / "results"
    options = ["--only", "report_dataframe", "--spikes", "10k", "--repeat", "1", "--curve", "10k", "--out", str(out)]
    command = [sys.executable, "-m", "benchmarks", "compare", *options, "--data", str(tmp_path / "data")]
    printed = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True).stdout
    content = json.loads((out / "comparison.json").read_text())
    (row,) = content["rows"]
    assert [goal["goal"] for goal in row["goals"]] == ["40x faster", "0.33 of the peak memory"]
    assert row["ours"]["result"] == row["theirs"]["result"]
    assert row["ours"]["result"]["spikes"] == row["ours"]["n_spikes"] == 10_000
    done = [(record["work"], record["side"]) for record in content["records"]]
    sides = [("report_dataframe", side) for side in ("spikelib", "bluepysnap")]
    assert done == [*sides, *sides, ("report_dataframe", "careful"), ("chain", "spikelib")]
    assert [job["name"] for job in content["records"][-1]["jobs"]] == [
        *("extract cortex", "extract thalamus", "filter", "summarise", "figure"),
    ]
    assert "| `filter().report` | 10k |" in (out / "comparison.md").read_text()
    assert "| `filter().report` | 10k |" in printed
    assert (out / "scaling.svg").read_text().startswith("<?xml")


@pytest.mark.slow
def test_campaign_is_made_once_built_and_used(tmp_path: Path) -> None:
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        skip_without(BROWSER)
    command = [sys.executable, "-m", "benchmarks", "campaign", "--simulations", "9", "--data", str(tmp_path)]
    printed = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True).stdout
    measured = json.loads(printed)
    assert measured["page_bytes"] == (tmp_path / "results/index.html").stat().st_size
    assert list(measured["in_browser"]) == ["open", "sort", "find", "compare"]
    made = sorted(path.parent.name for path in (tmp_path / "results").glob("*/overview.json"))
    assert made == [f"run_{number:04d}" for number in (1, 2, 4, 5, 7, 8)]  # the others failed
    page = (tmp_path / "results/index.html").read_text()
    assert page.count("runs/run_0003/output/spikes.h5: the HDF5 file is truncated") >= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["generate", "--spikes", "ten", "--out", "x"], "'ten' is not a number such as"),
        (["generate", "--spikes", "0", "--out", "x"], "'0' is not a number such as"),
        (["run", "nonsense", "x"], "invalid choice: 'nonsense'"),
        (["compare", "--only", "nonsense"], "invalid choice: 'nonsense'"),
    ],
    ids=["no-number", "zero", "unknown-work", "unknown-task"],
)
def test_wrong_arguments_are_named(arguments: list[str], message: str) -> None:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    done = subprocess.run(command, cwd=PROJECT, check=False, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.parametrize(("text", "count"), [("800", 800), ("10k", 10_000), ("30M", 30_000_000), ("1G", 10**9)])
def test_counts_are_read_and_written(text: str, count: int) -> None:
    assert (parse_count(text), format_count(count)) == (count, text)


def test_table_replaces_the_old_one_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text((PROJECT / "docs/performance.md").read_text())
    insert("first\n", page)
    insert("second\n", page)
    text = page.read_text()
    assert text.count("second\n") == 1
    assert "first\n" not in text
    assert text.startswith("# Performance")
