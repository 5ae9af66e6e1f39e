"""From a choice of classes to the class of each chosen node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.circuit.resolve_group import resolve_report
from spikelib.errors import GroupError
from spikelib.selection.property_groups import natural
from spikelib.summary.model import Classes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from spikelib.circuit.simulated import SimulatedCircuit
    from spikelib.selection.rows import Chosen, Selection

__all__ = ["MOST_CLASSES", "OTHER", "classify"]

OTHER = "(other)"
"""The class of nodes that lack a property, or are in none of the named groups."""
MOST_CLASSES = 200
FEWEST_CHOSEN, MOST_CHOSEN = 2, 20
"""spikelib itself chooses properties of so many combinations."""

PREFERRED = (
    ("layer", "synapse_class"),
    ("layer", "ei"),
    ("pop_name",),
    ("layer",),
    ("ei",),
    ("synapse_class",),
    ("mtype",),
)
"""What spikelib groups by, the first that a population has."""


@dataclass(frozen=True)
class _Part:
    """The classes of one population."""

    names: tuple[str, ...]
    of_node: NDArray[np.int64]
    """Shape (chosen nodes,): index in `names`."""


def classify(circuit: SimulatedCircuit, selection: Selection, choice: Any) -> Classes | None:
    """Sort the chosen nodes into classes.

    Parameters
    ----------
    circuit
        Knows what groups mean.
    selection
        The chosen nodes.
    choice
        As `spikelib.options.classes.class_options` reads it.

    Returns
    -------
    The classes; None where each population is one, as it is if no population has the properties.

    Raises
    ------
    GroupError
        A property holds floats, there are too many classes, two of one name, or a node is in two named groups.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.circuit.simulated import SimulatedCircuit
    >>> from spikelib.demo import write_demo
    >>> from spikelib.selection.summary_setup import select
    >>> with TemporaryDirectory() as folder:
    ...     circuit = SimulatedCircuit(write_demo(folder))
    ...     selection = select(circuit, None, {"cortex": 2700, "thalamus": 119})
    ...     classify(circuit, selection, ("layer",)).names
    ('L2/3', 'L4', 'L5', 'L6', 'thalamus')
    """
    if choice is None or not selection.chosen:
        return None
    if isinstance(choice, tuple):
        parts = [_by_properties(part, choice) for part in selection.chosen]
    elif isinstance(choice, str):
        parts = [_automatic(part) for part in selection.chosen]
    else:
        parts = _by_groups(circuit, selection, choice)
    if not any(parts):
        return None
    found = [part or _whole(chosen) for part, chosen in zip(parts, selection.chosen, strict=True)]
    return _united(found)


def _united(parts: Sequence[_Part]) -> Classes:
    names = tuple(name for part in parts for name in part.names)
    if len(names) > MOST_CLASSES:
        msg = (
            f"classes: there are {len(names)}, more than {MOST_CLASSES}; choose properties with fewer values, or groups"
        )
        raise GroupError(msg)
    starts = np.cumsum([0, *(len(part.names) for part in parts)])
    population = np.repeat(np.arange(len(parts)), [len(part.names) for part in parts])
    of_row = [part.of_node + start for part, start in zip(parts, starts, strict=False)]
    return Classes(names, population, np.concatenate(of_row).astype(np.int32))


def _whole(chosen: Chosen) -> _Part:
    return _Part((chosen.name,), np.zeros(len(chosen.ids), np.int64))


def _automatic(chosen: Chosen) -> _Part | None:
    for names in PREFERRED:
        if chosen.nodes is None or not set(names) <= set(chosen.nodes.property_names):
            continue
        if any(chosen.nodes.column(name).kind == "float" for name in names):
            continue
        found = _by_properties(chosen, names)
        if found is not None and FEWEST_CHOSEN <= len([name for name in found.names if name != OTHER]) <= MOST_CHOSEN:
            return found
    return None


def _by_properties(chosen: Chosen, names: Sequence[str]) -> _Part | None:
    """Group the nodes of a population by the values of properties; None if it has none of these, or no nodes."""
    own = [name for name in names if chosen.nodes is not None and name in chosen.nodes.property_names]
    if not own or not len(chosen.ids):
        return None
    texts = [_texts(chosen, name) for name in own]
    lacking = np.zeros(len(chosen.ids), np.bool_)
    if len(own) < len(names):
        lacking[:] = True
    codes = np.zeros(len(chosen.ids), np.int64)
    for values, known in texts:
        lacking |= ~known
        distinct, places = np.unique(values, return_inverse=True)
        codes = codes * len(distinct) + places
    _, first, places = np.unique(codes, return_index=True, return_inverse=True)
    keys = [tuple(str(values[k]) for values, _ in texts) for k in first]
    order = sorted(range(len(keys)), key=lambda k: [natural(text) for text in keys[k]])
    rank = np.empty(len(keys), np.int64)
    rank[order] = np.arange(len(keys))
    of_node = np.where(lacking, len(keys), rank[places])
    labels = [*(" ".join(keys[k]) for k in order), OTHER]
    used = np.unique(of_node)
    if len({labels[k] for k in used}) < len(used):
        msg = (
            f"classes: two classes of population {chosen.name!r} by {', '.join(own)} have one name; name groups instead"
        )
        raise GroupError(msg)
    return _Part(tuple(labels[k] for k in used), np.searchsorted(used, of_node))


def _texts(chosen: Chosen, name: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return a property of the chosen nodes as texts, and which nodes have it."""
    assert chosen.nodes is not None
    column = chosen.nodes.column(name).take(chosen.rows)
    if column.kind == "text":
        if column.categories is not None:
            known = column.data >= 0
            texts = np.append(column.categories.astype(object), "")[np.where(known, column.data, -1)]
        else:
            known = np.array([value is not None for value in column.data], np.bool_)
            texts = np.array([value or "" for value in column.data], object)
        return texts.astype(str), known
    if column.kind == "float":
        msg = f"classes: property {name!r} of population {chosen.name!r} holds floats; choose another, or name groups"
        raise GroupError(msg)
    known = np.isfinite(column.data)
    return np.where(known, column.data, 0).astype(np.int64).astype(str), known


def _by_groups(circuit: SimulatedCircuit, selection: Selection, groups: Mapping[str, Any]) -> list[_Part | None]:
    names = [part.name for part in selection.chosen]
    resolved = {label: resolve_report(circuit, names, group) for label, group in groups.items()}
    parts: list[_Part | None] = []
    for chosen in selection.chosen:
        of_node = np.full(len(chosen.ids), len(groups), np.int64)
        for k, (label, found) in enumerate(resolved.items()):
            ids = found.get(chosen.name, np.empty(0, np.int64))
            inside = np.ones(len(chosen.ids), np.bool_) if ids is None else np.isin(chosen.ids, ids)
            twice = inside & (of_node < len(groups))
            if twice.any():
                place = int(np.argmax(twice))
                other = list(groups)[int(of_node[place])]
                node = f"node {chosen.ids[place]} of population {chosen.name!r}"
                msg = f"classes: {node} is in two groups, {other!r} and {label!r}; a node has one class"
                raise GroupError(msg)
            of_node[inside] = k
        used = np.unique(of_node)
        labels = [*groups, OTHER]
        none = not len(used) or used.tolist() == [len(groups)]
        parts.append(None if none else _Part(tuple(labels[k] for k in used), np.searchsorted(used, of_node)))
    return parts
