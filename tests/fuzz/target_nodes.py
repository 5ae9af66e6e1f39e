"""Nodes files: all properties of all populations, and groups and spikes chosen by them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from spikelib.simulation.simulation import Simulation
from tests.fuzz.circuits import real_nodes, stored_columns, write_folder
from tests.fuzz.folders import own, place
from tests.fuzz.mutate_hdf5 import NEIGHBOUR, SECRET, mutate_hdf5
from tests.fuzz.server import NotConservedError

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

_NAMES = (
    "nodes", "cortex", "node_type_id", "node_id", "node_group_id", "node_group_index", "0", "1", "@library",
    "dynamics_params", "positions", "x", "y", "z", "layer", "model_type",
)  # fmt: skip
_MOST_POPULATIONS, _MOST_PROPERTIES = 3, 8


class NodesFiles:
    """The target."""

    name = "nodes"

    def prepare(self, folder: Path) -> None:
        for k, path in enumerate(real_nodes()):
            write_folder(folder / f"{k}-{path.parent.parent.name}-{path.stem}", path)
        write_folder(folder / "made", None)
        self._origins = sorted(folder.iterdir())
        for origin in self._origins:
            (origin / NEIGHBOUR).write_bytes((origin / "nodes.h5").read_bytes())

    def place(self, rng: Random, folder: Path) -> str:
        made = self._origins[-1]
        origin = made if rng.random() < 0.4 else rng.choice(self._origins)
        place(origin, folder / "run")
        (folder / SECRET).write_bytes((origin / "nodes.h5").read_bytes())
        return origin.name

    def change(self, rng: Random, folder: Path) -> str:
        return mutate_hdf5(rng, own(folder / "run" / "nodes.h5"), _NAMES)

    def read(self, rng: Random, folder: Path) -> dict[str, Any]:
        simulation = Simulation(folder / "run" / "simulation_config.json")
        nodes = simulation.circuit.nodes
        found: dict[str, Any] = {}
        for name in islice(nodes, _MOST_POPULATIONS):
            population = nodes[name]
            properties = sorted(population.property_names)[:_MOST_PROPERTIES]
            found[name] = {each: population.values(each) for each in properties}
            check_population(population, properties, found[name])
            if {"x", "y", "z"} <= set(properties):
                assert len(population.positions()) == population.size
            for each in properties[:2]:
                check_choice(simulation, name, each, found[name][each])
        assert nodes.size == sum(nodes[name].size for name in nodes)
        simulation.spikes.filter("both").report  # noqa: B018 - it is read when it is asked for
        return found

    def check(self, folder: Path, facts: Any) -> bool:
        try:
            with h5py.File(folder / "run" / "nodes.h5") as file:
                stored = {name: stored_columns(file["nodes"][name]) for name in facts}
        except Exception:
            return False
        for name, readings in stored.items():
            wrong = [
                [each for each in columns if each in facts[name] and not _equal(columns[each], facts[name][each])]
                for columns in readings
            ]
            if wrong and all(wrong):
                message = f"population {name!r}: {wrong[0][0]!r} is read as other values than the file holds"
                raise NotConservedError(message)
        return any(stored.values())


def check_population(population: Any, properties: list[str], found: dict[str, Any]) -> None:
    """Check that all ways to read the properties of a population agree."""
    if any(len(values) != population.size for values in found.values()):
        message = f"population {population.name!r}: a property has another length than {population.size}"
        raise NotConservedError(message)
    frame = population.get(properties=properties)
    assert frame.shape == (population.size, len(properties))
    repr(population), population.type, population.property_dtypes
    if population.size:
        population.get(population.size - 1)


def check_choice(simulation: Simulation, name: str, key: str, values: Any) -> None:
    """Choose the nodes that have the value of the first one, and their spikes."""
    # As the key of a query, node_id means ids, also where a property has that name.
    if key == "node_id" or key.startswith("@") or not len(values) or values[0] is None or values[0] != values[0]:
        return
    value = values[0].item() if isinstance(values[0], np.generic) else values[0]
    query = {key: [value, value] if isinstance(value, float) else value}
    chosen = simulation.circuit.nodes[name].ids(query)
    wanted = np.flatnonzero([each == values[0] for each in values])  # to numpy, a text has no NUL at its end
    if not np.array_equal(chosen, wanted):
        message = f"population {name!r}: {query!r} chooses {chosen[:5]}, not {wanted[:5]}"
        raise NotConservedError(message)
    if name in simulation.spikes:
        spikes = simulation.spikes[name]
        if len(spikes.get(query)) != int(np.isin(spikes.get().to_numpy(), wanted).sum()):
            message = f"population {name!r}: {query!r} chooses other spikes"
            raise NotConservedError(message)


def _equal(stored: Any, found: Any) -> bool:
    if len(stored) != len(found):
        return False
    if stored.dtype.kind == "O" or found.dtype.kind == "O":
        pairs = zip(map(str, stored), map(str, found), strict=True)
        return all(ours == theirs or "\ufffd" in theirs for theirs, ours in pairs)  # not UTF-8: no question of values
    return np.array_equal(stored.astype(np.float64), found.astype(np.float64), equal_nan=True)
