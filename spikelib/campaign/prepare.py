"""What the workflow has to know before it can plan jobs: the simulations of its config, and what each of them holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spikelib.campaign.deferred import find_awaited
from spikelib.campaign.inventory import Outlook, plan_all, read_plans
from spikelib.campaign.members import find_campaign
from spikelib.campaign.record import read_entries, write_campaign
from spikelib.results import CAMPAIGN_RECORD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from spikelib.campaign.deferred import Awaited
    from spikelib.campaign.members import Entry

__all__ = ["Campaign", "prepare_campaign"]

_UNKNOWN: dict[str, Any] = {"populations": [], "properties": {}, "files": []}
_SHOWN = 10


@dataclass(frozen=True)
class Campaign:
    """The simulations that a run of the workflow works on."""

    awaited: Mapping[str, Awaited]
    """Those that are not looked at beforehand."""
    sources: Mapping[str, Path]
    """Simulation config or spike file of all others, without those that wait."""
    plans: Mapping[str, Mapping[str, Any]]
    """The answer of `spikelib.campaign.inventory.plan` for each source; without populations if it cannot be read."""
    problems: Mapping[str, str]
    """Why a simulation waits ("waiting: ..."; it is in no other mapping) or cannot be read."""

    def notices(self) -> list[str]:
        """Return lines that tell of waiting and of broken simulations; of many only the first ones."""
        waiting = {name: text for name, text in self.problems.items() if text.startswith("waiting")}
        broken = {name: text for name, text in self.problems.items() if name not in waiting}
        return [
            *_first({name: f"is left for the next time: {text}" for name, text in waiting.items()}),
            *_first({name: f"cannot be read: {text}" for name, text in broken.items()}),
        ]


def prepare_campaign(config: Mapping[str, Any], resources: Path, *, first: bool) -> Campaign:
    """Find the simulations of a config, and plan them.

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
    """
    awaited = find_awaited(config.get("simulations", {}))
    asked = {"simulations": config.get("simulations", {}), "sheet": config.get("sheet")}
    if not first:
        written = _as_written(asked, awaited, resources)
        if written is not None:
            return written
    seen = {name: value for name, value in asked["simulations"].items() if name not in awaited}
    entries, described = find_campaign(seen, asked["sheet"], resources / "demo", awaited)
    # The absolute path tells a copy of a whole working directory from its original.
    sources = {name: entry.source.absolute() for name, entry in entries.items()}
    outlooks = plan_all(sources, resources / "plans.json", config["quiet_minutes"])
    problems = {name: outlook.problem for name, outlook in outlooks.items() if outlook.problem}
    if first:
        members = {name: (one.source, described.get(name, {})) for name, one in awaited.items()}
        members |= {name: (str(entry.source), entry.metadata) for name, entry in entries.items()}
        write_campaign(resources / CAMPAIGN_RECORD, asked, members, problems)
    return _campaign(awaited, entries, outlooks)


def _as_written(asked: Mapping[str, Any], awaited: Mapping[str, Awaited], resources: Path) -> Campaign | None:
    entries = read_entries(resources / CAMPAIGN_RECORD, asked)
    if entries is None:
        return None
    plans = read_plans(resources / "plans.json")
    found = {name: entry for name, entry in entries.items() if name not in awaited}
    return _campaign(awaited, found, {name: Outlook(plans.get(name, _UNKNOWN)) for name in found})


def _campaign(
    awaited: Mapping[str, Awaited], entries: Mapping[str, Entry], outlooks: Mapping[str, Outlook]
) -> Campaign:
    sources = {name: entry.source for name, entry in entries.items() if not outlooks[name].waits}
    plans = {name: outlooks[name].known for name in sources}
    problems = {name: outlook.problem for name, outlook in outlooks.items() if outlook.problem}
    return Campaign(awaited, sources, plans, problems)


def _first(lines: Mapping[str, str]) -> list[str]:
    shown = [f"simulation {name} {text}" for name, text in list(lines.items())[:_SHOWN]]
    more = len(lines) - _SHOWN
    return [*shown, f"and {more} more, see resources/campaign.json"] if more > 0 else shown
