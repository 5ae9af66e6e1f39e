"""A process for each mutant, forked from one that has everything imported, with limits of time and memory.

Goals: a mutant is read right (success) or refused in one line (refusal). All other ends are faults.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.errors import ConservationError, SpikelibError, SpikelibWarning
from spikelib.sonata.hdf5 import watched

if TYPE_CHECKING:
    from collections.abc import Callable

SUCCESS, REFUSAL = "success", "refusal"
FOREIGN, CRASH, HANG, MEMORY, CONSERVATION = "foreign", "crash", "hang", "memory", "conservation"
OUTCOMES = (SUCCESS, REFUSAL, FOREIGN, CRASH, HANG, MEMORY, CONSERVATION)
FAULTS = OUTCOMES[2:]

N_SECONDS = 10
"""Processor time of a mutant; six times as long by the clock, on a busy machine."""
N_BYTES = 2 << 30
"""Memory of a mutant, beyond what the server has mapped."""
LARGEST_FILE = 64 << 20
"""Bytes of a file that a mutant may write: some declare arrays of many GB."""
LONGEST_REFUSAL = 2000
"""Letters of a message; names in it may be long."""


class NotConservedError(Exception):
    """What was read is not what the file holds."""


@dataclass(frozen=True)
class Outcome:
    """How a mutant ended."""

    kind: str
    text: str = ""
    """The error's words; for a foreign one, its class and where it was raised too."""
    change: str = ""
    """What was changed."""
    checked: bool = False
    """Whether another reading was there to hold a success against."""
    trace: str = ""
    """The stack of a foreign error."""


@dataclass(frozen=True)
class Task:
    """What to do with one mutant, in a process of its own; each step is given what the one before returned."""

    change: Callable[[], str]
    """Makes the mutant, and says what was changed."""
    read: Callable[[], Any]
    """Has spikelib read it."""
    check: Callable[[Any], bool]
    """Raises `NotConservedError` where another reading differs; returns whether there was one."""


def run(task: Task, seconds: float = N_SECONDS, n_bytes: int = N_BYTES) -> Outcome:
    """Run a task in a forked process, and tell how it ended."""
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _work(task, seconds, n_bytes, writing)
    os.close(writing)
    try:
        text, in_time = _read_all(reading, time.monotonic() + 6 * seconds)
    finally:
        os.close(reading)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    outcome = _classify(text, status, in_time=in_time)
    if outcome.kind in {CRASH, HANG}:
        watched._WORKER.close()  # it may have an answer left that nobody has read
    return outcome


def _work(task: Task, seconds: float, n_bytes: int, writing: int) -> None:
    """Do the task in this process, which ends here, and write a line of JSON for each step that was finished."""

    def tell(**values: Any) -> None:
        os.write(writing, (json.dumps(values) + "\n").encode())

    try:
        _limit(seconds, n_bytes)
        watched.share_worker()
        _silence()
        tell(change=task.change())
        outcome, facts = _try(task)
        tell(kind=outcome.kind, text=outcome.text, trace=outcome.trace)
        if outcome.kind == SUCCESS:
            # HDF5 may crash here: spikelib has got through, and there is nothing to hold it against.
            tell(**_check(task, facts))
    except BaseException:
        tell(kind=FOREIGN, text="the fuzzer itself failed: " + _describe(sys.exc_info()[1]))
    finally:
        os._exit(0)


def _try(task: Task) -> tuple[Outcome, Any]:
    try:
        return Outcome(SUCCESS), task.read()
    except (ConservationError, NotConservedError) as error:
        outcome = Outcome(CONSERVATION, str(error))
    except SpikelibError as error:
        outcome = _refusal(str(error))
    except MemoryError as error:
        outcome = Outcome(MEMORY, _describe(error))
    except BaseException as error:
        outcome = Outcome(FOREIGN, _describe(error), trace=traceback.format_exc()[-5000:])
    return outcome, None


def _refusal(text: str) -> Outcome:
    if "\n" in text or not text or len(text) > LONGEST_REFUSAL:
        return Outcome(FOREIGN, f"a message of several lines, of none or of too many letters: {text[:300]!r}")
    return Outcome(REFUSAL, text)


def _check(task: Task, facts: Any) -> dict[str, Any]:
    try:
        return {"checked": task.check(facts)}
    except NotConservedError as error:
        return {"kind": CONSERVATION, "text": str(error)}


def _describe(error: BaseException | None) -> str:
    """Return class, words and the innermost place in spikelib of an error, in one line."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    places = [f"{Path(each.filename).name}:{each.name}" for each in frames if "spikelib" in Path(each.filename).parts]
    where = places[-1] if places else (f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else "?")
    return " ".join(f"{type(error).__name__} in {where}: {error}".split())[:500]


def _limit(seconds: float, n_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    cpu = max(1, round(seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + n_bytes, mapped + n_bytes))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def _silence() -> None:
    """Leave out what commands print; a warning that is not spikelib's own is a foreign error."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    warnings.simplefilter("error")
    warnings.simplefilter("ignore", SpikelibWarning)


def _read_all(handle: int, deadline: float) -> tuple[str, bool]:
    """Read until the other end closes, or for as long as there is time."""
    parts = []
    while True:
        ready, _, _ = select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return b"".join(parts).decode(), False
        part = os.read(handle, 1 << 16)
        if not part:
            return b"".join(parts).decode(), True
        parts.append(part)


def _classify(text: str, status: int, *, in_time: bool) -> Outcome:
    known: dict[str, Any] = {}
    for line in text.splitlines():
        known |= json.loads(line)
    change = known.get("change", "")
    if "kind" in known:
        return Outcome(
            known["kind"], known.get("text", ""), change, known.get("checked", False), known.get("trace", "")
        )
    if not in_time:
        return Outcome(HANG, "no end by the clock", change)
    if os.WIFSIGNALED(status):
        ended_by = signal.Signals(os.WTERMSIG(status))
        if ended_by in {signal.SIGXCPU, signal.SIGKILL}:
            return Outcome(HANG, "no end in the processor time given", change)
        return Outcome(CRASH, ended_by.name, change)
    return Outcome(CRASH, f"ended with status {os.WEXITSTATUS(status)} without a word", change)
