"""Populations and everything are sums of classes."""

from __future__ import annotations

from hypothesis import given, settings

from spikelib.statistics.by_group import statistics
from spikelib.statistics.groups import class_group, overall_group, population_group
from tests.statistics.trains import Case, cases


@settings(deadline=None, max_examples=30)
@given(case=cases())
def test_groups_are_made_of_classes(case: Case) -> None:
    summary = case.summary
    groups = [class_group(summary, k) for k in range(3)]
    net, inputs = population_group(summary, 0), population_group(summary, 1)
    assert (net.n_nodes, inputs.n_nodes) == (groups[0].n_nodes + groups[1].n_nodes, groups[2].n_nodes)
    assert net.n_active == groups[0].n_active + groups[1].n_active
    assert net.classes.tolist() == [0, 1]
    overall = overall_group(summary)
    assert overall.n_nodes == (net.n_nodes or inputs.n_nodes)


@settings(deadline=None, max_examples=20)
@given(case=cases())
def test_a_population_of_one_class_has_its_numbers(case: Case) -> None:
    found = statistics(case.summary)
    (of_class,) = (each for each in found["classes"] if each["class"] == "input")
    assert {key: of_class[key] for key in found["populations"]["input"]} == found["populations"]["input"]
