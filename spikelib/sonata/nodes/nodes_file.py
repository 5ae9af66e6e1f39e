"""The HDF5 layout of nodes files: populations, groups, and where the row of a node is."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from spikelib.errors import NodesError, SpikelibError, SpikelibWarning
from spikelib.sonata.hdf5.links import Borders, member, members
from spikelib.sonata.hdf5.opening import open_hdf5
from spikelib.sonata.hdf5.storage import check_parts
from spikelib.sonata.limits import current_limits, raise_it
from spikelib.sonata.nodes.column import DYNAMICS_PREFIX, Column
from spikelib.sonata.nodes.node_types import NodeTypes
from spikelib.sonata.nodes.numbering import Numbering, Reading, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from spikelib.sonata.nodes.numbering import Fired

_NO_MORE = Borders()
_LIBRARY = "@library"
_DYNAMICS = "dynamics_params"
_POSITIONS = "positions"
"""What BMTK calls the coordinates, in one array of two or three columns."""
_AXES = ("x", "y", "z")


def population_names(path: Path, borders: Borders = _NO_MORE) -> list[str]:
    """Return the sorted names of the populations in a nodes file, whose links lead within some borders.

    Raises
    ------
    MissingFileError
        There is no such file.
    NodesError
        The file is not HDF5, or has no group ``/nodes``.
    """
    with open_nodes(path) as file:
        nodes = member(file, "nodes", "/nodes", borders, _refuse(path))
        if not isinstance(nodes, h5py.Group):
            msg = f"{path}: this file has no group /nodes, so it is no SONATA nodes file"
            raise NodesError(msg)
        found = members(nodes, "/nodes", borders, _refuse(path))
        names = [name for name, node in found if isinstance(node, h5py.Group)]
        # h5py gives bytes where a name is not UTF-8; decoding them raises what is wrong.
        return sorted(name.decode() if isinstance(name, bytes) else name for name in names)


class Layout:
    """Where the rows and columns of a population are."""

    def __init__(
        self,
        population: h5py.Group,
        path: Path,
        node_types_file: Path | None,
        fired: Fired | None = None,
        borders: Borders = _NO_MORE,
    ) -> None:
        self._path, self._borders = path, borders
        self._where = f"{path}: population '{population.name.rpartition('/')[2]}'"
        found = dict(members(population, population.name, borders, _refuse(path)))
        self.groups = {
            key: _names_in(found[key], path, borders)
            for key in sorted(name for name in found if isinstance(name, str))
            if key.isdigit() and isinstance(found[key], h5py.Group)
        }
        has_types = node_types_file is not None and "node_type_id" in population
        self.types = NodeTypes(node_types_file) if node_types_file is not None and has_types else None
        self.size = self._find_size(population)
        self.reading = self._find_reading(population, fired)
        self._rows = self._find_rows(population)
        names = set().union(*self.groups.values())
        self.property_names = frozenset(names | (self.types.property_names if self.types else set()))

    def rows(self, key: str) -> NDArray[np.int64]:
        """Return the row of each node in the group ``key``, shape (size,); -1 for nodes of other groups."""
        return self._rows[key]

    def node_type_ids(self, population: h5py.Group) -> NDArray[np.int64]:
        """Return the type of each node, shape (size,)."""
        return self.in_id_order(self._whole_numbers(population, "node_type_id"))

    def in_id_order(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return values that are stored per node, sorted by node id."""
        order = self.reading.order
        return values if order is None else values[order]

    def _find_size(self, population: h5py.Group) -> int:
        lengths = {
            name: self._length(population[name])
            for name in ("node_type_id", "node_id", "node_group_id", "node_group_index")
            if isinstance(population.get(name), h5py.Dataset)
        }
        # Some files have only columns: their length is the number of nodes.
        if not lengths and len(self.groups) == 1:
            group = population[next(iter(self.groups))]
            lengths = {name: len(_dataset(group, name)) for name in sorted(next(iter(self.groups.values())))}
        if len(set(lengths.values())) > 1:
            listed = ", ".join(f"{name} {length}" for name, length in lengths.items())
            msg = f"{self._where} has datasets of unlike lengths: {listed}"
            raise NodesError(msg)
        if not lengths:
            msg = f"{self._where} has no node_type_id, so its size is unknown"
            raise NodesError(msg)
        size = next(iter(lengths.values()))
        if size > current_limits().nodes:
            msg = f"{self._where} claims {size} nodes; the file is damaged ({raise_it('nodes')})"
            raise NodesError(msg)
        return size

    def _length(self, dataset: h5py.Dataset) -> int:
        if dataset.shape is None or len(dataset.shape) != 1:
            name = dataset.name.rpartition("/")[2]
            msg = f"{self._where}: {name} is not a list with a number for each node; correct the nodes file"
            raise NodesError(msg)
        return int(dataset.shape[0])

    def _find_reading(self, population: h5py.Group, fired: Fired | None) -> Reading:
        if "node_id" not in population:
            return Reading(Numbering(self.size))
        return number(self._whole_numbers(population, "node_id"), self._where, fired)

    def _whole_numbers(self, population: h5py.Group, name: str) -> NDArray[np.int64]:
        """Return one of the arrays that say which node is where."""
        dataset = population[name]
        if dataset.dtype.kind not in "iu":
            msg = f"{self._where}: {name} must hold whole numbers, not {dataset.dtype}; correct the nodes file"
            raise NodesError(msg)
        check_parts(dataset, dataset.name, self._borders, _refuse(self._path))
        values = dataset[()]
        if dataset.dtype == np.uint64 and len(values) and values.max() > np.iinfo(np.int64).max:
            msg = f"{self._where}: {name} holds {values.max()}, which is too large; correct the nodes file"
            raise NodesError(msg)
        return np.asarray(values.astype(np.int64))

    def _find_rows(self, population: h5py.Group) -> dict[str, NDArray[np.int64]]:
        if not self.groups:
            return {}
        named = [name in population for name in ("node_group_id", "node_group_index")]
        if len(self.groups) > 1 and not all(named):
            msg = f"{self._where} has {len(self.groups)} groups but no node_group_id and node_group_index"
            raise NodesError(msg)
        if not all(named):
            key, names = next(iter(self.groups.items()))
            # Before anything is made for each node: a file may claim any number of them.
            n_rows, name = max(
                ((len(_dataset(population[key], name)), name) for name in names), default=(self.size, "")
            )
            if n_rows < self.size:
                msg = f"{self._where}: '{name}' has {n_rows} rows, fewer than its nodes need"
                raise NodesError(msg)
            return {key: self.in_id_order(np.arange(self.size))}
        group_ids = self.in_id_order(self._whole_numbers(population, "node_group_id"))
        index = self.in_id_order(self._whole_numbers(population, "node_group_index"))
        if len(index) and index.min() < 0:
            msg = f"{self._where}: node_group_index holds {index.min()}, and rows are not negative; correct the file"
            raise NodesError(msg)
        return {key: np.where(group_ids == int(key), index, -1) for key in self.groups}


