"""The spikes that a filter keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from spikelib.errors import (
    GroupError,
    TableError,
    WindowError,
)
from spikelib.options.filters import Filter
from spikelib.simulation.simulation import open_report
from spikelib.steps.assemble import write_page
from spikelib.steps.filter import filter_spikes
from spikelib.tables.schema import read_info
from tests.steps.builders import SPIKES
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path


def test_filter_holds_what_the_api_gives(source: Path, tables: Path, tmp_path: Path) -> None:
    for number, (group, start, stop) in enumerate(
        [(None, None, None), ({"layer": 1}, None, None), ([0, 1], 2.0, None), (3, None, 100), (None, 2, 2)]
    ):
        folder = tmp_path / str(number)
        written = filter_spikes(source, tables, folder, Filter("f", group, start, stop))
        found = pd.read_parquet(folder / "spikes.parquet")
        frame = open_report(source).filter(group, start, stop).report.reset_index()
        assert len(found) == written == len(frame)
        pd.testing.assert_frame_equal(found.astype({"population": str}), frame.astype({"population": str}))


def test_filter_remembers_what_it_is(source: Path, tables: Path, tmp_path: Path) -> None:
    filter_spikes(source, tables, tmp_path / "f", Filter("late", {"layer": [1, 2]}, 2, 100.5))
    metadata = dict(read_info(tmp_path / "f" / "spikes.parquet").metadata["filter"])
    assert len(metadata.pop("made_from")) == 64
    assert metadata == {
        "name": "late", "group": {"layer": [1, 2]}, "t_start": 2, "t_stop": 100.5, "id_max": {"a": 2, "b": 3},
        "time_range": [1.0, 120.0],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "error", "says"),
    [
        (Filter("f", "Nope"), GroupError, r"simulation_config\.json: filter 'f': Undefined node set: 'Nope'"),
        (Filter("f", {"laier": 1}), GroupError, r"filter 'f': Unknown node properties: \['laier'\]"),
        (Filter("f", 99), GroupError, "filter 'f': node 99 is in none of the populations"),
        (Filter("f", None, 5, 4), WindowError, "filter 'f': t_start=5 is later than t_stop=4"),
        (Filter("f", None, float("nan")), WindowError, "filter 'f': t_start=nan"),
        (Filter("f", None, None, float("inf")), WindowError, "filter 'f': t_stop=inf is no time"),
    ],
    ids=["node set", "property", "id", "turned", "NaN", "infinite"],
)
def test_senseless_filter_leaves_nothing(
    source: Path, tables: Path, tmp_path: Path, chosen: Filter, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        filter_spikes(source, tables, tmp_path / "f", chosen)
    assert not (tmp_path / "f").exists()


def test_tables_that_are_older_than_the_spikes_are_refused(source: Path, tables: Path, tmp_path: Path) -> None:
    write_spikes(source.parent / "output" / "spikes.h5", {**SPIKES, "b": ([2.0], [0])})
    says = r"b\.parquet: not a table of all 1 spikes in .*spikes\.h5; extract it again"
    with pytest.raises(TableError, match=says):
        filter_spikes(source, tables, tmp_path / "f", Filter())
    (tmp_path / "spikes").symlink_to(tables)
    with pytest.raises(TableError, match=says):
        write_page(source, tmp_path, tmp_path / "report.html")
