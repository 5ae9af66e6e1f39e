"""All steps for one simulation, one after the other, in one process."""

from __future__ import annotations

import tempfile
import warnings
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.errors import SpikelibWarning
from spikelib.files import check_place
from spikelib.options.config import read_config
from spikelib.results import SimulationResults, table_folder
from spikelib.selection.classes import classify
from spikelib.selection.property_groups import check_grouping
from spikelib.selection.raster_axis import raster_axis
from spikelib.selection.summary_setup import select
from spikelib.simulation.simulation import open_report
from spikelib.steps.assemble import write_page
from spikelib.steps.draw import draw_figures
from spikelib.steps.extract import extract_table
from spikelib.steps.filter import filter_spikes
from spikelib.steps.filter_setup import naming, with_silent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from spikelib.options.counting import Counting
    from spikelib.options.figures import FigureOptions
    from spikelib.options.filters import Filter
    from spikelib.simulation.spike_report import SpikeReport
    from spikelib.tables.extract import ExtractOptions


def report_simulation(
    source: str | Path,
    out: Path,
    config: Mapping[str, Any] | None = None,
    *,
    options: ExtractOptions | None = None,
    keep: Path | None = None,
    step: Callable[[str], None] | None = None,
) -> None:
    """Do all steps for one simulation: tables, filters, summaries, figures and the page.

    Parameters
    ----------
    source
        A simulation config or a spike file.
    out
        The HTML file.
    config
        ``filters`` (name to group, t_start, t_stop, classes; by default one named "all"), ``figures``, ``properties``
        (the node properties to group statistics by), ``classes`` and ``statistics``.
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

    Examples
    --------
    >>> from spikelib.demo import write_demo
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = Path(folder) / "report.html"
    ...     config = {"figures": {"others": False}}
    ...     report_simulation(write_demo(Path(folder) / "demo"), page, config, step=print)
    ...     page.stat().st_size > 10_000
    extract cortex
    extract thalamus
    filter all
    figures of all
    page
    True
    """
    filters, figures, counting = read_config(config or {})
    report = open_report(source)
    _check_choices(report, filters, figures, counting)
    check_place(out)
    say = step or (lambda _: None)
    from spikelib.tables.extract import ExtractOptions  # noqa: PLC0415

    folder = tempfile.TemporaryDirectory(prefix="spikelib-") if keep is None else nullcontext(str(keep))
    with folder as name:
        results, files = Path(name), SimulationResults(Path(name))
        for population in report:
            say(f"extract {population}")
            extract_table(report, population, table_folder(files.tables, population), options or ExtractOptions())
        for chosen in filters:
            place = files.filter(chosen.name)
            say(f"filter {chosen.name}")
            filter_spikes(report, files.tables, place.folder, chosen, figures=figures, counting=counting)
            say(f"figures of {chosen.name}")
            draw_figures(place.summary, place.figures, figures, list(figures.choices()))
        say("page")
        shown = [chosen.name for chosen in filters]
        write_page(source, results, out, filters=shown, kept=keep is not None, config=config, report=report)


def _check_choices(report: SpikeReport, filters: list[Filter], figures: FigureOptions, counting: Counting) -> None:
    """Raise, before any long work, what the filters and figures would raise after it."""
    y_axis = None if figures.raster is None else figures.raster.y_axis
    _ = report.simulation.node_sets  # warns now of what it replaces: it is read only once
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SpikelibWarning)  # they come when the filter is made
        for chosen in filters:
            with naming(report, chosen.name):
                selection = select(report.simulation, chosen.group, with_silent(report, dict.fromkeys(report)))
                check_grouping(report.simulation.described(selection.nodes.populations), counting.properties)
                classify(report.simulation, selection, counting.of(chosen).classes)
                if y_axis is not None:
                    raster_axis(selection, y_axis)
