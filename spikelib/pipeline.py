"""The steps of the workflow, each from files to files; `report` runs all of them for one simulation."""

from __future__ import annotations

import json
import platform
import shlex
import tempfile
import warnings
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import spikelib
from spikelib.errors import (
    ConfigError,
    GroupError,
    NodeSetsError,
    PlotError,
    SpikelibWarning,
    TableError,
    WindowError,
)
from spikelib.figure_options import FigureOptions, choose_spec, figure_options
from spikelib.files import atomic_file, check_place, write_text
from spikelib.filter_options import Filter, filter_options
from spikelib.inspection import describe
from spikelib.resolution import resolve_report
from spikelib.selection import Selection, check_spec, choose, places, raster_axis
from spikelib.spike_report import SpikeReport, open_report
from spikelib.tables.schema import read_info, table_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from spikelib.summary.model import Summary
    from spikelib.tables.extract import ExtractOptions

_LIBRARIES = ("numpy", "h5py", "pyarrow", "pandas", "matplotlib", "numba", "duckdb", "jinja2")


def extract_table(source: str | Path, population: str, folder: Path, options: ExtractOptions) -> dict[str, Any]:
    """Write the table of one population into its folder and give its audit."""
    from spikelib.tables.extract import extract  # noqa: PLC0415 - each step imports what it needs

    part = open_report(source)[population]
    return extract(part.source, part.facts, folder, options).to_dict()


def filter_tables(source: str | Path, tables: Path, folder: Path, chosen: Filter) -> int:
    """Write ``spikes.parquet`` of a filter from the tables of all populations; gives the number of spikes."""
    from spikelib.tables.filter import write_filtered  # noqa: PLC0415

    report = open_report(source)
    id_max = {audit["population"]: audit["id_max"] for audit in _audits(report, tables)}
    with _naming(report, chosen.name):
        window = chosen.window
        selection = _select(report, chosen.group, id_max)
    members = {part.name: part.members for part in selection.chosen}
    description = {
        "name": chosen.name,
        "group": chosen.group,
        "t_start": chosen.t_start,
        "t_stop": chosen.t_stop,
        "id_max": id_max,
    }
    return write_filtered(tables, members, window, folder / "spikes.parquet", description)


def summarise_filter(source: str | Path, folder: Path, figures: FigureOptions) -> None:
    """Write ``summary.npz``, ``nodes.parquet`` and ``statistics.json`` beside a filter's ``spikes.parquet``."""
    from spikelib.summary.statistics import node_columns, statistics  # noqa: PLC0415
    from spikelib.summary.store import save_summary  # noqa: PLC0415

    chosen = read_info(folder / "spikes.parquet").metadata.get("filter")
    if chosen is None:
        msg = f"{folder / 'spikes.parquet'}: this is no table of a filter; make it with `spikelib filter`"
        raise TableError(msg)
    report = open_report(source)
    with _naming(report, chosen["name"]):
        summary = _summarise(report, folder / "spikes.parquet", chosen, figures)
    save_summary(summary, folder / "summary.npz")
    _write_nodes(node_columns(summary), summary.nodes.populations, folder / "nodes.parquet")
    content = {
        "schema": 1,
        "spikelib": spikelib.__version__,
        "filter": {key: chosen[key] for key in ("name", "group", "t_start", "t_stop")},
        "window": {"start": summary.spec.start, "stop": summary.spec.stop},
        "raster": None if figures.raster is None else "density" if summary.times is None else "exact",
        "animated": summary.frames is not None,
        "figures": asdict(figures),
        **statistics(summary),
        "notes": _notes(report, summary),
    }
    write_text(folder / "statistics.json", json.dumps(content, indent=1))


def draw_figures(summary_file: Path, folder: Path, figures: FigureOptions, only: list[str]) -> list[Path]:
    """Draw the figures named in `only` that `figures` does not leave out; gives the files written."""
    from spikelib.figures import save_figure, write_movie  # noqa: PLC0415
    from spikelib.summary.store import load_summary  # noqa: PLC0415

    summary = load_summary(summary_file)
    written: list[Path] = []
    if "raster" in only and figures.raster is not None:
        written += save_figure("raster", summary, folder)
    if "isi" in only and figures.isi is not None:
        options = {"use_frequency": figures.isi.use_frequency, "binsize": figures.isi.binsize}
        written += save_figure("isi", summary, folder, options)
    if "rate" in only and figures.rate is not None:
        written += save_figure("rate", summary, folder, {"nodes": figures.rate.nodes})
    if "animation" in only and figures.animation is not None and summary.frames is not None:
        film = folder / f"animation.{figures.animation.format}"
        write_movie(summary, film, fps=figures.animation.fps)
        written.append(film)
    return written


