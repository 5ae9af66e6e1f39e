"""Node sets: named groups of nodes, from the files that circuit and simulation configs name.

The rules differ from those of a query (`spikelib.sonata.nodes.queries`): regular expressions search anywhere in a
text, numbers have ``$gt``, ``$lt``, ``$gte`` and ``$lte``, and there is no ``$and`` or ``$or``. A list of
names is the union of those sets; they are looked up when the set is used, so a simulation can redefine one.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.errors import GroupError, NodeSetsError
from spikelib.sonata.configs.json_file import check_depth, parse_json, read_json
from spikelib.sonata.limits import current_limits, raise_it
from spikelib.sonata.nodes.id_sets import IdSet, either
from spikelib.sonata.nodes.node_set_rules import check_rules, select

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from spikelib.sonata.nodes.column import NodeTable


class NodeSets:
    """Named groups of nodes.

    Parameters
    ----------
    content
        Name -> rules (an object), or name -> names of other node sets (a list). Sets with empty rules ``{}``
        are ignored, as libsonata does. A wrong set is an error only when it is used.
    source
        Where the content comes from, for messages.

    Examples
    --------
    >>> sets = NodeSets({"Exc": {"class": "EXC"}, "Inh": {"class": "INH"}, "All": ["Exc", "Inh"]})
    >>> list(sets)
    ['All', 'Exc', 'Inh']
    >>> "Exc" in sets
    True
    """

    def __init__(self, content: Mapping[str, Any] | None = None, source: str | Path = "node sets") -> None:
        self._content: dict[str, Any] = {}
        self._sources: dict[str, str] = {}
        self.notes: tuple[str, ...] = ()
        try:
            check_depth(content or {})
        except RecursionError as wrong:
            raise _too_deep(str(source)) from wrong
        for name, value in (content or {}).items():
            if value == {}:
                self.notes += (f"{source}: the node set '{name}' is empty and ignored",)
            else:
                self._content[name] = copy.deepcopy(value)
                self._sources[name] = str(source)

    @classmethod
    def from_file(cls, filepath: str | Path) -> NodeSets:
        """Read a node-set file.

        Raises
        ------
        MissingFileError
            There is no such file.
        NodeSetsError
            The file is not JSON, or its top level is not an object.
        """
        path = Path(filepath)
        content, repeated = read_json(path, "node-set file", NodeSetsError)
        result = cls._checked(content, str(path))
        result.notes += tuple(f"{path}: '{key}' is given twice; the last one counts" for key in repeated)
        return result

    @classmethod
    def from_string(cls, content: str) -> NodeSets:
        """Make node sets of JSON text.

        Raises
        ------
        NodeSetsError
            The text is not JSON, or its top level is not an object.
        """
        try:
            return cls._checked(parse_json(content), "node sets")
        except json.JSONDecodeError as wrong:
            msg = f"node sets: not valid JSON, line {wrong.lineno}, column {wrong.colno}: {wrong.msg}"
            raise NodeSetsError(msg) from wrong
        except RecursionError as wrong:
            raise _too_deep() from wrong
        except ValueError as wrong:
            msg = f"node sets: this text {wrong}"
            raise NodeSetsError(msg) from wrong

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> NodeSets:
        """Make node sets of a mapping."""
        return cls(content)

    @property
    def content(self) -> dict[str, Any]:
        """A copy of the node sets as they are in the file."""
        return copy.deepcopy(self._content)

    def update(self, node_sets: NodeSets) -> set[str]:
        """Add node sets; sets of the same name are replaced.

        Returns
        -------
        Names of the sets that were replaced.
        """
        replaced = self._content.keys() & node_sets._content.keys()
        self._content.update(node_sets._content)  # which nobody changes
        self._sources.update(node_sets._sources)
        self.notes += node_sets.notes
        return set(replaced)

    def ids(self, name: str, population: NodeTable, raise_missing_property: bool = True) -> NDArray[np.int64]:
        """Return the ids of the nodes of a population that are in a node set.

        Parameters
        ----------
        name
            The node set.
        population
            A `NodePopulation` or `NodeStore`.
        raise_missing_property
            Whether a property that the population lacks is an error; if not, rules with it match no node.

        Returns
        -------
        Sorted distinct ids, int64.

        Raises
        ------
        GroupError
            There is no such node set, or the population lacks a property.
        NodeSetsError
            The node set breaks the rules.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> sets = NodeSets({"probe": {"node_id": [7, 2]}, "all": {"population": "cortex"}})
        >>> from spikelib.sonata.nodes.numbering import Numbering
        >>> cortex = SimpleNamespace(name="cortex", numbering=Numbering(3), property_names=frozenset())
        >>> sets.ids("probe", cortex), sets.ids("all", cortex)
        (array([2]), array([0, 1, 2]))
        """
        found = self.select(name, population, raise_missing_property)
        return population.numbering.ids() if found is None else found

    def select(self, name: object, population: NodeTable, raise_missing_property: bool) -> IdSet:
        """Do as `ids`, but do not spell out all nodes of a population."""
        if not isinstance(name, str):
            msg = f"a node set is named by a text, not by {type(name).__name__}: {name!r}"
            raise GroupError(msg)
        if name not in self._content:
            known = ", ".join(sorted(self._content)[:20]) or "none"
            msg = f"Undefined node set: '{name}'; defined are: {known}" + self._population_hint(name, population)
            raise GroupError(msg)
        return self._select(name, population, raise_missing_property)

    def __contains__(self, name: object) -> bool:
        return name in self._content

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._content))

    def __len__(self) -> int:
        return len(self._content)

    def __getitem__(self, name: str) -> NodeSet:
        if name not in self._content:
            msg = f"Undefined node set: '{name}'"
            raise GroupError(msg)
        return NodeSet(self, name)

    def __repr__(self) -> str:
        return f"NodeSets({list(self)})"

    @classmethod
    def _checked(cls, content: Any, source: str) -> NodeSets:
        if not isinstance(content, dict):
            msg = f"{source}: node sets must be an object {{...}} at the top, not {type(content).__name__}"
            raise NodeSetsError(msg)
        return cls(content, source)

    def _select(self, name: str, nodes: NodeTable, strict: bool) -> IdSet:
        """Resolve a node set and those that it is made of, each once: sets of sets of sets would take for ever."""
        done: dict[str, IdSet] = {}
        open_sets: dict[str, list[str]] = {}  # those whose members are being resolved, outermost first
        pending = [name]
        n_ids = 0
        while pending:
            current = pending[-1]
            if current in done:
                pending.pop()
            elif current in open_sets:
                done[current] = found = either([done[member] for member in open_sets.pop(current)])
                n_ids += 0 if found is None else len(found)
                if n_ids > current_limits().node_set_ids:
                    where = f"{self._sources[name]}: node set '{name}'"
                    msg = f"{where} is made of sets that hold {n_ids} ids together ({raise_it('node_set_ids')})"
                    raise NodeSetsError(msg)
            else:
                value, where = self._content[current], f"{self._sources[current]}: node set '{current}'"
                if isinstance(value, dict):
                    check_rules(value, where)
                    done[current] = select(value, nodes, where, strict)
                    continue
                open_sets[current] = members = self._members(value, where)
                for member in members:
                    if member in open_sets:
                        path = " -> ".join((*open_sets, member))
                        msg = f"{self._sources[member]}: node set '{member}' contains itself: {path}"
                        raise NodeSetsError(msg)
                pending += [member for member in members if member not in done]
        return done[name]

    def _members(self, value: Any, where: str) -> list[str]:
        """Return the names that a compound node set lists, each once; lists in it count as their members."""
        if not isinstance(value, list):
            msg = f"{where} must be an object of rules or a list of names, not {json.dumps(value, default=str)}"
            raise NodeSetsError(msg)
        names: dict[str, None] = {}
        for name in _flat(value):
            if not isinstance(name, str):
                msg = f"{where} must list names of node sets, not {json.dumps(name, default=str)}"
                raise NodeSetsError(msg)
            if name not in self._content:
                msg = f"{where} names '{name}', which is not a node set"
                raise NodeSetsError(msg)
            names[name] = None
        return list(names)

    @staticmethod
    def _population_hint(name: str, population: NodeTable) -> str:
        return f"; the population is asked for as {{'population': '{name}'}}" if name == population.name else ""


class NodeSet:
    """One node set of `NodeSets`."""

    def __init__(self, node_sets: NodeSets, name: str) -> None:
        self._node_sets = node_sets
        self._name = name

    def get_ids(self, population: NodeTable, raise_missing_property: bool = True) -> NDArray[np.int64]:
        """Return the ids of the set in a population; see `NodeSets.ids`."""
        return self._node_sets.ids(self._name, population, raise_missing_property)


def _too_deep(source: str = "node sets") -> NodeSetsError:
    return NodeSetsError(f"{source}: lists and objects lie too deep in each other ({raise_it('json_depth')})")


def _flat(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from _flat(value)
        else:
            yield value
