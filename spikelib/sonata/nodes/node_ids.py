"""Ids of nodes across populations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar, overload

import numpy as np

from spikelib.errors import GroupError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

_Ids = TypeVar("_Ids", bound="CircuitNodeIds")


class CircuitNodeId(NamedTuple):
    """One node of a circuit."""

    population: str
    id: int


class CircuitNodeIds:
    """Many nodes of a circuit: pairs of population and id.

    Parameters
    ----------
    index
        A `pandas.MultiIndex` of populations and ids. `from_arrays`, `from_dict` and `from_tuples` need none.
    sort_index
        Sort by population, then by id; otherwise the order is kept.

    Examples
    --------
    >>> ids = CircuitNodeIds.from_dict({"cortex": [4, 2], "thalamus": [0]})
    >>> ids.tolist()
    [('cortex', 2), ('cortex', 4), ('thalamus', 0)]
    >>> ids.filter_population("cortex").get_ids()
    array([2, 4])
    """

    def __init__(self, index: pd.MultiIndex, sort_index: bool = True) -> None:
        levels = getattr(index, "nlevels", 0)
        if levels != 2:
            msg = "CircuitNodeIds needs a pandas.MultiIndex of populations and ids; see its from_dict"
            raise GroupError(msg)
        self._set(index.get_level_values(0), index.get_level_values(1), sort_index)

    @classmethod
    def from_arrays(cls, populations: Iterable[str], population_ids: ArrayLike, sort_index: bool = True) -> Self:
        """Make ids of two sequences of equal length: populations and ids.

        Raises
        ------
        GroupError
            The lengths differ, or an id is not a whole number.
        """
        result = cls.__new__(cls)
        result._set(populations, population_ids, sort_index)
        return result

    @classmethod
    def from_dict(cls, ids_dictionary: Mapping[str, ArrayLike]) -> Self:
        """Make sorted ids of a mapping from population to ids."""
        ids = {population: np.atleast_1d(values) for population, values in ids_dictionary.items()}
        populations = [population for population, values in ids.items() for _ in range(len(values))]
        return cls.from_arrays(populations, [value for values in ids.values() for value in values])

    @classmethod
    def from_tuples(cls, circuit_id_list: Iterable[tuple[str, int]], sort_index: bool = True) -> Self:
        """Make ids of `CircuitNodeId` or of plain pairs (population, id)."""
        pairs = [(population, node) for population, node in circuit_id_list]
        return cls.from_arrays([pair[0] for pair in pairs], [pair[1] for pair in pairs], sort_index)

    @classmethod
    def from_csv(cls, filepath: str | Path) -> Self:
        """Read ids that `to_csv` has written."""
        import pandas as pd  # noqa: PLC0415 - not needed to select nodes

        frame = pd.read_csv(filepath, dtype={"population": str}, keep_default_na=False)
        return cls(pd.MultiIndex.from_frame(frame))

    def to_csv(self, filepath: str | Path) -> None:
        """Write the ids as a table with the columns population and node_ids."""
        self.index.to_frame(index=False).to_csv(filepath, index=False)

    @property
    def index(self) -> pd.MultiIndex:
        """The ids as a `pandas.MultiIndex` with the levels population and node_ids."""
        import pandas as pd  # noqa: PLC0415 - not needed to select nodes

        names = ["population", "node_ids"]
        return pd.MultiIndex.from_arrays([self._populations.astype(object), self._ids], names=names)

    def get_populations(self, unique: bool = False) -> NDArray[np.object_]:
        """Return the population of each node, or each population once and sorted."""
        populations = np.unique(self._populations) if unique else self._populations
        return populations.astype(object)

    def get_ids(self, unique: bool = False) -> NDArray[np.int64]:
        """Return the id of each node, int64, or each id once and sorted."""
        return np.unique(self._ids) if unique else self._ids.copy()

    def tolist(self) -> list[tuple[str, int]]:
        """Return the ids as a list of pairs (population, id)."""
        return list(zip(self._populations.tolist(), self._ids.tolist(), strict=True))

    def copy(self) -> Self:
        """Return a copy in the same order."""
        return self._pick(slice(None), inplace=False)

    @overload
    def filter_population(self: _Ids, population: str) -> _Ids: ...
    @overload
    def filter_population(self: _Ids, population: str, inplace: bool) -> _Ids | None: ...
    def filter_population(self: _Ids, population: str, inplace: bool = False) -> _Ids | None:
        """Keep the nodes of one population; none if it does not occur."""
        return self._pick(self._populations == population, inplace)

    def sort(self, inplace: bool = False) -> Self | None:
        """Sort by population, then by id."""
        return self._pick(np.lexsort((self._ids, self._populations)), inplace)

    def append(self, other: CircuitNodeIds, inplace: bool = False) -> Self | None:
        """Add other ids: at the end if ``inplace``, else into a sorted result."""
        populations = np.concatenate([self._populations, other._populations])
        ids = np.concatenate([self._ids, other._ids])
        target = self if inplace else self.__class__.__new__(self.__class__)
        target._set(populations, ids, sort=not inplace)
        return None if inplace else target

    def limit(self, limit_size: int, inplace: bool = False) -> Self | None:
        """Keep the first ``limit_size`` nodes."""
        return self._pick(slice(limit_size), inplace)

    def sample(self, sample_size: int, inplace: bool = False, *, seed: int | None = None) -> Self | None:
        """Draw ``sample_size`` nodes, or all if there are fewer, without replacement and in random order."""
        count = min(sample_size, len(self))
        return self._pick(np.random.default_rng(seed).choice(len(self), count, replace=False), inplace)

    def unique(self, inplace: bool = False) -> Self | None:
        """Keep the first of equal ids."""
        first = {pair: place for place, pair in reversed(list(enumerate(self.tolist())))}
        return self._pick(np.array(sorted(first.values()), dtype=np.int64), inplace)

    def intersection(self, circuit_ids: CircuitNodeIds, inplace: bool = False) -> Self | None:
        """Keep, once each, the ids that the other has too: in this order if ``inplace``, else sorted."""
        wanted = set(circuit_ids.tolist())
        kept: dict[tuple[str, int], int] = {}
        for place, pair in enumerate(self.tolist()):
            if pair in wanted:
                kept.setdefault(pair, place)
        places = list(kept.values()) if inplace else [kept[pair] for pair in sorted(kept)]
        return self._pick(np.array(places, dtype=np.int64), inplace)

    def __call__(self) -> pd.MultiIndex:
        """Return `index`, so that the ids can be used to index a DataFrame."""
        return self.index

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[CircuitNodeId]:
        return (CircuitNodeId(population, node) for population, node in self.tolist())

    def __getitem__(self, item: int) -> CircuitNodeId:
        return CircuitNodeId(str(self._populations[item]), int(self._ids[item]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CircuitNodeIds):
            return False
        return self.tolist() == other.tolist()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self.tolist()[:5])) + (", ..." if len(self) > 5 else "")
        return f"CircuitNodeIds([{shown}], length={len(self)})"

    def _set(self, populations: Iterable[str], ids: ArrayLike, sort: bool) -> None:
        names = np.array([populations] if isinstance(populations, str) else list(populations), dtype=str)
        numbers = np.atleast_1d(np.asarray(ids))
        if len(numbers) and numbers.dtype.kind not in "iu":
            msg = f"node ids must be whole numbers, not {numbers.dtype.name}"
            raise GroupError(msg)
        if len(names) != len(numbers):
            msg = f"populations and population_ids must have the same size: {len(names)} != {len(numbers)}"
            raise GroupError(msg)
        order: Any = np.lexsort((numbers, names)) if sort else slice(None)
        self._populations = names[order]
        self._ids = numbers.astype(np.int64)[order]

    @overload
    def _pick(self: _Ids, places: Any, inplace: bool) -> _Ids: ...
    @overload
    def _pick(self: _Ids, places: Any, inplace: bool | None) -> _Ids | None: ...
    def _pick(self: _Ids, places: Any, inplace: bool | None) -> _Ids | None:
        target = self if inplace else self.__class__.__new__(self.__class__)
        target._populations, target._ids = self._populations[places], self._ids[places]
        return None if inplace else target
