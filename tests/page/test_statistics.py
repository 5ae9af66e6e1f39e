"""The table of statistics."""

from __future__ import annotations

import pytest

from spikelib.page.statistics import GROUPS, statistics_table

from .builders import STATS, no_stats, statistics, stats


def cells(table, key):
    return next(row for rows in table.groups.values() for measure, row in rows if measure.key == key)


def test_every_statistic_has_one_row():
    keys = [measure.key for measures in GROUPS.values() for measure in measures]
    assert sorted(keys) == sorted(STATS)


def test_single_population_stands_alone():
    assert statistics_table(statistics()).columns == ("cortex",)


def test_all_populations_come_first_even_beside_one_of_that_name():
    content = statistics(
        populations={"All populations": stats(n_spikes=1), "b": stats(n_spikes=2)}, overall=stats(n_spikes=3)
    )
    table = statistics_table(content)
    assert table.columns == ("All populations", "All populations", "b")
    assert [cell.text for cell in cells(table, "n_spikes")] == ["3", "1", "2"]


@pytest.mark.parametrize("key", sorted(STATS))
def test_values_equal_the_file(key):
    text = cells(statistics_table(statistics()), key)[0].text
    value = float(text.removesuffix(" %").replace(",", "")) / (100 if text.endswith("%") else 1)
    assert value == pytest.approx(STATS[key], rel=6e-4)


def test_counts_are_exact():
    table = statistics_table(statistics(populations={"a": stats(n_spikes=123_456_789)}))
    assert cells(table, "n_spikes")[0].text == "123,456,789"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("cv_mean", "no node fired three times"),
        ("isi_mean_ms", "no node fired twice"),
        ("peak_rate_hz", "no node fired"),
        ("rate_sd_hz", "no nodes are selected, or the window has no length"),
    ],
)
def test_missing_value_has_a_footnote_with_its_reason(key, reason):
    table = statistics_table(statistics(populations={"silent": no_stats()}))
    cell = cells(table, key)[0]
    assert (cell.text, cell.mark) == ("–", table.footnotes[reason])


def test_one_reason_has_one_mark():
    table = statistics_table(statistics(populations={"silent": no_stats(), "quiet": no_stats()}, overall=no_stats()))
    marks = [cell.mark for cell in cells(table, "cv_mean") + cells(table, "lv_mean")]
    assert len(set(marks)) == 1
    assert len(set(table.footnotes.values())) == len(table.footnotes)


def test_zero_is_a_value():
    assert cells(statistics_table(statistics(populations={"silent": no_stats()})), "rate_mean_hz")[0].text == "0"


def test_statistic_of_another_version_is_missing_with_that_reason():
    old = {key: value for key, value in STATS.items() if key != "lvr_mean"}
    table = statistics_table(statistics(populations={"old": old}))
    assert cells(table, "lvr_mean")[0].text == "–"
    assert any("another version" in reason for reason in table.footnotes)
