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
    survey_text,
    table_text,
)
from spikelib.provenance.stated import read_made_from
from spikelib.results import CAMPAIGN_PAGE, part_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from spikelib.options.counting import Counting
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
    counting: Counting
    """What is counted beside these."""
    is_filmed: bool = True
    """Whether any population has the positions that an animation shows."""


def outdated(files: SimulationResults, wanted: Wanted) -> list[Path]:
    """Return the results of a simulation that have to be made again, whatever their times and Snakemake's records say.

    A result is up to date if it states what it would be made from now: time and size of the simulation's files, the
    filter, the options and the version of spikelib. What cannot be read is not up to date, nor what is missing beside
    other files of its job.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.options.counting import Counting
    >>> from spikelib.options.figures import FigureOptions
    >>> from spikelib.options.filters import Filter
    >>> from spikelib.results import SimulationResults
    >>> wanted = Wanted("...", {}, 1, [Filter("all")], FigureOptions(), Counting())
    >>> with TemporaryDirectory() as folder:
    ...     files = SimulationResults(Path(folder))
    ...     files.filter("all").folder.mkdir(parents=True)
    ...     _ = files.filter("all").statistics.write_text('{"made_from": "by an older spikelib"}')
    ...     [path.name for path in outdated(files, wanted)]
    ['statistics.json', 'spikes.parquet', 'summary.npz', 'nodes.parquet', 'spectrum.parquet']
    """
    return [path for job in expected(files, wanted) for path in _of_job(job)]


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


def _of_job(files: Mapping[Path, str | None]) -> list[Path]:
    """Return what is outdated of the files of one job; what is missing too, unless all are."""
    present = {path for path in files if path.is_file()}
    stale = [path for path, text in files.items() if text is not None and path in present and _states_other(path, text)]
    return [*stale, *(path for path in files if present and path not in present)]


def expected(files: SimulationResults, wanted: Wanted) -> Iterator[dict[Path, str | None]]:
    """Yield the files of each job, whether they exist or not, with what they should state, if anything.

    Snakemake misses only those of a job's files that another job needs.
    """
    slabs = range(wanted.n_slabs)
    if wanted.n_slabs > 1:
        yield {files.survey: survey_text(wanted.simulation, wanted.n_slabs)}
    for stem, population in wanted.populations.items():
        table, text = files.tables / f"{stem}.parquet", table_text(wanted.simulation, population, wanted.n_slabs)
        for slab in slabs:
            yield {part_path(table, slab): text}
    for chosen in wanted.filters:
        place, spikes = files.filter(chosen.name), spikes_text(wanted.simulation, chosen)
        summary = summary_text(spikes, wanted.figures, wanted.counting.of(chosen))
        made: dict[Path, str | None] = {place.statistics: summary, place.summary: summary, place.nodes: None}
        made[place.spectrum] = None
        if wanted.n_slabs > 1:
            for slab in slabs:
                yield {part_path(place.spikes, slab): spikes}
            yield made
        else:
            yield {place.spikes: spikes, **made}
        yield from _drawn(place, summary, wanted)
    page = page_text(wanted.simulation, wanted.filters, wanted.figures, wanted.counting)
    yield {files.page: page, files.description: None, files.overview: None}


def _drawn(place: FilterResults, summary: str, wanted: Wanted) -> Iterator[dict[Path, str | None]]:
    figures = wanted.figures
    stills: dict[Path, str | None] = {}
    for name, options in figures.choices().items():
        if options is not None and name != "animation":
            stills |= {place.figure(name, suffix): None for suffix in figures.files.suffixes}
            stills[place.figure(name, "png")] = figure_text(summary, name, figures)
    yield stills
    if figures.animation is not None and wanted.is_filmed:
        film = place.figure("animation", figures.animation.format)
        yield {film: None, place.poster: figure_text(summary, "animation", figures)}
