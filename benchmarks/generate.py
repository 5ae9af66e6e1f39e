"""Synthetic SONATA simulations of any size, written piece by piece, so in bounded memory; a seed gives the same file.

Two populations, `cortex` with 90 % of nodes and spikes and `thalamus` with the rest. Times are on a grid of 0.025 ms,
so that there are many ties. Rates are 10 Hz on average and log-normal across nodes.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import h5py
import numpy as np

from benchmarks.circuit import write_circuit, write_simulation_config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Piece = tuple[NDArray[np.int64], NDArray[np.uint64]]

FORM = 1
"""Version of the files; those of another version are made anew."""

SORTINGS = {"none": 0, "by_id": 1, "by_time": 2}
PIECE = 1 << 22
"""Spikes made at a time."""
STEPS_PER_MS = 40
RATE_HZ = 10.0
SPREAD = 0.8
"""Standard deviation of the logarithm of the nodes' rates."""

_TABLE = 1 << 22


@dataclass(frozen=True)
class Recipe:
    """What a simulation is made of."""

    spikes: int
    nodes: int
    sorting: str = "by_time"
    seed: int = 0
    form: int = FORM

    @property
    def steps(self) -> int:
        """Number of grid steps of the run."""
        return max(1, math.ceil(1000 * STEPS_PER_MS * self.spikes / (self.nodes * RATE_HZ)))

    @property
    def tstop(self) -> float:
        """End of the run, ms."""
        return self.steps / STEPS_PER_MS


def default_nodes(spikes: int) -> int:
    """Return 100,000 nodes, or fewer where the run would be shorter than a second."""
    return max(10, min(100_000, spikes // 10))


def generate(recipe: Recipe, folder: Path) -> bool:
    """Write a simulation, unless the folder holds just this one.

    Returns
    -------
    bool
        True if it was written, False if it was there.
    """
    parameters = folder / "parameters.json"
    if parameters.exists() and json.loads(parameters.read_text()) == asdict(recipe):
        return False
    (folder / "output").mkdir(parents=True, exist_ok=True)
    parameters.unlink(missing_ok=True)
    random = np.random.default_rng(recipe.seed)
    sizes = _shares(recipe.nodes)
    write_circuit(folder, sizes, random)
    write_simulation_config(folder, recipe.tstop, 1 / STEPS_PER_MS, recipe.seed, recipe.sorting)
    with h5py.File(folder / "output/spikes.h5", "w") as file:
        for name, count in _shares(recipe.spikes).items():
            _write_spikes(file.create_group(f"spikes/{name}"), recipe, sizes[name], count, random)
    parameters.write_text(json.dumps(asdict(recipe)))  # last: a half-written folder is not taken for a whole one
    return True


def _shares(total: int) -> dict[str, int]:
    return {"cortex": total - total // 10, "thalamus": total // 10}


def _write_spikes(group: h5py.Group, recipe: Recipe, nodes: int, count: int, random: np.random.Generator) -> None:
    enum = h5py.enum_dtype(SORTINGS, basetype="u1")
    group.attrs.create("sorting", SORTINGS[recipe.sorting], dtype=enum)
    times = group.create_dataset("timestamps", (count,), np.float64)
    ids = group.create_dataset("node_ids", (count,), np.uint64)
    times.attrs["units"] = "ms"
    pieces = {"by_time": _by_time, "by_id": _by_id, "none": _in_any_order}[recipe.sorting]
    begin = 0
    for steps, found in pieces(_lottery(nodes, random), count, recipe.steps, random):
        end = begin + len(steps)
        times[begin:end] = steps / STEPS_PER_MS
        ids[begin:end] = found
        begin = end


def _lottery(nodes: int, random: np.random.Generator) -> NDArray[np.uint64]:
    """List every id as often as its rate says: a uniform draw from the list is a draw of a node."""
    rates = random.lognormal(sigma=SPREAD, size=nodes)
    ends = np.round(np.cumsum(rates) / rates.sum() * _TABLE).astype(np.int64)
    return np.repeat(np.arange(nodes, dtype=np.uint64), np.diff(ends, prepend=0))


def _by_time(lottery: NDArray[np.uint64], count: int, steps: int, random: np.random.Generator) -> Iterator[Piece]:
    """Yield stretches of time one after the other; the ids of a tie are in any order."""
    edges = np.linspace(0, steps, min(steps, math.ceil(count / PIECE)) + 1).astype(np.int64)
    counts = random.multinomial(count, np.diff(edges) / steps)
    for begin, end, size in zip(edges[:-1], edges[1:], counts, strict=True):
        per_step = np.bincount(random.integers(0, end - begin, size), minlength=end - begin)
        yield np.repeat(np.arange(begin, end), per_step), lottery[random.integers(0, len(lottery), size)]


def _by_id(lottery: NDArray[np.uint64], count: int, steps: int, random: np.random.Generator) -> Iterator[Piece]:
    """Yield stretches of nodes one after the other, each node's spikes sorted by time."""
    share = np.bincount(lottery.astype(np.int64)) / len(lottery)
    counts = random.multinomial(count, share)
    stretch = np.cumsum(counts) // PIECE
    for number in np.unique(stretch):
        nodes = np.flatnonzero(stretch == number)
        ids = np.repeat(nodes, counts[nodes])
        keys = np.sort(ids * steps + random.integers(0, steps, len(ids)))
        yield keys - ids * steps, ids.astype(np.uint64)


def _in_any_order(lottery: NDArray[np.uint64], count: int, steps: int, random: np.random.Generator) -> Iterator[Piece]:
    """Yield spikes of any time and node: the whole report is in no order at all."""
    for begin in range(0, count, PIECE):
        size = min(PIECE, count - begin)
        yield random.integers(0, steps, size), lottery[random.integers(0, len(lottery), size)]
