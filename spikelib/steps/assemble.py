"""The page of a simulation, assembled from its results."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from spikelib.files import write_text
from spikelib.options.config import read_config
from spikelib.provenance.made_from import page_text, simulation_text
from spikelib.results import SimulationResults, reading_results
from spikelib.simulation.simulation import open_report
from spikelib.steps.inspect import describe
from spikelib.tables.extract import table_audits
from spikelib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from spikelib.simulation.spike_report import SpikeReport


_LIBRARIES = ("numpy", "h5py", "pyarrow", "pandas", "matplotlib", "numba", "duckdb", "jinja2")


def write_page(
    source: str | Path,
    results: Path,
    out: Path,
    *,
    filters: list[str] | None = None,
    kept: bool = True,
    config: Mapping[str, Any] | None = None,
    report: SpikeReport | None = None,
) -> None:
    """Assemble the page of one simulation from its results; ``description.json`` and ``overview.json`` beside them.

    Parameters
    ----------
    source
        A simulation config or a spike file, as the user named it: the commands on the page name it so.
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
    report
        The report of `source`, if it is open already.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> from spikelib.results import table_folder
    >>> from spikelib.steps.extract import extract_table
    >>> from spikelib.tables.extract import ExtractOptions
    >>> with TemporaryDirectory() as folder:
    ...     source, results = write_demo(Path(folder) / "demo"), Path(folder) / "results"
    ...     for name in ("cortex", "thalamus"):
    ...         audit = extract_table(source, name, table_folder(results / "spikes", name), ExtractOptions())
    ...     write_page(source, results, results / "report.html")
    ...     sorted(path.name for path in results.iterdir())
    ['description.json', 'overview.json', 'report.html', 'spikes']
    """
    from spikelib.page.report.write import write_report  # noqa: PLC0415
    from spikelib.steps.commands import report_command, step_commands  # noqa: PLC0415

    files = SimulationResults(results)
    report = open_report(source) if report is None else report
    description = describe(report, table_audits(report.sources, files.tables), with_hash=True)
    shown = sorted(place.name for place in files.filters.glob("*/")) if filters is None else filters
    chosen, figures, counting = read_config(config or {})
    options = {each.name: each for each in chosen}
    # A page that shows what the config does not know, or that links to nothing, is not the workflow's.
    is_whole = kept and set(shown) <= set(options)
    simulation = simulation_text(report.simulation)
    made_from = page_text(simulation, [options[each] for each in shown], figures, counting) if is_whole else ""
    wanted = figures if "figures" in (config or {}) else None
    name = results.resolve().name if kept else None
    with reading_results(results):
        steps = step_commands(source, results, report, shown, wanted) if kept else []
        commands = steps or [report_command(source, out, config)]
        provenance = {"versions": _versions(), "commands": commands, "made_from": made_from}
        write_report(
            description,
            results,
            out,
            provenance=provenance,
            name=name,
            filters=shown,
            links=kept,
            figures=wanted,
        )
        write_text(files.description, json.dumps(description, indent=1, default=str))
        if kept:
            from spikelib.page.campaign.digest import write_overview  # noqa: PLC0415

            write_overview(results, shown)


def _versions() -> dict[str, str]:
    return {
        "spikelib": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }
