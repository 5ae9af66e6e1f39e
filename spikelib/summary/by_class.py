"""A summary seen by class: each class stands where a population stood, so that whatever draws those draws these."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from spikelib.summary.model import Classes, Nodes, Summary

__all__ = ["by_class", "class_labels", "n_classes"]


def by_class(summary: Summary) -> Summary:
    """Return the same summary with its classes as populations; itself if nobody asked for classes.

    Nodes keep their order within a class; nothing is counted again.

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Classes, Nodes, RasterAxis, SummarySpec
    >>> classes = Classes(("E", "I"), np.zeros(2, np.int64), np.array([1, 0], np.int32))
    >>> nodes = Nodes(("net",), np.array([0, 2]), np.arange(2), np.ones(2, np.bool_), (), classes)
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> spikes = [(np.array([1.0, 5.0, 9.0]), np.array([0, 1, 0], np.int32))]
    >>> seen = by_class(summarise(spikes, SummarySpec(0.0, 10.0, rate_bin=5.0), nodes, axis))
    >>> seen.nodes.populations, seen.nodes.ids.tolist(), seen.fine_counts.sum(axis=1).tolist()
    (('E', 'I'), [1, 0], [1, 2])
    """
    nodes, classes = summary.nodes, summary.nodes.grouped
    if classes is None:
        return summary
    order = np.argsort(classes.of_row, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    counters = {field.name: getattr(summary.counters, field.name)[order] for field in fields(summary.counters)}
    places = summary.places
    if places is not None:
        places = replace(places, xy=places.xy[order], cells=places.cells[order])
    return replace(
        summary,
        nodes=_nodes(nodes, classes, order),
        axis=replace(summary.axis, y=summary.axis.y[order]),
        places=places,
        counters=replace(summary.counters, **counters),
        rows=None if summary.rows is None else place[summary.rows],
    )


def n_classes(summary: Summary) -> int:
    """Return how many classes have nodes."""
    return len(np.unique(summary.nodes.classes.of_row))


def class_labels(nodes: Nodes) -> tuple[str, ...]:
    """Return a name for each class that no other has: with its population where the name alone stands for several."""
    names, classes = [], nodes.classes
    for name, population in zip(classes.names, classes.population.tolist(), strict=True):
        owner = nodes.populations[population]
        names.append(name if classes.names.count(name) == 1 or name == owner else f"{owner} {name}")
    return tuple(names)


def _nodes(nodes: Nodes, classes: Classes, order: np.ndarray) -> Nodes:
    names = class_labels(nodes)
    sizes = np.bincount(classes.of_row, minlength=len(names))
    inputs = {p for p, name in enumerate(nodes.populations) if name in nodes.inputs}
    return replace(
        nodes,
        populations=names,
        offsets=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        ids=nodes.ids[order],
        simulated=nodes.simulated[order],
        depth=None if nodes.depth is None else nodes.depth[order],
        inputs=tuple(name for name, p in zip(names, classes.population.tolist(), strict=True) if p in inputs),
        grouped=None,
    )
