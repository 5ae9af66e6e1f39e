"""What the workflow has to know before it can plan jobs: the simulations of its config, and what each of them holds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.campaign.campaign import Campaign
from spikelib.campaign.deferred import find_awaited
from spikelib.campaign.inventory import NOTHING, read_inventories, take_inventories
from spikelib.campaign.members import find_members
from spikelib.campaign.record import read_campaign, write_campaign
from spikelib.errors import SpikelibError
from spikelib.options.counting import counting_options
from spikelib.options.figures import figure_options
from spikelib.options.filters import check_names, filter_options
from spikelib.results import CAMPAIGN_RECORD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spikelib.campaign.record import Member

__all__ = ["prepare_campaign"]

_INVENTORIES = "plans.json"


def prepare_campaign(config: Mapping[str, Any], resources: Path, *, first: bool) -> Campaign:
    """Find the simulations of a config, and take the inventory of each.

    Parameters
    ----------
    config
        The config of the workflow, checked and with its defaults.
    resources
        Folder for ``campaign.json``, ``plans.json`` and the demo.
    first
        True for the process that was started by the user: it looks at all files and writes down what it finds.
        False for a job, on whatever machine: it trusts what was written, so that thousands of jobs
        do not each look at thousands of files.

    Raises
    ------
    SpikelibError
        The config or the sample sheet is wrong.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> config = {"simulations": {"cloud": "s3://lab/run/spikes.h5"}, "sheet": None, "quiet_minutes": 60}
    >>> with TemporaryDirectory() as folder:
    ...     prepare_campaign(config, Path(folder), first=True).members["cloud"].state
    'deferred'
    """
    # Before any job is planned for one that is wrong.
    filter_options(config.get("filters"))
    figure_options(config.get("figures"))
    counting_options(config)
    simulations, sheet = config.get("simulations", {}), config.get("sheet")
    awaited = find_awaited(simulations)
    asked = {"simulations": simulations, "sheet": sheet}
    members = None if first else _read_members(resources / CAMPAIGN_RECORD, asked)
    if members is not None:
        remembered = read_inventories(resources / _INVENTORIES)
        contents = {name: remembered.get(name, NOTHING) for name in _looked_at(members)}
        return Campaign(config, members, contents, awaited)
    seen = {name: value for name, value in simulations.items() if name not in awaited}
    members = find_members(seen, sheet, resources / "demo", awaited)
    check_names(members, "simulations")
    # The absolute path tells a copy of a whole working directory from its original.
    sources = {name: Path(member.source).absolute() for name, member in members.items() if member.state == "ready"}
    inventories = take_inventories(sources, resources / _INVENTORIES, config["quiet_minutes"])
    for name, found in inventories.items():
        members[name] = replace(members[name], state=found.state, problem=found.problem)
    if first:
        write_campaign(resources / CAMPAIGN_RECORD, asked, members.values())
    return Campaign(config, members, {name: inventories[name].content for name in _looked_at(members)}, awaited)


def _looked_at(members: Mapping[str, Member]) -> list[str]:
    """Return the names of those whose jobs are planned by what their files hold."""
    return [name for name, member in members.items() if member.state in ("ready", "broken")]


def _read_members(path: Path, asked: Mapping[str, Any]) -> dict[str, Member] | None:
    """Return what was written down, or None if it answers another config or cannot be read."""
    try:
        record = read_campaign(path)
    except (OSError, SpikelibError):
        return None
    # The config has come through YAML, the record through JSON, which knows no tuples and no keys but texts.
    if record.asked != json.loads(json.dumps(asked)):
        return None
    return {member.name: member for member in record.members}
