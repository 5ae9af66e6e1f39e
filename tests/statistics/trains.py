"""Random trains with what trips statistics up: silent nodes, one spike, ties, windows that no bin divides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from spikelib.summary.accumulate import summarise
from spikelib.summary.model import Classes, Nodes, RasterAxis, Summary, SummarySpec


@dataclass(frozen=True)
class Case:
    """Trains of nodes in two populations, the first of them of two classes."""

    trains: list[np.ndarray]
    of_row: np.ndarray
    spec: SummarySpec

    @property
    def summary(self) -> Summary:
        """Return what one pass makes of them."""
        n = len(self.trains)
        classes = Classes(("E", "I", "input"), np.array([0, 0, 1]), self.of_row.astype(np.int32))
        n_first = int((self.of_row < 2).sum())
        nodes = Nodes(
            ("net", "input"), np.array([0, n_first, n]), np.arange(n), np.ones(n, np.bool_), ("input",), classes
        )
        times = np.concatenate([np.empty(0), *self.trains])
        rows = np.repeat(np.arange(n, dtype=np.int32), [len(train) for train in self.trains])
        order = np.argsort(times, kind="stable")
        axis = RasterAxis("node id", np.arange(float(n)), (-0.5, n - 0.5), (), ())
        return summarise([(times[order], rows[order])], self.spec, nodes, axis)

    def of_class(self, index: int) -> list[np.ndarray]:
        """Return the trains of a class."""
        return [train for train, k in zip(self.trains, self.of_row, strict=True) if k == index]

    def counts(self, trains: list[np.ndarray], width: float) -> np.ndarray:
        """Count in full bins, shape (trains, bins), by comparing each spike with each edge."""
        n_full = int((self.spec.stop - self.spec.start + 1e-6) / width)
        edges = self.spec.start + width * np.arange(n_full + 1)
        last = edges[-1] >= self.spec.stop - 1e-6
        counts = np.zeros((len(trains), n_full), int)
        for k, train in enumerate(trains):
            for b in range(n_full):
                inside = (train >= edges[b] - 1e-6) & (train < edges[b + 1] - 1e-6)
                if b == n_full - 1 and last:
                    inside |= train >= edges[b] - 1e-6
                counts[k, b] = inside.sum()
        return counts


TIMES = st.one_of(st.integers(0, 600).map(lambda k: k * 0.1), st.floats(0.0, 60.0, allow_subnormal=False))
TRAINS = st.lists(st.lists(TIMES, max_size=25).map(sorted), min_size=3, max_size=7)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw trains, classes (some of them empty) and a window."""
    stop = draw(st.sampled_from([60.0, 60.5, 61.0, 100.0, 127.3]))
    trains = [np.array(train, float) for train in draw(TRAINS)]
    of_row = np.sort(draw(st.lists(st.integers(0, 2), min_size=len(trains), max_size=len(trains))))
    return Case(trains, np.array(of_row), SummarySpec(0.0, stop, rate_bin=10.0))


def poisson(seed: int, n_nodes: int, rate_hz: float, seconds: float, depth: float = 0.0, hz: float = 40.0) -> Case:
    """Return Poisson trains of one class whose rate goes up and down by a share `depth`, `hz` times a second."""
    random = np.random.default_rng(seed)
    trains = []
    for _ in range(n_nodes):
        times = np.sort(random.uniform(0, 1000 * seconds, random.poisson(rate_hz * (1 + depth) * seconds)))
        kept = random.uniform(size=len(times)) * (1 + depth) < 1 + depth * np.sin(2 * np.pi * hz * times / 1000)
        trains.append(times[kept])
    return Case(trains, np.zeros(n_nodes, int), SummarySpec(0.0, 1000.0 * seconds, rate_bin=50.0))
