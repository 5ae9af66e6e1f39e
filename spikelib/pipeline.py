"""The steps of the workflow, each from files to files; `report` runs all of them for one simulation."""

from __future__ import annotations

import json
import platform
import tempfile
import warnings
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.errors import (
    SpikelibWarning,
)
from spikelib.files import check_place, write_text
from spikelib.filtering import filter_spikes, naming
from spikelib.inspection import describe
from spikelib.options.config import read_config
from spikelib.results import table_folder
from spikelib.selection.property_groups import check_grouping
from spikelib.selection.raster_axis import raster_axis
from spikelib.selection.summary_setup import select
from spikelib.simulation.simulation import open_report
from spikelib.tables.extract import table_audits
from spikelib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from spikelib.options.figures import FigureOptions
    from spikelib.options.filters import Filter
    from spikelib.simulation.spike_report import SpikeReport
    from spikelib.tables.extract import ExtractOptions

_LIBRARIES = ("numpy", "h5py", "pyarrow", "pandas", "matplotlib", "numba", "duckdb", "jinja2")


def extract_table(source: str | Path, population: str, folder: Path, options: ExtractOptions) -> dict[str, Any]:
    """Write the table of one population into its folder and give its audit."""
    from spikelib.tables.extract import extract  # noqa: PLC0415 - each step imports what it needs

    part = open_report(source)[population]
    return extract(part.source, part.facts, folder, options).to_dict()


def draw_figures(summary_file: Path, folder: Path, figures: FigureOptions, only: list[str]) -> list[Path]:
    """Draw the figures named in `only` that `figures` does not leave out; gives the files written."""
    from spikelib.figures import save_figure, write_movie  # noqa: PLC0415
    from spikelib.summary.store import load_summary  # noqa: PLC0415

    summary = load_summary(summary_file)
    written: list[Path] = []
    for kind, options in figures.choices().items():
        if kind in only and options is not None and kind != "animation":
            written += save_figure(kind, summary, folder, options, figures.files)
    if "animation" in only and figures.animation is not None and summary.frames is not None:
        film, poster = folder / f"animation.{figures.animation.format}", folder / "poster.png"
        write_movie(summary, film, fps=figures.animation.fps, poster=poster)
        written += [film, poster]
    return written


def write_page(
    source: str | Path,
    results: Path,
    out: Path,
    *,
    filters: list[str] | None = None,
    kept: bool = True,
    config: Mapping[str, Any] | None = None,
) -> None:
    """Assemble the page of one simulation from its results; ``description.json`` and ``overview.json`` beside them.

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
    config
        What `report_simulation`, or the workflow, was asked for: it goes into the commands that the page gives.
    """
    from spikelib.commands import report_command, step_commands  # noqa: PLC0415
    from spikelib.page.report.write import write_report  # noqa: PLC0415

    report = open_report(source)
    description = describe(report, table_audits(report.sources, results / "spikes"), with_hash=True)
    shown = sorted(place.name for place in (results / "filters").glob("*/")) if filters is None else filters
    _, figures, _ = read_config(config or {})
    steps = step_commands(source, results, report, shown, figures.files) if kept else []
    commands = steps or [report_command(source, out, config)]
    provenance = {"versions": _versions(), "commands": commands}
    name = results.resolve().name if kept else None
    write_report(description, results, out, provenance=provenance, name=name, filters=shown, links=kept)
    write_text(results / "description.json", json.dumps(description, indent=1, default=str))
    if kept:
        from spikelib.page.campaign.digest import write_overview  # noqa: PLC0415

        write_overview(results, shown)


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
        ``filters`` (name to group, t_start, t_stop; by default one named "all"), ``figures`` and ``properties`` (the
        node properties to tell statistics by).
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
    filters, figures, properties = read_config(config or {})
    _check_choices(open_report(source), filters, figures, properties)
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
            filter_spikes(source, results / "spikes", place, chosen, figures=figures, properties=properties)
            say(f"figures of {chosen.name}")
            draw_figures(place / "summary.npz", place / "figures", figures, list(figures.choices()))
        say("page")
        shown = [chosen.name for chosen in filters]
        write_page(source, results, out, filters=shown, kept=keep is not None, config=config)


def _check_choices(
    report: SpikeReport, filters: list[Filter], figures: FigureOptions, properties: Sequence[str] | None
) -> None:
    """Raise, before any long work, what the filters and figures would raise after it."""
    y_axis = None if figures.raster is None else figures.raster.y_axis
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SpikelibWarning)  # they come when the filter is made
        for chosen in filters:
            with naming(report, chosen.name):
                selection = select(report.simulation, chosen.group, dict.fromkeys(report))
                check_grouping(report.simulation.described(report), properties)
                if y_axis is not None:
                    raster_axis(selection, y_axis)


def _versions() -> dict[str, str]:
    return {
        "spikelib": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }
