"""From tables to what a filter keeps and its summary: one pass over the spikes, or one for each slab and a merge."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from spikelib.errors import GroupError, NodeSetsError, PlotError, TableError, WindowError
from spikelib.files import atomic_file, write_text
from spikelib.options.figures import FigureOptions
from spikelib.results import _slab_file, part_path, table_folder
from spikelib.selection.bins import choose_spec
from spikelib.selection.property_groups import check_grouping, property_groups
from spikelib.selection.summary_setup import SummarySetup, run_window, select
from spikelib.simulation.simulation import open_report
from spikelib.tables.extract import table_audits
from spikelib.tables.schema import read_info
from spikelib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from spikelib.options.filters import Filter
    from spikelib.simulation.spike_report import SpikeReport
    from spikelib.summary.model import Summary


def filter_spikes(
    source: str | Path,
    tables: Path,
    folder: Path,
    chosen: Filter,
    *,
    figures: FigureOptions | None = None,
    properties: Sequence[str] | None = None,
    slab: int | None = None,
) -> int:
    """Write the spikes that a filter keeps and, in the same pass, their summary.

    Parameters
    ----------
    source
        A simulation config or a spike file.
    tables
        Folder of the tables of its populations.
    folder
        Folder of the filter: ``spikes.parquet`` is written there.
    chosen
        The filter.
    figures
        The figures to summarise for: the files of `write_summary` are written too. None for the spikes alone.
    properties
        With `figures`: the node properties to tell statistics by; None to choose them.
    slab
        Index of the slab to do, if the tables were extracted in slabs: ``spikes.parquet`` becomes a folder with a part
        for each slab, and the summary of the slab is kept in ``slabs`` for `merge_slabs`.

    Returns
    -------
    int
        Number of spikes written.

    Raises
    ------
    TableError, MissingFileError
        The tables are missing, incomplete or of another report.
    GroupError, PlotError, WindowError
        The filter or the figures ask for what there is not; the text names the filter.
    """
    from spikelib.tables.filter import filtering  # noqa: PLC0415 - each step imports what it needs

    report = open_report(source)
    description = _describe(chosen, table_audits(report.sources, tables))
    with naming(report, chosen.name):
        window = chosen.window
        setup = set_up(report, description, figures)
        check_grouping(report.simulation.described(report), properties)
    members = {part.name: part.members for part in setup.selection.chosen}
    paths = {name: table_folder(tables, name) for name in members}
    out = folder / "spikes.parquet"
    _make_room(out, for_folder=slab is not None)
    if slab is not None:
        paths = {name: part_path(path, slab) for name, path in paths.items()}
        out = part_path(out, slab)
    with filtering(paths, members, window, out, description) as spikes:
        summary = setup.summarise(spikes) if figures is not None else None
        n_spikes = sum(len(times) for times, _, _ in spikes)  # what summarising has not taken: all, or nothing
    if summary is not None and slab is not None:
        from spikelib.summary.store import save_summary  # noqa: PLC0415

        save_summary(summary, _slab_file(folder, slab))
    elif summary is not None and figures is not None:
        write_summary(report, summary, description, figures, folder, properties)
    return n_spikes if summary is None else summary.n_spikes


def summarise_filter(
    source: str | Path, folder: Path, figures: FigureOptions, properties: Sequence[str] | None = None
) -> None:
    """Summarise the ``spikes.parquet`` of a filter, and write the files of `write_summary` beside it."""
    from spikelib.tables.read_ahead import ahead  # noqa: PLC0415
    from spikelib.tables.scan import scan_mixed  # noqa: PLC0415

    report, description = open_report(source), _description(folder)
    with naming(report, description["name"]):
        setup = set_up(report, description, figures)
        check_grouping(report.simulation.described(report), properties)
    spikes = ahead(scan_mixed(folder / "spikes.parquet", setup.selection.nodes.populations))
    write_summary(report, setup.summarise(spikes), description, figures, folder, properties)


def merge_slabs(
    source: str | Path, folder: Path, figures: FigureOptions, properties: Sequence[str] | None = None
) -> None:
    """Merge the summaries of all slabs of a filter, and write the files of `write_summary`."""
    from spikelib.summary.merge import merge  # noqa: PLC0415
    from spikelib.summary.store import load_summary  # noqa: PLC0415

    info = read_info(folder / "spikes.parquet")
    summary = merge(load_summary(_slab_file(folder, slab)) for slab in range(info.metadata.get("parts", 1)))
    if summary.n_spikes != info.n_spikes:
        msg = (
            f"{folder}: {info.n_spikes} spikes in spikes.parquet, {summary.n_spikes} summarised; filter all slabs again"
        )
        raise TableError(msg)
    write_summary(open_report(source), summary, info.metadata["filter"], figures, folder, properties)


def write_summary(
    report: SpikeReport,
    summary: Summary,
    description: Mapping[str, Any],
    figures: FigureOptions,
    folder: Path,
    properties: Sequence[str] | None = None,
) -> None:
    """Write ``summary.npz``, ``nodes.parquet`` and ``statistics.json``."""
    from spikelib.summary.statistics import (  # noqa: PLC0415
        counted_nodes,
        node_columns,
        statistics,
        statistics_by_property,
    )
    from spikelib.summary.store import save_summary  # noqa: PLC0415

    with naming(report, description["name"]):
        groups = property_groups(report.simulation.described(report), summary.nodes, counted_nodes(summary), properties)
    save_summary(summary, folder / "summary.npz")
    _write_nodes(node_columns(summary), summary.nodes.populations, folder / "nodes.parquet")
    content = {
        "schema": 1,
        "spikelib": __version__,
        "filter": {key: description[key] for key in ("name", "group", "t_start", "t_stop")},
        "window": {"start": summary.spec.start, "stop": summary.spec.stop},
        "raster": None if figures.raster is None else "density" if summary.times is None else "exact",
        "animated": summary.frames is not None,
        "figures": figures.choices(),
        "properties": None if properties is None else list(properties),
        **statistics(summary),
        "by_property": statistics_by_property(summary, groups),
        "notes": _notes(report, summary),
    }
    write_text(folder / "statistics.json", json.dumps(content, indent=1))


def set_up(report: SpikeReport, description: Mapping[str, Any], figures: FigureOptions | None) -> SummarySetup:
    """Choose nodes, bins and positions for a filter; TableError if its tables are of another report."""
    figures = figures or FigureOptions(raster=None, animation=None)
    check_highest(report, description["id_max"])
    selection = select(report.simulation, description["group"], description["id_max"])
    times = description["time_range"]
    fired = None if times is None else (times[0], times[1])
    window = run_window(report.simulation, fired, description["t_start"], description["t_stop"])
    return SummarySetup.of(
        selection,
        choose_spec(window, figures),
        y_axis=None if figures.raster is None else figures.raster.y_axis,
        compact=True,
        film=None if figures.animation is None else (figures.animation.x_axis, figures.animation.y_axis),
    )


def check_highest(report: SpikeReport, id_max: Mapping[str, int | None]) -> None:
    """Raise TableError if `id_max`, the highest ids in the tables, do not fit the report."""
    for name in report:
        size = report[name].facts.n_nodes
        if name not in id_max or (size is not None and (id_max[name] or 0) >= max(size, 1)):
            msg = f"{report.path}, population {name!r}: the tables are of another report; extract and filter again"
            raise TableError(msg)


def _describe(chosen: Filter, audits: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Describe a filter and what all tables together hold; it goes into the metadata of ``spikes.parquet``."""
    times = [audit[key] for audit in audits for key in ("time_first", "time_last") if audit[key] is not None]
    return {
        "name": chosen.name,
        "group": chosen.group,
        "t_start": chosen.t_start,
        "t_stop": chosen.t_stop,
        "id_max": {audit["population"]: audit["id_max"] for audit in audits},
        "time_range": [min(times), max(times)] if times else None,
    }


