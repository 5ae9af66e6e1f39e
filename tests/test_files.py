"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import time
from pathlib import Path

import pytest

from spikelib.errors import ConfigError, OutputError
from spikelib.files import atomic_file, check_place, write_text


def write_half(path: Path, error: BaseException, meanwhile: Path | None = None) -> None:
    """Fail in the middle of writing a file; another process may write the file `meanwhile`."""
    with atomic_file(path) as temporary:
        temporary.write_text("half")
        if meanwhile:
            meanwhile.touch()
        raise error


def test_file_appears_whole(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "text.txt"
    with atomic_file(path) as temporary:
        temporary.write_text("half")
        assert not path.exists()
        assert temporary.parent == path.parent
        assert temporary.name.startswith(".")
        temporary.write_text("whole")
    assert path.read_text() == "whole"
    assert list(path.parent.iterdir()) == [path]


def test_reader_of_the_old_file_is_not_disturbed(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    write_text(path, "old")
    with path.open() as reader:
        write_text(path, "new")
        assert reader.read() == "old"
    assert path.read_text() == "new"


@pytest.mark.parametrize("error", [ConfigError, KeyboardInterrupt, ZeroDivisionError])
def test_failure_leaves_nothing_and_passes(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error, match="stop"):
        write_half(tmp_path / "a" / "b" / "x", error("stop"))
    assert list(tmp_path.iterdir()) == []


def test_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    write_text(path, "old")
    with pytest.raises(ConfigError, match="stop"):
        write_half(path, ConfigError("stop"))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_full_disk_is_told(tmp_path: Path) -> None:
    says = "x: the disk is full .No space left on device.; make room there, or write elsewhere"
    with pytest.raises(OutputError, match=says):
        write_half(tmp_path / "new" / "x", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert list(tmp_path.iterdir()) == []


def test_lack_of_memory_while_writing_is_not_put_on_the_disk(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"x: there is not enough memory \(can't start new thread\); give"):
        write_half(tmp_path / "x", RuntimeError("can't start new thread"))
    with pytest.raises(RuntimeError, match=r"^a fault$"):
        write_half(tmp_path / "x", RuntimeError("a fault"))


def test_folders_that_others_use_stay(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="stop"):
        write_half(tmp_path / "a" / "b" / "x", ConfigError("stop"), meanwhile=tmp_path / "a" / "other")
    assert [path.name for path in tmp_path.rglob("*")] == ["a", "other"]


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("file/x", "Not a directory"),
        ("file/new/folders/x", "Not a directory"),
        ("folder", "it is a folder"),
        ("x" * 300, "File name too long"),
        ("", "it is a folder"),
    ],
    ids=["below a file", "far below a file", "a folder", "overlong", "the folder itself"],
)
@pytest.mark.parametrize("how", [check_place, lambda path: write_text(path, "x")], ids=["check_place", "write_text"])
def test_place_that_cannot_be_written(tmp_path: Path, place: str, says: str, how: object) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=f"cannot be written .{says}.; name a file in a folder that you may write to"):
        how(tmp_path / place)  # type: ignore[operator]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]


def test_checking_a_place_leaves_no_trace(tmp_path: Path) -> None:
    check_place(tmp_path / "a" / "b" / "x")
    assert list(tmp_path.iterdir()) == []
    write_text(tmp_path / "x", "old")
    check_place(tmp_path / "x")
    assert (tmp_path / "x").read_text() == "old"


def test_process_that_has_the_number_of_a_dead_one_is_not_the_writer(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as alive:
        left = tmp_path / f".a.txt.{alive.pid}.tmp"
        for begun_after, stays in ((-30.0, True), (30.0, False)):
            left.touch()
            when = time.time() - begun_after
            os.utime(left, (when, when))
            write_text(tmp_path / "a.txt", "text")
            assert left.exists() is stays
        alive.kill()


def test_process_that_nobody_has_asked_for_since_it_died_is_dead(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    while Path(f"/proc/{dead.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.01)
    (tmp_path / f".a.txt.{dead.pid}.tmp").touch()
    write_text(tmp_path / "a.txt", "text")
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]
    assert dead.wait() == 0


def test_what_a_killed_writer_left_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "a[1].txt"
    with subprocess.Popen(["sleep", "60"]) as alive:
        (tmp_path / f".a[1].txt.{alive.pid}.tmp").touch()
        with subprocess.Popen(["true"]) as dead:
            pass
        (tmp_path / f".a[1].txt.{dead.pid}.tmp").touch()
        (tmp_path / f".b.txt.{dead.pid}.tmp").touch()
        write_text(path, "text")
        kept = [f".a[1].txt.{alive.pid}.tmp", f".b.txt.{dead.pid}.tmp", "a[1].txt"]
        assert sorted(file.name for file in tmp_path.iterdir()) == sorted(kept)
        alive.kill()
