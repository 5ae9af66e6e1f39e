"""One property of all nodes of a population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from spikelib.sonata.nodes.numbering import Numbering

DYNAMICS_PREFIX = "@dynamics:"
"""Prefix of the names of properties in a group's ``dynamics_params``."""

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
    """Of an enumeration (SONATA's ``@library``): the texts that the codes mean; -1 is missing."""

    def decoded(self) -> NDArray[Any]:
        """Return the values, shape (size,): numbers with NaN, or `str` objects with None, where missing."""
        if self.categories is None:
            return self.data
        return np.asarray(_extended(self.categories, None)[self.data])

    def missing(self) -> NDArray[np.bool_]:
        """Return which nodes have no value, shape (size,)."""
        if self.categories is not None:
            return np.asarray(self.data < 0)
        if self.kind == "text":
            return np.fromiter((value is None for value in self.data), dtype=bool, count=len(self.data))
        return np.asarray(self.data != self.data)  # true of NaN only

    def take(self, rows: NDArray[np.int64]) -> Column:
        """Return the column of other nodes: node ``i`` gets row ``rows[i]``, and no value if that is -1."""
        if self.categories is not None:
            return Column(self.kind, _extended(self.data, -1)[rows], self.categories)
        if not (rows < 0).any():
            return Column(self.kind, self.data[rows])
        if self.kind == "text":
            return Column(self.kind, _extended(self.data, None)[rows])
        data = self.data if self.data.dtype.kind == "f" else self.data.astype(np.float64)
        return Column(self.kind, _extended(data, np.nan)[rows])

    def where_text(self, accept: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Return which nodes hold a text that ``accept`` accepts, shape (size,); it sees each text once."""
        if self.categories is not None:
            accepted = np.array([accept(text) for text in self.categories] + [False], dtype=bool)
            return np.asarray(accepted[self.data])
        verdict: dict[Any, bool] = {text: accept(text) for text in set(self.data) if isinstance(text, str)}
        return np.fromiter((verdict.get(text, False) for text in self.data), dtype=bool, count=len(self.data))

    def where_number(self, numbers: Collection[float]) -> NDArray[np.bool_]:
        """Return which nodes hold one of ``numbers``, shape (size,)."""
        dtype = self.data.dtype
        if dtype.kind in "iu":
            # In the column's own type: to compare two types, numpy would take them for floats, and -2**63 has none.
            limits = np.iinfo(dtype)
            fitting = [int(number) for number in numbers if limits.min <= number <= limits.max and number % 1 == 0]
            return np.isin(self.data, np.array(fitting, dtype))
        # A number beyond 64 bits equals none, and would make all of them Python objects.
        return np.isin(self.data, [number for number in numbers if abs(number) < 1 << 63])


class NodeTable(Protocol):
    """What selecting nodes needs to know of a population; `NodeStore` and `NodePopulation` are such."""

    @property
    def name(self) -> str:
        """Name of the population."""

    @property
    def size(self) -> int:
        """Number of nodes."""

    @property
    def numbering(self) -> Numbering:
        """The ids of the nodes, and their rows in the columns."""

    @property
    def type(self) -> str | None:
        """Type of the population."""

    @property
    def property_names(self) -> AbstractSet[str]:
        """Names of all properties."""

    def column(self, name: str) -> Column:
        """Return one property of all nodes."""


def merge(parts: Sequence[Column]) -> Column:
    """Lay columns of equal length over each other: each node takes the first that has a value for it.

    Columns of unlike kinds become text if one is text, else float.
    """
    if len(parts) == 1:
        return parts[0]
    kinds = {part.kind for part in parts}
    if "text" in kinds:
        texts = _lay(parts, [_as_text(part) for part in parts])
        return encode(texts) if any(part.categories is not None for part in parts) else Column("text", texts)
    values = _lay(parts, [part.data for part in parts])
    if kinds == {"float"} or "float" in kinds:
        return Column("float", values)
    return Column("integer", values if np.isnan(values).any() else values.astype(np.int64))


def encode(values: NDArray[np.object_]) -> Column:
    """Return texts (None where missing) as a column of codes and sorted categories, shape (size,)."""
    categories = np.array(sorted({value for value in values if value is not None}), dtype=object)
    place = {value: code for code, value in enumerate(categories)}
    codes = np.fromiter((place.get(value, -1) for value in values), dtype=np.int64, count=len(values))
    return Column("text", codes, categories)


def _lay(parts: Sequence[Column], arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    result = arrays[-1]
    for part, values in zip(reversed(parts[:-1]), reversed(arrays[:-1]), strict=True):
        result = np.where(part.missing(), result, values)
    return result


def _as_text(column: Column) -> NDArray[np.object_]:
    if column.kind == "text":
        return column.decoded()
    number = int if column.kind == "integer" else float
    pairs = zip(column.missing(), column.data, strict=True)
    return np.array([None if missing else str(number(value)) for missing, value in pairs], dtype=object)


def _extended(values: NDArray[Any], last: Any) -> NDArray[Any]:
    """Return ``values`` with one more at the end, which the index -1 then finds."""
    result = np.empty(len(values) + 1, dtype=values.dtype)
    result[:-1] = values
    result[-1] = last
    return result
