"""Statistics by node property: which properties, which groups of nodes, and their numbers against pandas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import bluepysnap
import h5py
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.cli.main import main
from spikelib.demo import write_demo
from spikelib.errors import GroupError, NodesError, SpikelibWarning
from spikelib.selection.property_groups import check_grouping, property_groups
from spikelib.simulation.simulation import open_report
from spikelib.summary.model import Nodes, PropertyGroups
from tests.writing import write_simulation, write_spikes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from spikelib.simulation.spike_report import SpikeReport

TEXTS = ["L10", "L2", "L2", "L1", ""]


def report_of(folder: Path, *populations: dict[str, Any]) -> SpikeReport:
    """Write a simulation of populations p0, p1 ... with these node properties, of which node 0 fires."""
    names = [f"p{k}" for k in range(len(populations))]
    spikes = {name: ([1.0], [0]) for name in names}
    return open_report(write_simulation(folder, spikes, dict(zip(names, populations, strict=True))))


def groups_of(
    report: SpikeReport, names: Sequence[str] | None = None, uncounted: Sequence[int] = ()
) -> list[PropertyGroups]:
    sizes = [report[name].facts.n_nodes or 0 for name in report]
    nodes = Nodes(
        tuple(report),
        np.cumsum([0, *sizes]),
        np.concatenate([np.arange(size) for size in sizes]),
        np.ones(sum(sizes), np.bool_),
    )
    return property_groups(
        report.simulation.described(report), nodes, ~np.isin(np.arange(sum(sizes)), uncounted), names
    )


def one(folder: Path, values: Any) -> PropertyGroups:
    (found,) = groups_of(report_of(folder, {"it": values}), ["it"])
    return found


# --- which properties ---


def test_well_known_properties_come_first_and_six_are_enough(tmp_path: Path) -> None:
    names = ["zone", "ei", "layer", "area", "mtype", "batch", "colour", "depth_class"]
    report = report_of(tmp_path, {name: ["p", "q"] for name in names})
    assert [group.name for group in groups_of(report)] == ["layer", "mtype", "ei", "area", "batch", "colour"]


@pytest.mark.parametrize(
    "name",
    ["x", "soma_y", "rotation_angle_zaxis", "orientation_w", "tuning_angle", "my_id", "gids", "morphology",
     "model_template", "morph_file", "node_index"],
)  # fmt: skip
def test_positions_angles_ids_and_files_are_never_chosen_but_may_be_asked_for(tmp_path: Path, name: str) -> None:
    report = report_of(tmp_path, {name: [1, 2, 1], "layer": [4, 5, 4]})
    assert [group.name for group in groups_of(report)] == ["layer"]
    assert [group.name for group in groups_of(report, [name])] == [name]


@pytest.mark.parametrize(
    ("values", "chosen"),
    [
        (["a"] * 40, False),
        (["a", "b"] * 20, True),
        ([f"v{k % 30}" for k in range(40)], True),
        ([f"v{k % 31}" for k in range(40)], False),
        (list(range(30)) * 2, True),
        (list(range(31)) * 2, False),
        ([1.0, 2.0, np.nan], True),
        ([1.0, 2.5], False),
        ([np.nan, np.nan], False),
        (np.array([True, False, True]), True),
    ],
    ids=["one", "two", "30 texts", "31 texts", "30 numbers", "31", "whole floats", "fractions", "missing", "flags"],
)
def test_two_to_thirty_texts_or_whole_numbers_are_chosen(tmp_path: Path, values: Any, chosen: bool) -> None:
    assert [group.name for group in groups_of(report_of(tmp_path, {"it": values}))] == ["it"] * chosen


def test_values_of_nodes_that_are_not_counted_do_not_matter(tmp_path: Path) -> None:
    report = report_of(tmp_path, {"layer": ["a", "a", "b"]})
    assert [group.labels for group in groups_of(report)] == [("a", "b")]
    assert groups_of(report, uncounted=[2]) == []
    (asked,) = groups_of(report, ["layer"], uncounted=[2])
    assert (asked.labels, asked.codes.tolist()) == (("a",), [0, 0, -1])
    assert groups_of(report, ["layer"], uncounted=[0, 1, 2]) == []


def test_property_that_cannot_be_read_stops_nothing_unless_it_is_asked_for(tmp_path: Path) -> None:
    report = report_of(tmp_path, {"layer": [4, 5, 4], "mtype": ["p", "q", "q"]})
    with h5py.File(tmp_path / "p0_nodes.h5", "r+") as file:
        group = file["nodes/p0/0"]
        del group["layer"]
        group["layer"] = [4, 5]
    with pytest.warns(SpikelibWarning, match=r"no statistics by 'layer', which cannot be read \(.*'layer' has 2 rows"):
        assert [group.name for group in groups_of(report)] == ["mtype"]
    with pytest.raises(NodesError, match="'layer' has 2 rows, fewer than its nodes need"):
        groups_of(report, ["layer"])


def test_each_population_tells_the_properties_that_it_has(tmp_path: Path) -> None:
    report = report_of(tmp_path, {"layer": [1, 2]}, {"ei": ["e", "i", "e"]})
    assert [(group.population, group.name, len(group.codes)) for group in groups_of(report)] == [
        (0, "layer", 2),
        (1, "ei", 3),
    ]
    assert [(group.population, group.name) for group in groups_of(report, ["ei"])] == [(1, "ei")]
    assert groups_of(report, []) == []


def test_property_that_no_population_has(tmp_path: Path) -> None:
    report = report_of(tmp_path, {"layer": [1, 2]}, {"ei": ["e", "i"]})
    check_grouping(report.simulation.described(report), ["layer", "ei"])
    with pytest.raises(GroupError, match=r"no population has the node property 'laier' .*; there are ei, layer$"):
        check_grouping(report.simulation.described(report), ["layer", "laier"])
    bare = open_report(write_spikes(tmp_path / "bare.h5", {"a": ([1.0], [0])}))
    assert bare.simulation.described(bare) == {}
    assert property_groups({}, Nodes(("a",), np.array([0, 1]), np.array([0]), np.ones(1, bool)), np.ones(1, bool)) == []
    with pytest.raises(GroupError, match=r"'layer' .*; there are none$"):
        check_grouping({}, ["layer"])


# --- groups ---


@pytest.mark.parametrize("key", ["it", "@library/it"])
def test_texts_are_in_natural_order(tmp_path: Path, key: str) -> None:
    report = report_of(tmp_path, {key: TEXTS})
    (found,) = groups_of(report, ["it"])
    assert (found.labels, found.codes.tolist(), found.note) == (("", "L1", "L2", "L10"), [3, 2, 2, 1, 0], "")


@pytest.mark.parametrize(
    ("values", "labels", "codes"),
    [
        ([10, 9, 10], ("9", "10"), [1, 0, 1]),
        ([2.0, np.nan, -1.0], ("-1", "2"), [1, -1, 0]),
        ([0.25, np.inf, 1e-7], ("1e-07", "0.25"), [1, -1, 0]),
        ([1.00001, 1.00002, 1.0], ("1", "1.00001", "1.00002"), [1, 2, 0]),
        (np.array([True, False]), ("false", "true"), [1, 0]),
        ([np.nan, np.nan], (), [-1, -1]),
    ],
    ids=["integers", "whole floats", "fractions", "close", "flags", "missing"],
)
def test_numbers_are_in_ascending_order(tmp_path: Path, values: Any, labels: tuple[str, ...], codes: list[int]) -> None:
    found = one(tmp_path, values)
    assert (found.labels, found.codes.tolist(), found.note) == (labels, codes, "")


def test_many_numbers_are_told_in_ten_ranges(tmp_path: Path) -> None:
    values = np.array([*np.arange(41) * 2.5, np.nan])
    found = one(tmp_path, values)
    edges = np.arange(0, 101, 10.0)
    expected = np.histogram(values[:-1], edges)[0]
    assert np.bincount(found.codes[:-1]).tolist() == expected.tolist()
    assert found.codes[-1] == -1
    assert (found.labels[0], found.labels[-1], len(found.labels)) == ("[0, 10)", "[90, 100]", 10)
    assert found.note == "41 distinct values, in 10 ranges of equal width; [a, b) is from a to below b"


def test_close_ranges_have_as_many_digits_as_they_need(tmp_path: Path) -> None:
    labels = one(tmp_path, 1000 + np.arange(40) / 400).labels
    assert len(set(labels)) == 10
    assert labels[0] == "[1000, 1000.01)"


def test_of_many_texts_the_hundred_most_frequent_are_told(tmp_path: Path) -> None:
    texts = [f"m{k}" for k in range(120) for _ in range(1 + (k >= 60))]
    found = one(tmp_path, texts)
    assert found.labels == (*(f"m{k}" for k in range(40)), *(f"m{k}" for k in range(60, 120)), "(others)")
    assert found.note == "the 100 values of most nodes; 20 more are in (others)"
    sizes = np.bincount(found.codes)
    assert (sizes[0], sizes[40], sizes[-1], sizes.sum()) == (1, 2, 20, len(texts))


@settings(deadline=None, max_examples=60)
@given(
    values=st.one_of(
        st.lists(st.sampled_from(["", "a", "b2", "b10", "<i>", "é"]), min_size=1, max_size=30),
        st.lists(st.integers(-5, 60), min_size=1, max_size=80),
        st.lists(st.floats(-1e6, 1e6, width=32) | st.just(float("nan")), min_size=1, max_size=80),
    ),
    data=st.data(),
)
def test_every_counted_node_with_a_value_is_in_one_group(
    tmp_path_factory: pytest.TempPathFactory, values: list[Any], data: st.DataObject
) -> None:
    uncounted = data.draw(st.sets(st.integers(0, len(values) - 1)))
    report = report_of(tmp_path_factory.mktemp("groups"), {"it": values})
    for found in groups_of(report, ["it"], sorted(uncounted)):
        named = {k for k, value in enumerate(values) if value == value} - uncounted  # noqa: PLR0124 - NaN
        assert set(np.flatnonzero(found.codes >= 0).tolist()) == named
        assert set(found.codes.tolist()) - {-1} <= set(range(len(found.labels)))
        assert len(set(found.labels)) == len(found.labels)


# --- the numbers, through the commands ---


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the demo and the tables of its populations."""
    folder = tmp_path_factory.mktemp("properties")
    source = write_demo(folder)
    for name in open_report(source):
        out = folder / "tables" / f"{name}.parquet"
        assert main(["extract", str(source), "--population", name, "--out", str(out)]) == 0
    return source


def run_filter(source: Path, folder: Path, *words: str) -> list[dict[str, Any]]:
    tables = str(source.parent / "tables")
    options = ["--tables", tables, "--out", str(folder), "--summarise", "--figures", '{"others": false}', *words]
    assert main(["filter", str(source), *options]) == 0
    tables_by_property: list[dict[str, Any]] = json.loads((folder / "statistics.json").read_text())["by_property"]
    return tables_by_property


@pytest.mark.parametrize(
    "words",
    [["--t-start", "200", "--t-stop", "700"], ["--group", '{"layer": ["L4", "L5"]}']],
    ids=["window", "group"],
)
def test_numbers_equal_those_of_pandas_and_bluepysnap(demo: Path, tmp_path: Path, words: list[str]) -> None:
    found = run_filter(demo, tmp_path, *words, "--properties", "mtype", "layer", "synapse_class")
    assert [(table["population"], table["property"]) for table in found if table["population"] == "cortex"] == [
        ("cortex", name) for name in ("mtype", "layer", "synapse_class")
    ]
    circuit = bluepysnap.Circuit(str(demo.with_name("circuit_config.json")))
    nodes = pd.read_parquet(tmp_path / "nodes.parquet")
    for table in found:
        mine = nodes[nodes["population"] == table["population"]].set_index("ids")
        values = circuit.nodes[table["population"]].get(properties=table["property"])
        groups = mine.join(values.astype(str).rename("value")).groupby("value")
        assert {row["value"] for row in table["values"]} == set(groups.groups)
        assert sum(row["n_nodes"] for row in table["values"]) + table["n_missing"] == len(mine)
        for row in table["values"]:
            group = groups.get_group(row["value"])
            rates, intervals = group["rate_hz"], np.maximum(group["n_spikes"] - 1, 0)
            expected = {
                "n_nodes": len(group),
                "n_active": (group["n_spikes"] > 0).sum(),
                "active_fraction": (group["n_spikes"] > 0).mean(),
                "n_spikes": group["n_spikes"].sum(),
                "rate_mean_hz": rates.mean(),
                "rate_median_hz": rates.median(),
                "rate_sd_hz": rates.std(ddof=0),
                "rate_p95_hz": rates.quantile(0.95),
                "rate_max_hz": rates.max(),
                "isi_mean_ms": (group["isi_mean_ms"] * intervals).sum() / intervals.sum(),
                "cv_mean": group["cv"][group["n_spikes"] > 10].mean(),
            }
            assert list(row) == ["value", *expected]
            if np.isnan(expected["cv_mean"]):
                expected["cv_mean"] = None
            assert {key: row[key] for key in expected} == pytest.approx(expected), (table["property"], row["value"])


