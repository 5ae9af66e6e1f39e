"""The rules of one node set: which nodes satisfy all of them."""

from __future__ import annotations

import json
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import NodeSetsError, UnknownPropertyError
from spikelib.sonata.nodes.column import DYNAMICS_PREFIX
from spikelib.sonata.nodes.id_sets import NOTHING, IdSet, both
from spikelib.sonata.nodes.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from spikelib.sonata.nodes.column import Column, NodeTable

_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "$gt": operator.gt,
    "$lt": operator.lt,
    "$gte": operator.ge,
    "$lte": operator.le,
}
_TOO_LARGE = 10**300
"""Beyond the floats, which properties are compared with."""
_OLD_NODE_ID = "gids"
"""What Allen circuits of before 2019 call node_id."""


def check_rules(rules: Mapping[str, Any], where: str) -> None:
    """Check what can be known of rules without nodes.

    Raises
    ------
    NodeSetsError
        A rule is malformed; the text starts with ``where``.
    """
    for name, value in rules.items():
        if name == "population":
            if not all(isinstance(item, str) for item in _flat(value)):
                msg = f"{where}: 'population' must be a name or a list of names, not {_show(value)}"
                raise NodeSetsError(msg)
        elif name in {"node_id", _OLD_NODE_ID}:
            _node_ids(name, value, where)
        elif name.startswith("$"):
            msg = f"{where}: the operator {name} must be inside a property; there is no $and and no $or"
            raise NodeSetsError(msg)
        elif isinstance(value, dict):
            _check_operator(name, value, where)
        else:
            _check_values(name, value, where)


def select(rules: Mapping[str, Any], nodes: NodeTable, where: str, strict: bool) -> IdSet:
    """Return the nodes that satisfy all rules, which `check_rules` has passed.

    Parameters
    ----------
    rules
        The rules.
    nodes
        The population.
    where
        Start of messages.
    strict
        Whether a property that the population lacks is an error; if not, no node satisfies the rules.

    Raises
    ------
    UnknownPropertyError
        The population lacks a property and ``strict`` is set.
    NodeSetsError
        A text is compared with numbers, or a number with texts or floats.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from spikelib.sonata.nodes.column import Column
    >>> layers = Column("integer", np.array([4, 5, 6, 4]))
    >>> from spikelib.sonata.nodes.numbering import Numbering
    >>> four = {"size": 4, "numbering": Numbering(4)}
    >>> nodes = SimpleNamespace(name="cortex", **four, property_names={"layer"}, column=lambda name: layers)
    >>> select({"layer": {"$gte": 5}, "node_id": [0, 1]}, nodes, "by hand", strict=True)
    array([1])
    """
    # Node sets do not reach the parameters of the dynamics: libsonata does not find them either.
    known = {name for name in nodes.property_names if not name.startswith(DYNAMICS_PREFIX)}
    # A nodes file may have a property called gids; node_id always means the ids.
    ids = {name for name in ("node_id", _OLD_NODE_ID) if name in rules and name not in known - {"node_id"}}
    properties = [name for name in rules if name not in ids | {"population"}]
    if not known.issuperset(properties):
        if strict:
            lacking = sorted(set(properties) - known)
            msg = f"{where}: population '{nodes.name}' has no property {', '.join(lacking)}"
            raise UnknownPropertyError(msg)
        return NOTHING
    if "population" in rules and nodes.name not in _flat(rules["population"]):
        return NOTHING
    parts: list[IdSet] = []
    for name in sorted(ids):
        wanted = _node_ids(name, rules[name], where)
        parts.append(wanted[nodes.numbering.has(wanted)])
    masks = [_mask(name, rules[name], nodes, where) for name in properties]
    if masks:
        parts.append(nodes.numbering.ids(np.flatnonzero(np.logical_and.reduce(masks))))
    return both(parts)


