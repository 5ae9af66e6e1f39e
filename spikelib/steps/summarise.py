"""The summary of a filter, its statistics and its nodes, from the spikes that the filter kept."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import TableError
from spikelib.files import atomic_file, write_text
from spikelib.options.counting import Counting
from spikelib.provenance.made_from import summary_text
from spikelib.provenance.stated import read_made_from
from spikelib.results import FilterResults
from spikelib.selection.bins import settings_of
from spikelib.selection.property_groups import check_grouping, property_groups
from spikelib.simulation.simulation import as_report
from spikelib.steps.filter_findings import filter_findings, warn_of
from spikelib.steps.filter_setup import FilterRecord, naming, set_up
from spikelib.tables.schema import read_info
from spikelib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from spikelib.options.figures import FigureOptions
    from spikelib.selection.rows import Selection
    from spikelib.simulation.spike_report import SpikeReport
    from spikelib.summary.model import PairSample, Summary


def summarise_filter(
    source: str | Path | SpikeReport, folder: Path, figures: FigureOptions, counting: Counting | None = None
) -> None:
    """Summarise the ``spikes.parquet`` of a filter, and write the files of `write_summary` beside it."""
    from spikelib.tables.read_ahead import ahead  # noqa: PLC0415
    from spikelib.tables.scan import scan_mixed  # noqa: PLC0415

    report, info = as_report(source), read_info(FilterResults(folder).spikes)
    record = FilterRecord.read(FilterResults(folder).spikes)
    with naming(report, record.name):
        counting = counting or Counting()
        setup = set_up(report, record, figures, counting)
        check_grouping(report.simulation.described(setup.selection.nodes.populations), counting.properties)
    spikes = ahead(scan_mixed(FilterResults(folder).spikes, setup.selection.nodes.populations))
    summary = setup.summarise(spikes)
    _check_count(folder, summary, info.n_spikes)
    write_summary(report, summary, record, figures, folder, counting, setup.selection)


def merge_slabs(
    source: str | Path | SpikeReport, folder: Path, figures: FigureOptions, counting: Counting | None = None
) -> None:
    """Merge the summaries of all slabs of a filter, and write the files of `write_summary`."""
    from spikelib.summary.merge import merge  # noqa: PLC0415
    from spikelib.summary.store import load_summary  # noqa: PLC0415

    info = read_info(FilterResults(folder).spikes)
    record = FilterRecord(**info.metadata["filter"])
    slabs = [FilterResults(folder).slab_summary(slab) for slab in range(info.metadata.get("parts", 1))]
    summary = merge(map(load_summary, slabs))
    if {read_made_from(path) for path in slabs} != {record.made_from}:
        msg = f"{folder}: the summaries of its slabs were not made from the same; filter all slabs again"
        raise TableError(msg)
    _check_count(folder, summary, info.n_spikes)
    report = as_report(source)
    selection = set_up(report, record, figures, counting).selection
    write_summary(report, summary, record, figures, folder, counting, selection)


def _check_count(folder: Path, summary: Summary, n_spikes: int) -> None:
    if summary.n_spikes != n_spikes:
        msg = f"{folder}: {n_spikes} spikes in spikes.parquet, {summary.n_spikes} summarised; filter again"
        raise TableError(msg)


def write_summary(
    report: SpikeReport,
    summary: Summary,
    record: FilterRecord,
    figures: FigureOptions,
    folder: Path,
    counting: Counting | None,
    selection: Selection,
) -> None:
    """Write ``summary.npz``, ``nodes.parquet``, ``spectrum.parquet`` and ``statistics.json``.

    `selection` finds the rows of the spikes that the filter kept: correlations are counted in a pass of their own, once
    it is known which nodes are active.
    """
    from spikelib.statistics.by_group import statistics, statistics_by_property  # noqa: PLC0415
    from spikelib.statistics.distributions.correlations import correlations  # noqa: PLC0415
    from spikelib.statistics.node_table import node_columns  # noqa: PLC0415
    from spikelib.statistics.nodes import counted_nodes  # noqa: PLC0415
    from spikelib.statistics.rhythm import spectrum_columns  # noqa: PLC0415
    from spikelib.summary.store import save_summary  # noqa: PLC0415

    counting = counting or Counting()
    with naming(report, record.name):
        described = report.simulation.described(summary.nodes.populations)
        groups = property_groups(described, summary.nodes, counted_nodes(summary), counting.properties)
    numbers = statistics(summary, settings_of(counting.statistics))
    findings = filter_findings(report, summary, record, counting.classes, numbers["classes"])
    warn_of(findings, record)
    files = FilterResults(folder)
    made_from = summary_text(record.made_from, figures, counting)
    if figures.correlations is not None:
        summary = replace(summary, pairs=_pairs(files.spikes, summary, selection))
    save_summary(summary, files.summary, made_from)
    _write_columns(node_columns(summary), {"population": summary.nodes.populations}, files.nodes)
    found, dictionaries = spectrum_columns(summary)
    _write_columns(found, dictionaries, files.spectrum)
    content = {
        "schema": 2,
        "spikelib": __version__,
        "filter": record.choice,
        **_drawable(summary),
        "figures": figures.counted(),
        "properties": None if counting.properties is None else list(counting.properties),
        "class_choice": counting.classes,
        **numbers,
        "by_property": statistics_by_property(summary, groups),
        "correlations": correlations(summary),
        "inputs": list(summary.nodes.inputs),
        "silent": report.simulation.silent_populations,
        "unrecorded": report.simulation.unrecorded_populations,
        "notes": [asdict(finding) for finding in findings],
        "made_from": made_from,
    }
    write_text(files.statistics, json.dumps(content, indent=1))


def _drawable(summary: Summary) -> dict[str, Any]:
    """Return what figures can show of a summary, and which spikes they have no place for."""
    from spikelib.summary.grids import n_without_place, n_without_position  # noqa: PLC0415

    return {
        "window": {"start": summary.spec.start, "stop": summary.spec.stop},
        "raster": "density" if summary.times is None else "exact",
        "raster_left_out": n_without_place(summary),
        "animated": summary.frames is not None,
        "animation_left_out": None if summary.frames is None else n_without_position(summary),
        "has_positions": summary.nodes.depth is not None and bool(np.isfinite(summary.nodes.depth).any()),
    }


def _pairs(spikes: Path, summary: Summary, selection: Selection) -> PairSample:
    from spikelib.statistics.distributions.correlations import pair_sample  # noqa: PLC0415
    from spikelib.tables.read_ahead import ahead  # noqa: PLC0415
    from spikelib.tables.scan import scan_mixed  # noqa: PLC0415

    chunks = ahead(scan_mixed(spikes, selection.nodes.populations))
    return pair_sample(summary, ((times, selection.rows(ids, codes)) for times, ids, codes in chunks))


def _write_columns(columns: Mapping[str, Any], dictionaries: Mapping[str, Sequence[str]], path: Path) -> None:
    """Write a table; columns of `dictionaries` are indices of its names."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    named = {
        name: pa.DictionaryArray.from_arrays(pa.array(columns[name]), pa.array(names, pa.string()))
        for name, names in dictionaries.items()
    }
    table = pa.table({**columns, **named})
    with atomic_file(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")
