"""Compiling works with and without a place for the cache."""

from __future__ import annotations

import numpy as np

from spikelib.summary._jit import kernel


def total(values) -> int:
    result = 0
    for k in range(len(values)):
        result += values[k]
    return result


def test_compiled_loop_equals_python() -> None:
    compiled = kernel(total)
    assert compiled is not total
    assert compiled.py_func is total
    assert compiled(np.arange(10)) == total(np.arange(10)) == 45
    assert len(compiled.signatures) == 1, "it was compiled for this kind of array"


def test_a_function_without_a_file_is_compiled_without_a_cache() -> None:
    place: dict[str, object] = {}
    exec("def double(value):\n    return 2 * value", place)  # numba finds no folder to keep its code in
    compiled = kernel(place["double"])  # type: ignore[type-var]
    assert compiled(21) == 42  # type: ignore[operator]
    assert not compiled.stats.cache_path  # type: ignore[attr-defined]


def test_division_by_zero_is_numpys() -> None:
    ratio = kernel(lambda a, b: a / b)
    assert ratio(1.0, 0.0) == np.inf
    assert np.isnan(ratio(0.0, 0.0))
