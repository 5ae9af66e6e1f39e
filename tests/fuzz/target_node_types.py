"""Tables of node types: their properties, given to the nodes of a circuit."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from spikelib.simulation.simulation import Simulation
from tests.fuzz.circuits import write_folder
from tests.fuzz.folders import own, place
from tests.fuzz.mutate_csv import mutate_csv
from tests.fuzz.server import NotConservedError
from tests.fuzz.target_nodes import check_choice, check_population
from tests.real_data import DATA

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

_MOST_PROPERTIES = 20
_MISSING = {"", "NULL", "NA", "nan", "NaN", "None"}


class NodeTypesTables:
    """The target."""

    name = "node_types"

    def prepare(self, folder: Path) -> None:
        write_folder(folder / "made", None)
        for k, path in enumerate(sorted(DATA.rglob("*node_types.csv"))):
            origin = folder / str(k)
            shutil.copytree(folder / "made", origin)
            (origin / "node_types.csv").write_bytes(path.read_bytes())
            ids = [int(line.split()[0]) for line in path.read_text().splitlines()[1:]]
            with h5py.File(origin / "nodes.h5", "r+") as file:
                file["nodes/cortex/node_type_id"][:] = np.resize(ids, 12)
        self._origins = sorted(folder.iterdir())

    def place(self, rng: Random, folder: Path) -> str:
        origin = rng.choice(self._origins)
        place(origin, folder / "run")
        return origin.name

    def change(self, rng: Random, folder: Path) -> str:
        path = own(folder / "run" / "node_types.csv")
        content, words = mutate_csv(rng, path.read_bytes())
        path.write_bytes(content)
        return words

    def read(self, rng: Random, folder: Path) -> dict[str, Any]:
        simulation = Simulation(folder / "run" / "simulation_config.json")
        population = simulation.circuit.nodes["cortex"]
        properties = sorted(population.property_names)[:_MOST_PROPERTIES]
        found = {name: population.values(name) for name in properties}
        check_population(population, properties, found)
        for name in properties:
            check_choice(simulation, "cortex", name, found[name])
        return found

    def check(self, folder: Path, facts: Any) -> bool:
        try:
            text = (folder / "run" / "node_types.csv").read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            return False
        text = text.replace("\r\n", "\n")
        if '"' in text or "\r" in text or "\n\n" in text:
            return False  # what a line and a field are is no simple question there
        header, *rows = [line.rstrip(" ").split(" ") for line in text.split("\n") if line.strip()]
        if any(len(row) != len(header) or "" in row for row in (header, *rows)) or len(set(header)) < len(header):
            return False
        with h5py.File(folder / "run" / "nodes.h5") as file:
            types = file["nodes/cortex/node_type_id"][()]
            own_names = set(file["nodes/cortex/0"])
        table = {int(row[header.index("node_type_id")]): dict(zip(header, row, strict=True)) for row in rows}
        for name in set(header) - {"node_type_id"} - own_names:
            if name in facts:
                _compare(name, [table.get(int(key), {}).get(name, "") for key in types], facts[name])
        return True


def _compare(name: str, wanted: list[str], found: Any) -> None:
    for text, value in zip(wanted, found, strict=True):
        if text in _MISSING:
            right = value is None or _is_nan(value)
        elif isinstance(value, str):
            right = value == text
        else:
            right = value is not None and (float(text) == float(value) or _is_nan(value))
        if not right:
            message = f"{name!r} is read as {value!r}, where the table says {text!r}"
            raise NotConservedError(message)


def _is_nan(value: Any) -> bool:
    return not isinstance(value, str) and bool(np.isnan(value))
