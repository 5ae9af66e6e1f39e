"""A first look at an HDF5 file by a process that may die of it, where HDF5 itself might crash or never return.

Files of the plain kind (`spikelib.sonata.hdf5.structure`) need none. For any other, one worker process is started
for this process, once, and asked for each file before it is opened here: about 0.3 s for the first file, a few
milliseconds for each later one.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from spikelib.sonata.hdf5.structure import is_plain
from spikelib.sonata.limits import current_limits, raise_it

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from spikelib.errors import SpikelibError

_WORDS = {
    "crash": "HDF5 crashes when it reads this file",
    "endless": "HDF5 does not come to an end when it reads this file",
    "memory": "HDF5 asks for more memory than a machine has when it reads this file",
}

_RAISED = {"endless": "look_seconds", "memory": "look_bytes"}

_State = tuple[int, int, int, int]


def look_first(path: Path, refuse: Callable[[str, str], SpikelibError]) -> None:
    """Make sure that HDF5 survives a file; costs nothing for a file that was looked at and has not changed.

    Parameters
    ----------
    path
        An HDF5 file.
    refuse
        Makes the error to raise, of a reason and a remedy.

    Raises
    ------
    SpikelibError
        HDF5 crashes on the file, does not come to an end, or asks for too much memory.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> from spikelib.errors import SpikeFileError
    >>> with TemporaryDirectory() as folder:
    ...     spikes = write_demo(folder).parent / "output" / "spikes.h5"
    ...     look_first(spikes, lambda reason, remedy: SpikeFileError(f"{reason}; {remedy}"))
    """
    status = path.stat()
    state = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    if state in _FINE:
        return
    outcome = "fine" if is_plain(path) else _WORKER.ask(path)
    kind, _, detail = outcome.partition(" ")
    if kind in _WORDS:
        reason = _WORDS[kind] + (f" ({detail})" if detail else "")
        limit = _RAISED.get(kind)
        remedy = "the file is damaged: copy or make it again"
        raise refuse(reason, f"{remedy} ({raise_it(limit)})" if limit else remedy)
    if len(_FINE) >= _MOST_REMEMBERED:
        _FINE.clear()
    _FINE.add(state)


def share_worker() -> None:
    """Let this process use the worker of the one that it was forked from, which must wait for it meanwhile."""
    _WORKER.owner = os.getpid()


class _Worker:
    """The worker of this process; one request at a time."""

    def __init__(self) -> None:
        self.owner = 0
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def ask(self, path: Path) -> str:
        """Return the worker's word on a file; "fine" where no worker can be had."""
        limits = current_limits()
        # Six times as long by the clock, for slow disks.
        request = json.dumps([os.fspath(path.absolute()), limits.look_seconds, limits.look_bytes]) + "\n"
        with self._lock:
            for _ in range(2):  # a worker that somebody killed is started again, once
                try:
                    answer = self._answer(request)
                except OSError:
                    answer = ""
                if answer:
                    return answer
                self.close()
        return "fine"

    def _answer(self, request: str) -> str:
        process = self._process
        if process is None or self.owner != os.getpid():
            process = self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(request)
        process.stdin.flush()
        return process.stdout.readline().strip()

    def _start(self) -> subprocess.Popen[str]:
        import subprocess  # noqa: PLC0415 - few files need a worker

        package = Path(__file__).parents[3]
        path = os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "spikelib.sonata.hdf5.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            # One thread is enough to look at a file, and a small process forks fast.
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        if not self.owner:
            atexit.register(self.close)
        self.owner = os.getpid()
        return self._process

    def close(self) -> None:
        """End the worker."""
        process, self._process = self._process, None
        if process is None or self.owner != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was written and not taken any more
                    continue
        process.terminate()
        process.wait()


_WORKER = _Worker()
_FINE: set[_State] = set()
_MOST_REMEMBERED = 100_000
