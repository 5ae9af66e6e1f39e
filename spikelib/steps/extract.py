"""The table of one population."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikelib.simulation.simulation import as_report

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.simulation.spike_report import SpikeReport
    from spikelib.tables.extract import ExtractOptions


def extract_table(
    source: str | Path | SpikeReport, population: str, folder: Path, options: ExtractOptions
) -> dict[str, Any]:
    """Write the table of one population into its folder and return its audit."""
    from spikelib.tables.extract import extract  # noqa: PLC0415 - each step imports what it needs

    part = as_report(source)[population]
    return extract(part.source, part.facts, folder, options).to_dict()
