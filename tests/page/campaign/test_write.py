"""The campaign page: which simulations it lists, in which state, with which numbers."""

from __future__ import annotations

import json
import os

import pytest

from spikelib.errors import MissingFileError, OutputError, TableError
from spikelib.page.campaign.digest import write_overview
from spikelib.page.campaign.write import write_index
from spikelib.provenance.stated import read_made_from
from spikelib.summary.store import save_summary
from tests.figures.builders import build_summary
from tests.page.builders import Page, add_filter, audit, bare_description, description, empty_audit, statistics, stats
from tests.page.policies import assert_closed, rules

ERROR = "spikelib: error: runs/b/spikes.h5: the HDF5 file is truncated; simulate it again"
TRACEBACK = 'Traceback (most recent call last):\n  File "x.py", line 1\nKeyError: 7\n'
MEAN_RATE, MEAN_CV = "Mean rate [Hz]", "Mean CV"


def add_simulation(results, name, source=None, filters=(), page=True, summaries=False):
    folder = results / name
    folder.mkdir(parents=True)
    (folder / "description.json").write_text(json.dumps(source or description(audit())))
    for content in filters:
        place = add_filter(folder, content)
        if summaries:
            save_summary(build_summary({"a": (9, [1.0, 7.5, 60.0], [2, 2, 8])}), place / "summary.npz")
    if summaries:
        write_overview(folder, [content["filter"]["name"] for content in filters])
    if page:
        (folder / "report.html").write_text("<!DOCTYPE html>")
    return folder


def add_log(logs, name, text, older_than=None):
    path = logs / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if older_than is not None:
        time = older_than.stat().st_mtime - 10
        os.utime(path, (time, time))
    return path


def index(results, out=None, campaign=None, **options):
    out = results / "index.html" if out is None else out
    if campaign is not None:
        simulations = {name: {"state": "ready", **entry} for name, entry in campaign.items()}
        (results.parent / "campaign.json").write_text(json.dumps({"simulations": simulations}))
        options["campaign"] = results.parent / "campaign.json"
    write_index(results, out, **options)
    return Page(out.read_text(encoding="utf-8"))


def values(page, name):
    """Return a row of the table: title of the column -> text."""
    heads = [
        attributes.get("data-title") for tag, attributes in page.elements if tag == "th" and "data-title" in attributes
    ]
    cells = next(row for row in page.rows[1:] if name in row[:2])
    return dict(zip(heads, cells, strict=True))


def test_numbers_are_those_of_the_first_filter(tmp_path):
    filters = [statistics("all", overall=stats(rate_mean_hz=7.25, cv_mean=0.875)), statistics("a")]
    add_simulation(tmp_path, "seed 7", filters=filters)
    page = index(tmp_path)
    row = values(page, "seed 7")
    assert (row[MEAN_RATE], row[MEAN_CV], row["Spikes"], row["Nodes"]) == ("7.250", "0.8750", "18,794", "400")
    assert "seed%207/report.html" in page.relative_links


def test_page_of_a_failed_run_is_made_again_after_one_that_goes_well(tmp_path):
    results, page, log = tmp_path / "results", tmp_path / "results/index.html", tmp_path / "run.log"
    add_simulation(results, "a", filters=[statistics("all")])
    log.write_text("")
    index(results, run_logs=[log])
    assert read_made_from(page) == ""
    index(results)
    assert read_made_from(page)


def test_first_filter_stands_where_there_is_no_all(tmp_path):
    add_simulation(tmp_path, "a", filters=[statistics("z"), statistics("b", overall=stats(cv_mean=None))])
    page = index(tmp_path)
    assert values(page, "a")[MEAN_CV] == "–"
    assert "of the filter b" in page.text


def test_simulations_are_sorted_and_counted(tmp_path):
    for name in ("b", "c", "a"):
        add_simulation(tmp_path, name)
    (tmp_path / "no simulation").mkdir()
    page = index(tmp_path)
    assert [row[0] for row in page.rows[1:]] == ["a", "b", "c"]
    assert "Simulations 3" in page.text


