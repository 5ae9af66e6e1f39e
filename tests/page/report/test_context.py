"""What the template of a report is filled with."""

from __future__ import annotations

import pytest

from spikelib.page.report.context import count_rows, filter_contexts, report_context, simulation_name
from spikelib.page.report.media import Linker
from spikelib.results import find_filters
from tests.page.builders import add_filter, audit, description, finding, statistics, stats


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("runs/seed_7/simulation_config.json", "seed_7"),
        ("runs/seed_7/column.json", "column"),
        ("spikes.h5", "spikes"),
        ("a/out.h5", "a"),
    ],
)
def test_name_of_a_simulation(source, name):
    assert simulation_name({"source": source}) == name


def test_findings_of_one_kind_stand_together_and_warnings_come_first(tmp_path):
    notes = [finding("file_missing", "x is not there"), finding("file_missing", "y is not there")]
    odd = [audit(name, n_duplicates=1, sorting_found="none") for name in ("a", "b")]
    found = report_context(description(*odd, notes=notes), [], {}, Linker(tmp_path / "r.html"))["findings"]
    assert [(each["level"], each["label"]) for each in found] == [
        ("warning", "Order in the file"), ("note", "Config"), ("note", "Duplicates"),
    ]  # fmt: skip
    assert found[1]["texts"] == [("", "x is not there"), ("", "y is not there")]
    assert [name for name, _ in found[2]["texts"]] == ["a", "b"]


def test_counts_before_and_after_a_filter():
    content = statistics(populations={"a": stats(n_nodes=10, n_spikes=50)})
    (row,) = count_rows(content, description(audit("a", n_kept=200), audit("b")))
    assert (row["nodes_before"], row["nodes_after"], row["spikes_after"], row["share"]) == (400, 10, 50, 0.25)
    (row,) = count_rows(content, description(audit("a", n_kept=0)))
    assert row["share"] is None


def test_anchors_differ_however_alike_the_names_are(tmp_path):
    for name in ("a b", "a-b", "A.b"):
        add_filter(tmp_path, statistics(name))
    contexts = filter_contexts(find_filters(tmp_path), Linker(tmp_path / "r.html"), description(audit()))
    anchors = [each["anchor"] for each in contexts]
    assert len(set(anchors)) == len(anchors) == 3
    assert all(anchor.startswith("filter-a-b") for anchor in anchors)


def test_statistics_of_another_version_have_a_note(tmp_path):
    add_filter(tmp_path, statistics("x", spikelib="0.0.1"))
    (context,) = filter_contexts(find_filters(tmp_path), Linker(tmp_path / "r.html"), description(audit()))
    assert any("Computed by spikelib 0.0.1" in note for note in context["notes"])
