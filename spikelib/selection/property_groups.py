"""Node properties to group statistics by: which ones, and the groups of nodes that their values make."""

from __future__ import annotations

import itertools
import re
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import GroupError, NodesError, SpikelibWarning
from spikelib.sonata.nodes.column import DYNAMICS_PREFIX, encode
from spikelib.summary.model import PropertyGroups

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from spikelib.circuit.node_population import NodePopulation
    from spikelib.sonata.nodes.column import Column
    from spikelib.summary.model import Nodes

FEWEST_VALUES, MOST_VALUES, MOST_CHOSEN = 2, 30, 6
"""Of a population, spikelib itself chooses at most six properties, each with two to thirty distinct values."""

RANGES = 10
"""A number with more than `MOST_VALUES` distinct values is grouped into so many ranges of equal width."""

MOST_TEXTS = 100
"""Of a text with more distinct values, these many have a row, those of most nodes; the others share one."""

WELL_KNOWN = (
    "layer", "mtype", "etype", "synapse_class", "morph_class", "region", "model_type", "ei", "pop_name", "location",
    "model_name", "cell_type", "hemisphere",
)  # fmt: skip
"""Properties that are chosen before others."""

_NEVER_NAMES = {"morphology", "model_template", "dynamics_params"}
_NEVER_WORDS = {
    "x", "y", "z", "position", "positions", "angle", "angles", "orientation", "rotation", "quaternion",
    "id", "ids", "gid", "gids", "index", "uuid", "seed", "file", "files", "filename", "path",
}  # fmt: skip


def check_grouping(described: Mapping[str, NodePopulation], names: Sequence[str] | None) -> None:
    """Reject properties that no population has.

    Raises
    ------
    GroupError
        The text names the property, and those that there are.
    """
    known: set[str] = set().union(*(nodes.property_names for nodes in described.values()))
    for name in names or ():
        if name not in known:
            msg = f"no population has the node property {name!r} to group statistics by; there are "
            raise GroupError(msg + (", ".join(sorted(known)) or "none"))


def property_groups(
    described: Mapping[str, NodePopulation],
    nodes: Nodes,
    counted: NDArray[np.bool_],
    names: Sequence[str] | None = None,
) -> list[PropertyGroups]:
    """Group the nodes of a summary by the values of their properties.

    Parameters
    ----------
    described
        The populations that the circuit describes, by name.
    nodes, counted
        The rows of the summary, and those that its statistics count, shape (rows,). Only these have groups.
    names
        The properties; None to choose, for each population, those with few distinct values that are texts, truth
        values or whole numbers and no positions, angles, ids or files.

    Returns
    -------
    list
        Population after population; none of populations without counted nodes, without the property, or not in the
        circuit.

    Raises
    ------
    GroupError
        No population has one of `names`.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.circuit.simulated import SimulatedCircuit
    >>> from spikelib.demo import write_demo
    >>> from spikelib.summary.model import Nodes
    >>> with TemporaryDirectory() as folder:
    ...     circuit = SimulatedCircuit(write_demo(folder))
    ...     cortex = circuit.circuit.nodes["cortex"]
    ...     nodes = Nodes(("cortex",), np.array([0, 2701]), np.arange(2701), np.ones(2701, np.bool_))
    ...     [group] = property_groups({"cortex": cortex}, nodes, nodes.simulated, ["layer"])
    >>> group.labels
    ('L2/3', 'L4', 'L5', 'L6')
    """
    check_grouping(described, names)
    groups: list[PropertyGroups] = []
    for name, population in described.items():
        p = nodes.populations.index(name)
        rows = slice(int(nodes.offsets[p]), int(nodes.offsets[p + 1]))
        ids = nodes.ids[rows][counted[rows]]
        if not len(ids):
            continue
        places = population.numbering.rows(ids)
        found = _choose(population, places) if names is None else _named(population, places, names)
        for prop, (labels, codes, note) in found:
            spread = np.full(rows.stop - rows.start, -1, np.int64)
            spread[counted[rows]] = codes
            groups.append(PropertyGroups(p, prop, labels, spread, note))
    return groups


_Grouping = tuple[tuple[str, ...], "NDArray[np.int64]", str]
"""Labels, the index of the label of each node (-1: none), and what the reader must know about them."""


def _named(
    population: NodePopulation, rows: NDArray[np.int64], names: Sequence[str]
) -> Iterable[tuple[str, _Grouping]]:
    return [(name, _group(population.column(name).take(rows))) for name in names if name in population.property_names]


