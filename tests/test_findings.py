"""Findings as values: each kind is made by a reader of real files, and survives JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from spikelib.findings import OF_FILTERS, WARNINGS, Finding, Kind, read_findings
from spikelib.sonata.spikes import full_audit
from spikelib.steps.inspect import inspect
from tests.unusual import FILTERS, IN_MEMORY, SOURCES, findings_of

if TYPE_CHECKING:
    from pathlib import Path


def test_every_kind_but_other_is_made_by_a_reader_or_a_filter() -> None:
    assert set(SOURCES) | OF_FILTERS | {Kind.OTHER} == set(Kind)
    assert set(FILTERS) == OF_FILTERS
    assert OF_FILTERS > WARNINGS


@pytest.mark.parametrize("kind", SOURCES)
def test_readers_find_the_kind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: Kind) -> None:
    monkeypatch.setattr(full_audit, "IN_MEMORY", IN_MEMORY)
    found = findings_of(json.loads(json.dumps(inspect(SOURCES[kind](tmp_path)))))
    assert [finding["kind"] for finding in found].count(kind.value) == 1
    assert all(set(finding) == {"kind", "text"} for finding in found)
    assert Kind.OTHER not in {finding.kind for finding in read_findings(found)}


def test_kinds_survive_json() -> None:
    findings = [Finding(kind, f"text on {kind}") for kind in Kind]
    assert read_findings(json.loads(json.dumps([asdict(finding) for finding in findings]))) == findings


def test_sentences_and_unknown_kinds_are_other() -> None:
    found = read_findings(["units are missing: taken as ms", {"kind": "made_tomorrow", "text": "new"}])
    assert found == [Finding(Kind.OTHER, "units are missing: taken as ms"), Finding(Kind.OTHER, "new")]
