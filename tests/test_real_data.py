"""The real data are small, say where they come from, and are what their scripts make of the originals."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pandas as pd
import pytest

from tests.real_data import DATA

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = sorted(path.name for path in DATA.iterdir() if path.is_dir() and path.name != "__pycache__")


def files() -> list[Path]:
    return [path for path in DATA.rglob("*") if path.is_file() and path.suffix != ".pyc"]


def test_data_are_at_most_ten_megabytes() -> None:
    assert sum(path.stat().st_size for path in files()) <= 10_000_000


def test_every_folder_stands_in_the_table() -> None:
    rows = re.findall(r"^\| (\w+) \| .* \| (\S+) \|$", (DATA / "README.md").read_text(), re.MULTILINE)
    assert [name for name, _ in rows[1:]] == FOLDERS
    for name, licence in rows[1:]:
        assert licence in {"BSD-3-Clause", "Apache-2.0"}
        assert licence in (DATA / name / "README").read_text()


@pytest.mark.parametrize("name", FOLDERS)
def test_licence_of_others_comes_with_their_data(name: str) -> None:
    readme = (DATA / name / "README").read_text()
    licence = DATA / name / "LICENSE.upstream"
    assert licence.exists() == ("github.com/" in readme)
    if licence.exists():
        head = "Apache License" if "Apache-2.0" in readme else "Redistribution and use in source and binary forms"
        assert head in licence.read_text()


def test_cut_files_hold_the_same_spikes() -> None:
    folder = DATA / "allen_pysonata_spike_files"
    lines = pd.read_csv(folder / "spikes.multipop.csv", sep=" ", dtype={"timestamps": str})
    with h5py.File(folder / "spikes.multipop.h5") as file:
        assert sorted(file["spikes"]) == sorted(lines["population"].unique()) == ["lgn", "tw"]
        for name, part in lines.groupby("population"):
            times = [float(time) for time in part["timestamps"]]
            np.testing.assert_allclose(file[f"spikes/{name}/timestamps"][:], times, rtol=4e-16)  # as in the originals
            np.testing.assert_array_equal(file[f"spikes/{name}/node_ids"][:], part["node_ids"])


@pytest.mark.slow
def test_other_libraries_find_the_reference_values() -> None:
    command = [sys.executable, str(DATA / "make_references.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