def test_campaign_keeps_its_order_and_tells_its_metadata(tmp_path):
    for name in ("b", "a", "gone"):
        add_simulation(tmp_path / "results", name, filters=[statistics()])
    campaign = {
        "b": {"source": "b.json", "metadata": {"g": 4.5, "note": "first\nline"}},
        "a": {"source": "a.json", "metadata": {"g": 5, "seed": None}},
    }
    page = index(tmp_path / "results", campaign=campaign)
    assert [row[0] for row in page.rows[1:]] == ["b", "a"]
    row = values(page, "b")
    assert (row["g"], row["note"], row["seed"]) == ("4.5", "first line", "")
    numeric = {a["data-title"]: a.get("class") for tag, a in page.elements if tag == "th" and "data-title" in a}
    assert (numeric["g"], numeric["note"]) == ("number", None)
    assert "Results lie here of 1 simulation that the campaign does not name any more" in page.text
    assert "gone/report.html" in page.relative_links


@pytest.mark.parametrize(
    ("source", "state"),
    [
        (description(audit()), "✓OK"),
        (bare_description(audit("<sonata:none>", n_nodes=None)), "iNote"),
        (description(empty_audit("a")), "!Warning"),
        (description(), "!Warning"),
        (description(audit("E", n_kept=18782, rejected={"infinite": 12})), "!Warning"),
    ],
    ids=["good", "bare", "no_spikes", "no_population", "rejected"],
)
def test_state_is_the_most_severe_finding(tmp_path, source, state):
    add_simulation(tmp_path, "odd", source)
    assert index(tmp_path).row("odd")[1].startswith(state)


def test_sentences_of_an_older_description_are_notes(tmp_path):
    source = description(audit(notes=["old layout without populations"]), notes=["run.dt is not given"])
    source.pop("schema")
    add_simulation(tmp_path, "old", source)
    assert index(tmp_path).row("old")[1].startswith("iNote")


def test_warning_is_told_in_short(tmp_path):
    rejected = {"not_a_number": 12, "infinite": 0, "negative_time": 0, "id_out_of_range": 0}
    odd = audit("E", n_kept=18782, rejected=rejected, sorting_claim="by_id")
    add_simulation(tmp_path, "odd", description(odd))
    assert "E: rejected: 12 spikes: 12 (time is not a number)and 1 more warning" in index(tmp_path).row("odd")[1]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "cannot be read: description.json: not JSON (Expecting property name enclosed in double quotes"),
        ("{}", "cannot be read: another version of spikelib wrote it"),
        (None, "not summarised: its description.json is missing"),
    ],
    ids=["damaged", "foreign", "missing"],
)
def test_unreadable_simulation_does_not_hide_the_others(tmp_path, text, problem):
    add_simulation(tmp_path, "good", filters=[statistics()])
    bad = add_simulation(tmp_path, "bad") / "description.json"
    bad.unlink() if text is None else bad.write_text(text)
    page = index(tmp_path)
    assert problem in page.row("bad")[1]
    assert values(page, "good")["Spikes"] == "18,794"


@pytest.mark.parametrize(
    ("key", "value"),
    [("curve", []), ("rates", {}), ("statistics", 5), ("name", ["all"]), ("window", []), ("populations", None)],
)
def test_damaged_numbers_of_one_simulation_do_not_end_the_page(tmp_path, key, value):
    add_simulation(tmp_path, "good", filters=[statistics()], summaries=True)
    add_simulation(tmp_path, "bad", filters=[statistics()], summaries=True)
    overview = tmp_path / "bad" / "overview.json"
    content = json.loads(overview.read_text())
    content["filters"][0][key] = value
    overview.write_text(json.dumps(content))
    page = index(tmp_path)
    (row,) = (row for row in page.rows[1:] if "bad" in row[:2])
    told = ("cannot be read: one of its JSON files is damaged", "cannot be read: overview.json: ")
    assert any(each in cell for cell in row for each in told)
    assert values(page, "good")["Spikes"] == "18,794"


def test_simulation_without_report_is_not_linked(tmp_path):
    add_simulation(tmp_path, "a", page=False)
    assert index(tmp_path).relative_links == []


def test_failed_simulation_is_listed_with_its_error_and_its_log(tmp_path):
    results, logs = tmp_path / "results", tmp_path / "logs"
    add_simulation(results, "a", filters=[statistics()])
    add_log(logs, "extract_population/b/cells.log", f"spikelib: warning: odd\n{ERROR}\n")
    page = index(results, campaign={"a": {}, "b": {}}, logs=logs)
    assert page.row("b")[1] == f"×Failed{ERROR.removeprefix('spikelib: error: ')}"
    assert "log of extract_population cells" in page.text
    assert "../logs/extract_population/b/cells.log" in page.relative_links
    assert page.row("a")[1] == "✓OK"
    assert "1 of 2 simulations failed, wait or are not finished" in page.text


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("filter_spikes/a/late.log", ERROR, "truncated"),
        ("assemble_page/a.log", TRACEBACK, "KeyError: 7"),
        ("report_simulation/a.log", f"{ERROR}\nspikelib: warning: that was an earlier try\n", ""),
        ("filter_spikes/ab/late.log", ERROR, ""),
        ("benchmarks/a/late.log", ERROR, ""),
    ],
    ids=["error", "traceback", "no_error_at_the_end", "other_simulation", "no_rule"],
)
def test_log_newer_than_the_report_tells_of_failure(tmp_path, name, text, told):
    results, logs = tmp_path / "results", tmp_path / "logs"
    report = add_simulation(results, "a", filters=[statistics()]) / "report.html"
    os.utime(report, (1_000_000, 1_000_000))
    add_log(logs, name, text)
    state = index(results, logs=logs).row("a")[1]
    assert ("Failed" in state, told in state) == (bool(told), True)
    assert ("the numbers are those of an earlier run" in state) == bool(told)


def test_log_older_than_the_report_is_history(tmp_path):
    results, logs = tmp_path / "results", tmp_path / "logs"
    report = add_simulation(results, "a") / "report.html"
    add_log(logs, "filter_spikes/a/late.log", ERROR, older_than=report)
    assert index(results, logs=logs).row("a")[1] == "✓OK"


def test_job_that_was_stopped_is_known_from_the_log_of_the_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    results, logs = tmp_path / "results", tmp_path / "logs"
    results.mkdir()
    add_log(logs, "filter_spikes/a/all.log", "")
    run_log = tmp_path / "run.log"
    line = "    log: logs/filter_spikes/a/all.log (check log file(s) for error details)"
    run_log.write_text(f"Error in rule filter_spikes:\n{line}\n    shell:\n")
    without = index(results, campaign={"a": {}}, logs=logs)
    assert "a job was begun, but there is no page yet" in without.row("a")[1]
    assert "../logs/filter_spikes/a/all.log" in without.relative_links
    page = index(results, campaign={"a": {}}, logs=logs, run_logs=[run_log])
    assert "Failed" in page.row("a")[1]
    assert "it was stopped, or ran out of memory or time" in page.row("a")[1]


def test_same_error_of_several_jobs_is_told_once(tmp_path):
    results, logs = tmp_path / "results", tmp_path / "logs"
    for name in ("E", "I", "X"):
        add_log(logs, f"extract_population/b/{name}.log", ERROR)
    page = index(results, campaign={"b": {}}, logs=logs)
    assert page.text.count("the HDF5 file is truncated") == 2  # in its list, and in the table
    assert "and 2 more failed jobs" in page.text


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        ({"state": "waiting", "problem": "the spike file is still being written"}, "…Waitingthe spike file is still"),
        ({"state": "broken", "problem": "config.json: no such file"}, "×Failedconfig.json: no such file"),
        ({}, "?Not finishednot run yet"),
        ({"state": "deferred"}, "?Not finishednot run yet"),
    ],
    ids=["waiting", "broken", "not_run", "deferred"],
)
def test_simulation_without_results(tmp_path, entry, state):
    page = index(tmp_path / "results", tmp_path / "index.html", campaign={"a": entry})
    assert page.row("a")[1].startswith(state)


def test_pictures_of_the_digest(tmp_path):
    add_simulation(tmp_path, "a", filters=[statistics()], summaries=True)
    page = index(tmp_path)
    (path,) = [attributes["d"] for tag, attributes in page.elements if tag == "path"]
    assert path.startswith("M0 24V")
    (picture,) = [attributes for tag, attributes in page.elements if tag == "img"]
    assert picture["alt"] == "Raster of a"
    assert values(page, "a")["Peak of the curve [Hz]"] == "22.2"  # 2 spikes / 9 nodes / 10 ms


