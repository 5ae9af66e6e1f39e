"""Comparing summaries bit for bit, and cutting trains into slabs."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np


def assert_same(a: object, b: object, path: str = "summary") -> None:
    """Compare two summaries field by field, bit for bit."""
    if dataclasses.is_dataclass(a):
        assert type(a) is type(b)
        for field in dataclasses.fields(a):
            assert_same(getattr(a, field.name), getattr(b, field.name), f"{path}.{field.name}")
    elif isinstance(a, np.ndarray):
        assert isinstance(b, np.ndarray)
        np.testing.assert_array_equal(a, b, err_msg=path)
        assert a.dtype == b.dtype, path
    else:
        assert a == b, path


def slabs(spikes: list[tuple[float, int]], cuts: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cut a sorted list of spikes into consecutive slabs, some of them empty."""
    spikes = sorted(spikes)
    times = np.array([time for time, _ in spikes], np.float64)
    rows = np.array([row for _, row in spikes], np.int32)
    ends = [0, *sorted(min(cut, len(spikes)) for cut in cuts), len(spikes)]
    return [(times[a:b], rows[a:b]) for a, b in itertools.pairwise(ends)]
