"""docs/security.md: every promise names a test that exists."""

from __future__ import annotations

import re

from tests import PROJECT

PAGE = PROJECT / "docs" / "security.md"


def rows() -> list[list[str]]:
    """Return the rows of the table of promises."""
    section = PAGE.read_text(encoding="utf-8").split("\n## ")[2]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_every_promise_has_a_test_that_exists() -> None:
    found = rows()
    assert len(found) > 20
    for fault, promise, tests in found:
        paths = re.findall(r"`([^`]+)`", tests)
        assert fault, promise
        assert paths
        for path in paths:
            assert "def test_" in (PROJECT / "tests" / path).read_text(encoding="utf-8"), path


def test_faults_are_named_once() -> None:
    faults = [row[0] for row in rows()]
    assert len(set(faults)) == len(faults)
