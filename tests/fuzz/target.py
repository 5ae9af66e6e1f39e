"""What a target is: whole files, how they are changed at random, how spikelib reads them, and what must hold then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random


class Target(Protocol):
    """One kind of files."""

    name: str

    def prepare(self, folder: Path) -> None:
        """Write the whole files that mutants are made from, once, each variant into a folder of its own."""

    def place(self, rng: Random, folder: Path) -> str:
        """Copy one of these folders, and say which."""

    def change(self, rng: Random, folder: Path) -> str:
        """Change the copy, and say what was done."""

    def read(self, rng: Random, folder: Path) -> Any:
        """Have spikelib read the mutant; return what `check` needs."""

    def check(self, folder: Path, facts: Any) -> bool:
        """Raise `NotConservedError` where another reading differs; return whether there was one to compare with."""
