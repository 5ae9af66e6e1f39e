"""What the steps of a filter share: they refuse tables of another report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spikelib.errors import (
    TableError,
)
from spikelib.options.figures import figure_options
from spikelib.options.filters import Filter
from spikelib.results import table_folder
from spikelib.steps.filter import filter_spikes
from spikelib.steps.filter_setup import FilterRecord
from spikelib.steps.summarise import summarise_filter
from tests.steps.builders import NOTHING_DRAWN, SPIKES
from tests.writing import write_simulation, write_spikes

if TYPE_CHECKING:
    from pathlib import Path


def test_tables_of_a_larger_circuit_are_refused(tables: Path, tmp_path: Path) -> None:
    other = write_simulation(tmp_path / "other", SPIKES, {"a": 2, "b": 4})
    with pytest.raises(TableError, match="population 'a': the tables are of another report; extract and filter again"):
        filter_spikes(other, tables, tmp_path / "f", Filter())


def test_filter_of_another_simulation_is_not_summarised(source: Path, tables: Path, tmp_path: Path) -> None:
    filter_spikes(source, tables, tmp_path / "f", Filter())
    other = write_spikes(tmp_path / "other.h5", {"z": ([1.0], [0])})
    with pytest.raises(TableError, match="population 'z': the tables are of another report"):
        summarise_filter(other, tmp_path / "f", figure_options(NOTHING_DRAWN))


def test_record_comes_back_from_the_table(source: Path, tables: Path, tmp_path: Path) -> None:
    filter_spikes(source, tables, tmp_path / "f", Filter("f", {"layer": 1}, 2.0))
    record = FilterRecord.read(tmp_path / "f" / "spikes.parquet")
    assert record == FilterRecord("f", {"layer": 1}, 2.0, None, {"a": 2, "b": 3}, [1.0, 120.0], record.made_from)
    assert record.choice == {"name": "f", "group": {"layer": 1}, "t_start": 2.0, "t_stop": None}


def test_table_of_a_population_is_no_filter(tables: Path) -> None:
    with pytest.raises(TableError, match=r"this is no table of a filter; make it with `spikelib filter`"):
        FilterRecord.read(table_folder(tables, "a"))
