"""False alarms and hits of what statistics detect, in networks whose rate is known: 16 classes of 50 Poisson nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.statistics.groups import class_group
from spikelib.statistics.rhythm import find_rhythm, spectrum
from spikelib.statistics.steadiness import steadiness
from spikelib.summary.accumulate import summarise
from spikelib.summary.model import Classes, Nodes, RasterAxis, SummarySpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.summary.model import Summary

CLASSES, NODES, RATE_HZ, SECONDS = 16, 50, 5.0, 10.0
RHYTHM_HZ, DEPTH = 40.0, 0.3
"""A rate that goes up and down by so much, so often."""
ONSET = 1.5
"""A first tenth of the window with so many times the rate of the others."""


def calibrate(runs: int, seed: int) -> str:
    """Return a table of the shares of runs with a false alarm in any class, and of classes with a hit."""
    random = np.random.default_rng(seed)
    found = {name: _shares(random, runs, name) for name in ("steady", "rhythm", "onset")}
    effect = f"{DEPTH:g} of the rate, {RHYTHM_HZ:g} Hz"
    rows = [
        "| detector | false alarms, of runs | found, of classes | effect |",
        "| --- | --- | --- | --- |",
        f"| `rhythm_hz` | {found['steady'][0]:.1%} | {found['rhythm'][2]:.1%} | {effect} |",
        f"| `transient` | {found['steady'][1]:.1%} | {found['onset'][3]:.1%} | first tenth x {ONSET:g} |",
    ]
    return "\n".join(rows)


def _shares(random: np.random.Generator, runs: int, kind: str) -> tuple[float, float, float, float]:
    """Return shares of runs, then of classes, with a rhythm (the right one, if there is any) and with a transient."""
    rhythms, transients = np.zeros((runs, CLASSES), bool), np.zeros((runs, CLASSES), bool)
    for run in range(runs):
        summary = _network(random, kind)
        for k in range(CLASSES):
            group = class_group(summary, k)
            hz = find_rhythm(spectrum(summary, group), CLASSES)["rhythm_hz"]
            rhythms[run, k] = hz is not None and (kind != "rhythm" or abs(hz - RHYTHM_HZ) <= 2.0)
            transients[run, k] = bool(steadiness(summary, group)["transient"])
    return rhythms.any(axis=1).mean(), transients.any(axis=1).mean(), rhythms.mean(), transients.mean()


def _network(random: np.random.Generator, kind: str) -> Summary:
    n_nodes = CLASSES * NODES
    rate = RATE_HZ * {"steady": 1.0, "rhythm": 1.0 + DEPTH, "onset": ONSET}[kind]
    n_spikes = random.poisson(rate * SECONDS * n_nodes)
    times = np.sort(random.uniform(0.0, 1000.0 * SECONDS, n_spikes))
    kept = random.uniform(0.0, rate, n_spikes) < _rates(times, kind)
    rows = random.integers(0, n_nodes, n_spikes).astype(np.int32)
    of_row = np.repeat(np.arange(CLASSES, dtype=np.int32), NODES)
    classes = Classes(tuple(map(str, range(CLASSES))), np.zeros(CLASSES, np.int64), of_row)
    ones = np.ones(n_nodes, np.bool_)
    nodes = Nodes(("net",), np.array([0, n_nodes]), np.arange(n_nodes), ones, (), classes)
    axis = RasterAxis("node id", np.arange(float(n_nodes)), (-0.5, n_nodes - 0.5), (), ())
    spec = SummarySpec(0.0, 1000.0 * SECONDS, rate_bin=50.0, raster_cap=0, raster_shape=(2, 2))
    return summarise([(times[kept], rows[kept])], spec, nodes, axis)


def _rates(times: NDArray[np.float64], kind: str) -> NDArray[np.float64]:
    """Return the rate at each time, Hz."""
    if kind == "rhythm":
        return RATE_HZ * (1.0 + DEPTH * np.sin(2.0 * np.pi * RHYTHM_HZ * times / 1000.0))
    raised = (kind == "onset") & (times < 100.0 * SECONDS)
    return np.where(raised, RATE_HZ * ONSET, RATE_HZ)
