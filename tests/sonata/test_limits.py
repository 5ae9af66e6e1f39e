"""Limits are one value of a process, known to the config, the command line and the documents alike."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from spikelib.cli.main import main
from spikelib.errors import ConfigError
from spikelib.sonata.limits import (
    Limits,
    current_limits,
    folders_outside,
    limit_words,
    raise_it,
    read_limits,
    set_limits,
)
from tests import PROJECT
from tests.writing import write_simulation

if TYPE_CHECKING:
    from pathlib import Path

NUMBERS = {each.name: each for each in fields(Limits) if each.metadata}


def test_threads_have_the_limits_of_the_process() -> None:
    before = current_limits()
    with set_limits(Limits(json_depth=7)), ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: current_limits().json_depth).result() == 7
        assert raise_it("json_depth") == "the limit json_depth is 7; --limit json_depth=N sets another"
    assert current_limits() is before


@pytest.mark.parametrize("name", NUMBERS)
def test_limits_are_positive_and_not_beyond_what_readers_survive(name: str) -> None:
    most = NUMBERS[name].metadata["most"]
    assert getattr(Limits(**{name: most}), name) == most
    for wrong in (0, -1, most + 1, "a", None, True, float("nan")):
        with pytest.raises(ConfigError, match=f"limits: {name} must be a .*number above 0, at most"):
            Limits(**{name: wrong})


def test_whole_numbers_stay_whole() -> None:
    with pytest.raises(ConfigError, match=r"json_depth must be a whole number above 0, at most 200, not 1\.5"):
        read_limits({"json_depth": "1.5"})
    assert read_limits({"pattern_seconds": "1.5", "nodes": "5"}) == Limits(pattern_seconds=1.5, nodes=5)


def test_schema_says_what_the_code_does() -> None:
    schema = yaml.safe_load((PROJECT / "workflow/schemas/config.schema.yaml").read_text())
    listed = schema["properties"]["limits"]["properties"]
    assert {name: (each["default"], each["maximum"]) for name, each in listed.items()} == {
        name: (each.default, each.metadata["most"]) for name, each in NUMBERS.items()
    }


def test_documents_list_every_limit_with_its_default() -> None:
    table = (PROJECT / "docs/formats.md").read_text().partition("## Limits")[2]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| ([\d.,]+) \|$", table, re.MULTILINE)
    assert rows == [(name, each.metadata["text"], f"{each.default:,}") for name, each in NUMBERS.items()]


def test_words_for_a_command(tmp_path: Path) -> None:
    usual = {name: each.default for name, each in NUMBERS.items()}
    assert limit_words(usual, []) == []
    words = limit_words({**usual, "json_depth": 120}, [tmp_path])
    assert words == ["--limit=json_depth=120", f"--allow-outside={tmp_path}"]


@pytest.mark.parametrize("given", ["no_such_folder", ["/", "no_such_folder"], [5]])
def test_folders_that_do_not_exist(given: Any) -> None:
    with pytest.raises(ConfigError, match=r"allow_outside: '(no_such_folder|5)' is no folder"):
        folders_outside(given)


def test_command_line_sets_limits_for_one_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(write_simulation(tmp_path, {"a": ([1.0], [0])}))
    before = current_limits()
    assert main(["inspect", config, "--limit", "json_depth=1"]) == 1
    assert "the limit json_depth is 1; --limit json_depth=N sets another" in capsys.readouterr().err
    assert main(["inspect", config, "--limit", "depth=1"]) == 1
    assert "limits: there is no limit 'depth'; there are json_bytes" in capsys.readouterr().err
    assert main(["inspect", config, "--limit", "json_depth=9", "--allow-outside", str(tmp_path)]) == 0
    assert current_limits() is before
    with pytest.raises(SystemExit, match="2"):
        main(["inspect", config, "--limit", "json_depth"])