def test_properties_are_chosen_unless_none_is_wanted(demo: Path, tmp_path: Path) -> None:
    chosen = run_filter(demo, tmp_path / "a")
    assert [table["property"] for table in chosen] == ["layer", "mtype", "etype", "synapse_class"]
    assert {table["population"] for table in chosen} == {"cortex"}
    assert run_filter(demo, tmp_path / "b", "--properties") == []
    words = ["--filter", str(tmp_path / "a"), "--properties", "etype", "--figures", '{"others": false}']
    assert main(["summarise", str(demo), *words]) == 0
    again = json.loads((tmp_path / "a" / "statistics.json").read_text())["by_property"]
    assert [table for table in again if table["population"] == "cortex"] == [chosen[2]]


def test_unknown_property_is_an_error_before_any_work(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--tables", str(demo.parent / "tables"), "--out", str(tmp_path / "f"), "--summarise"]
    assert main(["filter", str(demo), *words, "--properties", "laier"]) == 1
    said = capsys.readouterr().err
    assert "filter 'f': no population has the node property 'laier'" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "f").exists()
    config = tmp_path / "config.yaml"
    config.write_text("properties: [laier]\n")
    assert main(["report", str(demo), "--out", str(tmp_path / "r.html"), "--config", str(config)]) == 1
    assert "no population has the node property 'laier'" in capsys.readouterr().err
    config.write_text("properties: laier\n")
    assert main(["report", str(demo), "--out", str(tmp_path / "r.html"), "--config", str(config)]) == 1
    assert "properties: 'laier' is no list of names" in capsys.readouterr().err


