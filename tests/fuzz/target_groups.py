"""Node sets and groups: sets of a damaged file, and queries that are changed like JSON or of odd Python types."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import SpikelibError
from spikelib.simulation.simulation import Simulation
from tests.fuzz.circuits import N_NODES, real_nodes, write_folder
from tests.fuzz.expected_groups import UnknownMeaningError, of_query, of_set
from tests.fuzz.folders import place
from tests.fuzz.mutate_json import mutate_json, write
from tests.fuzz.odd_groups import ODD_GROUPS
from tests.fuzz.server import NotConservedError
from tests.fuzz.values import value
from tests.real_data import DATA

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

_SETS: dict[str, Any] = {
    "ids": {"node_id": [0, 3, 5]},
    "layer": {"layer": ["L4", "L5"]},
    "some": {"layer": {"$regex": "^L[46]$"}, "kind": "PC"},
    "far": {"x": {"$gte": 30.0}, "count": 2},
    "near": {"x": {"$lt": 35}},
    "one": {"population": "cortex", "node_id": 1},
    "both": ["ids", "layer"],
    "nested": ["both", ["far", "near"]],
}
_PLAIN: tuple[Any, ...] = (
    {"layer": "L4"}, {"layer": ["L4", "L5"], "kind": "PC"}, {"count": 2}, {"count": [1, 3]},
    {"layer": "L6", "count": 1},
)  # fmt: skip
_QUERIES: tuple[Any, ...] = (
    *_PLAIN, {"layer": {"$regex": "L.*"}}, {"x": [10.0, 40.0]}, {"y": [0, 2]}, {"node_id": [1, 2]},
    {"$node_set": "layer", "kind": "IN"}, {"$or": [{"layer": "L4"}, {"kind": "IN"}]}, {"population": "cortex"},
    {"$and": [{"layer": "L4"}, {"kind": "IN"}]}, {"@dynamics:tau": [1.0, 1.5]}, "both", "layer", [0, 1, 2], 5,
)  # fmt: skip
_MOST_SETS = 70


class Groups:
    """The target."""

    name = "groups"

    def prepare(self, folder: Path) -> None:
        write_folder(folder / "made", None)
        (folder / "made" / "node_sets.json").write_text(json.dumps(_SETS))
        sets = [path for path in sorted(DATA.rglob("node_sets.json")) if path.stat().st_size < 4000]
        for k, path in enumerate(real_nodes()[:6]):
            write_folder(folder / f"real{k}", path)
            (folder / f"real{k}" / "node_sets.json").write_bytes(sets[k % len(sets)].read_bytes())
        self._origins = sorted(folder.iterdir())

    def place(self, rng: Random, folder: Path) -> str:
        origin = self._origins[0] if rng.random() < 0.7 else rng.choice(self._origins)
        self._group = rng.choice(_PLAIN) if origin.name == "made" else None
        place(origin, folder / "run")
        return origin.name

    def change(self, rng: Random, folder: Path) -> str:
        if rng.random() < 0.45:
            path = folder / "run" / "node_sets.json"
            content, words = mutate_json(rng, path.read_bytes())
            path.unlink()
            path.write_bytes(content)
            self._group = rng.choice(sorted(_SETS))
            return f"node sets: {words}"
        self._group, words = _changed_group(rng)
        return f"group: {words}"

    def read(self, rng: Random, folder: Path) -> dict[str, Any]:
        simulation = Simulation(folder / "run" / "simulation_config.json")
        nodes = simulation.circuit.nodes
        for name in islice(nodes, 2):
            for each in islice(simulation.node_sets, _MOST_SETS):
                try:
                    _check_ids(simulation.node_sets.ids(each, nodes[name]), nodes[name].size)
                except SpikelibError:  # one broken set must not hide the others
                    continue
        name = next(iter(nodes))
        spikes = simulation.spikes[name]
        ids = nodes[name].ids(self._given())
        _check_ids(ids, nodes[name].size, is_set=isinstance(self._given(), str | dict))
        n_spikes = int(np.isin(spikes.get().to_numpy(), ids).sum())
        if len(spikes.get(self._given())) != n_spikes:
            message = f"get() of the group returns {len(spikes.get(self._given()))} spikes, its ids have {n_spikes}"
            raise NotConservedError(message)
        chosen = simulation.spikes.filter(self._given()).report
        if int((chosen["population"] == name).sum()) != n_spikes:
            message = f"filter() of the group returns other spikes than get(), which returns {n_spikes}"
            raise NotConservedError(message)
        return {"group": self._given(), "ids": ids, "made": nodes[name].size == N_NODES}

    def _given(self) -> Any:
        """Return the group; made anew each time where it is made by a function, as an iterator is used up."""
        return self._group() if callable(self._group) else self._group

    def check(self, folder: Path, facts: Any) -> bool:
        if not facts["made"]:
            return False
        group = facts["group"]
        try:
            if isinstance(group, str):
                wanted = of_set(group, json.loads((folder / "run" / "node_sets.json").read_text("utf-8-sig")))
            else:
                wanted = of_query(group)
        except (UnknownMeaningError, ValueError):
            return False
        if sorted(wanted) != facts["ids"].tolist():
            message = f"{group} chooses {facts['ids']}, not {sorted(wanted)}"
            raise NotConservedError(message)
        return True


def _changed_group(rng: Random) -> tuple[Any, str]:
    if rng.random() < 0.25:
        k = rng.randrange(len(ODD_GROUPS))
        return ODD_GROUPS[k], f"number {k} of ODD_GROUPS"
    base = json.dumps(rng.choice(_QUERIES)).encode()
    any_value = write(value(rng)).encode("utf-8", "surrogatepass")
    content = any_value if rng.random() < 0.15 else mutate_json(rng, base)[0]
    try:
        return json.loads(content), repr(content[:100])
    except (ValueError, RecursionError):
        return rng.choice(_QUERIES), "one as it is"


def _check_ids(ids: Any, size: int, *, is_set: bool = True) -> None:
    right = ids.dtype == np.int64 and ids.ndim == 1 and not ((ids < 0) | (ids >= size)).any()
    if not right or (is_set and (np.diff(ids) <= 0).any()):
        message = f"ids of a group that are no ids of {size} nodes, or not sorted and distinct: {ids[:10]}"
        raise NotConservedError(message)
