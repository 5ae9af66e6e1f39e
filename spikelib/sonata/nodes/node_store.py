"""Nodes files: the properties of the nodes of a population.

A population is the group ``/nodes/<name>``. Its properties are in numbered groups, each of which may have other
columns; ``node_group_id`` and ``node_group_index`` say where the row of a node is. Columns are read when they
are asked for.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import h5py

from spikelib.errors import NodesError
from spikelib.sonata.hdf5.links import Borders
from spikelib.sonata.nodes.column import Column, merge
from spikelib.sonata.nodes.nodes_file import Layout, open_nodes, read_property

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from spikelib.sonata.nodes.numbering import Fired, Numbering


class NodeStore:
    """The nodes of one population, read column by column without pandas.

    Parameters
    ----------
    path
        The nodes file.
    name
        The population.
    node_types_file
        Table of properties that nodes of a type share; a node's own value goes before its type's.
    population_type
        The type that the circuit config gives; None to take the only value of the property ``model_type``, or
        "biophysical" if there is no such value.
    fired
        Reads the ids of the population's spikes, which tell what an unusual ``node_id`` means; None if there are none.
    borders
        Where links of the file may lead; by default into its own folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     store = NodeStore(write_demo(folder).with_name("nodes") / "cortex.h5", "cortex")
    ...     store.size, store.values("layer")[:2], store.type
    (2701, array(['L2/3', 'L2/3'], dtype=object), 'point_neuron')
    """

    def __init__(
        self,
        path: Path,
        name: str,
        node_types_file: Path | None = None,
        population_type: str | None = None,
        fired: Fired | None = None,
        borders: Borders | None = None,
    ) -> None:
        self.path = path
        self.name = name
        self._node_types_file = node_types_file
        self._population_type = population_type
        self._fired = fired
        self._borders = borders or Borders()
        self._columns: dict[str, Column] = {}
        self._layout: Layout | None = None

    # What is needed to read anew: another process need not want all columns that this one has read.
    def __getstate__(self) -> tuple[Path, str, Path | None, str | None, Fired | None, Borders]:
        return self.path, self.name, self._node_types_file, self._population_type, self._fired, self._borders

    def __setstate__(self, state: tuple[Path, str, Path | None, str | None, Fired | None, Borders]) -> None:
        self.__init__(*state)  # type: ignore[misc]

    def __repr__(self) -> str:
        return f"NodeStore({str(self.path)!r}, {self.name!r})"

    @property
    def size(self) -> int:
        """Number of nodes."""
        return self._read_layout().size

    @property
    def numbering(self) -> Numbering:
        """The ids of the nodes: 0 to size - 1, or what ``node_id`` lists."""
        return self._read_layout().reading.numbering

    @property
    def note(self) -> str | None:
        """What is unusual about the ids; None if nothing is."""
        return self._read_layout().reading.note

    @property
    def type(self) -> str:
        """What the nodes are: biophysical, point_neuron, virtual, ..."""
        if self._population_type is None:
            self._population_type = self._guess_type()
        return self._population_type

    @property
    def property_names(self) -> frozenset[str]:
        """Names of all properties, those of the dynamics with the prefix ``@dynamics:``."""
        return self._read_layout().property_names

    def values(self, name: str) -> NDArray[Any]:
        """Return a property of all nodes.

        Returns
        -------
        Array of shape (size,) in the order of the ids: numbers with NaN, or `str` objects with None, where a node
        has no value.

        Raises
        ------
        NodesError
            The population has no such property, or the file is damaged.
        """
        return self.column(name).decoded()

    def column(self, name: str) -> Column:
        """Return a property of all nodes with its kind; see `values`."""
        if name not in self._columns:
            layout = self._read_layout()
            if name not in layout.property_names:
                known = ", ".join(sorted(layout.property_names)) or "none"
                msg = f"{self.path}: population '{self.name}' has no property '{name}'; it has: {known}"
                raise NodesError(msg)
            self._columns[name] = self._read_column(name, layout)
        return self._columns[name]

    def _read_layout(self) -> Layout:
        if self._layout is None:
            with self._population() as group:
                self._layout = Layout(group, self.path, self._node_types_file, self._fired, self._borders)
        return self._layout

    def _read_column(self, name: str, layout: Layout) -> Column:
        parts = []
        with self._population() as group:
            for key, names in layout.groups.items():
                if name in names:
                    column = read_property(group[key], name, self.path, layout.size, self._borders)
                    parts.append(self._take(column, name, layout.rows(key)))
            if layout.types is not None and name in layout.types.property_names:
                parts.append(layout.types.column(name, layout.node_type_ids(group)))
        return merge(parts)

    def _take(self, column: Column, name: str, rows: NDArray[np.int64]) -> Column:
        length = len(column.data)
        if len(rows) and rows.max() >= length:
            msg = f"{self.path}: population '{self.name}': '{name}' has {length} rows, fewer than its nodes need"
            raise NodesError(msg)
        return column.take(rows)

    def _guess_type(self) -> str:
        if "model_type" in self.property_names:
            found = {value for value in self.values("model_type") if isinstance(value, str)}
            if len(found) == 1:
                return found.pop()
        return "biophysical"

    @contextmanager
    def _population(self) -> Iterator[h5py.Group]:
        with open_nodes(self.path) as file:
            group = file.get(f"nodes/{self.name}")
            if not isinstance(group, h5py.Group):
                msg = f"{self.path}: this nodes file has no population '{self.name}'"
                raise NodesError(msg)
            yield group