def write_page(
    source: str | Path, results: Path, out: Path, *, filters: list[str] | None = None, kept: bool = True
) -> None:
    """Assemble the page of one simulation from its results, and ``description.json`` beside them.

    Parameters
    ----------
    source
        A simulation config or a spike file.
    results
        Folder with ``spikes`` and ``filters``; its name becomes the title.
    out
        The HTML file.
    filters
        The filters to show; by default all that are there.
    kept
        False for results that will be deleted: the page then links to none of them.
    """
    from spikelib.page.report import write_report  # noqa: PLC0415

    report = open_report(source)
    description = describe(report, _audits(report, results / "spikes"), with_hash=True)
    shown = sorted(place.name for place in (results / "filters").glob("*/")) if filters is None else filters
    commands = _commands(source, results, list(report), shown) if kept else [_command("report", source, "--out", out)]
    provenance = {"versions": _versions(), "commands": commands}
    name = results.resolve().name if kept else None
    write_report(description, results, out, provenance=provenance, name=name, filters=shown, links=kept)
    write_text(results / "description.json", json.dumps(description, indent=1, default=str))


def report_simulation(
    source: str | Path,
    out: Path,
    config: Mapping[str, Any] | None = None,
    *,
    options: ExtractOptions | None = None,
    keep: Path | None = None,
    step: Callable[[str], None] | None = None,
) -> None:
    """Do the whole job for one simulation: tables, filters, summaries, figures and the page.

    Parameters
    ----------
    source
        A simulation config or a spike file.
    out
        The HTML file.
    config
        ``filters`` (name to group, t_start, t_stop; by default one named "all") and ``figures``.
    options
        How tables are made.
    keep
        A folder for tables, statistics and figures; by default they are made in a temporary folder, and all that is
        kept is the page.
    step
        Called with the name of each step before it begins.

    Raises
    ------
    SpikelibError
        Any step failed; no page is written then.
    """
    filters, figures = read_config(config or {})
    _check_choices(open_report(source), filters, figures)
    check_place(out)
    say = step or (lambda _: None)
    from spikelib.tables.extract import ExtractOptions  # noqa: PLC0415

    folder = tempfile.TemporaryDirectory(prefix="spikelib-") if keep is None else nullcontext(str(keep))
    with folder as name:
        results = Path(name)
        for population in open_report(source):
            say(f"extract {population}")
            extract_table(source, population, table_folder(results / "spikes", population), options or ExtractOptions())
        for chosen in filters:
            place = results / "filters" / chosen.name
            say(f"filter {chosen.name}")
            filter_tables(source, results / "spikes", place, chosen)
            say(f"summarise {chosen.name}")
            summarise_filter(source, place, figures)
            say(f"figures of {chosen.name}")
            draw_figures(place / "summary.npz", place / "figures", figures, ["raster", "isi", "rate", "animation"])
        say("page")
        write_page(source, results, out, filters=[chosen.name for chosen in filters], kept=keep is not None)


def read_config(config: Mapping[str, Any]) -> tuple[list[Filter], FigureOptions]:
    """Read ``filters`` and ``figures`` of a config; ConfigError names a key that is unknown."""
    unknown = [key for key in config if key not in {"filters", "figures"}]
    if unknown:
        msg = f"unknown key {unknown[0]!r} of the config; there are filters, figures"
        raise ConfigError(msg)
    return filter_options(config.get("filters")), figure_options(config.get("figures"))


def _check_choices(report: SpikeReport, filters: list[Filter], figures: FigureOptions) -> None:
    """Raise, before any long work, what the filters and figures would raise after it."""
    y_axis = None if figures.raster is None else figures.raster.y_axis
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SpikelibWarning)  # they come when the filter is made
        for chosen in filters:
            with _naming(report, chosen.name):
                selection = _select(report, chosen.group, dict.fromkeys(report))
                if y_axis is not None:
                    raster_axis(selection, y_axis)


