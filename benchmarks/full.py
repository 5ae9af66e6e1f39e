"""A disk that is full at one moment or another of the whole workflow: on a small file system in memory, as root."""

from __future__ import annotations

import json
import re
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.generate import Recipe, generate
from benchmarks.kill import FILTERS, DifferenceError, contents, run_workflow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLENTY = 1 << 30
_NAMED = re.compile("the disk is full|No space left on device")
_OWN_ERROR = re.compile(r"^spikelib: error: .*", re.MULTILINE)


@dataclass(frozen=True)
class Small:
    """A mount point, the simulations beside it, and what a run with room enough makes there."""

    place: Path
    runs: Path
    expected: dict[str, bytes]
    n_bytes: int
    """That all files of that run take."""


def prepare_small(folder: Path) -> Small:
    """Write simulations, and run the workflow over them with room enough."""
    place, runs = folder / "disk", folder / "runs"
    for seed in (1, 2):
        generate(Recipe(2000, 100, seed=seed), runs / f"seed_{seed}")
    place.mkdir(parents=True, exist_ok=True)
    with _disk(place, PLENTY):
        _configure(place, runs)
        status, printed = run_workflow(place)
        if status:
            raise DifferenceError(printed[-3000:])
        used = subprocess.run(["du", "-sB1", place], capture_output=True, text=True, check=True).stdout
        return Small(place, runs, contents(place), int(used.split()[0]))


def fill(small: Small, n_bytes: int) -> str:
    """Run the workflow on a disk of so many bytes, then again with room, and compare.

    Returns
    -------
    str
        What was seen, for people.

    Raises
    ------
    DifferenceError
        The failure was not named, something half-written was left, or the results differ.
    """
    with _disk(small.place, n_bytes):
        _configure(small.place, small.runs)
        status, printed = run_workflow(small.place)
        logs = [path.read_text(errors="replace") for path in (small.place / "logs").rglob("*.log")]
        errors = _OWN_ERROR.findall("\n".join([printed, *logs]))
        other = [line for line in errors if not _NAMED.search(line)]
        left = [path.name for path in small.place.rglob(".*.tmp")]
        if other or left or (status and not _NAMED.search("\n".join([printed, *logs]))):
            msg = f"{n_bytes} bytes: status {status}, other errors {other[:3]}, left {left[:3]}: {printed[-1500:]}"
            raise DifferenceError(msg)
        n_made = len(contents(small.place))
        subprocess.run(["mount", "-o", f"remount,size={PLENTY}", small.place], check=True)
        again, printed = run_workflow(small.place)
        found = contents(small.place)
        wrong = sorted(name for name in {*found, *small.expected} if found.get(name) != small.expected.get(name))
        if again or wrong:
            msg = f"{n_bytes} bytes: then status {again}, {len(wrong)} files differ: {wrong[:5]}: {printed[-1500:]}"
            raise DifferenceError(msg)
    made = f"{n_made} of {len(small.expected)} files, {len(errors)} errors name the disk"
    return f"{n_bytes} bytes: status {status}, {made}; then all files as expected"


@contextmanager
def _disk(place: Path, n_bytes: int) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={n_bytes}", "tmpfs", place], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def _configure(place: Path, runs: Path) -> None:
    config = {"simulations": {"campaign": f"{runs}/*/simulation_config.json"}, "filters": FILTERS}
    (place / "config").mkdir()
    (place / "config/config.yaml").write_text(json.dumps(config))
