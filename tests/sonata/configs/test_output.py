"""The ``output`` section of a config: where the spikes are, in every way of saying it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from spikelib.errors import ConfigError
from spikelib.sonata.configs.output import read_output

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.sonata.configs.output import OutputConfig


def read(folder: Path, output: dict[str, Any]) -> OutputConfig:
    return read_output(output, folder, folder / "config.json", [])


@pytest.mark.parametrize(
    ("present", "output", "expected"),
    [
        pytest.param(["output/out.h5", "output/spikes.h5"], {}, "output/out.h5", id="bbp-default"),
        pytest.param(["output/spikes.h5"], {}, "output/spikes.h5", id="allen-default"),
        pytest.param([], {}, "out.h5", id="nothing"),
        pytest.param(["spikes.h5"], {}, "spikes.h5", id="no-folder"),
        pytest.param(["a/spikes.h5"], {"output_dir": "a"}, "a/spikes.h5", id="folder-only"),
        pytest.param(["a/s.h5"], {"output_dir": "a", "spikes_file": "s.h5"}, "a/s.h5", id="both"),
        pytest.param(["a/s.h5"], {"output_dir": "./a", "spikes_file": "./a/s.h5"}, "a/s.h5", id="folder-repeated"),
        pytest.param([], {"output_dir": "./a", "spikes_file": "./a/s.h5"}, "a/s.h5", id="repeated-and-missing"),
        pytest.param([], {"output_dir": "a", "spikes_file": "s.h5"}, "a/s.h5", id="missing"),
        pytest.param([], {"output_dir": ".", "spikes_file": "s.h5"}, "s.h5", id="dot"),
        pytest.param([], {"output_dir": "a", "spikes_file": "/x/s.h5"}, "/x/s.h5", id="absolute"),
        pytest.param(["a/s.h5"], {"output_dir": r".\a", "spikes_file": "s.h5"}, "a/s.h5", id="windows"),
    ],
)
def test_spikes_file(tmp_path: Path, present: list[str], output: dict[str, str], expected: str) -> None:
    for name in present:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert read(tmp_path, output).spikes_file == tmp_path / expected


@pytest.mark.parametrize(
    ("output", "text"),
    [
        ({}, "no output.spikes_file is named; out.h5 is taken"),
        ({"spikes_file": "s.h5"}, "no output.output_dir is named"),
        ({"output_dir": "a", "spikes_file": r".\s.h5"}, "output.spikes_file was written on Windows"),
        ({"spikes_sort_order": "sideways"}, "spikes_sort_order is unknown: 'sideways'"),
    ],
)
def test_odd_output_is_noted(tmp_path: Path, output: dict[str, str], text: str) -> None:
    notes: list[Any] = []
    read_output(output, tmp_path, tmp_path / "config.json", notes)
    assert text in str(notes[-1])
    assert str(tmp_path / "config.json") in str(notes[-1]), "a note names its config"


@pytest.mark.parametrize(
    ("written", "order"),
    [("time", "by_time"), ("by_gid", "by_id"), ("none", "none"), ("sideways", "none")],
)
def test_sort_order(tmp_path: Path, written: str, order: str) -> None:
    assert read(tmp_path, {"spikes_sort_order": written}).spikes_sort_order == order


@pytest.mark.parametrize(
    ("log_file", "expected"), [("run.log", "a/run.log"), ("a/run.log", "a/run.log"), ("/x/run.log", "/x/run.log")]
)
def test_log_file(tmp_path: Path, log_file: str, expected: str) -> None:
    output = {"output_dir": "a", "spikes_file": "s.h5", "log_file": log_file}
    assert read(tmp_path, output).log_file == tmp_path / expected
    del output["log_file"]
    assert read(tmp_path, output).log_file is None


def test_a_complete_section_is_read_without_a_note(tmp_path: Path) -> None:
    notes: list[Any] = []
    output = {"output_dir": "a", "spikes_file": "s.h5", "spikes_sort_order": "by_id", "log_file": None}
    assert read_output(output, tmp_path, tmp_path / "config.json", notes).output_dir == tmp_path / "a"
    assert notes == []


@pytest.mark.parametrize("key", ["output_dir", "spikes_file", "log_file", "spikes_sort_order"])
def test_values_that_are_no_texts_are_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError, match=rf"config\.json: output\.{key} must be a text in quotes, not \[1\]"):
        read(tmp_path, {"output_dir": "a", "spikes_file": "s.h5", key: [1]})
