"""A circuit whose node_id are not 0 to N - 1 gives the same results as one whose are, under its own ids."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from spikelib import Simulation
from spikelib.options.filters import Filter
from tests.steps.builders import extract_all, summarised
from tests.writing import number_nodes, write_simulation

if TYPE_CHECKING:
    from pathlib import Path

N = 30
RNG = np.random.default_rng(3)
LAYER = RNG.choice(["L4", "L5", "L6"], N).tolist()
COLUMNS = {"layer": LAYER, "x": RNG.random(N).tolist(), "y": RNG.random(N).tolist()}
TIMES, ROWS = np.sort(RNG.integers(0, 1000, 400) / 10), RNG.integers(0, N - 4, 400)
LABELS = {
    "offset": np.arange(10, 10 + N),
    "gaps": np.sort(RNG.choice(1000, N, replace=False)) + 7,
    "huge": np.arange(N) * 2**30 + 2**31,
    "any order": RNG.permutation(np.arange(N) * 3 + 1),
}
SETS = {"deep": {"layer": ["L5", "L6"]}, "few": {"node_id": [0, 1, 2, 11, 12]}}


def write(folder: Path, ids: np.ndarray[Any, Any], labels: np.ndarray[Any, Any] | None = None) -> Path:
    """Write a simulation whose spikes have `ids`, and whose nodes file lists `labels`."""
    order = np.lexsort((ids, TIMES))
    spikes = {"a": (TIMES[order], ids[order]), "b": ([3.0, 50.0], [1, 0])}
    content = {"node_set": "most"}
    sets = {**SETS, "most": {"layer": ["L4", "L5"]}}
    path = write_simulation(folder, spikes, {"a": COLUMNS, "b": 2}, node_sets=sets, content=content)
    if labels is not None:
        number_nodes(folder / "a_nodes.h5", "a", labels)
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("plain"), ROWS)


def renamed(frame: pd.DataFrame, labels: np.ndarray[Any, Any] | None) -> pd.DataFrame:
    """Give the nodes of population a their labels, if there are any, and sort the frame."""
    own = frame["population"] == "a"
    ids = frame["ids"].to_numpy().copy()
    ids[own] = ids[own] if labels is None else labels[ids[own]]
    keys = ["times", "ids", "population"] if "times" in frame else ["population", "ids"]
    return frame.assign(ids=ids, population=frame["population"].astype(str)).sort_values(keys).reset_index(drop=True)


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("group", [None, "deep", {"layer": "L4"}, {"x": (0.2, 0.7)}], ids=str)
def test_spikes_of_a_group_are_those_of_the_same_nodes(plain: Path, tmp_path: Path, kind: str, group: Any) -> None:
    labels = LABELS[kind]
    report, named = Simulation(plain).spikes, Simulation(write(tmp_path, labels[ROWS], labels)).spikes
    wanted = renamed(report.filter(group, 5.0, 80.0).report.reset_index(), labels)
    found = renamed(named.filter(group, 5.0, 80.0).report.reset_index(), None)
    pd.testing.assert_frame_equal(found, wanted)
    assert sorted(named["a"].resolve_nodes(group)) == sorted(labels[report["a"].resolve_nodes(group)])


def test_ids_in_groups_are_labels(tmp_path: Path) -> None:
    labels = LABELS["offset"]
    simulation = Simulation(write(tmp_path, labels[ROWS], labels))
    cortex, spikes = simulation.circuit.nodes["a"], simulation.spikes["a"]
    assert spikes.resolve_nodes([12, 10]).tolist() == [12, 10]
    assert spikes.resolve_nodes("few").tolist() == [11, 12]
    assert cortex.ids({"node_id": [3, 39, 10]}).tolist() == [10, 39]
    assert cortex.get([11, 10], "layer").tolist() == [LAYER[1], LAYER[0]]
    assert cortex.get(10, "layer") == LAYER[0]
    assert cortex.get().index.tolist() == labels.tolist()
    mask = np.arange(N) == 4
    assert cortex.ids(mask).tolist() == [14]
    with pytest.raises(ValueError, match="All node IDs must be one of the 30 from 10 to 39 that its node_id lists"):
        cortex.ids(5)
    assert spikes.get(12).tolist() == [12] * int((ROWS == 2).sum())
    assert simulation.spikes.filter(12).report["ids"].unique().tolist() == [12]


def rounded(values: Any) -> Any:
    """Round numbers: a mean over nodes in another order may differ in its last bits."""
    return json.loads(json.dumps(values), parse_float=lambda text: round(float(text), 9))


@pytest.mark.parametrize("kind", LABELS)
def test_steps_make_the_same_numbers(plain: Path, tmp_path: Path, kind: str) -> None:
    labels = LABELS[kind]
    named = write(tmp_path / "named", labels[ROWS], labels)
    found = []
    for source, folder in ((plain, tmp_path / "p"), (named, tmp_path / "n")):
        extract_all(source, folder / "tables")
        figures = {"raster": {"y_axis": "layer"}, "animation": {"x_axis": "x", "y_axis": "y"}}
        numbers = summarised(source, folder / "tables", folder / "f", Filter("deep", {"layer": ["L4", "L6"]}), figures)
        tables = [pd.read_parquet(folder / "f" / name) for name in ("nodes.parquet", "spikes.parquet")]
        found.append((numbers, *tables))
    wanted, got = found
    for key in ("overall", "populations", "by_property"):
        assert rounded(got[0][key]) == rounded(wanted[0][key])
    assert len(wanted[2]) > 100
    for k in (1, 2):
        pd.testing.assert_frame_equal(renamed(got[k], None), renamed(wanted[k], labels))


def test_rows_where_the_spikes_say_so(plain: Path, tmp_path: Path) -> None:
    simulation = Simulation(write(tmp_path, ROWS, LABELS["gaps"]))
    pd.testing.assert_frame_equal(
        simulation.spikes.filter({"layer": "L5"}).report, Simulation(plain).spikes.filter({"layer": "L5"}).report
    )
    assert "all spikes fit the rows" in str(simulation.circuit.nodes["a"].note)


def test_an_input_is_read_by_its_own_spikes(tmp_path: Path) -> None:
    labels = LABELS["offset"]
    path = write(tmp_path / "run", labels[ROWS], labels)
    other = write(tmp_path / "other", ROWS)
    content = json.loads(path.read_text())
    played = {"input_type": "spikes", "module": "synapse_replay"}
    content["inputs"] = {"replay": {**played, "spike_file": str(other.parent / "output/spikes.h5")}}
    path.write_text(json.dumps(content))
    simulation = Simulation(path)
    own = simulation.spikes["a"].get({"layer": "L5"}).to_numpy() - 10
    played_in = simulation.inputs["replay"].reader["a"].get({"layer": "L5"}).to_numpy()
    assert len(own) > 0
    np.testing.assert_array_equal(np.sort(own), np.sort(played_in))
