"""A summary seen by class: the same nodes, counts and spikes under other names."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from spikelib.statistics.by_group import statistics
from spikelib.statistics.groups import class_group, population_group
from spikelib.statistics.rhythm import spectrum
from spikelib.summary.by_class import by_class, class_labels
from spikelib.summary.fit import misfit
from spikelib.summary.model import Classes, Nodes
from tests.figures.builders import build_animated
from tests.statistics.trains import Case, poisson


def shuffled() -> Case:
    """Return two classes whose nodes alternate, and an input."""
    case = poisson(2, 31, 12.0, 3.0, depth=0.5)
    of_row = np.where(np.arange(31) < 26, np.arange(31) % 2, 2)
    return Case(case.trains, of_row, case.spec)


def test_numbers_of_populations_are_then_those_of_classes() -> None:
    summary = shuffled().summary
    seen = by_class(summary)
    assert misfit(seen) is None
    found, expected = statistics(seen), statistics(summary)
    for row in expected["classes"]:
        own = {key: value for key, value in row.items() if key not in ("population", "class")}
        seen_own = found["populations"][row["class"]]
        assert seen_own.keys() == own.keys()
        for key, value in own.items():
            is_number = isinstance(value, float)  # of the same terms in another order
            assert seen_own[key] == (pytest.approx(value, rel=1e-12) if is_number else value), key


def test_nodes_and_spikes_stay_together() -> None:
    summary = shuffled().summary
    depth = np.arange(len(summary.nodes.ids), dtype=float)
    summary = replace(summary, nodes=replace(summary.nodes, depth=depth))
    seen = by_class(summary)
    assert seen.nodes.populations == ("E", "I", "input")
    assert seen.nodes.inputs == ("input",)
    assert summary.rows is not None
    assert seen.rows is not None
    assert seen.nodes.depth is not None
    ids = summary.nodes.ids
    np.testing.assert_array_equal(seen.nodes.ids[seen.rows], ids[summary.rows])
    np.testing.assert_array_equal(seen.nodes.depth, seen.nodes.ids)
    np.testing.assert_array_equal(seen.axis.y[seen.rows], summary.axis.y[summary.rows])
    for field in fields(summary.counters):
        before, after = getattr(summary.counters, field.name), getattr(seen.counters, field.name)
        np.testing.assert_array_equal(after[np.argsort(seen.nodes.ids)], before)


def test_spectra_are_the_same() -> None:
    summary = shuffled().summary
    for k in range(3):
        one, other = (
            spectrum(s, group(s, k)) for s, group in ((summary, class_group), (by_class(summary), population_group))
        )
        assert one is not None
        assert other is not None
        np.testing.assert_array_equal(one.power, other.power)


def test_places_of_an_animation_move_with_their_nodes() -> None:
    summary = build_animated([10.0, 30.0], [0, 1])
    classes = Classes(("a", "b"), np.zeros(2, np.int64), np.array([1, 0, 1, 0], np.int32))
    grouped = replace(summary, nodes=replace(summary.nodes, grouped=classes))
    seen = by_class(grouped)
    assert summary.places is not None
    assert seen.places is not None
    np.testing.assert_array_equal(seen.places.xy, summary.places.xy[[1, 3, 0, 2]])
    np.testing.assert_array_equal(seen.places.cells, summary.places.cells[[1, 3, 0, 2]])


def test_without_classes_it_is_the_same() -> None:
    summary = build_animated([10.0], [0])
    assert by_class(summary) is summary


def test_names_that_stand_for_several_classes_have_their_population() -> None:
    classes = Classes(("L4", "L5", "L4", "c"), np.array([0, 0, 1, 2]), np.arange(4, dtype=np.int32))
    nodes = Nodes(("a", "b", "c"), np.array([0, 2, 3, 4]), np.zeros(4, np.int64), np.ones(4, np.bool_), (), classes)
    assert class_labels(nodes) == ("a L4", "L5", "b L4", "c")
