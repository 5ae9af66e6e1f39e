"""Advice on every kind of finding, and on every check that can fail."""

from __future__ import annotations

import pytest

from spikelib.findings import REASONS, Kind
from spikelib.page.advice import ADVICE, rejection_advice
from spikelib.page.checks import check_populations, check_simulation
from spikelib.page.report.write import write_report
from spikelib.sonata.spikes import full_audit
from spikelib.steps.inspect import inspect
from tests.page.builders import PROVENANCE, Page, audit, bare_description, description, empty_audit
from tests.unusual import IN_MEMORY, SOURCES

FAILED_CHECKS = {
    "not_conserved": description(audit(n_kept=18793)),
    "no_spikes": description(empty_audit("a")),
    "end_unknown": bare_description(audit()),
    "after_end": description(audit(n_after_end=3)),
    "before_start": description(audit(n_before_start=3)),
    "duplicates": description(audit(n_duplicates=3)),
    "size_unknown": description(audit(n_nodes=None)),
    "no_circuit": description(audit(n_nodes=None, in_circuit=False)),
}
"""Name of a check -> a description in which it fails."""


def advice_in(source):
    checks = [*check_simulation(source), *(check for each in check_populations(source) for check in each.checks)]
    return [check.advice for check in checks if check.level != "ok"]


def page_text(source, folder):
    write_report(source, folder / "results", folder / "report.html", provenance=PROVENANCE)
    return Page((folder / "report.html").read_text()).text


def test_there_is_advice_for_every_kind_and_every_check_and_no_other():
    assert set(ADVICE) == set(Kind) | set(FAILED_CHECKS)


def test_advice_is_of_full_sentences_and_differs_between_kinds():
    assert len(set(ADVICE.values())) == len(ADVICE)
    for advice in ADVICE.values():
        assert advice.meaning.endswith(".")
        assert advice.remedy.endswith(".")


@pytest.mark.parametrize("kind", SOURCES)
def test_page_shows_the_advice_on_a_finding(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(full_audit, "IN_MEMORY", IN_MEMORY)
    source = inspect(SOURCES[kind](tmp_path))
    assert advice_in(source).count(ADVICE[kind]) == 1
    text = page_text(source, tmp_path)
    assert ADVICE[kind].meaning in text
    assert ADVICE[kind].remedy in text


@pytest.mark.parametrize("name", FAILED_CHECKS)
def test_failed_check_has_its_advice(name):
    assert ADVICE[name] in advice_in(FAILED_CHECKS[name])


def test_sentence_of_an_older_description_is_shown_with_general_advice(tmp_path):
    sentence = "run.tstop is not given"
    source = description(audit(notes=["old layout without populations (/spikes/gids)"]), notes=[sentence])
    assert advice_in(source) == [ADVICE[Kind.OTHER]] * 2
    text = page_text(source, tmp_path)
    assert sentence in text
    assert ADVICE[Kind.OTHER].meaning in text


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_a_rejection_is_explained(reason):
    assert len(rejection_advice([reason]).meaning) > len(rejection_advice([]).meaning)


def test_reasons_with_one_cause_are_explained_once():
    assert rejection_advice(["not_a_number", "infinite"]) == rejection_advice(["infinite"])
    assert "offset" in rejection_advice(["negative_time"]).meaning
