"""The process that looks at files which HDF5 may not survive."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import h5py
import numpy as np

from spikelib.sonata.hdf5.worker import look
from tests import PROJECT
from tests.sonata.hdf5.writing import write_plain

if TYPE_CHECKING:
    from pathlib import Path


def test_answers_line_by_line_and_ends_with_its_input(tmp_path: Path) -> None:
    good, bad = write_plain(tmp_path / "a {4}\n\u00e9.h5"), PROJECT / "tests/data/bad/crash_one_byte.h5"
    requests = "".join(json.dumps([str(path), 5, 4 << 30]) + "\n" for path in (good, bad, tmp_path / "none", good))
    command = [sys.executable, "-m", "spikelib.sonata.hdf5.worker"]
    done = subprocess.run(command, input=requests, capture_output=True, text=True, check=True, cwd=PROJECT)
    # What h5py can say of a file is left to who opens it next.
    assert done.stdout.splitlines() == ["fine", "crash SIGSEGV", "fine", "fine"]


def test_looks_at_all_kinds_of_objects(tmp_path: Path) -> None:
    with h5py.File(write_plain(tmp_path / "s.h5"), "a") as file:
        file["loop"] = file["spikes"]
        file["spikes/loop"] = file["/"]
        file["nowhere"] = h5py.SoftLink("/none")
        file["elsewhere"] = h5py.ExternalLink("none.h5", "/none")
        file["type"] = np.dtype("f8")
        file["nothing"] = h5py.Empty("f8")
        file["pairs"] = np.zeros(3, [("time", "f8"), ("id", "u8")])
        file["large"] = np.zeros(3_000_000)
    look(str(tmp_path / "s.h5"))
