"""The commands and options: their help, what is bad usage, and where documents name them."""

from __future__ import annotations

import re

import pytest

from spikelib.cli.main import main
from tests import PROJECT

COMMANDS = ("inspect", "stats", "extract", "filter", "summarise", "figure", "report", "demo")


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    listed = re.findall(r"^    (\w+)\s+[a-z]", capsys.readouterr().out, flags=re.MULTILINE)
    assert tuple(listed) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_has_help(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    text = capsys.readouterr().out
    _, sentence, *arguments = re.split(r"\n\n", text)
    assert re.match(r"[A-Z].+\.$", sentence, flags=re.DOTALL)
    entries = re.findall(r"^  (-?-?\S[^\n]*(?:\n {10,}\S[^\n]*)*)", "\n".join(arguments), flags=re.MULTILINE)
    assert len(entries) > 1
    assert [entry for entry in entries if not re.search(r"( {2,}|\n +)[a-z]", entry)] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_in_the_documents(command: str) -> None:
    pages = [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]
    assert any(f"spikelib {command}" in page.read_text() for page in pages)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["draw"],
        ["inspect"],
        ["inspect", "a.h5", "b.h5"],
        ["extract", "a.h5", "--out", "x"],
        ["filter", "a.h5", "--tables", "t", "--out", "x", "--t-start", "soon"],
        ["extract", "a.h5", "--population", "a", "--out", "x", "--memory-limit", "much"],
        ["filter", "a.h5", "--tables", "t", "--out", "x", "--figures", "{}"],
        ["filter", "a.h5", "--tables", "t", "--out", "x", "--properties", "layer"],
        ["figure", "s.npz", "--out", "x", "--only", "histogram"],
        ["report", "--out", "x.html"],
        ["report", "--index", "results", "--out", "x.html", "--config", "c.yaml"],
        ["report", "--index", "results", "--out", "x.html", "--filters", "all"],
        ["report", "--index", "results", "--out", "x.html", "--strict"],
        ["report", "a.h5", "--out", "x.html", "--filters", "all"],
        ["report", "a.h5", "--out", "x.html", "--logs", "logs"],
        ["report", "a.h5", "--out", "x.html", "--from", "a", "--strict"],
        ["report", "a.h5", "--index", "results", "--out", "x.html"],
        ["report", "a.h5", "--out", "x.html", "--from", "a", "--keep", "b"],
    ],
    ids=" ".join,
)
def test_bad_usage(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("usage: spikelib")
