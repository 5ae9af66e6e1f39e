"""Steps in a row, for tests of what the last of them makes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from spikelib.options.counting import Counting
from spikelib.options.figures import figure_options
from spikelib.results import table_folder
from spikelib.simulation.simulation import open_report
from spikelib.steps.extract import extract_table
from spikelib.steps.filter import filter_spikes
from spikelib.steps.summarise import summarise_filter
from spikelib.tables.extract import ExtractOptions

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.options.filters import Filter

FEW: dict[str, Any] = {"others": False, "raster": {}, "rate": {}, "isi": {}, "rates": {}}
"""Enough to see, and soon drawn."""

NOTHING_DRAWN = {"others": False}
SPIKES = {"a": ([1.0, 2.0, 3.0, 120.0], [0, 1, 2, 0]), "b": ([2.0, 50.0], [0, 3])}


def extract_all(source: Path, tables: Path) -> None:
    """Extract the tables of all populations."""
    for name in open_report(source):
        extract_table(source, name, table_folder(tables, name), ExtractOptions())


def summarised(source: Path, tables: Path, folder: Path, chosen: Filter, figures: Any = None) -> Any:
    """Filter and summarise; return the statistics."""
    filter_spikes(source, tables, folder, chosen)
    summarise_filter(source, folder, figure_options(figures), Counting().of(chosen))
    return statistics(folder)


def statistics(folder: Path) -> Any:
    """Return the statistics of a filter's folder."""
    return json.loads((folder / "statistics.json").read_text())
