"""The scheduler of the machine as a test sees it: the jobs that a Snakemake has submitted, and what became of them."""

from __future__ import annotations

import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 240
"""Seconds after which a test no longer waits for a scheduler."""


@dataclass(frozen=True)
class Job:
    """A job as SLURM knows it."""

    number: str
    state: str
    minutes: int
    memory_mb: int
    comment: str
    log: Path


def ask(*command: str) -> str:
    """Return what a command of SLURM prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def has_accounting() -> bool:
    """Return whether SLURM keeps accounts of its jobs."""
    return subprocess.run(["sacct"], capture_output=True, timeout=60, check=False).returncode == 0


def look_up(number: str) -> Job:
    """Ask SLURM for a job; of one that has ended but is still tidied up, the state comes after that."""

    def settled() -> dict[str, str]:
        values = dict(re.findall(r"(\S+?)=(\S*)", ask("scontrol", "--oneliner", "show", "job", number)))
        return {} if values["JobState"] == "COMPLETING" else values

    values = wait_for(settled)
    days, hours, minutes = re.fullmatch(r"(?:(\d+)-)?(\d+):(\d+):\d+", values["TimeLimit"]).groups(default="0")
    memory = values["MinMemoryNode"]
    return Job(
        number=number,
        state=values["JobState"],
        minutes=(int(days) * 24 + int(hours)) * 60 + int(minutes),
        memory_mb=int(float(memory[:-1]) * {"M": 1, "G": 1024}[memory[-1]]),
        comment=values.get("Comment", ""),
        log=Path(values["StdOut"]),
    )


def find_submitted(printed: str) -> list[str]:
    """Return the numbers of the jobs that a Snakemake has submitted, from what it printed."""
    return re.findall(r"(?:SLURM jobid |external jobid ')(\d+)", printed)


def count_waiting() -> int:
    """Return the number of our jobs in the queue that have not ended."""
    return len(ask("squeue", "--me", "--noheader", "--states", "PENDING,RUNNING,COMPLETING").splitlines())


def wait_for(what: Callable[[], Any], process: subprocess.Popen[str] | None = None) -> Any:
    """Wait until something is true, and return it; fail if a process ends before, or if it takes too long."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        if found := what():
            return found
        assert process is None or process.poll() is None, "Snakemake has ended before"
        time.sleep(0.05)
    message = f"{what} has not come true in {PATIENCE} s"
    raise TimeoutError(message)


def environments(words: str) -> list[dict[str, str]]:
    """Return the environments of this machine's processes whose command line has these words."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if words in command:
                pairs = os.fsdecode((folder / "environ").read_bytes()).split("\0")
                found.append(dict(pair.split("=", 1) for pair in pairs if "=" in pair))
        except OSError:
            continue  # it has ended in the meantime
    return found
