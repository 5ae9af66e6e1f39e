"""PATH and TMPDIR of the jobs of a workflow."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from spikelib.campaign.job_environment import prepare_process

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pretend that Python runs from an environment of its own, which nobody has activated."""
    for name in ("python", "spikelib"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text("#!/bin/sh\n")
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin/python"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.delenv("SLURM_TMPDIR", raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path / "bin"


def test_command_of_this_python_comes_first_once(python: Path) -> None:
    prepare_process()
    prepare_process()
    assert os.environ["PATH"] == f"{python}:/usr/bin:/bin"


def test_path_is_left_alone_where_the_environment_is_active(python: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"/nowhere:{python}:/usr/bin")
    prepare_process()
    assert os.environ["PATH"] == f"/nowhere:{python}:/usr/bin"


def test_path_is_left_alone_where_there_is_no_command(python: Path) -> None:
    (python / "spikelib").unlink()
    prepare_process()
    assert os.environ["PATH"] == "/usr/bin:/bin"


def test_disk_of_the_node_takes_temporary_files(python: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    prepare_process()
    assert os.environ["TMPDIR"] == str(tmp_path)
    monkeypatch.setenv("SLURM_TMPDIR", str(python))
    prepare_process()
    assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(python)
