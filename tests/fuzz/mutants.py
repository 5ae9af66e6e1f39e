"""Mutants of a target by index: made, tried, and kept where they show a fault."""

from __future__ import annotations

import gc
import importlib
import pkgutil
from functools import partial
from random import Random
from typing import TYPE_CHECKING

import spikelib
from tests.fuzz.folders import clear
from tests.fuzz.server import FAULTS, Outcome, Task, run, run_all
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.fuzz.target import Target

_LIBRARIES = (
    "pandas", "pyarrow.parquet", "pyarrow.compute", "duckdb", "numba", "regex", "yaml", "h5py", "jinja2",
    "matplotlib.figure",
)  # fmt: skip


def warm_up() -> None:
    """Import once what each mutant needs, and start the one process that looks at odd HDF5 files."""
    for module in pkgutil.walk_packages(spikelib.__path__, "spikelib."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in _LIBRARIES:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is here lives on: a collection in a child would copy all pages that hold objects


_MOST_KEPT, _LARGEST_KEPT = 100, 1 << 20


class Mutants:
    """The mutants of one target and seed, made in a folder of their own."""

    def __init__(self, name: str, seed: int, folder: Path, keep: Path | None = None) -> None:
        self.name, self.seed, self._keep = name, seed, keep
        self._n_kept = 0
        self._target: Target = TARGETS[name]()
        self._work = folder / name / "work" / "mutant"
        origins = folder / name / "origins"
        origins.mkdir(parents=True)
        self._target.prepare(origins)

    def task(self, index: int) -> Task:
        """Return what to do with one mutant; nothing but target, seed and index decides what it is."""
        rng = Random(f"{self.name}:{self.seed}:{index}")
        read, check = partial(self._target.read, rng, self._work), partial(self._target.check, self._work)
        return Task(partial(self._make, rng), read, check)

    def _make(self, rng: Random) -> str:
        clear(self._work)
        self._work.mkdir(parents=True)
        origin = self._target.place(rng, self._work)
        return f"{origin}: {self._target.change(rng, self._work)}"

    def try_all(self, indices: Sequence[int]) -> list[Outcome]:
        """Try mutants one after the other; one that shows a fault again, in a process that sees no other."""
        outcomes = run_all([self.task(index) for index in indices])
        pairs = zip(indices, outcomes, strict=True)
        return [self.try_one(index) if outcome.kind in FAULTS else outcome for index, outcome in pairs]

    def try_one(self, index: int) -> Outcome:
        """Try one mutant; a fault's files are kept where a folder was given for them."""
        try:
            outcome = run(self.task(index))
            if self._keep and outcome.kind in FAULTS:
                self._save(index, outcome)
        finally:
            clear(self._work)
        return outcome

    def _save(self, index: int, outcome: Outcome) -> None:
        """Keep the files of a fault, but for large ones and beyond a number: the disk belongs to others too."""
        assert self._keep is not None
        target = self._keep / f"{self.name}-{self.seed}-{index}"
        if self._n_kept >= _MOST_KEPT or target.exists():
            return
        self._n_kept += 1
        for path in sorted(self._work.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= _LARGEST_KEPT:
                copy = target / path.relative_to(self._work)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        target.mkdir(parents=True, exist_ok=True)
        (target / "OUTCOME").write_text(f"{outcome.kind}\n{outcome.change}\n{outcome.text}\n{outcome.trace}\n")
