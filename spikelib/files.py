"""Files: written whole or not at all (beside their place first, renamed at the end); what is no file at all."""

from __future__ import annotations

import errno
import glob
import os
import stat
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from spikelib.errors import OutputError, SpikelibError, shortage

if TYPE_CHECKING:
    from collections.abc import Iterator


_CLOCKS_S = 1.0
"""By so much the clocks of a file server and of this machine may differ."""


@contextmanager
def atomic_file(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder, renamed to `path` if the body ends well, else removed.

    Parameters
    ----------
    path
        The place of the result; its folder is made if it is missing.

    Raises
    ------
    OutputError
        The folder or the file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with atomic_file(Path(folder, "a.txt")) as temporary:
    ...         _ = temporary.write_text("whole")
    ...     [path.name for path in Path(folder).iterdir()]
    ['a.txt']
    """
    path = Path(path)
    temporary, new_folders = _begin(path)
    try:
        yield temporary
        _flush(temporary)
        temporary.replace(path)
    except SpikelibError:  # some of them are OSErrors too, and have said what is wrong
        raise
    except (OSError, RuntimeError, ValueError) as error:
        short = shortage(error)
        if short is None and not isinstance(error, OSError):
            raise
        reason = getattr(error, "strerror", None) or error
        remedy = (
            "give the job more" if short is not None and "memory" in short else "make room there, or write elsewhere"
        )
        msg = f"{path}: {short or 'writing failed'} ({reason}); {remedy}"
        raise OutputError(msg) from error
    finally:
        _end(temporary, new_folders)


def check_place(path: str | Path) -> None:
    """Find out, before long work, whether a file can be written; OutputError if it cannot."""
    _end(*_begin(Path(path)))


def write_text(path: str | Path, text: str) -> None:
    """Write a text file (UTF-8), whole or not at all; bytes of a path that are not UTF-8 become escapes."""
    with atomic_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace")


def _begin(path: Path) -> tuple[Path, list[Path]]:
    """Make an empty temporary file beside `path`; give it and the folders that had to be made, the innermost first."""
    temporary = path.parent / f".{path.name}.{os.getpid()}.tmp"
    _remove_left_over(path)
    new_folders: list[Path] = []
    try:
        new_folders += [folder for folder in path.parents if not folder.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        if not _is_utf8(path):
            raise OSError(errno.EILSEQ, "the path is not UTF-8")
        temporary.touch()
    except OSError as error:
        _remove(new_folders)
        reason = os.strerror(errno.ENOTDIR) if isinstance(error, FileExistsError) else error.strerror
        short = shortage(error)
        remedy = "name a file in a folder that you may write to" if short is None else "make room there"
        msg = f"{path}: {short or 'cannot be written'} ({reason}); {remedy}"
        raise OutputError(msg) from error
    return temporary, new_folders


def _remove_left_over(path: Path) -> None:
    """Remove what processes that were killed while they wrote `path` have left behind."""
    for other in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        number = other.name[len(path.name) + 2 : -len(".tmp")]
        with suppress(OSError):
            if number.isdigit() and not _is_written(other, int(number)):
                other.unlink()


def _is_written(file: Path, process: int) -> bool:
    # One on another machine may be taken for dead. It then fails to rename its file, which this process writes as well.
    try:
        os.kill(process, 0)
    except OSError as error:
        if error.errno != errno.EPERM:
            return False
    try:
        status = Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()
        since_boot = int(status[19]) / os.sysconf("SC_CLK_TCK")
        begun = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + since_boot
    except (OSError, ValueError, LookupError, AttributeError):
        return True  # the system does not tell
    # One that is dead keeps its number until its parent has asked for it; then the number may become another one's.
    is_dead = status[0] in "ZX"
    return not is_dead and begun < file.stat().st_mtime + _CLOCKS_S


def _end(temporary: Path, new_folders: list[Path]) -> None:
    """Remove what `_begin` made and is of no use."""
    temporary.unlink(missing_ok=True)
    _remove(new_folders)


def _remove(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # it is not empty
            folder.rmdir()


def _is_utf8(path: Path) -> bool:
    """Return whether libraries that know only UTF-8, as Arrow does, can write to a path."""
    return str(path.absolute()) == str(path.absolute()).encode(errors="replace").decode()


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def special_kind(path: Path) -> str | None:
    """Return what a path is if it is neither a file nor a folder; None for these, and where there is nothing.

    To open a pipe would wait for ever for somebody who writes into it.

    >>> special_kind(Path("/dev/null")), special_kind(Path("/nowhere"))
    ('a device', None)
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return None
    kinds = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}
    return kinds.get(stat.S_IFMT(mode))
