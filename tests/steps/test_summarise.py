"""The summary of a filter and its statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from matplotlib.figure import Figure

from spikelib.errors import (
    PlotError,
)
from spikelib.figures import draw_raster
from spikelib.findings import Finding, Kind, read_findings
from spikelib.options.figures import figure_options
from spikelib.options.filters import Filter
from spikelib.page.captions import caption
from spikelib.steps.filter import filter_spikes
from spikelib.steps.summarise import summarise_filter
from spikelib.summary.store import load_summary
from tests.steps.builders import SPIKES, extract_all, summarised
from tests.writing import write_simulation, write_spikes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("run", "chosen", "window"),
    [
        ({}, Filter(), (0.0, 120.0)),
        ({"tstop": 500.0}, Filter(), (0.0, 500.0)),
        ({"tstart": 40.0}, Filter(), (1.0, 120.0)),
        ({}, Filter(t_start=10, t_stop=20), (10.0, 20.0)),
        ({}, Filter(t_stop=60), (0.0, 60.0)),
        ({}, Filter(t_start=200), (200.0, 200.0)),
        ({"tstart": 90.0}, Filter(t_stop=60), (1.0, 60.0)),
        ({"tstart": 90.0}, Filter(t_stop=0.5), (0.5, 0.5)),
    ],
    ids=["to the last spike", "to the run's end", "from the first spike", "given", "open start", "behind it all",
         "before the run", "before it all"],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:filter:spikelib.errors.SpikelibWarning")
def test_window(tmp_path: Path, run: dict[str, float], chosen: Filter, window: tuple[float, float]) -> None:
    source = write_simulation(tmp_path / "in", SPIKES, run=run)
    extract_all(source, tmp_path / "tables")
    found = summarised(source, tmp_path / "tables", tmp_path / "f", chosen, {"animation": False})
    assert (found["window"]["start"], found["window"]["stop"]) == window
    frame = pd.read_parquet(tmp_path / "f" / "spikes.parquet")
    assert found["overall"]["n_spikes"] == len(frame)
    assert load_summary(tmp_path / "f" / "summary.npz").rate_counts.sum() == len(frame)


def test_statistics_say_how_they_came_about(source: Path, tables: Path, tmp_path: Path) -> None:
    found = summarised(source, tables, tmp_path / "f", Filter("f", {"layer": 1}), {"isi": {"binsize": 2.0}})
    assert found["schema"] == 2
    assert found["filter"] == {"name": "f", "group": {"layer": 1}, "t_start": None, "t_stop": None}
    assert (found["raster"], found["animated"]) == ("exact", False)
    assert found["figures"]["isi"] == {"use_frequency": False, "binsize": 2.0}
    [note] = read_findings(found["notes"])
    assert note == Finding(Kind.WINDOW_WIDENED, "the window ends at 120 ms, after the run's end at 100 ms")
    assert (found["inputs"], found["silent"], found["unrecorded"]) == ([], [], [])
    assert {name: stats["n_nodes"] for name, stats in found["populations"].items()} == {"a": 2, "b": 0}


def test_picture_caption_and_statistics_count_the_same_spikes(source: Path, tables: Path, tmp_path: Path) -> None:
    # The population b has no layers, so its spikes have no place.
    found = summarised(source, tables, tmp_path / "f", Filter(), {"raster": {"y_axis": "layer"}})
    assert found["raster_left_out"] == len(SPIKES["b"][0])
    assert found["animation_left_out"] is None
    axes = draw_raster(load_summary(tmp_path / "f" / "summary.npz"), Figure().add_subplot())
    assert axes.get_title() == "every spike: 4 spikes; 2 spikes of nodes without layer left out"
    words = caption("raster", found)
    assert words.startswith("Each mark is one of 4 spikes")
    assert words.endswith("2 spikes of nodes without layer left out.")
    plain = summarised(source, tables, tmp_path / "g", Filter())
    assert plain["raster_left_out"] == 0


def test_unknown_sizes_are_told(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "spikes.h5", SPIKES)
    extract_all(path, tmp_path / "tables")
    found = summarised(path, tmp_path / "tables", tmp_path / "f", Filter())
    assert "the number of nodes is unknown for a, b" in found["notes"][0]["text"]
    assert found["overall"]["n_nodes"] == found["overall"]["n_active"] == 5
    assert found["overall"]["active_fraction"] is None


def test_nodes_have_a_row_each(source: Path, tables: Path, tmp_path: Path) -> None:
    summarised(source, tables, tmp_path / "f", Filter("f", None, 0, 100))
    nodes = pd.read_parquet(tmp_path / "f" / "nodes.parquet")
    assert nodes["population"].astype(str).tolist() == ["a"] * 4 + ["b"] * 4
    assert nodes["ids"].tolist() == [0, 1, 2, 3] * 2
    assert nodes["n_spikes"].tolist() == [1, 1, 1, 0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        ({"raster": {"y_axis": "laier"}}, r"simulation_config\.json: filter 'all': no population has .* 'laier'"),
        ({"rate": {"time_binsize": 1e-7}}, r"filter 'all': time_binsize=1e-07 ms gives over a million bins"),
        ({"animation": {"dt": 1e-9}}, r"filter 'all': dt=1e-09 ms gives over .* frames"),
        ({"isi": {"binsize": 1e-12}}, r"filter 'all': binsize=1e-12 is too narrow"),
        ({"isi": {"binsize": 1e-12, "use_frequency": True}}, r"filter 'all': binsize=1e-12 is too narrow"),
    ],
    ids=["property", "rate", "animation", "interval", "frequency"],
)
def test_figures_that_cannot_be_leave_nothing(
    source: Path, tables: Path, tmp_path: Path, figures: Any, says: str
) -> None:
    filter_spikes(source, tables, tmp_path / "f", Filter())
    with pytest.raises(PlotError, match=says):
        summarise_filter(source, tmp_path / "f", figure_options(figures))
    assert [path.name for path in (tmp_path / "f").iterdir()] == ["spikes.parquet"]


def test_animation_needs_positions(tmp_path: Path) -> None:
    nodes = {"a": {"x": [0.0, 1.0, 2.0], "y": [0.0, 1.0, 2.0], "z": [1.0] * 3}, "b": 4}
    source = write_simulation(tmp_path / "in", SPIKES, nodes)
    extract_all(source, tmp_path / "tables")
    assert summarised(source, tmp_path / "tables", tmp_path / "f", Filter())["animated"] is True
    assert not summarised(source, tmp_path / "tables", tmp_path / "f", Filter(), {"animation": False})["animated"]
