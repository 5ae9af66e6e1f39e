"""From tables to what a filter keeps and its summary: one pass over the spikes."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from spikelib.options.counting import Counting
from spikelib.provenance.made_from import simulation_text, spikes_text
from spikelib.results import FilterResults, part_path, table_folder
from spikelib.selection.property_groups import check_grouping
from spikelib.simulation.simulation import as_report
from spikelib.steps.filter_setup import FilterRecord, naming, set_up
from spikelib.steps.summarise import write_summary
from spikelib.tables.extract import table_audits

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.options.figures import FigureOptions
    from spikelib.options.filters import Filter
    from spikelib.simulation.spike_report import SpikeReport


def filter_spikes(
    source: str | Path | SpikeReport,
    tables: Path,
    folder: Path,
    chosen: Filter,
    *,
    figures: FigureOptions | None = None,
    counting: Counting | None = None,
    slab: int | None = None,
) -> int:
    """Write the spikes that a filter keeps and, in the same pass, their summary.

    Parameters
    ----------
    source
        A simulation config or a spike file, or the report of it.
    tables
        Folder of the tables of its populations.
    folder
        Folder of the filter: ``spikes.parquet`` is written there.
    chosen
        The filter.
    figures
        The figures to summarise for: the files of `write_summary` are written too. None for the spikes alone.
    counting
        With `figures`: classes, node properties to group by, and widths of statistics; None for the defaults.
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

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> from spikelib.options.filters import Filter
    >>> from spikelib.steps.extract import extract_table
    >>> from spikelib.tables.extract import ExtractOptions
    >>> with TemporaryDirectory() as place:
    ...     folder = Path(place)
    ...     source, tables = write_demo(folder / "demo"), folder / "tables"
    ...     for name in ("cortex", "thalamus"):
    ...         audit = extract_table(source, name, table_folder(tables, name), ExtractOptions())
    ...     filter_spikes(source, tables, folder / "early", Filter("early", t_stop=100.0))
    735
    """
    from spikelib.tables.filter import filtering  # noqa: PLC0415 - each step imports what it needs

    report = as_report(source)
    made_from = spikes_text(simulation_text(report.simulation), chosen)
    record = FilterRecord.of(chosen, table_audits(report.sources, tables), made_from)
    with naming(report, chosen.name):
        window = chosen.window
        counting = (counting or Counting()).of(chosen)
        setup = set_up(report, record, figures, counting)
        check_grouping(report.simulation.described(setup.selection.nodes.populations), counting.properties)
    members = {part.name: part.members for part in setup.selection.chosen if part.name in report}
    paths = {name: table_folder(tables, name) for name in members}
    out = FilterResults(folder).spikes
    _make_room(out, for_folder=slab is not None)
    if slab is not None:
        paths = {name: part_path(path, slab) for name, path in paths.items()}
        out = part_path(out, slab)
    with filtering(paths, members, window, out, record.to_dict()) as spikes:
        summary = setup.summarise(spikes) if figures is not None else None
        n_spikes = sum(len(times) for times, _, _ in spikes)  # what summarising has not taken: all, or nothing
    if summary is not None and slab is not None:
        from spikelib.summary.store import save_summary  # noqa: PLC0415

        save_summary(summary, FilterResults(folder).slab_summary(slab), record.made_from)
    elif summary is not None and figures is not None:
        write_summary(report, summary, record, figures, folder, counting, setup.selection)
    return n_spikes if summary is None else summary.n_spikes


def _make_room(path: Path, *, for_folder: bool) -> None:
    """Remove a table of the other form: one file or a folder of parts."""
    if path.is_dir() and not for_folder:
        shutil.rmtree(path)
    elif path.is_file() and for_folder:
        path.unlink(missing_ok=True)