def test_what_does_not_fit_is_left_out_and_named(tmp_path, monkeypatch):
    for name in ("a", "b"):
        add_simulation(tmp_path, name, filters=[statistics(), statistics("late")], summaries=True)
    sizes = []
    for limit in (10**7, 1):
        monkeypatch.setattr("spikelib.page.campaign.write.PAGE_BYTES", limit)
        sizes.append(len(index(tmp_path).text))
        page = (tmp_path / "index.html").read_text()
        assert ("has no room for thumbnails;" in page) == (limit == 1)
        assert ("<img" in page, "Compare</h2>" in page) == ((True, True) if limit > 1 else (False, False))
        assert values(Page(page), "b")["Spikes"] == "18,794"


def test_hostile_names_are_text(tmp_path):
    hostile = "<img src=x onerror=alert(1)>"
    add_simulation(tmp_path / "results", hostile, filters=[statistics("</script><b>")], summaries=True)
    campaign = {hostile: {"metadata": {"</th><script>": "<script>alert(2)</script>"}}}
    page = index(tmp_path / "results", campaign=campaign)
    assert [attributes.get("alt") for tag, attributes in page.elements if tag == "img"] == [f"Raster of {hostile}"]
    assert values(page, hostile)["</th><script>"] == "<script>alert(2)</script>"
    scripts = [attributes for tag, attributes in page.elements if tag == "script"]
    assert [attributes.get("type") for attributes in scripts] == [None, "application/json", None]


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)<|script>", "</style><style>p{}", '" onclick="alert(1)" style="x"', "javascript:alert(1)"],
)
def test_policy_of_the_page_has_no_place_for_what_a_name_brings(tmp_path, name):
    folder = name.replace("/", "|")
    add_simulation(tmp_path / "results", folder, filters=[statistics(name), statistics("b")], summaries=True)
    add_log(tmp_path / "logs", f"report/{folder}/all.log", ERROR)
    campaign = {folder: {"metadata": {name: name}}}
    page = index(tmp_path / "results", campaign=campaign, logs=tmp_path / "logs")
    html = (tmp_path / "results" / "index.html").read_text(encoding="utf-8")
    assert_closed(html)
    assert rules(html)["img-src"] == ["data:"]
    assert name in page.text


def test_links_stay_links_to_files_whatever_the_names(tmp_path):
    for name in ("javascript:alert(1)", "http:", "a?b#c"):
        add_simulation(tmp_path / "results", name)
    page = index(tmp_path / "results")
    folders = ["a%3Fb%23c", "http%3A", "javascript%3Aalert%281%29"]
    assert page.relative_links == [f"{folder}/report.html" for folder in folders]


def test_browsers_remember_nothing_of_the_form(tmp_path):
    add_simulation(tmp_path, "a", filters=[statistics("a"), statistics("b")], summaries=True)
    page = index(tmp_path)
    fields = [attributes for tag, attributes in page.elements if tag in ("input", "select")]
    assert len(fields) == 5
    assert {attributes.get("autocomplete") for attributes in fields} == {"off"}


def test_same_results_give_the_same_bytes(tmp_path):
    add_simulation(tmp_path, "a", filters=[statistics()], summaries=True)
    index(tmp_path)
    first = (tmp_path / "index.html").read_bytes()
    index(tmp_path)
    assert (tmp_path / "index.html").read_bytes() == first


def test_links_are_right_elsewhere(tmp_path):
    add_simulation(tmp_path / "results", "a")
    page = index(tmp_path / "results", tmp_path / "www" / "index.html")
    assert page.relative_links == ["../results/a/report.html"]


def test_nothing_yet(tmp_path):
    page = index(tmp_path)
    assert "Simulations 0" in page.text
    assert "There are no simulations here yet" in page.text


def test_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"index\.html: cannot be written"):
        write_index(tmp_path, tmp_path / "file" / "index.html")


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (None, MissingFileError, r"campaign\.json: no such file"),
        ("[]", TableError, r"campaign\.json: holds a JSON list"),
        ('{"simulations": ["a"]}', TableError, r"expected simulations with their states by name"),
    ],
    ids=["missing", "list", "no_names"],
)
def test_unreadable_campaign(tmp_path, text, error, message):
    campaign = tmp_path / "campaign.json"
    if text is not None:
        campaign.write_text(text)
    with pytest.raises(error, match=message):
        write_index(tmp_path, tmp_path / "index.html", campaign)


def test_no_results_at_all_need_a_campaign(tmp_path):
    with pytest.raises(MissingFileError, match="there is no such folder of results"):
        write_index(tmp_path / "none", tmp_path / "index.html")
