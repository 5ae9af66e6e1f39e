"""The audit as graded sentences."""

from __future__ import annotations

import pytest

from spikelib.page.checks import check_population, check_populations, check_simulation, verdict
from tests.page.builders import audit, bare_description, description, empty_audit, finding

RUN = {"time_start": 0.0, "time_stop": 1500.0}


def rejected(**counts):
    return {"not_a_number": 0, "infinite": 0, "negative_time": 0, "id_out_of_range": 0} | counts


def test_valid_population_is_ok_throughout():
    checks = check_population(audit(), RUN)
    assert {check.level for check in checks.checks} == {"ok"}
    assert (checks.level, checks.n_rejected) == ("ok", 0)


@pytest.mark.parametrize(
    ("changes", "label", "level", "text"),
    [
        ({"n_kept": 18793}, "Spikes", "warning", "18,794 read, but 18,793 kept and 0 rejected"),
        ({"n_read": 0, "n_kept": 0}, "Spikes", "note", "no spikes"),
        ({"rejected": rejected(infinite=1)}, "Rejected", "warning", "1 spike: 1 (infinite time)"),
        (
            {"rejected": rejected(not_a_number=1200, id_out_of_range=2)},
            "Rejected",
            "warning",
            "1,202 spikes: 1,200 (time is not a number), 2 (node id beyond the population)",
        ),
        (
            {"sorting_found": "none"},
            "Order in the file",
            "warning",
            "claims “by_time”, but its spikes are not sorted",
        ),
        (
            {"sorting_claim": "by_id"},
            "Order in the file",
            "warning",
            "claims “by_id”, but its spikes are sorted by time",
        ),
        ({"sorting_claim": "none"}, "Order in the file", "ok", "sorted by time; the file claims “none”"),
        ({"sorting_claim": None}, "Order in the file", "ok", "sorted by time; the file claims no order"),
        (
            {"n_after_end": 3, "time_last": 1502.25},
            "After the run’s end",
            "note",
            "3 spikes after 1,500 ms (the last at 1,502.25 ms)",
        ),
        ({"n_before_start": 1}, "Before the run’s start", "note", "1 spike before 0 ms, kept"),
        ({"n_duplicates": 1}, "Duplicates", "note", "1 spike of the same node at the same time"),
        ({"units": None}, "Unit of time", "note", "names none; read as ms"),
        ({"units": "s", "to_ms": 1000.0}, "Unit of time", "note", "“s”, converted to ms (times 1,000)"),
        ({"units": "milliseconds"}, "Unit of time", "ok", "“milliseconds”, read as ms"),
        (
            {"units": "fortnight", "notes": [finding("units_unknown", "unknown")]},
            "Unit of time",
            "note",
            "“fortnight” is unknown; read as ms",
        ),
        ({"n_nodes": None, "in_circuit": False}, "Node ids", "note", "only nodes that fired are known"),
        ({"n_nodes": None}, "Node ids", "note", "does not give the size"),
        ({"compression": "gzip"}, "Storage", "ok", "compressed with gzip"),
        (
            {"notes": [finding("old_layout", "old layout without populations")]},
            "Remark",
            "note",
            "old layout without populations",
        ),
    ],
)
def test_each_finding_has_its_level_and_its_words(changes, label, level, text):
    found = next(check for check in check_population(audit(**changes), RUN).checks if check.label == label)
    assert found.level == level
    assert text in found.text


def test_every_finding_has_a_meaning_and_a_remedy():
    changes = {
        "n_kept": 18792,
        "rejected": rejected(infinite=1, not_a_number=1),
        "sorting_found": "none",
        "n_after_end": 2,
        "n_before_start": 2,
        "n_duplicates": 2,
        "units": "s",
        "to_ms": 1000.0,
        "n_nodes": None,
        "notes": [finding("old_layout", "old layout")],
    }
    findings = [check for check in check_population(audit(**changes), RUN).checks if check.level != "ok"]
    assert len(findings) == 8
    for check in findings:
        assert check.advice.meaning.endswith(".")
        assert check.advice.remedy.endswith(".")


