from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spikelib.sonata.nodes.column import Column, encode, merge

TEXTS = np.array(["b", None, "a", "b"], dtype=object)


def number(values: Any, kind: Any = "integer") -> Column:
    return Column(kind, np.asarray(values))


@pytest.mark.parametrize("column", [Column("text", TEXTS), encode(TEXTS)], ids=["plain", "encoded"])
def test_texts(column: Column) -> None:
    assert column.decoded().tolist() == ["b", None, "a", "b"]
    assert column.missing().tolist() == [False, True, False, False]
    assert column.where_text("b".__eq__).tolist() == [True, False, False, True]
    assert column.take(np.array([2, -1, 0])).decoded().tolist() == ["a", None, "b"]


def test_numbers() -> None:
    column = number([3, 5, 3])
    assert column.where_number([3, 9]).tolist() == [True, False, True]
    assert column.where_number([]).tolist() == [False, False, False]
    assert column.take(np.array([1, 0])).data.tolist() == [5, 3]
    partly = column.take(np.array([1, -1]))
    assert partly.kind == "integer"
    np.testing.assert_array_equal(partly.data, [5.0, np.nan])
    assert partly.where_number([5]).tolist() == [True, False]


def test_float32_stays() -> None:
    column = number(np.array([1, 2], dtype=np.float32), "float")
    assert column.take(np.array([1, -1])).data.dtype == np.float32


def test_merge_takes_the_first_that_has_a_value() -> None:
    merged = merge([number([1.0, np.nan]), number([7, 8])])
    assert merged.kind == "integer"
    assert merged.data.dtype == np.int64
    assert merged.data.tolist() == [1, 8]
    assert merge([number([0.5, np.nan], "float"), number([7, 8])]).data.tolist() == [0.5, 8.0]


def test_merge_of_texts_and_numbers_is_text() -> None:
    merged = merge([encode(TEXTS), number([1, 2, 3, 4])])
    assert merged.decoded().tolist() == ["b", "2", "a", "b"]
    assert merged.categories is not None
    assert merge([Column("text", TEXTS), number([np.nan] * 4)]).decoded().tolist() == ["b", None, "a", "b"]


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        ("int64", [-(2**63), 2**63 - 1, 2**53, 2**53 + 1]),
        ("uint64", [0, 2**64 - 1, 2**63, 2**53 + 1]),
        ("int8", [-128, 127]),
    ],
)
def test_whole_numbers_are_compared_to_their_last_digit(dtype: str, values: list[int]) -> None:
    column = Column("integer", np.array(values, dtype))
    for place, value in enumerate(values):
        assert np.flatnonzero(column.where_number([value])).tolist() == [place]
    assert not column.where_number([10**400, -(10**400), 0.5, float("nan"), float("inf"), values[1] + 1]).any()
    assert np.flatnonzero(column.where_number([float(values[0])])).tolist() == [0]