def _choose(population: NodePopulation, rows: NDArray[np.int64]) -> Iterable[tuple[str, _Grouping]]:
    rank = {name: place for place, name in enumerate(WELL_KNOWN)}
    names = sorted(filter(_may_group, population.property_names), key=lambda name: (rank.get(name, len(rank)), name))
    chosen: list[tuple[str, _Grouping]] = []
    for name in names:
        if len(chosen) == MOST_CHOSEN:
            break
        try:
            column = population.column(name).take(rows)
        except NodesError as error:  # a property that nobody asked for shall not stop anything
            msg = f"there are no statistics by {name!r}, which cannot be read ({error})"
            warnings.warn(msg, SpikelibWarning, stacklevel=2)
            continue
        if _is_whole(column) and FEWEST_VALUES <= _n_distinct(column) <= MOST_VALUES:
            chosen.append((name, _group(column)))
    return chosen


def _may_group(name: str) -> bool:
    """Return whether a property may be chosen unasked: it is not by its name a position, an angle, an id or a file."""
    words = set(re.split(r"[^a-z0-9]+", name.lower()))
    return name not in _NEVER_NAMES and not name.startswith(DYNAMICS_PREFIX) and not words & _NEVER_WORDS


def _is_whole(column: Column) -> bool:
    if column.kind != "float":
        return True
    values = column.data[np.isfinite(column.data)]
    return bool((values == np.floor(values)).all())


def _n_distinct(column: Column) -> int:
    data = column.data
    if column.categories is not None:
        return len(np.unique(data[data >= 0]))
    if column.kind == "text":
        return len(set(data) - {None})
    return len(np.unique(data[np.isfinite(data)]))


def _group(column: Column) -> _Grouping:
    """Group nodes by their values: texts in natural order, numbers ascending."""
    if column.kind == "text":
        coded = column if column.categories is not None else encode(column.data)
        return _group_texts(coded.data, [] if coded.categories is None else coded.categories.tolist())
    values = column.data
    known = np.isfinite(values)
    distinct, places = np.unique(values[known], return_inverse=True)
    codes = np.full(len(values), -1, np.int64)
    if len(distinct) <= MOST_VALUES:
        codes[known] = places
        return _number_labels(distinct), codes, ""
    edges = np.linspace(float(distinct[0]), float(distinct[-1]), RANGES + 1)
    # The last range includes its upper edge, where the highest value lies.
    codes[known] = np.clip(np.searchsorted(edges, values[known], side="right") - 1, 0, RANGES - 1)
    note = f"{len(distinct):,} distinct values, in {RANGES} ranges of equal width; [a, b) is from a to below b"
    return _range_labels(edges), codes, note


def _group_texts(old: NDArray[np.int64], texts: Sequence[str]) -> _Grouping:
    """Group by the texts that codes stand for; -1 is no text."""
    sizes = np.bincount(old[old >= 0], minlength=len(texts))
    present = [int(code) for code in np.flatnonzero(sizes)]
    kept = sorted(present, key=lambda code: (-sizes[code], natural(texts[code])))[:MOST_TEXTS]
    kept.sort(key=lambda code: natural(texts[code]))
    others = len(present) - len(kept)
    table = np.full(len(texts) + 1, len(kept) if others else -1, np.int64)
    table[-1] = -1  # what code -1, no value, finds
    table[kept] = np.arange(len(kept))
    labels = (*(texts[code] for code in kept), *(["(others)"] if others else []))
    note = f"the {MOST_TEXTS} values of most nodes; {others:,} more are in (others)" if others else ""
    return labels, table[old.astype(np.int64)], note


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts L2 before L10."""
    parts = re.split(r"([0-9]{1,18})", text)
    return [(0, int(part), "") if k % 2 else (1, 0, part) for k, part in enumerate(parts)]


def _number_labels(values: NDArray[Any]) -> tuple[str, ...]:
    if values.dtype.kind == "b":
        return tuple("true" if value else "false" for value in values)
    if values.dtype.kind in "iu" or (values == np.floor(values)).all():
        return tuple(str(int(value)) for value in values)
    return tuple(_distinct_texts(values))


def _range_labels(edges: NDArray[np.float64]) -> tuple[str, ...]:
    texts = _distinct_texts(edges)
    labels = [f"[{low}, {high})" for low, high in itertools.pairwise(texts)]
    return (*labels[:-1], f"{labels[-1][:-1]}]")


def _distinct_texts(values: NDArray[Any]) -> list[str]:
    """Write numbers with as many digits as distinguish them, at least four."""
    for digits in range(4, 17):
        texts = [f"{value:.{digits}g}" for value in values.tolist()]
        if len(set(texts)) == len(texts):
            return texts
    return [repr(value) for value in values.tolist()]
