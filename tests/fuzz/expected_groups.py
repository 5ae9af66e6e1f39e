"""What groups of the made circuit mean, evaluated node by node from their definition and without code of spikelib."""

from __future__ import annotations

import operator
import re
from typing import Any

from tests.fuzz.circuits import COLUMNS, N_NODES

_TEXTS, _INTEGERS, _FLOATS = ("layer", "kind"), ("count",), ("x", "y")
_COMPARISONS = {"$gt": operator.gt, "$lt": operator.lt, "$gte": operator.ge, "$lte": operator.le}


class UnknownMeaningError(Exception):
    """This evaluation does not know what such a group means, or whether it is right at all."""


def of_query(query: Any) -> set[int]:
    """Return the nodes of "cortex" that a query asks for."""
    if not isinstance(query, dict) or not query:
        raise UnknownMeaningError
    return set.intersection(*(_of_key(key, wanted) for key, wanted in query.items()))


def _of_key(key: str, wanted: Any) -> set[int]:
    if key in {"$and", "$or"} and isinstance(wanted, list) and wanted:
        parts = [of_query(each) for each in wanted]
        return set.intersection(*parts) if key == "$and" else set.union(*parts)
    if key in _FLOATS and isinstance(wanted, list) and len(wanted) == 2 and _all_numbers(wanted):
        low, high = wanted
        return _nodes(key, lambda value: low <= value <= high)
    return _of_values(key, wanted if isinstance(wanted, list) else [wanted])


def of_set(name: Any, sets: dict[str, Any], above: tuple[str, ...] = ()) -> set[int]:
    """Return the nodes of "cortex" that are in a node set."""
    if not isinstance(name, str) or name not in sets or name in above or sets[name] == {}:
        raise UnknownMeaningError
    rules = sets[name]
    if isinstance(rules, list):
        return set().union(*(of_set(each, sets, (*above, name)) for each in rules))
    if not isinstance(rules, dict):
        raise UnknownMeaningError
    return set.intersection(*(_of_rule(key, wanted) for key, wanted in rules.items()))


def _of_rule(key: str, wanted: Any) -> set[int]:
    if isinstance(wanted, dict):
        if len(wanted) != 1:
            raise UnknownMeaningError
        ((sign, operand),) = wanted.items()
        if sign == "$regex" and key in _TEXTS and isinstance(operand, str) and re.fullmatch(r"[\w^$.\[\]]*", operand):
            return _nodes(key, lambda value: re.search(operand, value))
        if sign in _COMPARISONS and key in (*_INTEGERS, *_FLOATS) and _all_numbers([operand]):
            return _nodes(key, lambda value: _COMPARISONS[sign](value, operand))
        raise UnknownMeaningError
    return _of_values(key, wanted if isinstance(wanted, list) else [wanted])


def _of_values(key: str, wanted: list[Any]) -> set[int]:
    if key == "population" and all(isinstance(each, str) for each in wanted):
        return set(range(N_NODES)) if "cortex" in wanted else set()
    kind = str if key in _TEXTS else int if key in {*_INTEGERS, "node_id"} else None
    if kind is None or not wanted or not all(type(each) is kind for each in wanted):
        raise UnknownMeaningError
    if key == "node_id":
        return {each for each in wanted if 0 <= each < N_NODES}
    return _nodes(key, wanted.__contains__)


def _nodes(key: str, accept: Any) -> set[int]:
    return {node for node, value in enumerate(COLUMNS[key]) if accept(value)}


def _all_numbers(values: list[Any]) -> bool:
    return all(isinstance(each, int | float) and not isinstance(each, bool) and abs(each) < 1e300 for each in values)
