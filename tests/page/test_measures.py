"""The measures that pages show: one for each statistic."""

from __future__ import annotations

from spikelib.page.measures import GROUPS, MEASURES
from tests.page.builders import STATS


def test_every_statistic_has_one_column():
    assert sorted(MEASURES) == sorted(STATS)
    assert [measure.key for measures in GROUPS.values() for measure in measures] == list(MEASURES)


def test_about_ten_columns_are_shown_at_first_and_the_first_of_each_group_is():
    assert 8 <= sum(measure.important for measure in MEASURES.values()) <= 12
    assert all(measures[0].important for measures in GROUPS.values())


def test_every_measure_is_defined_in_sentences():
    for measure in MEASURES.values():
        assert measure.meaning.endswith(".")
        assert measure.meaning[0] == measure.meaning[0].upper()