def test_checks_that_passed_have_no_advice():
    assert {check.advice for check in check_population(audit(), RUN).checks} == {None}


def test_meaning_of_rejected_spikes_tells_their_reasons():
    found = check_population(audit(n_kept=18793, rejected=rejected(id_out_of_range=1)), RUN)
    advice = next(check.advice for check in found.checks if check.label == "Rejected")
    assert "spike file and circuit are not of the same simulation" in advice.meaning
    assert "solver" not in advice.meaning


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("key_repeated", "JSON lets the later one win"),
        ("variable_undefined", "Define the variable"),
        ("file_missing", "Copy the file to where the config says"),
        ("circuit_missing", "no animation"),
        ("run_value_missing", "Add the value to “run”"),
        ("output_assumed", "the default place was used"),
        ("other", "spikelib had to assume something"),
        ("a_kind_of_tomorrow", "spikelib had to assume something"),
    ],
)
def test_findings_on_the_config_are_notes_with_advice(kind, words):
    # The text misleads on purpose: only the kind decides.
    text = "the manifest does not define $X, which is given twice and does not exist"
    (check,) = check_simulation(description(audit(), notes=[finding(kind, text)]))
    assert (check.level, check.label, check.text) == ("note", "Config", text)
    assert words in f"{check.advice.meaning} {check.advice.remedy}"


def test_config_without_remarks_is_ok():
    (check,) = check_simulation(description(audit()))
    assert (check.level, check.advice) == ("ok", None)


def test_verdict_counts_remarks_on_the_config():
    source = description(audit(n_duplicates=1), notes=[finding("other", "odd")])
    line = verdict(check_populations(source), check_simulation(source))
    assert (line.level, line.text) == ("note", "All spikes are valid: all 18,794 were kept. 2 notes below.")


def test_unknown_end_is_not_checked():
    found = check_population(audit(), {"time_start": 0.0, "time_stop": None})
    assert [check.text for check in found.checks if check.level == "note"] == [
        "not checked: the end of the run is unknown"
    ]


def test_remark_that_a_check_says_already_is_not_repeated():
    notes = [finding("units_missing", "no units"), finding("sorting_unknown", "sorting 'x'")]
    found = check_population(audit(units=None, notes=notes), RUN)
    assert [check.text for check in found.checks if check.label == "Remark"] == ["sorting 'x'"]


@pytest.mark.parametrize(
    ("source", "level", "text"),
    [
        (description(audit()), "ok", "All spikes are valid: all 18,794 were kept."),
        (description(audit(n_read=1, n_kept=1)), "ok", "All spikes are valid: the one spike was kept."),
        (
            description(audit(n_duplicates=2)),
            "note",
            "All spikes are valid: all 18,794 were kept. 1 note below.",
        ),
        (
            description(audit(n_kept=18782, rejected=rejected(negative_time=12)), audit("b")),
            "warning",
            "12 of 37,588 spikes rejected; the reasons are below.",
        ),
        (
            description(audit(n_kept=18793, rejected=rejected(infinite=1), sorting_found="none")),
            "warning",
            "1 of 18,794 spikes rejected, and 1 other warning; the reasons are below.",
        ),
        (
            description(audit(sorting_found="none")),
            "warning",
            "No spike was lost, but there is 1 warning below.",
        ),
        (
            description(empty_audit("a")),
            "warning",
            "No node fired: the spike file holds no spikes.",
        ),
        (description(), "warning", "No node fired: the spike file holds no spikes."),
        (bare_description(audit()), "note", "All spikes are valid: all 18,794 were kept. 1 note below."),
    ],
    ids=[
        "valid",
        "one",
        "notes",
        "rejected",
        "rejected_and_unsorted",
        "unsorted",
        "empty",
        "no_population",
        "bare",
    ],
)
def test_verdict(source, level, text):
    line = verdict(check_populations(source))
    assert (line.level, line.text) == (level, text)
