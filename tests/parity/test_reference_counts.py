"""Counts, ranges, intervals and node sets of the real data, against values that no code of this project made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spikelib import Simulation, open_report
from spikelib.sonata.spikes.full_audit import audit_population
from spikelib.statistics.by_group import statistics
from spikelib.summary.accumulate import summarise
from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
from tests.real_data import reference

if TYPE_CHECKING:
    from pathlib import Path

COUNTS = [
    (file, population, values)
    for file, populations in reference("reference_counts.json").items()
    for population, values in populations.items()
]
NODE_SETS = [
    (config, name, values)
    for config, node_sets in reference("reference_nodesets.json").items()
    for name, values in node_sets.items()
]


@pytest.mark.parametrize(
    ("file", "population", "values"), COUNTS, ids=[f"{file}:{population}" for file, population, _ in COUNTS]
)
def test_counts_and_intervals(real_data: Path, file: str, population: str, values: dict[str, Any]) -> None:
    part = open_report(real_data / file)[population]
    times, ids = part.load()
    fired, rows = np.unique(ids, return_inverse=True)
    assert (len(times), len(fired)) == (values["n"], values["n_ids"])
    audit = audit_population(part.source, part.facts)
    assert (audit.n_read, audit.n_kept, audit.n_rejected) == (values["n"], values["n"], 0)
    assert (audit.id_min, audit.id_max) == (values["id_min"], values["id_max"])
    assert (audit.time_first, audit.time_last) == (values["t_min"], values["t_max"])
    assert times.sum() == pytest.approx(values["t_sum"], rel=1e-12)
    found = interval_statistics(times, fired, rows.astype(np.int32))
    assert found["n_spikes"] == values["n"]
    assert (found["n_isi"], found["n_cv"]) == (values["n_isi"], values["cv_n"])
    assert found["isi_mean_ms"] == approximately(values["isi_mean"], 1e-12)
    assert found["cv_mean"] == approximately(values["cv_mean_ge2isi_ddof0"], 1e-6)


def test_every_population_of_the_files_is_in_the_reference(real_data: Path) -> None:
    for file, populations in reference("reference_counts.json").items():
        with_spikes = [name for name, source in open_report(real_data / file).sources.items() if source.n_spikes]
        assert with_spikes == sorted(name for name, values in populations.items() if values["n"])


def interval_statistics(times: np.ndarray, fired: np.ndarray, rows: np.ndarray) -> dict[str, Any]:
    """Summarise one population of which only the nodes that fired are known."""
    nodes = Nodes(("",), np.array([0, len(fired)]), fired, np.zeros(len(fired), bool))
    axis = RasterAxis("node id", np.arange(float(len(fired))), (-0.5, max(len(fired), 1) - 0.5), (), ())
    start, stop = (times[0], times[-1]) if len(times) else (0.0, 1.0)
    spec = SummarySpec(start=float(start), stop=float(stop), rate_bin=100.0, cv_min_intervals=2)
    return statistics(summarise([(times, rows)], spec, nodes, axis))["overall"]


def approximately(value: float | None, relative: float) -> Any:
    return None if value is None else pytest.approx(value, rel=relative)


@pytest.mark.parametrize(
    ("config", "name", "values"), NODE_SETS, ids=[f"{config}:{name}" for config, name, _ in NODE_SETS]
)
def test_node_sets(real_data: Path, config: str, name: str, values: dict[str, Any]) -> None:
    simulation = Simulation(real_data / config)
    assert len(simulation.spikes.filter(name).report) == values["n_spikes"]
    for population in simulation.spikes:
        ids = simulation.spikes[population].resolve_nodes(name, raise_missing_property=False)
        assert len(ids) == values["n_nodes"].get(population, 0)
