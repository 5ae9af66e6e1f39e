"""How a command ends before its time: by a signal of a scheduler, or at a limit of memory."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

__all__ = ["Stopped", "check_memory_limit", "needs_kernels", "stoppable"]

_ONCE = 1.0
"""Seconds in which a second signal is the same wish: `timeout` sends one to the process and one to its group."""

_COMPILED_BYTES = 1_500_000_000
"""Addresses that the compiler of the kernels takes; where it gets less it may abort, or never return."""


class Stopped(KeyboardInterrupt):
    """A signal asks this process to end; what cleans up after Ctrl+C does so after it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.name = signal.Signals(number).name
        self.status = 128 + number
        """Exit status, as shells tell it."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise `Stopped` in the body when a scheduler or a closed terminal asks this process to end.

    Without it SIGTERM and SIGHUP end a process at once, and its temporary files and children stay.

    >>> try:
    ...     with stoppable():
    ...         signal.raise_signal(signal.SIGTERM)
    ... except Stopped as stop:
    ...     print(stop.name, stop.status)
    SIGTERM 143
    """
    if threading.current_thread() is not threading.main_thread():  # only that one may
        yield
        return
    last = float("-inf")

    def stop(number: int, _: Any) -> None:
        nonlocal last
        before, last = last, time.monotonic()
        if last - before > _ONCE:
            raise Stopped(number)

    # What is ignored stays so: `nohup` is meant to be stronger than a closed terminal.
    asked = [each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) is signal.SIG_DFL]
    for each in asked:
        signal.signal(each, stop)
    try:
        yield
    finally:
        for each in asked:
            signal.signal(each, signal.SIG_DFL)


def needs_kernels(options: argparse.Namespace) -> bool:
    """Return whether a command counts spikes, for which kernels are compiled."""
    command = options.run.__name__
    counts = getattr(options, "summarise", False) or command == "run_summarise"
    return counts or (command == "run_report" and options.index is None and options.results is None)


def check_memory_limit(*, compiled: bool) -> None:
    """Refuse a command that needs compiled kernels under a limit (``ulimit -v``) at which the compiler would abort.

    Also keep libraries from reserving memory for threads of linear algebra, of which no command does any.

    >>> check_memory_limit(compiled=False)
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if compiled and limit != resource.RLIM_INFINITY and limit < _COMPILED_BYTES:
        needed = f"its libraries alone need {_COMPILED_BYTES / 1e9:g} GB"
        msg = f"the limit, ulimit -v, is {limit / 1e9:.2g} GB, and {needed}"
        raise MemoryError(msg)
