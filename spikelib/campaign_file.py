"""What the workflow found a campaign to hold, in one JSON: for the campaign page, and for jobs on other machines."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.campaign import Entry
from spikelib.errors import ConfigError
from spikelib.files import write_text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["read_entries", "remove_gone", "write_campaign"]


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


def remove_gone(campaign: Path, results: Path, logs: Path) -> list[str]:
    """Remove results and logs of the simulations that a campaign no longer holds.

    Parameters
    ----------
    campaign
        What `write_campaign` wrote. A simulation that waits or is broken is still in the campaign.
    results
        Folder of results; a folder in it without ``description.json``, ``report.html`` or ``filters`` is left alone.
    logs
        Folder of logs.

    Returns
    -------
    list of str
        Names of the simulations whose results were removed, sorted.

    Raises
    ------
    ConfigError
        The campaign file cannot be read: nothing is removed then.
    """
    try:
        names = set(json.loads(_read(campaign) or "")["simulations"])
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{campaign}: does not tell what the campaign holds, so no results are removed; run the workflow first"
        raise ConfigError(msg) from error
    if not names:
        return []
    marks = ("description.json", "report.html", "filters")
    gone = sorted(
        path.name
        for path in results.glob("*/")
        if path.name not in names and not path.is_symlink() and any((path / mark).exists() for mark in marks)
    )
    for name in gone:
        shutil.rmtree(results / name)
        for folder in (*logs.glob("*/"), *logs.glob("benchmarks/*/")):
            shutil.rmtree(folder / name, ignore_errors=True)
            for suffix in (".log", ".tsv"):
                (folder / f"{name}{suffix}").unlink(missing_ok=True)
    return gone


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