@contextmanager
def _naming(report: SpikeReport, name: str) -> Iterator[None]:
    """Name the simulation and the filter in the errors about a filter's choice of nodes, times and figures."""
    try:
        yield
    except (GroupError, NodeSetsError, PlotError, WindowError) as error:
        msg = f"{report.simulation.config.path or report.path}: filter {name!r}: {error}"
        raise type(error)(msg) from error


def _audits(report: SpikeReport, tables: Path) -> list[dict[str, Any]]:
    """Give the audits that the tables of all populations hold; TableError if they are not of this report."""
    audits = []
    for name, source in report.sources.items():
        info = read_info(table_folder(tables, name))
        audit = info.metadata.get("audit")
        if audit is None or audit["n_read"] != source.n_spikes or info.n_spikes != audit["n_kept"]:
            msg = f"{info.path}: not a table of all {source.n_spikes} spikes in {source.path}; extract it again"
            raise TableError(msg)
        audits.append(audit)
    return audits


def _select(report: SpikeReport, group: Any, id_max: Mapping[str, int | None]) -> Selection:
    """Resolve a group; TableError if `id_max`, the highest ids in the tables, do not fit the report."""
    for name in report:
        size = report[name].facts.n_nodes
        if name not in id_max or (size is not None and (id_max[name] or 0) >= max(size, 1)):
            msg = f"{report.path}, population {name!r}: the tables are of another report; extract and filter again"
            raise TableError(msg)
    resolved = resolve_report(report, list(report), group)
    parts = [
        choose(report.simulation, name, report[name].facts.n_nodes, ids, id_max[name]) for name, ids in resolved.items()
    ]
    return Selection(parts)


def _summarise(report: SpikeReport, table: Path, chosen: Mapping[str, Any], figures: FigureOptions) -> Summary:
    from spikelib.summary.accumulate import summarise  # noqa: PLC0415
    from spikelib.tables.ahead import ahead  # noqa: PLC0415
    from spikelib.tables.scan import scan_mixed  # noqa: PLC0415

    selection = _select(report, chosen["group"], chosen["id_max"])
    spec = check_spec(choose_spec(_window(report, table, chosen), figures))
    y_axis = None if figures.raster is None else figures.raster.y_axis
    where = None
    if figures.animation is not None:
        where = places(selection, figures.animation.x_axis, figures.animation.y_axis, spec.frame_shape)
    spec = spec if where is not None else replace(spec, frame=None)
    names = selection.nodes.populations
    chunks = ((times, selection.rows(ids, codes)) for times, ids, codes in ahead(scan_mixed(table, names)))
    return summarise(chunks, spec, selection.nodes, raster_axis(selection, y_axis, compact=True), where)


def _window(report: SpikeReport, table: Path, chosen: Mapping[str, Any]) -> tuple[float, float]:
    """Give the filter's window; where it has no end, that of the run, widened to the spikes beyond it. ms."""
    from spikelib.tables.scan import time_range  # noqa: PLC0415

    first, last = time_range(table)
    start, stop = chosen["t_start"], chosen["t_stop"]
    if start is None:
        start = min(report.time_start, first)
    if stop is None:
        ends = [end for end in (report.time_stop, last) if end is not None and np.isfinite(end)]
        stop = max([*ends, start])
    if chosen["t_start"] is None:
        start = min(start, stop)  # the filter may end before the run begins
    return float(start), float(stop)


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


def _versions() -> dict[str, str]:
    return {
        "spikelib": spikelib.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }


def _commands(source: str | Path, results: Path, populations: list[str], filters: list[str]) -> list[str]:
    """List the commands that make these results, as a user would type them."""
    commands = []
    for name in populations:
        folder = table_folder(results / "spikes", name)
        commands.append(["extract", source, "--population", name, "--out", folder])
    for name in filters:
        place = results / "filters" / name
        chosen = read_info(place / "spikes.parquet").metadata["filter"]
        choice = ["--group", json.dumps(chosen["group"])] if chosen["group"] is not None else []
        for key in ("t_start", "t_stop"):
            choice += [f"--{key.replace('_', '-')}", chosen[key]] if chosen[key] is not None else []
        commands.append(["filter", source, "--tables", results / "spikes", "--out", place, *choice])
        commands.append(["summarise", source, "--filter", place])
        commands.append(["figure", place / "summary.npz", "--out", place / "figures"])
    return [_command(*command) for command in commands]


def _command(*words: object) -> str:
    return shlex.join(["spikelib", *map(str, words)])
