"""Simulations that a workflow cannot look at when it starts: another rule makes them, or storage delivers them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spikelib.errors import ConfigError

__all__ = ["Awaited", "find_awaited"]


@dataclass(frozen=True)
class Awaited:
    """The files of a simulation, as paths from the working directory or as queries such as ``s3://bucket/key``."""

    source: str
    """The simulation config or spike file."""
    files: tuple[str, ...] = ()
    """The other files that have to be there before the source is read."""
    storage: str | None = None
    """Name or tag of the storage provider; None for the one that the queries belong to, or for plain paths."""


def find_awaited(simulations: Mapping[str, Any]) -> dict[str, Awaited]:
    """Pick the simulations that are not looked at beforehand.

    Parameters
    ----------
    simulations
        Name -> a mapping with ``source``, ``files`` (relative to the source's folder) and ``storage``, or a storage
        query; what has any other value is left out, as its files are there already.

    Returns
    -------
    dict
        Name -> its files, in the order of the config.

    Raises
    ------
    ConfigError
        If a file lies above the root of the storage, or a path holds braces.

    Examples
    --------
    >>> find_awaited({"a": {"source": "s3://lab/a/config.json", "files": ["spikes.h5", "../nodes.h5"]}})["a"].files
    ('s3://lab/a/spikes.h5', 's3://lab/nodes.h5')
    >>> find_awaited({"b": "runs/b/config.json", "c": "s3://lab/c.h5"})
    {'c': Awaited(source='s3://lab/c.h5', files=(), storage=None)}
    """
    found: dict[str, Awaited] = {}
    for name, value in simulations.items():
        if isinstance(value, Mapping):
            source, files = value["source"], value.get("files") or ()
            beside = tuple(_beside(source, file, name) for file in files)
            found[name] = Awaited(source, beside, value.get("storage"))
        elif "://" in value:
            found[name] = Awaited(value)
        else:
            continue
        for path in (found[name].source, *found[name].files):
            if "{" in path:
                what = "Snakemake, which makes or fetches it, takes braces for a wildcard"
                msg = f"simulations.{name}: {path}: {what}; rename it"
                raise ConfigError(msg)
    return found


def _beside(source: str, file: str, name: str) -> str:
    """Return the path or query of a file that is given relative to the folder of another."""
    if "://" in file:
        return file
    scheme, mark, path = source.rpartition("://")
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
    if mark and joined.startswith(("/", "..")):
        msg = f"simulations.{name}.files: {file} leads out of {scheme}://; files are relative to the folder of {source}"
        raise ConfigError(msg)
    return f"{scheme}{mark}{joined}"
