"""Progress is shown to those who watch, and to nobody else."""

from __future__ import annotations

import os
import subprocess
import sys
import termios
from typing import TYPE_CHECKING

import pytest

from spikelib.cli.progress import progress_bar
from tests.cli.running import ENVIRONMENT
from tests.writing import write_spikes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SPIKES = {"a": ([1.0, 2.0, 3.0], [0, 1, 2])}


def read_all(handle: int) -> str:
    """Read what a process wrote on a terminal."""
    parts: list[bytes] = []
    try:
        while part := os.read(handle, 4096):
            parts.append(part)
    except OSError:  # Linux says so at the end
        pass
    return b"".join(parts).decode()


@pytest.mark.parametrize("command", [["inspect"], ["extract", "--population", "a", "--out", "t"]], ids=lambda w: w[0])
def test_progress_is_shown_on_a_terminal_only(tmp_path: Path, command: Sequence[str]) -> None:
    source = write_spikes(tmp_path / "spikes.h5", SPIKES)
    words = [sys.executable, "-m", "spikelib", *command, str(source)]
    plain = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True, env=ENVIRONMENT)
    assert plain.stderr == ""
    terminal, end = os.openpty()
    termios.tcsetwinsize(end, (24, 80))
    subprocess.run(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=end, check=True, env=ENVIRONMENT)
    os.close(end)
    shown = read_all(terminal)
    os.close(terminal)
    assert command[0] in shown
    assert "spikes" in shown


def test_progress_bar_off_a_terminal_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("work", unit="things") as advance:
        advance(5)
    assert capsys.readouterr() == ("", "")
