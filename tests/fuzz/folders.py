"""Folders of whole files that mutants are made from, and a fresh copy of one for each mutant."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def place(origin: Path, folder: Path) -> None:
    """Copy a folder by hard links, which costs little; who changes a file must put a new one in its place."""
    for root, _, names in os.walk(origin):
        target = folder / Path(root).relative_to(origin)
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            os.link(os.path.join(root, name), target / name)  # noqa: PTH118 - this runs for each mutant


def own(path: Path) -> Path:
    """Give a file of a mutant an inode of its own, so that it may be changed in place."""
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)
    return path


def clear(folder: Path) -> None:
    """Remove what a mutant has left."""
    shutil.rmtree(folder, ignore_errors=True)
