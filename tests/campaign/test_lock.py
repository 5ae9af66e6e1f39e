"""One run at a time in a folder of results."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from spikelib.campaign.lock import INHERITED, hold_lock
from spikelib.errors import LockedError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLDER = """
import sys, time
from spikelib.campaign.lock import hold_lock
hold_lock(sys.argv[1])
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield another process, which holds the lock ``results.lock``."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "results.lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_second_process_is_told_who_works(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    text = rf"results\.lock: another run is at work here \(process {holder.pid} on .* since "
    with pytest.raises(LockedError, match=text):
        hold_lock(tmp_path / "results.lock")


def test_lock_of_a_killed_process_is_free(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    file = hold_lock(tmp_path / "results.lock")
    assert file is not None
    os.close(file)


def test_lock_outlives_the_process_that_handed_it_down(tmp_path: Path) -> None:
    path = tmp_path / "results.lock"
    file = hold_lock(path)
    assert file is not None
    with subprocess.Popen(["sleep", "60"], pass_fds=[file]) as child:
        os.close(file)
        with pytest.raises(LockedError, match="another run is at work"):
            hold_lock(path)
        child.kill()
    again = hold_lock(path)
    assert again is not None
    os.close(again)


def test_child_trusts_the_lock_of_its_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, holder: subprocess.Popen[str]
) -> None:
    monkeypatch.setenv(INHERITED, str(tmp_path / "results.lock"))
    assert hold_lock(tmp_path / "results.lock") is None
    monkeypatch.setenv(INHERITED, str(tmp_path / "elsewhere.lock"))
    with pytest.raises(LockedError, match="another run is at work"):
        hold_lock(tmp_path / "results.lock")


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(OutputError, match=r"results\.lock: cannot be written \((File exists|Not a directory)\)"):
        hold_lock(tmp_path / "folder/results.lock")


def test_lock_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o002)
    try:
        file = hold_lock(tmp_path / "results.lock")
    finally:
        os.umask(before)
    assert file is not None
    os.close(file)
    assert (tmp_path / "results.lock").stat().st_mode & 0o777 == 0o664
