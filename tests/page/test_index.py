"""The list of simulations."""

from __future__ import annotations

import json

import pytest

from spikelib.errors import OutputError
from spikelib.page import write_index

from .builders import Page, add_filter, audit, bare_description, description, empty_audit, statistics, stats


def add_simulation(results, name, source, filters=(), page=True):
    folder = results / name
    folder.mkdir(parents=True)
    (folder / "description.json").write_text(json.dumps(source))
    for content in filters:
        add_filter(folder, content)
    if page:
        (folder / "report.html").write_text("<!DOCTYPE html>")
    return folder


def index(results, out=None):
    out = results / "index.html" if out is None else out
    write_index(results, out)
    return Page(out.read_text(encoding="utf-8"))


def test_row_tells_what_the_files_say(tmp_path):
    rejected = {"not_a_number": 12, "infinite": 0, "negative_time": 0, "id_out_of_range": 0}
    source = description(audit("E", n_kept=18782, rejected=rejected), audit("I", n_nodes=100))
    filters = [statistics("all", overall=stats(rate_mean_hz=7.25, cv_mean=0.875)), statistics("a")]
    add_simulation(tmp_path, "seed 7", source, filters)
    page = index(tmp_path)
    assert page.row("seed 7") == [
        "seed 7",
        "!Warning",
        "E, I",
        "500",
        "37,576",
        "12",
        "all",
        "7.250",
        "0.8750",
    ]
    assert "seed%207/report.html" in page.relative_links


def test_first_filter_stands_where_there_is_no_all(tmp_path):
    add_simulation(tmp_path, "a", description(audit()), [statistics("z"), statistics("b", overall=stats(cv_mean=None))])
    assert index(tmp_path).row("a")[-3:] == ["b", "31.32", "–"]


def test_simulations_are_sorted_and_counted(tmp_path):
    for name in ("b", "c", "a"):
        add_simulation(tmp_path, name, description(audit()))
    (tmp_path / "no simulation").mkdir()
    page = index(tmp_path)
    assert [row[0] for row in page.rows[1:]] == ["a", "b", "c"]
    assert "3 simulations" in page.text


@pytest.mark.parametrize(
    ("source", "cells"),
    [
        (bare_description(audit("<sonata:none>", n_nodes=None)), ["<sonata:none>", "unknown", "18,794", "0"]),
        (description(empty_audit("a")), ["a", "400", "0", "0"]),
        (description(), ["none", "0", "0", "0"]),
    ],
    ids=["bare", "no_spikes", "no_population"],
)
def test_odd_simulations(tmp_path, source, cells):
    add_simulation(tmp_path, "odd", source)
    assert index(tmp_path).row("odd") == ["odd", "iNote", *cells, "no filter computed"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "cannot be read: one of its JSON files is damaged"),
        ("{}", "cannot be read: another version of spikelib wrote it"),
        (None, "not summarised: its description.json is missing"),
    ],
    ids=["damaged", "foreign", "missing"],
)
def test_unreadable_simulation_does_not_hide_the_others(tmp_path, text, problem):
    add_simulation(tmp_path, "good", description(audit()))
    bad = add_simulation(tmp_path, "bad", description(audit())) / "description.json"
    bad.unlink() if text is None else bad.write_text(text)
    page = index(tmp_path)
    assert problem in page.row("bad")[1]
    assert page.row("good")[4] == "18,794"


def test_simulation_without_report_is_not_linked(tmp_path):
    add_simulation(tmp_path, "a", description(audit()), page=False)
    assert index(tmp_path).relative_links == []


def test_hostile_name_is_text(tmp_path):
    add_simulation(tmp_path, "<script>x", description(audit("<script>y")))
    page = index(tmp_path)
    assert "script" not in [tag for tag, _ in page.elements]
    assert page.row("<script>x")[2] == "<script>y"


def test_links_are_right_elsewhere(tmp_path):
    add_simulation(tmp_path / "results", "a", description(audit()))
    page = index(tmp_path / "results", tmp_path / "www" / "index.html")
    assert page.relative_links == ["../results/a/report.html"]


def test_nothing_yet(tmp_path):
    page = index(tmp_path)
    assert "0 simulations" in page.text
    assert "There are no simulations here yet" in page.text


def test_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"index\.html: cannot be written"):
        write_index(tmp_path, tmp_path / "file" / "index.html")
