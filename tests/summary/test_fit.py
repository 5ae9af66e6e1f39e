"""A summary whose arrays do not fit together is refused before compiled loops look anything up in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spikelib.errors import TableError
from spikelib.summary.accumulate import summarise
from spikelib.summary.fit import misfit
from spikelib.summary.store import load_summary, save_summary

SPIKES = [(np.array([5.0, 6.0, 50.0]), np.array([2, 6, 2], np.int32))]

CHANGES: dict[str, Any] = {
    "nodes.offsets": lambda a: a + 1,
    "nodes.simulated": lambda a: a[:-1],
    "axis.y": lambda a: a[1:],
    "counters.count": lambda a: a + 1,
    "counters.lv": lambda a: a[:2],
    "fine_counts": lambda a: a[:, 1:],
    "fine_edges": lambda a: a[::-1],
    "isi": lambda a: a[:1],
    "density": lambda a: a.T,
    "times": lambda a: a[::-1],
    "rows": lambda a: a + 100,
    "places.cells": lambda a: a + 1000,
    "frames.places": lambda a: a - 10**6,
}


def test_what_was_counted_fits(spec, nodes, axis, spots):
    assert misfit(summarise(SPIKES, spec, nodes, axis, spots)) is None
    assert misfit(summarise([], spec, nodes, axis)) is None


@pytest.mark.parametrize("name", CHANGES)
def test_each_array_that_does_not_fit_is_named(tmp_path, spec, nodes, axis, spots, name):
    path = tmp_path / "s.npz"
    save_summary(summarise(SPIKES, spec, nodes, axis, spots), path)
    with np.load(path) as file:
        arrays = dict(file)
    arrays[name] = CHANGES[name](arrays[name])
    np.savez(path, **arrays)
    with pytest.raises(TableError, match=r"s\.npz: this summary is damaged \(.*\); run `spikelib summarise` again"):
        load_summary(path)
