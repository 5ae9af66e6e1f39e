"""The report: one self-contained HTML file about one simulation."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.errors import SpikelibWarning
from spikelib.files import write_text
from spikelib.page.format import size
from spikelib.page.provenance import provenance_context
from spikelib.page.report.context import report_context, simulation_name
from spikelib.page.report.drawn import as_drawn
from spikelib.page.report.media import Linker
from spikelib.page.templating import render
from spikelib.results import find_filters, find_spike_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spikelib.options.figures import FigureOptions

__all__ = ["write_report"]

LARGE_PAGE_BYTES = 20_000_000
"""Pages larger than this open slowly; a warning says so."""


def write_report(  # noqa: PLR0913 - each is a choice of its own
    description: Mapping[str, Any],
    results: Path | None,
    out: Path,
    *,
    provenance: Mapping[str, Any],
    name: str | None = None,
    filters: Sequence[str] | None = None,
    links: bool = True,
    figures: FigureOptions | None = None,
) -> None:
    """Write the report of one simulation.

    Parameters
    ----------
    description
        What ``spikelib inspect --json`` prints: the simulation, the spike file, the audit of each population.
    results
        Folder of the simulation's results (``spikes``, ``filters``); None if there are none.
    out
        The HTML file; it may lie anywhere, links are relative to it.
    provenance
        All keys optional: ``versions``, ``commands``, ``git_commit``, ``config``, ``made_from``.
    name
        Title; by default the name of the config, or of its folder.
    filters
        The filters to show, in this order; by default all that the results hold.
    links
        Whether to link tables and pictures beside the page. False for results that will be deleted: what
        is not in the page itself is then left out.
    figures
        Which figures to show; None for all that the results hold.

    Raises
    ------
    MissingFileError, TableError
        If a filter has no statistics, or statistics that are not JSON.
    OutputError
        If the page cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> from spikelib.steps.inspect import inspect
    >>> with TemporaryDirectory() as folder:
    ...     page = Path(folder) / "report.html"
    ...     write_report(inspect(write_demo(folder)), None, page, provenance={})
    ...     "All spikes are valid" in page.read_text()
    True
    """
    linker = Linker(Path(out), enabled=links)
    found = [as_drawn(files, figures) for files in find_filters(results, filters)]
    context = report_context(description, found, find_spike_tables(results), linker)
    context["provenance"] = provenance_context(description, provenance)
    context["name"] = simulation_name(description) if name is None else name
    films = [each["animation"] for each in context["filters"] if each["animation"] is not None]
    films_beside = any(film["source"] and not film["embedded"] for film in films)
    html = render("report.html.j2", context, films_beside=films_beside, made_from=provenance.get("made_from", ""))
    n_bytes = len(html.encode(errors="backslashreplace"))
    if n_bytes > LARGE_PAGE_BYTES:
        message = f"{out}: the page has {size(n_bytes)} and will open slowly; draw fewer filters or figures"
        warnings.warn(message, SpikelibWarning, stacklevel=2)
    write_text(linker.page, html)
