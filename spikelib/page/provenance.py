"""Where the results come from: versions, date of the page, commands, input."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any

from spikelib.page.format import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["installed_versions", "page_date", "provenance_context"]

DISTRIBUTIONS = ("numpy", "h5py", "pyarrow", "matplotlib")


def installed_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that shape the results, without importing them."""
    versions = {"python": platform.python_version()}
    for name in DISTRIBUTIONS:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def page_date() -> str | None:
    """Return the date of the page: that of SOURCE_DATE_EPOCH (seconds since 1970), else None.

    A page carries no date of its own, so that the same results give the same bytes.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%d %H:%M UTC") if epoch.isdecimal() else None


def provenance_context(description: Mapping[str, Any], provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Arrange the provenance.

    Parameters
    ----------
    description
        Description of the source.
    provenance
        All keys optional: ``versions`` (name -> version; they go before those installed), ``commands`` (lines
        as typed), ``git_commit``, ``config`` (the workflow's configuration as resolved).

    Examples
    --------
    >>> description = {"spikelib": "0.1.0", "simulation": {"content": {}}, "spike_file": {"path": "spikes.h5"}}
    >>> found = provenance_context(description, {"commands": ["spikelib report spikes.h5"], "config": {"figures": {}}})
    >>> found["commands"], list(found["configs"])
    (['spikelib report spikes.h5'], ['Configuration of the analysis as resolved'])
    """
    versions = {"spikelib": description["spikelib"], **installed_versions(), **provenance.get("versions", {})}
    configs = {
        "Simulation config as resolved": description["simulation"]["content"],
        "Configuration of the analysis as resolved": provenance.get("config"),
    }
    return {
        "versions": versions,
        "spike_file": description["spike_file"],
        "commands": list(provenance.get("commands", ())),
        "git_commit": provenance.get("git_commit"),
        "configs": {title: as_json(config, indent=2) for title, config in configs.items() if config},
        "date": page_date(),
    }
