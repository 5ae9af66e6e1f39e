"""``python -m tests.fuzz``: try many mutants, print how they ended, and end with 1 if any showed a fault."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz.folders import clear
from tests.fuzz.mutants import Mutants, warm_up
from tests.fuzz.server import FAULTS, OUTCOMES, SUCCESS, Outcome
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Sequence

_BATCH = 25
_MOST_SHOWN = 40
_OPEN: dict[tuple[str, int], Mutants] = {}
"""The mutants that this process has files for."""


@dataclass
class Tally:
    """How the mutants of one target ended."""

    outcomes: Counter[str] = field(default_factory=Counter)
    n_checked: int = 0
    seconds: float = 0.0
    faults: dict[str, list[tuple[int, Outcome]]] = field(default_factory=dict)
    """Faults by what they have in common."""

    def add(self, index: int, outcome: Outcome) -> None:
        """Count one mutant."""
        self.outcomes[outcome.kind] += 1
        self.n_checked += outcome.kind == SUCCESS and outcome.checked
        if outcome.kind in FAULTS:
            alike = outcome.kind + " " + re.sub(r"'[^']*'|\d+|/\S+", "", outcome.text)[:80]
            self.faults.setdefault(alike, []).append((index, outcome))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the fuzzer and return its exit status."""
    options = _parser().parse_args(arguments)
    begin = time.monotonic()
    warm_up()
    memory = Path("/dev/shm")
    in_memory = memory.is_dir() and os.access(memory, os.W_OK)
    folder = Path(tempfile.mkdtemp(prefix="spikelib-fuzz-", dir=memory if in_memory else None))
    try:
        if options.only:
            return _one(options, folder)
        tallies = _run(options, folder)
    finally:
        clear(folder)
    _show(tallies, options.seed)
    n_faults = sum(len(alike) for tally in tallies.values() for alike in tally.faults.values())
    n = sum(tally.outcomes.total() for tally in tallies.values())
    # In the form of pytest's last line, which .ci/nightly counts.
    print(f"\n==== {n - n_faults} passed, {n_faults} failed in {time.monotonic() - begin:.2f}s ====")
    return int(n_faults > 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="by default all of them")
    limit = parser.add_mutually_exclusive_group()
    limit.add_argument("--count", type=int, default=1000, help="mutants of each target (default: %(default)s)")
    limit.add_argument("--seconds", type=float, help="how long it may take, all targets together")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same mutants")
    parser.add_argument("--start", type=int, default=0, help="index of the first mutant (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: %(default)s)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="folder for the files of mutants that show a fault")
    parser.add_argument("--only", metavar="SEED:INDEX", help="try one mutant of one --target, and show all of it")
    return parser


def _one(options: argparse.Namespace, folder: Path) -> int:
    seed, index = map(int, options.only.split(":"))
    (name,) = options.target
    outcome = Mutants(name, seed, folder, options.keep).try_one(index)
    print(f"{outcome.change}\n{outcome.kind}: {outcome.text}\n{outcome.trace}".rstrip())
    return int(outcome.kind in FAULTS)


def _run(options: argparse.Namespace, folder: Path) -> dict[str, Tally]:
    names = list(dict.fromkeys(options.target or TARGETS))
    tallies = {}
    begin = time.monotonic()
    with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("fork")) as pool:
        for k, name in enumerate(names):
            deadline = begin + options.seconds * (k + 1) / len(names) if options.seconds else None
            tallies[name] = _run_target(pool, name, options, folder, deadline)
    return tallies


def _run_target(
    pool: ProcessPoolExecutor, name: str, options: argparse.Namespace, folder: Path, deadline: float | None
) -> Tally:
    tally, begin = Tally(), time.monotonic()
    stop = None if deadline else options.start + options.count
    starts = count(options.start, _BATCH)
    pending: set[Future[list[tuple[int, Outcome]]]] = set()
    while True:
        while len(pending) < options.jobs + 1:
            start = next(starts)
            if (stop is not None and start >= stop) or (deadline and time.monotonic() > deadline):
                break
            end = min(start + _BATCH, stop or start + _BATCH)
            pending.add(pool.submit(_try_batch, name, options.seed, range(start, end), folder, options.keep))
        if not pending:
            break
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            for index, outcome in future.result():
                tally.add(index, outcome)
        tally.seconds = time.monotonic() - begin
        if sys.stderr.isatty():
            print(f"\r{name} {tally.outcomes.total()} {dict(tally.outcomes)}", end="", file=sys.stderr)
    return tally


def _try_batch(name: str, seed: int, indices: range, folder: Path, keep: Path | None) -> list[tuple[int, Outcome]]:
    key = (name, seed)
    if key not in _OPEN:
        _OPEN[key] = Mutants(name, seed, folder / str(os.getpid()), keep)
    return list(zip(indices, _OPEN[key].try_all(indices), strict=True))


def _show(tallies: dict[str, Tally], seed: int) -> None:
    columns = ["mutants", *OUTCOMES, "checked", "ms each"]
    print(f"{'target':<12}" + "".join(f"{name:>13}" for name in columns))
    for name, tally in tallies.items():
        n = tally.outcomes.total()
        numbers = [
            n,
            *(tally.outcomes[kind] for kind in OUTCOMES),
            tally.n_checked,
            round(tally.seconds / max(n, 1) * 1e3, 1),
        ]
        print(f"{name:<12}" + "".join(f"{number:>13}" for number in numbers))
    for name, tally in tallies.items():
        faults = sorted(tally.faults.values(), key=len, reverse=True)
        for alike in faults[:_MOST_SHOWN]:
            index, outcome = min(alike, key=lambda each: each[0])
            print(f"\n{name}: {len(alike)} x {outcome.kind}: {outcome.text}\n    of {outcome.change}")
            print(f"    again: python -m tests.fuzz --target {name} --only {seed}:{index}")
        if len(faults) > _MOST_SHOWN:
            print(f"\n{name}: and {len(faults) - _MOST_SHOWN} others")


if __name__ == "__main__":
    sys.exit(main())
