"""The files behind a simulation, with size and time: a file of another size or another time is another file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spikelib.circuit.simulated import SimulatedCircuit

__all__ = ["Stamps", "look_at", "named_files", "source_files", "source_text", "stamp_of"]

Stamps: TypeAlias = "dict[str, list[int] | None]"
"""File -> when it was last changed (ns) and its size (bytes); None if there is no such file."""


def source_files(simulation: SimulatedCircuit) -> list[Path]:
    """List the files that results depend on: configs, spikes, nodes, node types and node sets that exist.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.circuit.simulated import SimulatedCircuit
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     sorted(path.name for path in source_files(SimulatedCircuit(write_demo(folder))))[-3:]
    ['simulation_config.json', 'spikes.h5', 'thalamus.h5']
    """
    return [path for path in named_files(simulation) if path.exists()]


def named_files(simulation: SimulatedCircuit) -> list[Path]:
    """List the same with those that do not exist, as far as their paths are known: one that appears is a change."""
    config = simulation.config
    files = [config.path, config.wrapped, config.output.spikes_file, *config.node_sets_files, *config.absent]
    if config.circuit is not None:
        files += [config.circuit.path, *config.circuit.absent]
        for entry in config.circuit.nodes:
            files += [entry.nodes_file, entry.node_types_file]
    return [path for path in files if path is not None]


def look_at(files: Iterable[str], seen: Stamps) -> Stamps:
    """Look at files, each once: `seen` remembers those that many simulations share."""
    return {file: seen[file] if file in seen else seen.setdefault(file, stamp_of(file)) for file in files}


def stamp_of(file: str) -> list[int] | None:
    """Return time and size of a file; None if there is none."""
    try:
        status = os.stat(file)  # noqa: PTH116 - asked of thousands of files at each start
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size]


def source_text(path: Path) -> str:
    """Write a path so that it stays the same when the whole working directory is moved or copied.

    Examples
    --------
    >>> from pathlib import Path
    >>> source_text(Path.cwd() / "runs" / "weak.json")
    'runs/weak.json'
    """
    path, here = Path(os.path.abspath(path)), Path.cwd()  # noqa: PTH100 - links stay as they are
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()
