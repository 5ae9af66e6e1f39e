"""The table of one population."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spikelib.errors import (
    SpikelibError,
)
from spikelib.simulation.simulation import open_report
from spikelib.steps.extract import extract_table
from spikelib.tables.extract import ExtractOptions
from spikelib.tables.schema import read_info
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path


def test_path_and_open_report_give_the_same_audit(source: Path, tmp_path: Path) -> None:
    found = extract_table(source, "b", tmp_path / "path", ExtractOptions())
    assert found == extract_table(open_report(source), "b", tmp_path / "report", ExtractOptions())
    assert (found["population"], found["n_kept"]) == ("b", 2)
    assert read_info(tmp_path / "path").n_spikes == read_info(tmp_path / "report").n_spikes == 2


def test_failure_leaves_no_table(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "spikes.h5", {"a": ([float("nan")], [0])})
    with pytest.raises(SpikelibError, match="1 spike rejected: 1 not a number"):
        extract_table(path, "a", tmp_path / "table", ExtractOptions(strict=True))
    assert not (tmp_path / "table").exists()
