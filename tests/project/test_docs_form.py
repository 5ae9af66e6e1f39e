"""The documents: lines that fit on a screen, and an index that leads to every page."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"
WIDTH = 120
URL_ALONE = re.compile(r"\s*([-*] |\[[^]]+\]: )?<?https?://\S+>?\s*")
SHELL_BLOCK = re.compile(r"^```sh\n.*?^```$", flags=re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^):#\s]+)(?:#[^)\s]*)?\)")


def documents() -> list[Path]:
    """Return all Markdown files of the project, without those in environments and in ignored folders."""
    lines = [".git", *(PROJECT / ".gitignore").read_text().splitlines()]
    anywhere = {line.rstrip("/") for line in lines if not line.startswith("/")}
    here_only = {line.strip("/") for line in lines if line.startswith("/")}
    found = []
    for folder, names, files in os.walk(PROJECT):
        here = Path(folder)
        names[:] = [
            name
            for name in names
            if name not in anywhere
            and str((here / name).relative_to(PROJECT)) not in here_only
            and not (here / name / "pyvenv.cfg").exists()
        ]
        found += [here / file for file in files if file.endswith(".md")]
    return sorted(found)


def long_lines(text: str) -> list[str]:
    """Return the lines of a document that are too long; a URL cannot be wrapped."""
    return [line for line in text.splitlines() if len(line) > WIDTH and not URL_ALONE.fullmatch(line)]


def linked_files(page: Path) -> set[Path]:
    """Return the files that a document links."""
    return {(page.parent / link).resolve() for link in LINK.findall(page.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(PROJECT)))
def test_lines_are_short(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if page == PROJECT / "README.md":
        # Two commands to paste, and a test of the project holds that each is one line.
        text, n_blocks = SHELL_BLOCK.subn("", text, count=2)
        assert n_blocks == 2
    assert long_lines(text) == []


def test_documents_are_found() -> None:
    found = {str(page.relative_to(PROJECT)) for page in documents()}
    assert found >= {"README.md", "CONTRIBUTING.md", "docs/README.md", "config/README.md", "benchmarks/README.md"}
    assert found >= {".github/pull_request_template.md", "docs/decisions/README.md", "spikelib/demo/data/README.md"}
    assert not [name for name in found if "site-packages" in name]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a" * 120, 0),
        ("a" * 121, 1),
        ("| " + "a" * 120 + " |", 1),
        ("ä" * 120, 0),
        ("https://example.org/" + "a" * 120, 0),
        ("- <https://example.org/" + "a" * 120 + ">", 0),
        ("[1]: https://example.org/" + "a" * 120, 0),
        ("See https://example.org/" + "a" * 120, 1),
    ],
)
def test_only_urls_alone_may_be_long(line: str, expected: int) -> None:
    assert len(long_lines(f"before\n{line}\nafter\n")) == expected


def test_index_links_every_page() -> None:
    pages = {page.resolve() for page in DOCS.rglob("*.md")}
    linked = {DOCS / "README.md", *linked_files(DOCS / "README.md")}
    # A folder of pages has an index of its own.
    for index in DOCS.glob("*/README.md"):
        assert index.resolve() in linked
        linked |= linked_files(index)
    assert len(pages) > 20
    assert pages - linked == set()


def test_links_lead_to_files() -> None:
    missing = [
        f"{page.relative_to(PROJECT)}: {link.relative_to(PROJECT)}"
        for page in documents()
        for link in sorted(linked_files(page))
        if not link.exists()
    ]
    assert missing == []


def test_glossary_is_alphabetical() -> None:
    words = re.findall(r"^- \*\*(.+?)\*\*:", (DOCS / "glossary.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(words) > 15
    assert words == sorted(words, key=str.lower)


def test_decisions_are_short_and_complete() -> None:
    records = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    numbers = [int(record.name[:4]) for record in records]
    assert numbers == list(range(1, len(records) + 1))
    for number, record in zip(numbers, records, strict=True):
        text = record.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. "), record.name
        assert len(text.splitlines()) <= 60, record.name
        headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
        assert headings == ["Status", "Context", "Decision", "Consequences", "Measured"], record.name
