"""Processes for mutants, forked from one that has everything imported; each mutant has limits of time and memory.

Goals: a mutant is read right (success) or refused in one line (refusal). HDF5 may die while a mutant is made of a good
file (unmade), which says nothing of spikelib. All other ends are faults.
"""

from __future__ import annotations

import errno
import json
import math
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
from tests.real_data import DATA

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SUCCESS, REFUSAL, UNMADE = "success", "refusal", "unmade"
FOREIGN, CRASH, HANG, MEMORY, CONSERVATION = "foreign", "crash", "hang", "memory", "conservation"
OUTCOMES = (SUCCESS, REFUSAL, UNMADE, FOREIGN, CRASH, HANG, MEMORY, CONSERVATION)
FAULTS = OUTCOMES[3:]

N_SECONDS = 10
"""Processor time of a mutant; six times as long by the clock, on a busy machine."""
N_BYTES = 2 << 30
"""Memory of a mutant, beyond what the server has mapped."""
LARGEST_FILE = 64 << 20
"""Bytes of a file that a mutant may write: some declare arrays of many GB."""
LONGEST_REFUSAL = 2000
"""Letters of a message; names in it may be long."""


_ODD_FILE = DATA / "bad" / "crash_one_byte.h5"
"""One that the worker is asked for, so that it runs before anything forks."""


class NotConservedError(Exception):
    """What was read is not what the file holds."""


class UnmadeError(Exception):
    """HDF5 could not make a mutant, and must not be used by this process any more: it crashed when it went on."""


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
    return run_all([task], seconds, n_bytes)[0]


def run_all(tasks: Sequence[Task], seconds: float = N_SECONDS, n_bytes: int = N_BYTES) -> list[Outcome]:
    """Run tasks one after the other in one forked process, the rest in another one where it dies; tell how each ended.

    To fork costs more than a small mutant: each page that both then write to is copied.
    """
    outcomes: list[Outcome] = []
    while len(outcomes) < len(tasks):
        outcomes += _fork(tasks[len(outcomes) :], seconds, n_bytes)
        if outcomes[-1].kind in {CRASH, HANG}:
            watched._WORKER.close()  # it may have an answer left that nobody has read
    return outcomes


def _fork(tasks: Sequence[Task], seconds: float, n_bytes: int) -> list[Outcome]:
    """Run tasks until one of them ends the process, or all are done."""
    if watched._WORKER._process is None:
        watched._WORKER.ask(_ODD_FILE)
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _work(tasks, seconds, n_bytes, writing)
    os.close(writing)
    try:
        told, in_time = _read_all(reading, 6 * seconds)
    finally:
        os.close(reading)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    ended: list[Outcome] = []
    for each in told:
        ended += [_classify(each, status, in_time=in_time)] if each else []
    # One that said nothing at all has died before it was made.
    return ended or [_classify({}, status, in_time=in_time)]


def _work(tasks: Sequence[Task], seconds: float, n_bytes: int, writing: int) -> None:
    """Do tasks in this process, which ends here, and write a line of JSON for each step that was finished."""

    def tell(number: int, **values: Any) -> None:
        os.write(writing, (json.dumps([number, values]) + "\n").encode())

    number = 0
    try:
        _limit_memory(n_bytes)
        watched.share_worker()
        _silence()
        for number, task in enumerate(tasks):
            _limit_time(seconds)
            tell(number, change=_change(task))
            outcome, facts = _try(task)
            tell(number, kind=outcome.kind, text=outcome.text, trace=outcome.trace)
            if outcome.kind == SUCCESS:
                # HDF5 may crash here: spikelib has got through, and there is nothing to hold it against.
                tell(number, **_check(task, facts))
            del facts
    except UnmadeError:
        pass  # the server sees that nothing was told
    except BaseException:
        tell(number, kind=FOREIGN, text="the fuzzer itself failed: " + _describe(sys.exc_info()[1]))
    finally:
        os._exit(0)


def _change(task: Task) -> str:
    try:
        return task.change()
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        raise UnmadeError(str(error)) from error  # a mutant that is larger than a process may write


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


def _limit_memory(n_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + n_bytes, mapped + n_bytes))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def _limit_time(seconds: float) -> None:
    """Give this process so many seconds of processor time from now on."""
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + seconds), resource.RLIM_INFINITY))


def _silence() -> None:
    """Leave out what commands print; a warning that is not spikelib's own is a foreign error."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    warnings.simplefilter("error")
    warnings.simplefilter("ignore", SpikelibWarning)


def _read_all(handle: int, seconds: float) -> tuple[list[dict[str, Any]], bool]:
    """Read what is told of each task until the other end closes, or until nothing comes for so many seconds."""
    told: list[dict[str, Any]] = []
    rest = b""
    while True:
        ready, _, _ = select.select([handle], [], [], seconds)
        if not ready:
            return told, False
        part = os.read(handle, 1 << 16)
        if not part:
            return told, True
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            number, values = json.loads(line)
            while len(told) <= number:
                told.append({})
            told[number] |= values


def _classify(known: dict[str, Any], status: int, *, in_time: bool) -> Outcome:
    change = known.get("change", "")
    if "kind" in known:
        return Outcome(
            known["kind"], known.get("text", ""), change, known.get("checked", False), known.get("trace", "")
        )
    if not change:
        return Outcome(UNMADE, "HDF5 could not make the change")
    if not in_time:
        return Outcome(HANG, "no end by the clock", change)
    if os.WIFSIGNALED(status):
        ended_by = signal.Signals(os.WTERMSIG(status))
        if ended_by in {signal.SIGXCPU, signal.SIGKILL}:
            return Outcome(HANG, "no end in the processor time given", change)
        return Outcome(CRASH, ended_by.name, change)
    return Outcome(CRASH, f"ended with status {os.WEXITSTATUS(status)} without a word", change)