def test_silent_groups_and_a_single_moment_have_no_numbers(tmp_path: Path) -> None:
    source = write_simulation(tmp_path, {"a": ([1.0, 3.0], [0, 0])}, {"a": {"layer": ["s", "t", "t"]}})
    out = tmp_path / "tables" / "a.parquet"
    assert main(["extract", str(source), "--population", "a", "--out", str(out)]) == 0
    (table,) = run_filter(source, tmp_path / "f")
    fired, silent = table["values"]
    assert (fired["value"], fired["isi_mean_ms"], fired["cv_mean"]) == ("s", 2.0, None)
    assert silent == {
        "value": "t", "n_nodes": 2, "n_active": 0, "active_fraction": 0.0, "n_spikes": 0, "rate_mean_hz": 0.0,
        "rate_median_hz": 0.0, "rate_sd_hz": 0.0, "rate_p95_hz": 0.0, "rate_max_hz": 0.0, "isi_mean_ms": None,
        "cv_mean": None,
    }  # fmt: skip
    (table,) = run_filter(source, tmp_path / "g", "--t-start", "3", "--t-stop", "3")
    assert [(row["n_spikes"], row["rate_mean_hz"], row["rate_p95_hz"]) for row in table["values"]] == [
        (1, None, None),
        (0, None, None),
    ]
