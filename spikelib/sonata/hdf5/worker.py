"""The process that `spikelib.sonata.hdf5.watched` keeps: it has HDF5 look at files that HDF5 may not survive.

It reads requests from standard input, a line of JSON each, ``[path, seconds, bytes]``, and forks a child for each of
them, so that it never dies itself: a child costs a few milliseconds, this process is started once. The answer is a
line: "fine", "crash SIGSEGV", "endless" or "memory". It ends with its standard input, which is with its parent.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import sys
import time
from types import SimpleNamespace
from typing import Any

import h5py

_MOST_OBJECTS = 100_000
_MOST_BYTES = 1 << 24
_OUT_OF_MEMORY = 3
_PR_SET_PDEATHSIG = 1


def look(path: str) -> None:
    """Have HDF5 do with a file all that spikelib does before it reads spikes: open, list, describe, read a little.

    Errors of h5py are no matter here: who opens the file next meets them again, and words them.
    """
    with h5py.File(path, "r") as file:
        pending: list[Any] = [file["/"].id]
        seen: set[tuple[int, int]] = set()
        while pending and len(seen) < _MOST_OBJECTS:
            item = pending.pop()
            info = h5py.h5o.get_info(item)
            if (info.fileno, info.addr) in seen:
                continue
            seen.add((info.fileno, info.addr))
            _attempt(_read_attributes, item)
            if isinstance(item, h5py.h5g.GroupID):
                pending += _attempt(_members, item) or []
            elif isinstance(item, h5py.h5d.DatasetID):
                _attempt(_read_data, h5py.Dataset(item))


def _attempt(step: Any, item: Any) -> Any:
    try:
        return step(item)
    except MemoryError:
        raise
    except Exception:
        return None


def _members(group: h5py.h5g.GroupID) -> list[Any]:
    names = list(group)
    found = (_attempt(lambda name: h5py.h5o.open(group, name), name) for name in names)
    return [item for item in found if item is not None]


def _read_attributes(item: Any) -> None:
    attributes = h5py.AttributeManager(SimpleNamespace(id=item))
    for name in list(attributes):
        _attempt(attributes.__getitem__, name)


def _read_data(dataset: h5py.Dataset) -> None:
    size = int(dataset.size or 0)
    if dataset.chunks is not None:
        dataset.id.get_num_chunks()
    dataset.id.get_storage_size()
    if not size or not dataset.ndim:
        return
    if size * dataset.dtype.itemsize <= _MOST_BYTES:
        dataset[()]
    else:
        dataset[:1], dataset[-1:]


def _serve(request: str) -> str:
    path, seconds, n_bytes = json.loads(request)
    child = os.fork()
    if not child:
        code = 0
        try:
            if sys.platform == "linux":
                ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # nobody waits for it without its parent
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
            resource.setrlimit(resource.RLIMIT_AS, (n_bytes, n_bytes))
            signal.signal(signal.SIGXCPU, signal.SIG_DFL)
            look(path)
        except MemoryError:
            code = _OUT_OF_MEMORY
        except Exception:
            code = 0
        finally:
            os._exit(code)
    return _outcome(child, time.monotonic() + 6 * seconds)


def _outcome(child: int, deadline: float) -> str:
    """Wait for the end of a child, and kill it where it waits for what never comes."""
    handle = os.pidfd_open(child) if hasattr(os, "pidfd_open") else None
    if handle is not None:
        select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
        os.close(handle)
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "endless"
        time.sleep(0.002)
    if os.WIFEXITED(status):
        return "memory" if os.WEXITSTATUS(status) == _OUT_OF_MEMORY else "fine"
    ended_by = signal.Signals(os.WTERMSIG(status))
    return "endless" if ended_by in {signal.SIGXCPU, signal.SIGKILL} else f"crash {ended_by.name}"


def main() -> None:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the parent decides
    for request in sys.stdin:
        sys.stdout.write(_serve(request) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
