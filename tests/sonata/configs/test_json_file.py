from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from spikelib.errors import ConfigError, MissingFileError, NodeSetsError
from spikelib.sonata.configs.json_file import read_json, read_json_object
from spikelib.sonata.limits import Limits, set_limits

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
        (
            "[" * 101 + "]" * 101,
            "nested too deeply to be read; flatten it .the limit json_depth is 100; --limit",
        ),
        ("[" * 5000 + "]" * 5000, "nested too deeply to be read"),
        ("[" * 10**6 + "]" * 10**6, "nested too deeply to be read"),
        ('{"a":' * 600 + "1" + "}" * 600, "nested too deeply to be read"),
        (
            '{"tstop": ' + "9" * 5000 + "}",
            "holds a number of 5000 digits .the limit json_digits is 300;",
        ),
        ("[-" + "9" * 10**6 + "]", "holds a number of 1000001 digits"),
        ('{"tstop": 1' + "0" * 400 + "}", "holds a number of 401 digits"),
        (
            '{"' + "k" * 5_000_000 + '": 1}',
            "holds a key of 5000000 characters .the limit json_key_characters is",
        ),
    ],
    ids=["101", "5000", "million", "objects", "digits", "million_digits", "large", "key"],
)
def test_limits(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(ConfigError, match=rf"c\.json: .*{says}"):
        read_json(tmp_path / "c.json", "config")


def test_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "c.json").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(ConfigError, match=r"has 1099511627776 bytes, too many to be read .the limit json_bytes is"):
        read_json(tmp_path / "c.json", "config")


def test_limits_can_be_raised(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text('{"n": ' + "9" * 1000 + ', "deep": ' + "[" * 150 + "]" * 150 + "}")
    with set_limits(Limits(json_depth=160, json_digits=2000)):
        content, _ = read_json(tmp_path / "c.json", "config")
    assert content["n"] == 10**1000 - 1


def test_hundred_levels_are_read(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text("[" * 99 + "1" + "]" * 99)
    assert read_json(tmp_path / "c.json", "config")[1] == ()


def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "sets.json")
    with pytest.raises(ConfigError, match=r"sets\.json: this is a pipe, not a node sets file; name the file itself"):
        read_json(tmp_path / "sets.json", "node sets file")
