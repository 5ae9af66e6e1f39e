"""The measures that pages show: one for each statistic."""

from __future__ import annotations

import numpy as np

from spikelib.page.measures import GROUPS, MEASURES
from spikelib.statistics.by_group import statistics
from spikelib.summary.accumulate import summarise
from spikelib.summary.model import SummarySpec
from tests import PROJECT
from tests.page.builders import STATS
from tests.summaries import id_axis, two_populations


def test_every_statistic_has_one_column():
    assert sorted(MEASURES) == sorted(STATS)
    assert [measure.key for measures in GROUPS.values() for measure in measures] == list(MEASURES)


def test_every_number_that_is_computed_is_a_measure_with_a_definition_in_the_docs():
    spikes = [(np.array([1.0, 2.0, 5.0]), np.array([0, 1, 0], np.int32))]
    summary = summarise(spikes, SummarySpec(start=0.0, stop=10.0, rate_bin=1.0), two_populations(), id_axis())
    computed = statistics(summary)
    # The power in each band is a number of its own, and no column.
    assert set(computed["overall"]) == {*MEASURES, "band_power"}
    assert all(set(values) == {*MEASURES, "band_power"} for values in computed["populations"].values())
    page = (PROJECT / "docs/statistics.md").read_text(encoding="utf-8")
    assert [key for key in (*MEASURES, "band_power", *computed["bins"]) if key not in page] == []


def test_about_ten_columns_are_shown_at_first_and_the_first_of_each_group_is():
    assert 8 <= sum(measure.important for measure in MEASURES.values()) <= 12
    assert all(measures[0].important for measures in GROUPS.values())


def test_every_measure_is_defined_in_sentences():
    for measure in MEASURES.values():
        assert measure.meaning.endswith(".")
        assert measure.meaning[0] == measure.meaning[0].upper()
