"""Spikes for the tests of tables, and extracting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from spikelib.sonata.spikes.arrays import RunFacts
from spikelib.sonata.spikes.spike_file import spike_sources
from spikelib.tables.extract import ExtractOptions, extract
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from spikelib.sonata.spikes.audit import Audit

    Arrays = tuple[NDArray[np.float64], NDArray[np.int64]]


def random_spikes(n_spikes: int, seed: int = 0, *, n_nodes: int = 20, n_times: int = 50) -> Arrays:
    """Make spikes with many ties of time and some duplicates, in no order."""
    random = np.random.default_rng(seed)
    return random.integers(0, n_times, n_spikes) * 0.1, random.integers(0, n_nodes, n_spikes)


def canonical(times: NDArray[np.float64], ids: NDArray[np.int64]) -> Arrays:
    """Sort by (time, id): what every table must hold."""
    order = np.lexsort((ids, times))
    return times[order], ids[order]


def extracted(folder: Path, times: Any, ids: Any, *, options: ExtractOptions | None = None, **written: Any) -> Audit:
    """Write spikes of the population "a" and extract them into the table `folder`; unlimited nodes, a run of 4 ms."""
    path = write_spikes(folder.with_name(f"{folder.name}.h5"), {"a": (times, ids)}, **written)
    return extract(spike_sources(path)["a"], RunFacts(stop=4.0), folder, options)


def rows(path: Path) -> Arrays:
    """Read the columns of a table with Arrow alone."""
    table = pq.read_table(path)
    return table.column("times").to_numpy(), table.column("ids").to_numpy()
