"""How mutants end, and what the server says of it; in a process of its own, as a fork needs one without threads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from typing import Any

import pytest

from spikelib.errors import ConservationError, SpikeFileError
from tests import PROJECT
from tests.fuzz.server import (
    CONSERVATION,
    CRASH,
    FAULTS,
    FOREIGN,
    HANG,
    MEMORY,
    REFUSAL,
    SUCCESS,
    UNMADE,
    NotConservedError,
    Task,
    UnmadeError,
    run,
    run_all,
)  # fmt: skip


def raising(error: Exception) -> Any:
    def read() -> None:
        raise error

    return read


def endless() -> None:
    while True:
        pass


def no_check(facts: object) -> bool:
    return facts == "facts"


def not_conserved(facts: object) -> bool:
    raise NotConservedError(facts)


def crash() -> str:
    os.kill(os.getpid(), signal.SIGSEGV)
    return "never"


ENDS: dict[str, tuple[Any, Any, str, str]] = {
    "read right": (lambda: "facts", no_check, SUCCESS, ""),
    "other spikes": (lambda: "two spikes", not_conserved, CONSERVATION, "two spikes"),
    "own check fails": (raising(ConservationError("3 spikes")), no_check, CONSERVATION, "3 spikes"),
    "refused": (raising(SpikeFileError("a.h5: damaged; copy it")), no_check, REFUSAL, "a.h5: damaged; copy it"),
    "without words": (raising(SpikeFileError("")), no_check, FOREIGN, "a message of several lines, of none"),
    "foreign": (raising(KeyError("x")), no_check, FOREIGN, "KeyError in test_server.py:read: 'x'"),
    "asks for an end": (lambda: sys.exit(3), no_check, FOREIGN, "SystemExit"),
    "crash": (crash, no_check, CRASH, "SIGSEGV"),
    "dies without a word": (lambda: os._exit(7), no_check, CRASH, "status 7"),
    "endless": (endless, no_check, HANG, "no end"),
    "sleeps": (lambda: time.sleep(100), no_check, HANG, "by the clock"),
    "memory": (lambda: bytearray(1 << 29), no_check, MEMORY, "MemoryError"),
}
SECONDS = {"endless": 1.0, "sleeps": 0.05}


def outcomes() -> dict[str, Any]:
    return {
        name: asdict(run(Task(lambda: "a change", read, check), SECONDS.get(name, 10), 1 << 28))
        for name, (read, check, _, _) in ENDS.items()
    }


def unmade() -> list[dict[str, Any]]:
    """Run tasks of which some cannot make their mutant, by a crash and by an error."""
    changes = [crash, raising(UnmadeError("too large")), lambda: "a change"]
    return [asdict(each) for each in run_all([Task(change, lambda: "facts", no_check) for change in changes])]


def outcomes_of_one_process() -> list[Any]:
    """Run several tasks in one process, of which two end it."""
    return [asdict(each) for each in run_all([
        Task(lambda name=name: name, ENDS[name][0], ENDS[name][1])  # type: ignore[misc]
        for name in ("read right", "foreign", "crash", "refused", "dies without a word", "read right")
    ])]  # fmt: skip


@pytest.fixture(scope="module")
def ended() -> dict[str, Any]:
    code = (
        "import json; from tests.fuzz.test_server import outcomes, outcomes_of_one_process as of_one;"
        "from tests.fuzz.test_server import unmade;"
        "print(json.dumps(outcomes() | {'one process': of_one(), 'unmade': unmade()}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", ENDS)
def test_end_of_a_mutant(ended: dict[str, Any], name: str) -> None:
    _, _, kind, words = ENDS[name]
    assert ended[name]["kind"] == kind, ended[name]
    assert words in ended[name]["text"]
    assert ended[name]["change"] == "a change"
    assert ended[name]["checked"] == (kind == SUCCESS)


def test_death_while_a_mutant_is_made_is_no_fault(ended: dict[str, Any]) -> None:
    assert [each["kind"] for each in ended["unmade"]] == [UNMADE, UNMADE, SUCCESS]
    assert UNMADE not in FAULTS


def test_a_foreign_error_has_its_stack(ended: dict[str, Any]) -> None:
    assert "Traceback" in ended["foreign"]["trace"]
    assert "KeyError: 'x'" in ended["foreign"]["trace"]


def test_tasks_of_one_process_end_as_they_would_alone(ended: dict[str, Any]) -> None:
    assert [each["change"] for each in ended["one process"]] == [
        "read right", "foreign", "crash", "refused", "dies without a word", "read right",
    ]  # fmt: skip
    assert [each["kind"] for each in ended["one process"]] == [SUCCESS, FOREIGN, CRASH, REFUSAL, CRASH, SUCCESS]
