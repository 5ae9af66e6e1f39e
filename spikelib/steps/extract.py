"""The table of one population."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spikelib.provenance.made_from import simulation_text, table_text
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

    report = as_report(source)
    # Before the first spike is read: of a file that is replaced meanwhile, the table states what it was.
    n_slabs = 1 if options.slab is None else options.slab.count
    made_from = table_text(simulation_text(report.simulation), population, n_slabs)
    part = report[population]
    return extract(part.source, part.facts, folder, replace(options, made_from=made_from)).to_dict()
