"""Which results were made from something else than they would be now, by what they state themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spikelib.options.filters import filter_options
from spikelib.provenance.made_from import (
    campaign_page_text,
    figure_text,
    page_text,
    spikes_text,
    summary_text,
    table_text,
)
from spikelib.provenance.stated import read_made_from
from spikelib.results import CAMPAIGN_PAGE, SimulationResults, part_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from spikelib.campaign.campaign import Campaign
    from spikelib.results import FilterResults

__all__ = ["outdated", "outdated_campaign_page"]


def outdated(campaign: Campaign, simulation: str, place: Path) -> list[Path]:
    """Return the results of a simulation that have to be made again, whatever their times and Snakemake's records say.

    A result is up to date if it states what it would be made from now: time and size of the simulation's files, the
    filter, the options and the version of spikelib. What cannot be read is not up to date.

    Parameters
    ----------
    campaign, simulation
        The campaign, and the name of a simulation of it.
    place
        Folder of all results.

    Returns
    -------
    For each such job at least one of its outputs; the page alone where one job makes everything. None of a deferred
    simulation, whose files nobody has looked at.
    """
    made_from = campaign.contents.get(simulation, {}).get("made_from")
    if made_from is None:
        return []
    files = SimulationResults(place / simulation)
    found = [path for path, text in _expected(campaign, simulation, files, made_from) if _states_other(path, text)]
    return [files.page] if found and simulation in campaign.per_simulation else found


def outdated_campaign_page(campaign: Campaign, record: Path, place: Path) -> list[Path]:
    """Return the page of the campaign if it shows other results than there are.

    Parameters
    ----------
    campaign
        The campaign.
    record
        The ``campaign.json`` that the page is made from.
    place
        Folder of all results.
    """
    page = place / CAMPAIGN_PAGE
    return [page] if _states_other(page, campaign_page_text(record, place, campaign.members)) else []


def _states_other(path: Path, text: str) -> bool:
    # What is not there yet is made without our word.
    return read_made_from(path) not in (text, None)


def _expected(
    campaign: Campaign, simulation: str, files: SimulationResults, made_from: str
) -> Iterator[tuple[Path, str]]:
    """Yield results with what they should state."""
    n_slabs = campaign.n_slabs(simulation) if simulation in campaign.per_step else 1
    for stem, population in campaign.populations(simulation).items():
        text = table_text(made_from, population)
        table = files.tables / f"{stem}.parquet"
        yield from ((part_path(table, slab), text) for slab in range(n_slabs))
    filters = filter_options(campaign.config["filters"])
    for chosen in filters:
        place, spikes = files.filter(chosen.name), spikes_text(made_from, chosen)
        tables = [place.spikes] if n_slabs == 1 else [part_path(place.spikes, slab) for slab in range(n_slabs)]
        yield from ((path, spikes) for path in tables if path.is_file())
        yield from _drawn(campaign, place, summary_text(spikes, campaign.figure_options, campaign.properties))
    yield files.page, page_text(made_from, filters, campaign.figure_options, campaign.properties)


def _drawn(campaign: Campaign, place: FilterResults, summary: str) -> Iterator[tuple[Path, str]]:
    yield place.statistics, summary
    yield place.summary, summary
    for name in campaign.stills:
        yield place.figure(name, "png"), figure_text(summary, name, campaign.figure_options)
    if campaign.animation is not None:
        yield place.poster, figure_text(summary, "animation", campaign.figure_options)