def _description(folder: Path) -> dict[str, Any]:
    description = read_info(folder / "spikes.parquet").metadata.get("filter")
    if description is None:
        msg = f"{folder / 'spikes.parquet'}: this is no table of a filter; make it with `spikelib filter`"
        raise TableError(msg)
    return dict(description)


def _make_room(path: Path, *, for_folder: bool) -> None:
    """Remove a table of the other form: one file or a folder of parts."""
    if path.is_dir() and not for_folder:
        shutil.rmtree(path)
    elif path.is_file() and for_folder:
        path.unlink(missing_ok=True)


@contextmanager
def naming(report: SpikeReport, name: str) -> Iterator[None]:
    """Name the simulation and the filter in the errors about a filter's choice of nodes, times and figures."""
    try:
        yield
    except (GroupError, NodeSetsError, PlotError, WindowError) as error:
        msg = f"{report.simulation.config.path or report.path}: filter {name!r}: {error}"
        raise type(error)(msg) from error


def _notes(report: SpikeReport, summary: Summary) -> list[str]:
    notes = []
    unknown = [name for name in report if report[name].facts.n_nodes is None]
    if unknown:
        notes.append(
            f"the number of nodes is unknown for {', '.join(unknown)} (no circuit describes them): "
            "nodes that never fired are missing from the counts and rates"
        )
    spec = summary.spec
    if report.time_stop is not None and spec.stop > report.time_stop + 1e-6:
        notes.append(f"the window ends at {spec.stop:g} ms, after the run's end at {report.time_stop:g} ms")
    if spec.start < report.time_start - 1e-6:
        notes.append(f"the window begins at {spec.start:g} ms, before the run's start at {report.time_start:g} ms")
    return notes


def _write_nodes(columns: Mapping[str, Any], names: Sequence[str], path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    population = pa.DictionaryArray.from_arrays(pa.array(columns["population"]), pa.array(names, pa.string()))
    table = pa.table({**columns, "population": population})
    with atomic_file(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")
