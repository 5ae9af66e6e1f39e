"""What the workflow found a campaign to hold, in one JSON: for the campaign page, and for jobs on other machines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.campaign.members import Entry
from spikelib.errors import TableError
from spikelib.files import write_text
from spikelib.results import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["read_entries", "write_campaign"]


def write_campaign(
    path: Path,
    asked: Mapping[str, Any],
    members: Mapping[str, tuple[str, Mapping[str, str]]],
    problems: Mapping[str, str],
) -> None:
    """Write which simulations a campaign holds; a file that says so already is not touched.

    Parameters
    ----------
    path
        A JSON file. Under ``simulations``: name -> ``source``, ``metadata`` and, if there is one, ``problem``.
    asked
        What the config says of simulations, so that `read_entries` can tell whether the file answers it.
    members
        Name -> source and metadata, in the order of the campaign.
    problems
        Name -> why a simulation waits ("waiting: ...") or cannot be read.
    """
    simulations: dict[str, dict[str, Any]] = {}
    for name, (source, metadata) in members.items():
        simulations[name] = {"source": source, "metadata": dict(metadata)}
        if problems.get(name):
            simulations[name]["problem"] = problems[name]
    text = json.dumps({"asked": asked, "simulations": simulations}, indent=1)
    if _read(path) != text:
        write_text(path, text)


def read_entries(path: Path, asked: Mapping[str, Any]) -> dict[str, Entry] | None:
    """Read the simulations that are to be worked on, or None if the file answers another config or is damaged."""
    try:
        content = json.loads(_read(path) or "")
        if content["asked"] != json.loads(json.dumps(asked)):
            return None
        return {
            name: Entry(Path(entry["source"]), entry["metadata"])
            for name, entry in content["simulations"].items()
            if not entry.get("problem", "").startswith("waiting")
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


@dataclass(frozen=True)
class Member:
    """A simulation that the campaign should hold."""

    name: str
    metadata: Mapping[str, str]
    """Column of the sample sheet -> text."""
    problem: str
    """Why it has no jobs, or only one that fails; "" if nothing is known against it."""

    @property
    def waits(self) -> bool:
        """Whether its spike report is yet to be written."""
        return self.problem.startswith("waiting")


def read_campaign(path: Path) -> tuple[Member, ...]:
    """Read which simulations a campaign holds, in its order.

    Raises
    ------
    MissingFileError, TableError
        If there is no such file, or it holds something else.
    """
    content = read_json(path)
    simulations = content.get("simulations")
    if not isinstance(simulations, dict) or not all(isinstance(entry, dict) for entry in simulations.values()):
        msg = f"{path}: expected simulations by name under the key 'simulations'; let the workflow write it again"
        raise TableError(msg)
    return tuple(
        Member(
            name=name,
            metadata={str(column): _text(value) for column, value in (entry.get("metadata") or {}).items()},
            problem=_one_line(str(entry.get("problem") or "")),
        )
        for name, entry in simulations.items()
    )


def _text(value: Any) -> str:
    return "" if value is None else _one_line(str(value))


def _one_line(text: str) -> str:
    return " ".join(text.split())
