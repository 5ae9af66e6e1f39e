"""Simulations that are unusual in one way each, by the kind of finding that their readers make."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from spikelib.findings import Kind
from spikelib.options.filters import Filter
from tests.writing import number_nodes, write_simulation, write_spikes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPIKES = {"a": ([1.0, 2.0], [0, 1])}
UNSORTED = {"a": ([3.0, 3.0, 1.0, 2.0, 1.0], [1, 1, 0, 1, 0])}


def _changed(folder: Path, **changes: Any) -> Path:
    """Write a simulation whose config has some keys changed; those changed to None are left out."""
    path = write_simulation(folder, SPIKES)
    content = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}))
    return path


def _with_output(folder: Path, **output: str) -> Path:
    return _changed(folder, output={"output_dir": "output", "spikes_file": "spikes.h5"} | output)


def _key_repeated(folder: Path) -> Path:
    path = write_simulation(folder, SPIKES)
    path.write_text(path.read_text().replace("{", '{"version": 1, ', 1))
    return path


def _copied_by_bmtk(folder: Path, output_dir: str) -> Path:
    """Write the copy of a config that bmtk leaves beside its spikes, in the subfolder "output"."""
    write_simulation(folder, SPIKES)
    path = folder / "output/config.json"
    output = {"output_dir": output_dir, "spikes_file": "spikes.h5"}
    origin = {"config_path": "/gone/config.json", "config_dir": "/gone"}
    path.write_text(json.dumps({**origin, "run": {"tstop": 100.0, "dt": 0.1}, "output": output}))
    return path


def _nodes_from_ten_on(folder: Path) -> Path:
    path = write_simulation(folder, {"a": ([1.0, 2.0], [10, 12])})
    number_nodes(folder / "a_nodes.h5", "a", range(10, 20))
    return path


def _other_case(folder: Path) -> Path:
    path = write_simulation(folder, SPIKES)
    with h5py.File(folder / "output/spikes.h5", "a") as file:
        file.move("spikes/a", "spikes/A")
    return path


def _nodes_file_unnamed(folder: Path) -> Path:
    path = write_simulation(folder, SPIKES)
    (folder / "circuit_config.json").write_text("{}")
    return path


def _circuit_missing(folder: Path) -> Path:
    path = _changed(folder, network="elsewhere/circuit_config.json")
    (folder / "circuit_config.json").unlink()
    return path


def _run_without_end(folder: Path) -> Path:
    return _changed(folder, run={"dt": 0.1})


def _no_datasets(folder: Path) -> Path:
    path = write_simulation(folder, SPIKES)
    with h5py.File(folder / "output/spikes.h5", "w") as file:
        file.create_group("spikes/a")
    return path


def _old_layout(folder: Path) -> Path:
    return write_simulation(folder, SPIKES, layout="legacy")


def _sorting_unknown(folder: Path) -> Path:
    path = write_simulation(folder, SPIKES, sorting=None)
    with h5py.File(folder / "output/spikes.h5", "a") as file:
        file["spikes/a"].attrs["sorting"] = "by_size"
    return path


SOURCES: dict[Kind, Callable[[Path], Path]] = {
    Kind.NO_CONFIG: lambda folder: write_spikes(folder / "spikes.h5", SPIKES),
    Kind.KEY_REPEATED: _key_repeated,
    Kind.BMTK_COPY: lambda folder: _copied_by_bmtk(folder, "output"),
    Kind.BMTK_ORIGIN_MISSING: lambda folder: _copied_by_bmtk(folder, "../results"),
    Kind.VARIABLE_UNDEFINED: lambda folder: _changed(folder, node_sets_file="$NOWHERE/node_sets.json"),
    Kind.CIRCUIT_ASSUMED: lambda folder: _changed(folder, network=None),
    Kind.CIRCUIT_MISSING: _circuit_missing,
    Kind.NODES_FILE_UNNAMED: _nodes_file_unnamed,
    Kind.FILE_MISSING: lambda folder: _changed(folder, node_sets_file="gone.json"),
    Kind.RUN_VALUE_MISSING: _run_without_end,
    Kind.RUN_VALUE_WRONG: lambda folder: _changed(folder, run={"tstop": 100.0, "dt": -0.1}),
    Kind.POPULATION_MISNAMED: _other_case,
    Kind.NODE_IDS_UNUSUAL: _nodes_from_ten_on,
    Kind.NODE_SET_IGNORED: lambda folder: _changed(folder, node_set=["a", "b"]),
    Kind.OUTPUT_ASSUMED: lambda folder: _changed(folder, output={"output_dir": "output"}),
    Kind.WINDOWS_PATH: lambda folder: _with_output(folder, spikes_file=r".\spikes.h5"),
    Kind.SORT_ORDER_UNKNOWN: lambda folder: _with_output(folder, spikes_sort_order="by_size"),
    Kind.OLD_LAYOUT: _old_layout,
    Kind.NO_DATASETS: _no_datasets,
    Kind.UNITS_MISSING: lambda folder: write_simulation(folder, SPIKES, units=None),
    Kind.UNITS_UNKNOWN: lambda folder: write_simulation(folder, SPIKES, units="fortnight"),
    Kind.UNITS_CONVERTED: lambda folder: write_simulation(folder, SPIKES, units="us"),
    Kind.SORTING_UNKNOWN: _sorting_unknown,
    Kind.SORTING_CLAIM_FALSE: lambda folder: write_simulation(folder, UNSORTED),
    Kind.DUPLICATES_UNCOUNTED: lambda folder: write_simulation(folder, UNSORTED, sorting="none"),
}
"""Kind -> writes such a simulation into a folder and returns what to open. `Kind.OTHER` is not made by a reader."""

IN_MEMORY = 3
"""`spikelib.sonata.spikes.full_audit.IN_MEMORY` with which `UNSORTED` is too large to sort."""


def findings_of(description: dict[str, Any]) -> list[dict[str, str]]:
    """Return all findings of a description, those on the config first."""
    return [
        *description["simulation"]["notes"],
        *(note for each in description["populations"] for note in each["notes"]),
    ]


def _bare(folder: Path) -> Path:
    return write_spikes(folder / "spikes.h5", SPIKES)


def _ordinary(folder: Path) -> Path:
    return write_simulation(folder, SPIKES)


def _late(folder: Path) -> Path:
    return write_simulation(folder, {"a": ([1.0, 250.0], [0, 1])})


def _one_long_train(folder: Path) -> Path:
    return write_simulation(folder, {"a": (np.append(np.arange(1.0, 80.0, 6.0), [90.0, 95.0]), [0] * 14 + [1, 2])})


def _settling(folder: Path) -> Path:
    times = np.concatenate([np.linspace(0.0, 9.0, 60), np.linspace(10.5, 99.0, 97)])
    return write_simulation(folder, {"a": (times, np.arange(len(times)) % 10)})


FILTERS: dict[Kind, tuple[Callable[[Path], Path], Filter]] = {
    Kind.NODES_UNKNOWN: (_bare, Filter()),
    Kind.SELECTS_NO_NODES: (_ordinary, Filter("f", {"node_id": [77]})),
    Kind.SELECTS_NO_SPIKES: (_ordinary, Filter("f", [5, 6])),
    Kind.WINDOW_OUTSIDE_RUN: (_ordinary, Filter("f", None, 0.5, 1000.0)),
    Kind.WINDOW_IN_SECONDS: (_ordinary, Filter("f", None, 0.0, 0.1)),
    Kind.WINDOW_WIDENED: (_late, Filter()),
    Kind.CLASSES_UNKNOWN: (_ordinary, Filter("f", classes=("nope",))),
    Kind.CV_OF_FEW: (_one_long_train, Filter()),
    Kind.TRANSIENT: (_settling, Filter()),
}
"""Kind of a finding about a filter -> writes a simulation, and the filter that raises it there, maybe among others."""
