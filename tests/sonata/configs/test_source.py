"""What a user may name as the source."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import h5py
import pytest

from spikelib.errors import ConfigError, MissingFileError, SpikeFileError
from spikelib.sonata.configs.source import load_source
from spikelib.sonata.spikes.spike_file import spike_sources

if TYPE_CHECKING:
    from pathlib import Path

RUN = {"run": {"tstop": 1000.0, "dt": 0.1}}


def write_config(path: Path) -> Path:
    path.write_text(json.dumps(RUN))
    return path


def test_files_are_told_apart_by_their_content(tmp_path: Path) -> None:
    for name in ("spikes.h5", "spikes.dat", "spikes.json"):
        with h5py.File(tmp_path / name, "w", userblock_size=512):
            pass
        config = load_source(tmp_path / name)
        assert config.path is None
        assert config.circuit is None
        assert config.output.spikes_file == tmp_path / name
        assert (config.tstart, config.tstop, config.dt) == (0.0, None, None)
    for name in ("c.json", "config"):
        assert load_source(write_config(tmp_path / name)).path == tmp_path / name


def test_folder_stands_for_the_one_simulation_config_in_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="a folder that holds no simulation config; name the simulation config or"):
        load_source(tmp_path)
    (tmp_path / "circuit_config.json").write_text(json.dumps({"networks": {}}))
    (tmp_path / "notes.json").write_text("{")
    write_config(tmp_path / "simulation_config.json")
    assert load_source(tmp_path).path == tmp_path / "simulation_config.json"
    write_config(tmp_path / "other.json")
    with pytest.raises(ConfigError, match=r"several simulation configs: other\.json, simulation_config\.json; name"):
        load_source(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("spikes.csv", b"time,id\n1.5,3\n", "not an HDF5 file but a text table; only spike reports in SONATA format"),
        ("spikes.dat", b"# gid time\n3\t12.5\n", "but a text table"),
        ("spikes.h5", b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "git-lfs to one; run: git lfs pull"),
        ("spikes.h5.gz", b"\x1f\x8b\x08\x00", "but compressed as a whole; unpack it first: gunzip"),
        ("spikes.h5", b"<!DOCTYPE html>", "but an HTML or XML page"),
        ("spikes.h5", b'{"run": {}}', "but JSON; if it is the simulation config"),
        ("spikes.h5", b"", "but empty; copy or make it again"),
        ("notes", b"to be done", "it is not an HDF5 file; give a SONATA spike file"),
        ("core", bytes(100), "it is not an HDF5 file; give a SONATA spike file"),
    ],
)
def test_other_files_are_called_what_they_are(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SpikeFileError, match=says):
        # Of a name that ends in .h5 the content is looked at when it is opened.
        spike_sources(load_source(tmp_path / name).output.spikes_file)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"no\.json: there is no such file"):
        load_source(tmp_path / "no.json")


def test_what_is_no_file_is_called_what_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(ConfigError, match=r"pipe\.json: this is a pipe, not a file; name a simulation config"):
        load_source(tmp_path / "pipe.json")
    with pytest.raises(ConfigError, match=r"/dev/null: this is a device, not a file"):
        load_source("/dev/null")
