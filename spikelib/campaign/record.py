"""What the workflow found a campaign to hold, in one JSON: for the campaign page, and for jobs on other machines."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from spikelib.errors import TableError
from spikelib.files import write_text
from spikelib.results import read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["CampaignRecord", "Member", "State", "read_campaign", "write_campaign"]

State: TypeAlias = Literal["ready", "deferred", "waiting", "broken"]
"""Of a member. "ready": its jobs can be planned. "deferred": another rule makes it or storage delivers it, so that it
is not looked at beforehand. "waiting": its spike report is not finished, it is left for the next run. "broken": it
cannot be read, so that its jobs fail."""


@dataclass(frozen=True)
class Member:
    """A simulation of a campaign."""

    name: str
    source: str = ""
    """Its simulation config or spike file: a path, or a query of storage; "" where only results are known."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Column of the sample sheet -> text."""
    state: State = "ready"
    problem: str = ""
    """Why it is waiting or broken; "" if it is neither."""


@dataclass(frozen=True)
class CampaignRecord:
    """Content of ``campaign.json``."""

    asked: Mapping[str, Any]
    """What the config said of simulations when it was written."""
    members: tuple[Member, ...]
    """In the order of the campaign."""


def write_campaign(path: Path, asked: Mapping[str, Any], members: Iterable[Member]) -> None:
    """Write which simulations a campaign holds; a file that says so already is not touched.

    Parameters
    ----------
    path
        A JSON file. Under ``simulations``: name -> ``source``, ``metadata``, ``state`` and, if there is one,
        ``problem``.
    asked
        What the config says of simulations, so that a reader can find out whether the file answers it.
    members
        In the order of the campaign.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_campaign(Path(folder, "campaign.json"), {}, [Member("weak", "runs/1.json", {"g": "4.5"})])
    ...     read_campaign(Path(folder, "campaign.json")).members
    (Member(name='weak', source='runs/1.json', metadata={'g': '4.5'}, state='ready', problem=''),)
    """
    simulations: dict[str, dict[str, Any]] = {}
    for member in members:
        entry = {"source": member.source, "metadata": dict(member.metadata), "state": member.state}
        simulations[member.name] = {**entry, "problem": member.problem} if member.problem else entry
    text = json.dumps({"asked": asked, "simulations": simulations}, indent=1)
    # A new time of the file would have the campaign page made again at every start.
    if _text_of(path) != text:
        write_text(path, text)


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def read_campaign(path: Path) -> CampaignRecord:
    """Read which simulations a campaign holds.

    Raises
    ------
    MissingFileError, TableError
        If there is no such file, or it holds something else, such as what an older spikelib wrote.
    """
    content = read_json(path)
    simulations = content.get("simulations")
    if not isinstance(simulations, dict) or not all(_is_entry(entry) for entry in simulations.values()):
        msg = (
            f"{path}: expected simulations with their states by name under the key 'simulations';"
            " let the workflow write it again"
        )
        raise TableError(msg)
    members = tuple(_member(name, entry) for name, entry in simulations.items())
    return CampaignRecord(content.get("asked") or {}, members)


def _is_entry(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and entry.get("state") in get_args(State)
        and isinstance(entry.get("source", ""), str)
        and isinstance(entry.get("metadata") or {}, dict)
    )


def _member(name: str, entry: Mapping[str, Any]) -> Member:
    return Member(
        name=name,
        source=entry.get("source", ""),
        metadata={str(column): _one_line(value) for column, value in (entry.get("metadata") or {}).items()},
        state=entry["state"],
        problem=_one_line(entry.get("problem")),
    )


def _one_line(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())
