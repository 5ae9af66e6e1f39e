"""What each result is made from, as one short text: while it is equal, the result would be the same.

A result states the text; the workflow works out what it would be now, and makes again what states another. Each text
stands for those of the results before it: that of a figure for its summary, that of a summary for the filter, the
options that count, and the files of the simulation.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from spikelib.options.figures import FIGURES
from spikelib.provenance.sources import look_at, named_files, source_text, stamp_of
from spikelib.results import SimulationResults, find_folders
from spikelib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from spikelib.circuit.simulated import SimulatedCircuit
    from spikelib.options.counting import Counting
    from spikelib.options.figures import FigureOptions
    from spikelib.options.filters import Filter

__all__ = [
    "campaign_page_text",
    "figure_text",
    "page_text",
    "simulation_text",
    "spikes_text",
    "summary_text",
    "survey_text",
    "table_text",
]


def simulation_text(simulation: SimulatedCircuit) -> str:
    """Return the text of a simulation: its path as the user names it, and name, time and size of all its files.

    Examples
    --------
    >>> import os
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.circuit.simulated import SimulatedCircuit
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     simulation = SimulatedCircuit(write_demo(folder))
    ...     before = simulation_text(simulation)
    ...     os.utime(simulation.output.spikes_file, (0, 0))  # older than anything that was made of it
    ...     simulation_text(simulation) == before
    False
    """
    files = {str(path): path for path in named_files(simulation)}
    stamps = look_at(files, {})
    source = simulation.config.path or simulation.config.output.spikes_file
    # Names alone: a copy of a whole working directory with its times is up to date.
    found = sorted([path.name, *(stamps[file] or [])] for file, path in files.items())
    return _text("simulation", source_text(source), found)


def survey_text(simulation: str, n_slabs: int) -> str:
    """Return the text of the survey of a simulation for so many slabs."""
    return _text("survey", simulation, n_slabs)


def table_text(simulation: str, population: str, n_slabs: int = 1) -> str:
    """Return the text of the table of a population, from that of its simulation; it is cut by so many jobs."""
    return _text("table", simulation, population, n_slabs)


def spikes_text(simulation: str, chosen: Filter) -> str:
    """Return the text of the spikes that a filter keeps.

    Examples
    --------
    >>> from spikelib.options.filters import Filter
    >>> spikes_text("...", Filter("l4", {"layer": "4"})) == spikes_text("...", Filter("l4", {"layer": "5"}))
    False
    """
    kept = asdict(chosen)
    kept.pop("classes")  # they are counted, and keep no spike
    return _text("spikes", simulation, kept)


def summary_text(spikes: str, figures: FigureOptions, counting: Counting) -> str:
    """Return the text of the summary and the statistics of a filter, from that of its spikes.

    Examples
    --------
    >>> from spikelib.options.figures import figure_options
    >>> from spikelib.options.counting import Counting
    >>> plain, logarithmic = figure_options({}), figure_options({"rates": {"log": True}})
    >>> summary_text("...", plain, Counting()) == summary_text("...", logarithmic, Counting())  # the same is counted
    True
    """
    return _text("summary", spikes, _counted(figures), asdict(counting))


def figure_text(summary: str, name: str, figures: FigureOptions) -> str:
    """Return the text of a figure, the animation among them, from that of its summary."""
    style = None if figures.files.style is None else stamp_of(figures.files.style)
    return _text("figure", summary, _drawn(figures, name), style if FIGURES[name].still else None)


def page_text(simulation: str, filters: Sequence[Filter], figures: FigureOptions, counting: Counting) -> str:
    """Return the text of the page of a simulation: the filters in their order, with all options.

    Examples
    --------
    >>> from spikelib.options.counting import Counting
    >>> from spikelib.options.figures import FigureOptions
    >>> from spikelib.options.filters import Filter
    >>> a, b = Filter("a"), Filter("b")
    >>> page_text("...", [a, b], FigureOptions(), Counting()) == page_text("...", [b, a], FigureOptions(), Counting())
    False
    """
    chosen = [asdict(each) for each in filters]
    return _text("page", simulation, chosen, _all(figures), asdict(counting))


def campaign_page_text(record: Path | None, results: Path, simulations: Iterable[str]) -> str:
    """Return the text of the page of a campaign: what it holds, and what is shown of each simulation.

    Parameters
    ----------
    record
        The ``campaign.json``, if there is one.
    results
        Folder of all results.
    simulations
        Names of the simulations of the campaign; others that have results are shown too.
    """
    content = None if record is None else record.read_text(encoding="utf-8", errors="replace")
    names = sorted({*simulations, *find_folders(results)})
    shown = {name: _content(SimulationResults(results / name).overview) for name in names}
    return _text("campaign", content, shown)


# A campaign asks these of thousands of results with the same options.
@cache
def _counted(figures: FigureOptions) -> str:
    return json.dumps(figures.counted())


@cache
def _drawn(figures: FigureOptions, name: str) -> str:
    # With the formats: one that was off meanwhile may still be there, as it was drawn before.
    files = asdict(figures.files) if FIGURES[name].still else {}
    return json.dumps([name, figures.choices()[name], files])


@cache
def _all(figures: FigureOptions) -> str:
    return json.dumps(asdict(figures))


def _content(path: Path) -> str | None:
    # Not its time: of equal results, equal pages are made.
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _text(kind: str, *parts: Any) -> str:
    content = json.dumps([__version__, kind, *parts], sort_keys=True, default=str)
    return hashlib.sha256(content.encode(errors="backslashreplace")).hexdigest()
