"""One run at a time in a folder of results: a lock that ends with the process that holds it, however it ends."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import time
import warnings
from pathlib import Path

from spikelib.errors import LockedError, OutputError, SpikelibWarning

__all__ = ["INHERITED", "hold_lock"]

INHERITED = "SPIKELIB_LOCK"
"""Environment variable: the lock file that the parent process holds and has handed down as an open file."""

_UNSUPPORTED = {errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL}


def hold_lock(path: str | Path) -> int | None:
    """Lock a file until this process ends.

    The lock is one of the kernel (``flock``): it is gone as soon as the process and those that it has handed the
    file to are, so one that was left by a crash never stands in the way.

    Parameters
    ----------
    path
        The file; made if it is missing. It tells who holds it, and is left behind.

    Returns
    -------
    int or None
        The open file, to be handed down to child processes that shall hold the lock as well. None if
        the parent handed it to this process, or if the file system has no locks (a warning says so).

    Raises
    ------
    LockedError
        Somebody else holds the lock.
    OutputError
        The file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = hold_lock(Path(folder, "results.lock"))
    ...     try:
    ...         hold_lock(Path(folder, "results.lock"))
    ...     except LockedError as error:
    ...         print("another run is at work here" in str(error))
    True
    """
    path = Path(path).absolute()
    if os.environ.get(INHERITED) == str(path):
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror}); a run needs a folder that it may write to"
        raise OutputError(msg) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = _holder(path)
        os.close(file)
        if isinstance(error, BlockingIOError):
            msg = f"{path}: another run is at work here{holder}; wait until it has ended"
            raise LockedError(msg) from error
        if error.errno in _UNSUPPORTED:
            msg = f"{path}: the file system has no locks; make sure that only one run is at work in this folder"
            warnings.warn(msg, SpikelibWarning, stacklevel=2)
            return None
        raise
    # The text is for people; it may be that of a run that was killed, so it never decides anything.
    os.ftruncate(file, 0)
    os.write(file, f"process {os.getpid()} on {socket.gethostname()} since {time.ctime()}\n".encode())
    return file


def _holder(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
    return f" ({text})" if text else ""