def _mask(name: str, value: Any, nodes: NodeTable, where: str) -> NDArray[np.bool_]:
    column = nodes.column(name)
    what = f"{where}: '{name}' of population '{nodes.name}'"
    if isinstance(value, dict):
        sign, operand = next(iter(value.items()))
        if sign == "$regex":
            _require(column, "text", what, f"{sign} needs texts")
            return column.where_text(Pattern(operand, lambda reason: NodeSetsError(f"{what}: {reason}")).is_in)
        if column.kind == "text":
            msg = f"{what} holds texts, and {sign} compares numbers"
            raise NodeSetsError(msg)
        return np.asarray(_COMPARISONS[sign](column.data, operand))
    wanted = set(_flat(value))
    if any(isinstance(item, str) for item in wanted):
        _require(column, "text", what, f"it cannot equal the text {_show(value)}")
        return column.where_text(wanted.__contains__)
    if wanted:
        _require(column, "integer", what, f"it cannot be compared with {_show(value)}")
    return column.where_number(wanted)


def _require(column: Column, kind: str, what: str, reason: str) -> None:
    if column.kind == kind:
        return
    if column.kind == "float":
        remedy = "; use $gte and $lte in two sets" if kind == "integer" else ""
    else:
        remedy = "; write the values in quotes" if column.kind == "text" else "; write the values without quotes"
    msg = f"{what} holds {column.kind} values: {reason}{remedy}"
    raise NodeSetsError(msg)


def _node_ids(name: str, value: Any, where: str) -> NDArray[np.int64]:
    # Lists may have millions of ids: a plain one is taken as it is.
    is_plain = isinstance(value, list) and set(map(type, value)) == {int}
    ids = value if is_plain else list(_flat(value))
    is_int = is_plain or all(isinstance(item, int) and not isinstance(item, bool) for item in ids)
    if not is_int or (ids and not (min(ids) >= 0 and max(ids) < 2**63)):
        msg = f"{where}: '{name}' must be a whole number from 0 on, or a list of such, not {_show(value)}"
        raise NodeSetsError(msg)
    return np.unique(np.array(ids, dtype=np.int64))


def _check_operator(name: str, value: dict[str, Any], where: str) -> None:
    if len(value) != 1:
        msg = f"{where}: '{name}' must have one operator, not {len(value)}: {_show(value)}"
        raise NodeSetsError(msg)
    sign, operand = next(iter(value.items()))
    if sign == "$regex" and isinstance(operand, str):
        Pattern(operand, lambda reason: NodeSetsError(f"{where}: '{name}' has {reason}"))
    elif isinstance(operand, int) and abs(operand) >= _TOO_LARGE:
        msg = f"{where}: '{name}' is compared with a number of {len(str(operand))} digits, which is too large"
        raise NodeSetsError(msg)
    elif sign not in _COMPARISONS or isinstance(operand, bool) or not isinstance(operand, int | float):
        known = "$regex with a text, or $gt, $lt, $gte, $lte with a number"
        msg = f"{where}: '{name}' has an unknown operator {_show(value)}; known are {known}"
        raise NodeSetsError(msg)


def _check_values(name: str, value: Any, where: str) -> None:
    values = list(_flat(value))
    if any(isinstance(item, float) for item in values):
        msg = f"{where}: '{name}' is compared exactly with {_show(value)}; use $gte and $lte for such numbers"
        raise NodeSetsError(msg)
    texts = [isinstance(item, str) for item in values]
    numbers = [isinstance(item, int) and not isinstance(item, bool) for item in values]
    if not (all(texts) or all(numbers)):
        msg = f"{where}: '{name}' must be compared with texts or with whole numbers, not {_show(value)}"
        raise NodeSetsError(msg)


def _flat(value: Any) -> Iterator[Any]:
    """Iterate over a value, or over the values of lists in lists."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _flat(item)
    else:
        yield value


def _show(value: Any) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) < 80 else text[:76] + " ..."
