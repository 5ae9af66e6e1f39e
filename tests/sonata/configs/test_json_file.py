from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from spikelib.errors import ConfigError, MissingFileError, NodeSetsError
from spikelib.sonata.configs.json_file import read_json, read_json_object

if TYPE_CHECKING:
    from pathlib import Path


def test_content_and_repeated_keys(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'\xef\xbb\xbf{"b": {"x": 1, "x": 2}, "a": 1, "a": 3}')
    assert read_json(path, "config") == ({"b": {"x": 2}, "a": 3}, ("a", "x"))


@pytest.mark.parametrize(
    ("content", "match"),
    [
        pytest.param(b'{"a": 1,\n "b": }', r"a\.json: this config is not valid JSON, line 2, column 7", id="typo"),
        pytest.param(b"", "line 1, column 1", id="empty"),
        pytest.param(b'{"a": "\xff"}', r"not UTF-8 text \(byte 7\)", id="encoding"),
        pytest.param(b"[1]", "must be an object .* not list", id="list"),
        pytest.param(b"[" * 100_000, "nested too deeply", id="deep"),
    ],
)
def test_broken_file(tmp_path: Path, content: bytes, match: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=match):
        read_json_object(path, "config")


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"no\.json: there is no such node-set file"):
        read_json(tmp_path / "no.json", "node-set file", NodeSetsError)
    with pytest.raises(NodeSetsError, match="this is a folder, not a node-set file"):
        read_json(tmp_path, "node-set file", NodeSetsError)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 101 + "]" * 101, "nested too deeply to be read, at most 100 levels are allowed; flatten it"),
        ("[" * 5000 + "]" * 5000, "nested too deeply to be read"),
        ('{"a":' * 600 + "1" + "}" * 600, "nested too deeply to be read"),
        (
            '{"tstop": ' + "9" * 5000 + "}",
            "holds a number of 5000 digits, at most 300 are allowed; correct",
        ),
        ('{"tstop": 1' + "0" * 400 + "}", "holds a number of 401 digits"),
    ],
    ids=["101", "5000", "objects", "digits", "large"],
)
def test_limits(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(ConfigError, match=rf"c\.json: .*{says}"):
        read_json(tmp_path / "c.json", "config")


def test_hundred_levels_are_read(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text("[" * 99 + "1" + "]" * 99)
    assert read_json(tmp_path / "c.json", "config")[1] == ()


def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "sets.json")
    with pytest.raises(ConfigError, match=r"sets\.json: this is a pipe, not a node sets file; name the file itself"):
        read_json(tmp_path / "sets.json", "node sets file")
