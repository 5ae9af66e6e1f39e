"""Opening an HDF5 file, with errors that name what is wrong with it and what to do.

A file is called "not HDF5" only if it lacks HDF5's signature; what else keeps it from being opened has words of its
own: it is locked, was not closed, was cut short, is a pointer of git-lfs, an archive or a text.
"""

from __future__ import annotations

import errno
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from spikelib.errors import BusyFileError, MissingFileError, SpikelibError
from spikelib.files import special_kind
from spikelib.sonata.hdf5.structure import SIGNATURE
from spikelib.sonata.hdf5.watched import look_first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import h5py

_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}
_BEGINNINGS = {
    b"version https://git-lfs": (" but a pointer of git-lfs to one", "run: git lfs pull"),
    **{
        start: (" but compressed as a whole", f"unpack it first: {command}")
        for start, command in (
            (b"\x1f\x8b", "gunzip"), (b"BZh", "bunzip2"), (b"\xfd7zXZ\0", "unxz"), (b"(\xb5/\xfd", "unzstd"),
            (b"PK\x03\x04", "unzip"),
        )
    },
}  # fmt: skip
_TEXTS = {
    "{": (" but JSON", "if it is the simulation config, name it as the source"),
    "<": (" but an HTML or XML page", "a download may have saved an error page: get the file again"),
}
_TABLE = (" but a text table", "only spike reports in SONATA format (HDF5) can be read")


@contextmanager
def open_hdf5(path: Path, kind: str, error: Callable[[str], SpikelibError], hint: str = "") -> Iterator[h5py.File]:
    """Open an HDF5 file for reading.

    Parameters
    ----------
    path
        The file.
    kind
        What the file is for messages, such as "spike file".
    error
        Makes the error to raise, of one line of text.
    hint
        What to do where there is no such file.

    Raises
    ------
    MissingFileError
        There is no such file.
    BusyFileError
        Another program has it open for writing.
    SpikelibError
        Made by ``error``: it cannot be opened, or is damaged so that HDF5 would not survive it.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.errors import SpikeFileError
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "s.h5")
    ...     _ = file.write_text("version https://git-lfs.github.com/spec/v1")
    ...     with open_hdf5(file, "spike file", SpikeFileError):
    ...         pass
    Traceback (most recent call last):
        ...
    spikelib.errors.SpikeFileError: ...s.h5: it is not an HDF5 file but a pointer of git-lfs to one; run: git lfs pull
    """

    def refuse(reason: str, remedy: str) -> SpikelibError:
        return error(f"{path}: {reason}; {remedy}")

    with _open(path, kind, refuse, hint) as file:
        yield file


def _open(path: Path, kind: str, refuse: Callable[[str, str], SpikelibError], hint: str) -> h5py.File:
    import h5py  # noqa: PLC0415 - keeps `spikelib --help` fast

    try:
        if path.is_dir():
            msg = "it is a folder"
            raise refuse(msg, f"name the {kind} in it, or the simulation config")
        if special := special_kind(path):
            msg = f"it is {special}, not a file"
            raise refuse(msg, f"name the {kind} itself")
        check_content(path, kind, refuse)
        look_first(path, refuse)
    except FileNotFoundError as wrong:
        raise _missing(path, kind, hint) from wrong
    except (OSError, ValueError) as wrong:
        if isinstance(wrong, SpikelibError):
            raise
        raise _unreadable(path, wrong, refuse) from wrong
    try:
        return h5py.File(path, "r")
    except OSError as wrong:
        if wrong.errno in _NO_LOCKS and "lock" in str(wrong):
            # Some shared file systems know no locks; for reading none is needed.
            return h5py.File(path, "r", locking=False)
        raise _unreadable(path, wrong, refuse) from wrong
    except Exception as wrong:
        raise _unreadable(path, wrong, refuse) from wrong


def _missing(path: Path, kind: str, hint: str) -> MissingFileError:
    target = path.readlink() if path.is_symlink() else None
    reason = f"this link leads to {target}, which is not there" if target else f"there is no such {kind}"
    return MissingFileError(f"{path}: {reason}" + (f"; {hint}" if hint else ""))


