"""The tables of statistics."""

from __future__ import annotations

import pytest

from spikelib.page.measures import MEASURES
from spikelib.page.report.statistics import (
    ALL_NEURONS,
    ALL_POPULATIONS,
    MOST_CLASS_ROWS,
    property_tables,
    statistics_table,
)
from tests.page.builders import STATS, by_property, no_stats, statistics, stats


def table_of(*contents):
    return statistics_table([(content["filter"]["name"], "filter-x", content) for content in contents])


def cell(row, key):
    return row.cells[list(MEASURES).index(key)]


def test_single_population_stands_alone():
    assert [(row.population, row.overall) for row in table_of(statistics()).rows] == [("cortex", False)]


def of_classes(population, *names, **changes):
    return [{"population": population, "class": name, **stats(**changes)} for name in names]


def test_classes_follow_their_population():
    content = statistics(populations={"a": stats(), "b": stats()})
    content["classes"] = [*of_classes("a", "L4 E", "L4 I"), *of_classes("a", "none", n_nodes=0), *of_classes("b", "b")]
    rows = table_of(content).rows
    assert [(row.population, row.of_class) for row in rows] == [
        (ALL_POPULATIONS, False), ("a", False), ("a: L4 E", True), ("a: L4 I", True), ("b", False),
    ]  # fmt: skip
    alone = statistics(populations={"a": stats()})
    alone["classes"] = of_classes("a", "E", "I")
    assert [row.population for row in table_of(alone).rows] == ["a", "E", "I"]


def test_more_classes_than_a_page_can_show_are_told():
    content = statistics(populations={"a": stats()})
    content["classes"] = of_classes("a", *(f"m{k}" for k in range(MOST_CLASS_ROWS)))
    assert len(table_of(content).rows) == MOST_CLASS_ROWS + 1
    content["classes"] += of_classes("a", "one more")
    table = table_of(content)
    assert len(table.rows) == 1
    assert table.note == "151 rows of classes are too many for this page: they are in statistics.json"


def test_all_populations_come_first_even_beside_one_of_that_name():
    content = statistics(
        populations={ALL_POPULATIONS: stats(n_spikes=1), "b": stats(n_spikes=2)}, overall=stats(n_spikes=3)
    )
    rows = table_of(content).rows
    assert [(row.population, row.overall) for row in rows] == [
        (ALL_POPULATIONS, True),
        (ALL_POPULATIONS, False),
        ("b", False),
    ]
    assert [cell(row, "n_spikes").text for row in rows] == ["3", "1", "2"]


def test_population_of_which_nothing_is_selected_has_no_row():
    content = statistics(populations={"a": stats(), "inputs": no_stats(0)})
    assert [row.population for row in table_of(content).rows] == ["a"]


def test_filter_that_selects_nothing_has_one_row():
    content = statistics(populations={"a": no_stats(0), "b": no_stats(0)}, overall=no_stats(0))
    assert [(row.population, row.overall) for row in table_of(content).rows] == [(ALL_POPULATIONS, True)]


def test_filters_follow_one_another():
    content = statistics(populations={"a": stats(), "b": stats()})
    rows = table_of(content, statistics("late")).rows
    assert [(row.filter, row.population) for row in rows] == [
        ("all", ALL_POPULATIONS),
        ("all", "a"),
        ("all", "b"),
        ("late", "cortex"),
    ]


@pytest.mark.parametrize("key", sorted(set(STATS) - {"transient"}))
def test_values_equal_the_file(key):
    found = cell(table_of(statistics()).rows[0], key)
    assert found.value == STATS[key]
    value = float(found.text.removesuffix(" %").replace(",", "")) / (100 if found.text.endswith("%") else 1)
    assert value == pytest.approx(STATS[key], rel=6e-4)


@pytest.mark.parametrize(("value", "text", "number"), [(True, "yes", 1), (False, "no", 0), (None, "–", None)])
def test_truth_values_are_words_and_numbers(value, text, number):
    found = cell(table_of(statistics(populations={"a": stats(transient=value)})).rows[0], "transient")
    assert (found.text, found.value) == (text, number)


def test_counts_are_exact():
    table = table_of(statistics(populations={"a": stats(n_spikes=123_456_789)}))
    assert cell(table.rows[0], "n_spikes").text == "123,456,789"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("cv_mean", "no node has ten intervals"),
        ("lv_mean", "no node fired three times"),
        ("isi_mean_ms", "no node fired twice"),
        ("peak_rate_hz", "no node fired"),
        ("rate_sd_hz", "no nodes are selected, or the window has no length"),
    ],
)
def test_missing_value_has_a_footnote_with_its_reason(key, reason):
    table = table_of(statistics(populations={"silent": no_stats()}))
    found = cell(table.rows[0], key)
    assert (found.text, found.value, found.mark) == ("–", None, table.footnotes[reason])


def test_one_reason_has_one_mark():
    table = table_of(statistics(populations={"silent": no_stats(), "quiet": no_stats()}, overall=no_stats()))
    marks = {cell(row, key).mark for row in table.rows for key in ("cv2_mean", "lv_mean")}
    assert len(marks) == 1
    assert len(set(table.footnotes.values())) == len(table.footnotes)


def test_zero_is_a_value():
    found = cell(table_of(statistics(populations={"silent": no_stats()})).rows[0], "rate_mean_hz")
    assert (found.text, found.value) == ("0", 0.0)


def test_statistic_of_another_version_is_missing_with_that_reason():
    old = {key: value for key, value in STATS.items() if key != "lvr_mean"}
    table = table_of(statistics(populations={"old": old}))
    assert cell(table.rows[0], "lvr_mean").text == "–"
    assert any("another version" in reason for reason in table.footnotes)


def test_table_by_property_has_bars_of_the_mean_rate():
    (table,) = property_tables(statistics(by_property=[by_property()]))
    place = [measure.key for measure in table.measures].index("rate_mean_hz")
    assert [(value, cells[place].text, cells[place].bar) for value, cells in table.rows] == [
        ("L4", "31.32", 100.0),
        ("L5", "0", 0.0),
    ]


def test_values_by_property_equal_the_file():
    (table,) = property_tables(statistics(by_property=[by_property()]))
    for measure, found in zip(table.measures, table.rows[0][1], strict=True):
        assert found.value == STATS[measure.key]


def test_value_of_which_no_node_fired_has_dashes():
    (table,) = property_tables(statistics(by_property=[by_property()]))
    texts = dict(zip([measure.key for measure in table.measures], table.rows[1][1], strict=True))
    assert (texts["cv_mean"].text, texts["n_nodes"].text) == ("–", "50")


@pytest.mark.parametrize("values", [[], [{"value": "a", **no_stats(3)}]], ids=["no_values", "silent"])
def test_no_bars_where_nothing_fired(values):
    (table,) = property_tables(statistics(by_property=[by_property(values=values)]))
    assert {found.bar for _, cells in table.rows for found in cells} <= {None}


def test_older_statistics_have_no_tables_by_property():
    assert property_tables(statistics()) == ()


def test_inputs_are_left_out_of_the_row_of_all_and_its_name_says_so():
    content = statistics(populations={"a": stats(), "b": stats()}, overall=stats()) | {"inputs": ["b"]}
    assert [row.population for row in table_of(content).rows] == [ALL_NEURONS, "a", "b"]
    only = statistics(populations={"b": stats(), "c": stats()}, overall=stats()) | {"inputs": ["b", "c"]}
    assert table_of(only).rows[0].population == ALL_POPULATIONS
