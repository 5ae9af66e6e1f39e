"""One property of all nodes of a population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Kind: TypeAlias = Literal["text", "integer", "float"]
"""What the file holds; integers of which some are missing are stored as floats and still are "integer"."""


@dataclass(frozen=True)
class Column:
    """Values of one property, one per node.

    Examples
    --------
    >>> import numpy as np
    >>> Column("text", np.array([1, 0, -1]), np.array(["EXC", "INH"], dtype=object)).decoded()
    array(['INH', 'EXC', None], dtype=object)
    """

    kind: Kind
    data: NDArray[Any]
    """Shape (size,). Numbers; or `str` objects (None where missing); or codes into ``categories``."""
    categories: NDArray[np.object_] | None = None
    """Of an enumeration (SONATA's ``@library``): the texts that the codes in ``data`` stand for; -1 is missing."""

    def decoded(self) -> NDArray[Any]:
        """Return the values, shape (size,): numbers with NaN, or `str` objects with None, where missing."""
        if self.categories is None:
            return self.data
        return np.append(self.categories, None)[self.data]

    def take(self, rows: NDArray[np.int64]) -> Column:
        """Return the column of other nodes: node ``i`` gets the value of row ``rows[i]``, nothing if that is -1."""
        if self.categories is not None:
            return Column(self.kind, np.where(rows < 0, -1, np.append(self.data, -1)[rows]), self.categories)
        if (rows >= 0).all():
            return Column(self.kind, self.data[rows])
        filled: NDArray[Any]
        if self.kind == "text":
            filled = np.append(self.data, None)
        else:
            precise = self.data.dtype if self.kind == "float" else np.dtype(np.float64)
            filled = np.append(self.data.astype(precise), np.array([np.nan], dtype=precise))
        return Column(self.kind, filled[rows])


def merge(parts: Sequence[Column]) -> Column:
    """Lay columns of equal length over each other: each node takes the first that has a value for it.

    Columns of unlike kinds become text if one is text, else float.
    """
    if len(parts) == 1:
        return parts[0]
    kinds = {part.kind for part in parts}
    if "text" in kinds:
        return Column("text", _lay(parts, [_as_text(part) for part in parts]))
    kind: Kind = "integer" if kinds == {"integer"} else "float"
    return Column(kind, _lay(parts, [np.asarray(part.data) for part in parts]))


def encode(values: NDArray[np.object_]) -> Column:
    """Return texts (None where missing) as a column of codes and sorted categories, shape (size,)."""
    categories = np.array(sorted({value for value in values if value is not None}), dtype=object)
    place = {value: code for code, value in enumerate(categories)}
    codes = np.fromiter((place.get(value, -1) for value in values), dtype=np.int64, count=len(values))
    return Column("text", codes, categories)


def _lay(parts: Sequence[Column], arrays: list[NDArray[Any]]) -> NDArray[Any]:
    result = arrays[-1]
    for part, values in zip(reversed(parts[:-1]), reversed(arrays[:-1]), strict=True):
        result = np.where(_is_missing(part), result, values)
    if all(values.dtype.kind in "iub" for values in arrays):
        return result
    complete = result.dtype.kind == "f" and all(part.kind == "integer" for part in parts)
    return result.astype(np.int64) if complete and not np.isnan(result).any() else result


def _is_missing(column: Column) -> NDArray[np.bool_]:
    if column.categories is not None:
        return np.asarray(column.data < 0)
    if column.kind == "text":
        return np.fromiter((value is None for value in column.data), dtype=bool, count=len(column.data))
    return np.isnan(column.data) if column.data.dtype.kind == "f" else np.zeros(len(column.data), dtype=bool)


def _as_text(column: Column) -> NDArray[np.object_]:
    if column.kind == "text":
        return column.decoded()
    missing = _is_missing(column)
    number = int if column.kind == "integer" else float
    texts = [None if gone else str(number(value)) for gone, value in zip(missing, column.data, strict=True)]
    return np.array(texts, dtype=object)