@contextmanager
def open_nodes(path: Path) -> Iterator[h5py.File]:
    """Open a nodes file for reading.

    Raises
    ------
    MissingFileError
        There is no such file.
    NodesError
        The file is not HDF5, or cannot be read further on.
    """
    hint = "check 'nodes_file' in the circuit config"
    with open_hdf5(path, "nodes file", NodesError, hint) as file:
        try:
            yield file
        except (SpikelibError, Warning, MemoryError):
            raise
        except Exception as wrong:  # h5py raises exceptions of any class where a file is damaged
            msg = f"{path}: this nodes file cannot be read: {wrong}; copy or make it again"
            raise NodesError(msg) from wrong


def _refuse(path: Path) -> Callable[[str, str], NodesError]:
    return lambda reason, remedy: NodesError(f"{path}: {reason}; {remedy}")


def _names_in(group: h5py.Group, path: Path, borders: Borders) -> frozenset[str]:
    found = dict(members(group, group.name, borders, _refuse(path)))
    # h5py gives bytes where a name is not UTF-8.
    names = {name for name, node in found.items() if isinstance(name, str) and _is_column(node)}
    axes = set(_AXES[: _n_axes(found.get(_POSITIONS))])
    if axes and names.isdisjoint(_AXES):
        names |= axes
    elif axes:
        msg = f"{path}: {group.name} has coordinates twice, as x, y, z and as positions; positions are left out"
        warnings.warn(msg, SpikelibWarning, stacklevel=2)
    dynamics = found.get(_DYNAMICS)
    if isinstance(dynamics, h5py.Group):
        inside = members(dynamics, dynamics.name, borders, _refuse(path))
        names |= {f"{DYNAMICS_PREFIX}{name}" for name, node in inside if isinstance(name, str) and _is_column(node)}
    odd = [str(name) for name, node in found.items() if _is_odd(node) and not (axes and name == _POSITIONS)]
    if odd:
        msg = f"{path}: {group.name} has properties that are not a number or a text a node: {', '.join(odd)}; left out"
        warnings.warn(msg, SpikelibWarning, stacklevel=2)
    return frozenset(names)


def _n_axes(item: Any) -> int:
    """Return how many coordinates the rows of an array have, 0 if it is none of positions."""
    is_positions = isinstance(item, h5py.Dataset) and item.ndim == 2 and item.dtype.kind in "fiu"
    return item.shape[1] if is_positions and item.shape[1] in {2, 3} else 0


def _is_odd(item: Any) -> bool:
    return isinstance(item, h5py.Dataset) and not _is_column(item)


def _is_column(item: Any) -> bool:
    if not isinstance(item, h5py.Dataset) or item.ndim != 1:
        return False
    return item.dtype.kind in "fiubSU" or h5py.check_string_dtype(item.dtype) is not None


