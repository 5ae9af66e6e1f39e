"""Which results were made from something else than they would be now, by what they state themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spikelib.provenance.made_from import (
    campaign_page_text,
    figure_text,
    page_text,
    spikes_text,
    summary_text,
    table_text,
)
from spikelib.provenance.stated import read_made_from
from spikelib.results import CAMPAIGN_PAGE, part_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from spikelib.options.figures import FigureOptions
    from spikelib.options.filters import Filter
    from spikelib.results import FilterResults, SimulationResults

__all__ = ["Wanted", "expected", "outdated", "outdated_campaign_page"]


@dataclass(frozen=True)
class Wanted:
    """What the results of a simulation would be made from now."""

    simulation: str
    """The text of the simulation, `spikelib.provenance.made_from.simulation_text`."""
    populations: Mapping[str, str]
    """Stem of the table -> population."""
    n_slabs: int
    """Parts of each table that are made by jobs of their own."""
    filters: Sequence[Filter]
    """In the order of the page."""
    figures: FigureOptions
    properties: Sequence[str] | None
    """Node properties to group the statistics by; None if spikelib chooses."""


def outdated(files: SimulationResults, wanted: Wanted) -> list[Path]:
    """Return the results of a simulation that have to be made again, whatever their times and Snakemake's records say.

    A result is up to date if it states what it would be made from now: time and size of the simulation's files, the
    filter, the options and the version of spikelib. What cannot be read is not up to date; what is not there is not
    named.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.options.figures import FigureOptions
    >>> from spikelib.options.filters import Filter
    >>> from spikelib.results import SimulationResults
    >>> wanted = Wanted("...", {}, 1, [Filter("all")], FigureOptions(), None)
    >>> with TemporaryDirectory() as folder:
    ...     files = SimulationResults(Path(folder))
    ...     files.filter("all").folder.mkdir(parents=True)
    ...     _ = files.filter("all").statistics.write_text('{"made_from": "by an older spikelib"}')
    ...     [path.name for path in outdated(files, wanted)]
    ['statistics.json']
    """
    return [path for path, text in expected(files, wanted) if _states_other(path, text)]


def outdated_campaign_page(results: Path, record: Path, simulations: Iterable[str]) -> list[Path]:
    """Return the page of the campaign if it shows other results than there are.

    Parameters
    ----------
    results
        Folder of all results.
    record
        The ``campaign.json`` that the page is made from.
    simulations
        Names of the simulations.
    """
    page = results / CAMPAIGN_PAGE
    return [page] if page.exists() and _states_other(page, campaign_page_text(record, results, simulations)) else []


def _states_other(path: Path, text: str) -> bool:
    # What is not there yet is made without our word.
    return read_made_from(path) not in (text, None)


def expected(files: SimulationResults, wanted: Wanted) -> Iterator[tuple[Path, str]]:
    """Yield results, whether they exist or not, with what they should state."""
    for stem, population in wanted.populations.items():
        table, text = files.tables / f"{stem}.parquet", table_text(wanted.simulation, population)
        yield from ((part_path(table, slab), text) for slab in range(wanted.n_slabs))
    for chosen in wanted.filters:
        place, spikes = files.filter(chosen.name), spikes_text(wanted.simulation, chosen)
        split = wanted.n_slabs > 1
        kept = [part_path(place.spikes, slab) for slab in range(wanted.n_slabs)] if split else [place.spikes]
        yield from ((path, spikes) for path in kept)
        yield from _drawn(place, summary_text(spikes, wanted.figures, wanted.properties), wanted.figures)
    yield files.page, page_text(wanted.simulation, wanted.filters, wanted.figures, wanted.properties)


def _drawn(place: FilterResults, summary: str, figures: FigureOptions) -> Iterator[tuple[Path, str]]:
    yield place.statistics, summary
    yield place.summary, summary
    for name, options in figures.choices().items():
        if options is not None:
            picture = place.poster if name == "animation" else place.figure(name, "png")
            yield picture, figure_text(summary, name, figures)
