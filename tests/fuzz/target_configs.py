"""Simulation and circuit configs: everything that they lead to is opened and read."""

from __future__ import annotations

import json
import shutil
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.errors import MissingFileError, SpikelibError
from spikelib.simulation.simulation import Simulation
from spikelib.steps.inspect import inspect
from tests.fuzz.folders import place
from tests.fuzz.mutate_json import mutate_json
from tests.fuzz.server import NotConservedError
from tests.fuzz.target_spikes import check_spikes
from tests.real_data import DATA
from tests.writing import write_simulation

if TYPE_CHECKING:
    from random import Random

_REAL = (
    "allen_300_cells", "allen_300_pointneurons_run", "bmtk_bio_300cells_nosurround", "bluecellulab_quick_scx",
    "bluecellulab_hippocampus", "sonata_extension_usecases/usecase1", "sonata_extension_usecases/usecase4",
)  # fmt: skip
_MOST_POPULATIONS = 3


class Configs:
    """The target."""

    name = "configs"

    def prepare(self, folder: Path) -> None:
        for name in _REAL:
            shutil.copytree(DATA / name, folder / Path(name).name)
        spikes = {"cortex": ([1.0, 2.0, 3.5], [0, 4, 1]), "thalamus": ([2.0], [3])}
        inputs = {"volley": {"module": "synapse_replay", "input_type": "spikes", "delay": 0, "duration": 100,
                             "spike_file": "output/spikes.h5", "node_set": "some"}}  # fmt: skip
        sets = {"some": {"node_id": [1, 2]}, "both": ["some"]}
        more = {"node_set": "some", "inputs": inputs, "reports": {}, "conditions": {"v_init": -65}, "metadata": {}}
        write_simulation(folder / "made", spikes, node_sets=sets, run={"tstart": 0.0}, content=more)
        manifest = {"$BASE_DIR": "${configdir}", "$OUTPUT_DIR": "$BASE_DIR/output", "$NETWORK_DIR": "${BASE_DIR}"}
        write_simulation(folder / "manifest", spikes, content={
            "manifest": manifest, "network": "$NETWORK_DIR/circuit_config.json", "target_simulator": "NEST",
            "output": {"output_dir": "$OUTPUT_DIR", "spikes_file": "spikes.h5", "log_file": "log.txt"},
        })  # fmt: skip
        self._origins = sorted(folder.iterdir())
        self._configs = {origin: _configs(origin) for origin in self._origins}

    def place(self, rng: Random, folder: Path) -> str:
        origin = rng.choice(self._origins)
        place(origin, folder / "run")
        simulations, self._circuits = self._configs[origin]
        simulation = rng.choice(simulations)
        (folder / "config").write_text(simulation)
        return origin.name

    def change(self, rng: Random, folder: Path) -> str:
        done, circuits, simulation = [], self._circuits, (folder / "config").read_text()
        changed = [simulation] if rng.random() < 0.7 or not circuits else [rng.choice(circuits)]
        if rng.random() < 0.1:
            changed += circuits[:1]
        for name in dict.fromkeys(changed):
            path = folder / "run" / name
            content, words = mutate_json(rng, path.read_bytes())
            path.unlink()
            path.write_bytes(content)
            done.append(f"{name}: {words}")
        return "; ".join(done)

    def read(self, rng: Random, folder: Path) -> dict[str, Any]:
        path = folder / "run" / (folder / "config").read_text()
        simulation = Simulation(path)
        times = simulation.time_start, simulation.time_stop, simulation.dt
        repr(simulation), simulation.simulator, simulation.run, simulation.conditions, simulation.config.notes
        _read_inputs(simulation)
        _read_circuit(simulation)
        report = simulation.spikes
        audits = {each["population"]: each for each in json.loads(json.dumps(inspect(path)))["populations"]}
        read = {
            name: (series.index.to_numpy(), series.to_numpy()) for name in report for series in [report[name].get()]
        }
        try:
            with report.log() as log:
                log.read(100)
        except MissingFileError:
            pass
        report._repr_html_()
        return {"times": times, "path": path, "read": read, "audits": audits, "file": report.path}

    def check(self, folder: Path, facts: Any) -> bool:
        _check_times(facts["path"], facts["times"])
        return check_spikes(facts["file"], facts["read"], facts["audits"])


def _configs(origin: Path) -> tuple[list[str], list[str]]:
    simulations, circuits = [], []
    for path in sorted(origin.rglob("*.json")):
        content = json.loads(path.read_text())
        name = path.relative_to(origin).as_posix()
        if "run" in content or "simulation" in content:
            simulations.append(name)
        elif "networks" in content:
            circuits.append(name)
    return simulations, circuits


def _read_inputs(simulation: Simulation) -> None:
    for each in simulation.inputs.values():
        repr(each)
        if each.spike_file is None:
            continue
        try:
            names = list(each.reader)
        except SpikelibError:  # a broken input is no reason to stop here
            continue
        for name in names[:_MOST_POPULATIONS]:
            each.reader[name].get(t_stop=10.0)


def _read_circuit(simulation: Simulation) -> None:
    nodes = simulation.circuit.nodes
    assert nodes.size == sum(nodes[name].size for name in nodes)
    for name in islice(nodes, _MOST_POPULATIONS):
        simulation.facts(name)
        simulation.simulated_ids(name)
        for each in sorted(nodes[name].property_names)[:2]:
            nodes[name].values(each)
        for each in islice(simulation.node_sets, _MOST_POPULATIONS):
            simulation.node_sets.ids(each, nodes[name], raise_missing_property=False)


def _check_times(path: Path, times: tuple[Any, ...]) -> None:
    """Compare the times of the run with those that Python's own reader of JSON finds."""
    try:
        run = json.loads(path.read_text("utf-8-sig"))["run"]
    except (ValueError, KeyError, TypeError, RecursionError):  # a wrapper, or other coding
        return
    if not isinstance(run, dict):
        return
    wanted = [run.get("tstart") or 0.0, run.get("tstop"), run.get("dt")]
    if isinstance(wanted[2], int | float) and wanted[2] <= 0:
        wanted[2] = None  # such a time step is noted and not used, nor is an end before the start
    if isinstance(wanted[1], int | float) and wanted[1] <= wanted[0]:
        wanted[1] = None
    for name, number, found in zip(("tstart", "tstop", "dt"), wanted, times, strict=False):
        if (
            isinstance(number, int | float)
            and not isinstance(number, bool)
            and abs(number) < 1e300
            and float(number) != found
        ):
            message = f"run.{name} is {number}, and was read as {found}"
            raise NotConservedError(message)