def _dataset(group: h5py.Group, name: str) -> h5py.Dataset:
    if name.startswith(DYNAMICS_PREFIX) and name not in group:
        return group[_DYNAMICS][name.removeprefix(DYNAMICS_PREFIX)]
    if name in _AXES and name not in group:
        return group[_POSITIONS]
    return group[name]


def read_property(group: h5py.Group, name: str, path: Path, n_nodes: int, borders: Borders = _NO_MORE) -> Column:
    """Read one property of the nodes of a group in a population of so many nodes; ``path`` is for messages.

    Raises
    ------
    NodesError
        A code is not in the ``@library`` of the property.
    """
    dataset = _dataset(group, name)
    check_parts(dataset, dataset.name, borders, _refuse(path))
    _check_length(dataset, n_nodes, path)
    library = _find_library(group, name, path, borders)
    if library is not None:
        categories = _decode(_read_library(library, path, borders))
        codes = _codes(dataset, path)
        if len(codes) and not (codes.min() >= 0 and codes.max() < len(categories)):
            msg = f"{path}: {dataset.name} holds a code that is not in its @library of {len(categories)} values"
            raise NodesError(msg)
        # A text that is listed twice is one value.
        place = {text: code for code, text in enumerate(dict.fromkeys(categories))}
        if len(place) < len(categories):
            codes = np.array([place[text] for text in categories], np.int64)[codes]
            categories = np.array(list(place), dtype=object)
        return Column("text", codes, categories)
    meanings = h5py.check_enum_dtype(dataset.dtype)
    if meanings is not None and dataset.dtype.kind != "b":
        return _enumeration(dataset, meanings, path)
    values = dataset[()] if dataset.ndim == 1 else dataset[:, _AXES.index(name)]
    if values.dtype.kind in "OSU":
        return Column("text", _decode(values))
    return Column("float" if values.dtype.kind == "f" else "integer", values)


def _find_library(group: h5py.Group, name: str, path: Path, borders: Borders) -> Any:
    """Return what lists the texts of a property that is stored as codes; None if it is not."""
    place = f"{group.name}/{_LIBRARY}"
    listed = member(group, _LIBRARY, place, borders, _refuse(path))
    return member(listed, name, f"{place}/{name}", borders, _refuse(path)) if isinstance(listed, h5py.Group) else None


def _read_library(library: Any, path: Path, borders: Borders) -> NDArray[Any]:
    if not isinstance(library, h5py.Dataset) or library.ndim != 1:
        msg = f"{path}: {library.name} is not a list of values; correct the nodes file"
        raise NodesError(msg)
    _check_length(library, current_limits().library_values, path, raise_it("library_values"))
    check_parts(library, library.name, borders, _refuse(path))
    return np.asarray(library[()])


def _codes(dataset: h5py.Dataset, path: Path) -> NDArray[np.int64]:
    """Return the codes of an enumeration; floats that are whole numbers are such."""
    values = dataset[()]
    if values.dtype.kind == "f" and np.isfinite(values).all() and (values == np.floor(values)).all():
        values = values.astype(np.int64)
    if values.dtype.kind not in "iu":
        msg = (
            f"{path}: {dataset.name} must hold the places of its values in its @library, that is whole numbers, but "
            f"holds {dataset.dtype}; correct the nodes file"
        )
        raise NodesError(msg)
    return np.asarray(values.astype(np.int64))


def _enumeration(dataset: h5py.Dataset, meanings: Mapping[str, int], path: Path) -> Column:
    """Read a property whose HDF5 type is an enumeration: its values are the names that the type lists."""
    listed = np.array(sorted(set(meanings.values())), np.int64)
    name_of = {value: name for name, value in meanings.items()}
    values = dataset[()].astype(np.int64)
    codes = np.minimum(np.searchsorted(listed, values), len(listed) - 1)
    if not (listed[codes] == values).all():
        msg = f"{path}: {dataset.name} holds a value that its enumeration does not list; correct the nodes file"
        raise NodesError(msg)
    return Column("text", codes, np.array([name_of[value] for value in listed.tolist()], dtype=object))


def _check_length(dataset: h5py.Dataset, most: int, path: Path, limit: str = "") -> None:
    """Refuse what could not be read into memory, before it is tried: a file may claim any length."""
    if dataset.shape is None or len(dataset.shape) == 0 or dataset.shape[0] > most:
        n_rows = dataset.shape[0] if dataset.shape else "no"
        remedy = "the file is damaged" + (f" ({limit})" if limit else "")
        msg = f"{path}: {dataset.name} has {n_rows} rows, at most {most} fit here; {remedy}"
        raise NodesError(msg)


def _decode(values: NDArray[Any]) -> NDArray[np.object_]:
    # Escaped where it is not UTF-8: two texts that differ in a byte stay two.
    texts = [value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value) for value in values]
    result = np.empty(len(texts), dtype=object)
    result[:] = texts
    return result