def _unreadable(path: Path, wrong: Exception, refuse: Callable[[str, str], SpikelibError]) -> SpikelibError:
    """Make the error for what HDF5 or the system says; the first that fits, for some errors carry two hints."""
    if isinstance(wrong, BlockingIOError):
        return BusyFileError(f"{path}: another program has it open for writing; wait until the simulation has ended")
    text = " ".join(str(wrong).split())
    number = getattr(wrong, "errno", None)
    marked = "it is marked as open for writing: the program that writes it still runs, or ended without closing it"
    known = (
        (isinstance(wrong, PermissionError) or "Permission denied" in text, "permission denied", "make it readable"),
        ("already open for" in text, marked, f"if it has ended, run: h5clear -s {path}"),
        ("truncated" in text, "the HDF5 file is truncated", "copy or simulate it again"),
        (isinstance(wrong, MemoryError) or number == errno.ENOMEM, "not enough memory to open it", "ask for more"),
        (
            number not in {None, errno.EINVAL},
            f"the system cannot read it ({os.strerror(number or 0)})",
            "see whether its disk is well",
        ),
    )
    for fits, reason, remedy in known:
        if fits:
            return refuse(reason, remedy)
    return refuse(f"it is HDF5, but HDF5 cannot open it ({text})", "it is damaged: copy or make it again")


def check_content(path: Path, kind: str, refuse: Callable[[str, str], SpikelibError]) -> None:
    """Raise what is to be said of a file without HDF5's signature.

    Parameters
    ----------
    path
        The file.
    kind
        What it should be.
    refuse
        Makes the error to raise, of a reason and a remedy.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.errors import SpikeFileError
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "spikes.dat")
    ...     _ = file.write_text("1 12.3")
    ...     check_content(file, "spike file", lambda *words: SpikeFileError("; ".join(words)))
    Traceback (most recent call last):
        ...
    spikelib.errors.SpikeFileError: it is not an HDF5 file but a text table; only spike reports in SONATA ...
    """
    if has_signature(path):
        return
    with path.open("rb") as file:
        head = file.read(4096)
    what, remedy = describe_content(head) or (
        "",
        "give a SONATA spike file (.h5)" if kind == "spike file" else "copy it again",
    )
    raise refuse("it is not an HDF5 file" + what, remedy)


def describe_content(head: bytes) -> tuple[str, str] | None:
    r"""Say what a file without HDF5's signature is, and what to do about it; None if it is nothing known.

    Parameters
    ----------
    head
        Its first bytes, up to 4 KiB.

    Examples
    --------
    >>> describe_content(bytes([31, 139, 8]))
    (' but compressed as a whole', 'unpack it first: gunzip')
    >>> describe_content(b"# id time\n1 12.3\n")
    (' but a text table', 'only spike reports in SONATA format (HDF5) can be read')
    """
    if not head:
        return " but empty", "copy or make it again"
    for start, words in _BEGINNINGS.items():
        if head.startswith(start):
            return words
    if any(byte < 9 or 13 < byte < 32 for byte in head):
        return None
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if text[:1] in _TEXTS:
        return _TEXTS[text[0]]
    return _TABLE if any(map(_is_row, text.splitlines()[:50])) else None


def _is_row(line: str) -> bool:
    """Return whether a line has at least two numbers, as a spike has."""
    fields = re.split(r"[,;\s]+", line.strip())
    return len([field for field in fields if re.fullmatch(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?", field, re.IGNORECASE)]) > 1


def has_signature(path: Path) -> bool:
    """Return whether a file has HDF5's signature: at its begin, or behind a user block of 512 bytes or twice that, ...

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.NamedTemporaryFile() as file:
    ...     _ = file.write(bytes(1024) + SIGNATURE)
    ...     file.flush()
    ...     has_signature(Path(file.name))
    True
    """
    with path.open("rb") as file:
        place = 0
        while file.seek(place) == place and (head := file.read(len(SIGNATURE))):
            if head == SIGNATURE:
                return True
            place = place * 2 or 512
    return False
