"""Which simulations a workflow config means: paths, globs, the demo, and the rows of a sample sheet."""

from __future__ import annotations

import glob
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from spikelib.campaign.sheet import Row, read_sheet
from spikelib.demo import write_demo
from spikelib.errors import ConfigError
from spikelib.sonata.configs.bmtk_copy import is_expanded_copy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

__all__ = ["DEMO", "Entry", "find_campaign", "find_simulations", "name_after_folder"]

DEMO = "demo"
"""The value that stands for the simulation inside spikelib (a file of that name is ``./demo``)."""


@dataclass(frozen=True)
class Entry:
    """One simulation of a campaign."""

    source: Path
    """Its simulation config or spike file."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Column of the sample sheet -> text."""


def find_campaign(
    simulations: Mapping[str, str], sheet: str | None, demo_folder: Path, awaited: Collection[str] = ()
) -> tuple[dict[str, Entry], dict[str, Mapping[str, str]]]:
    """Find the simulations that a config names by paths and globs, and those of its sample sheet.

    Parameters
    ----------
    simulations
        As for `find_simulations`.
    sheet
        A sample sheet (`spikelib.campaign.sheet.read_sheet`), None if there is none. A row without a path describes
        a simulation that `simulations` finds or that is `awaited`. A row whose path does not exist yet is an entry
        all the same: a sheet may name runs that are still to come.
    demo_folder
        Where the demo is written, once, if it is asked for.
    awaited
        Names of simulations that somebody else brings along.

    Returns
    -------
    entries, metadata of the awaited
        Both by name; entries of `simulations` come first, then those of the sheet, in its order.

    Raises
    ------
    SpikelibError
        The config or the sheet is wrong.
    """
    found = {name: Entry(path) for name, path in find_simulations(simulations, demo_folder).items()}
    described: dict[str, Mapping[str, str]] = {}
    for name, row in ({} if sheet is None else read_sheet(sheet)).items():
        if name in awaited:
            described[name] = _metadata_only(name, row)
        else:
            found[name] = _join(name, row, found.get(name), demo_folder)
    return found, described


def _metadata_only(name: str, row: Row) -> Mapping[str, str]:
    if row.path is not None:
        msg = f"{row.where}, column path: the config names {name!r} as well; leave the path to one of them"
        raise ConfigError(msg)
    return row.metadata


def _join(name: str, row: Row, entry: Entry | None, demo_folder: Path) -> Entry:
    """Bring together what the config and the sheet say of one simulation."""
    if row.path is None:
        if entry is None:
            msg = f"{row.where}, column path: {name!r} has no path, and the config finds no such simulation; give one"
            raise ConfigError(msg)
        return Entry(entry.source, row.metadata)
    path = _demo(demo_folder) if row.path == DEMO else Path(row.path).expanduser()
    if path.is_dir():
        msg = f"{row.where}, column path: {row.path} is a folder, not a simulation config or spike file; mend the path"
        raise ConfigError(msg)
    if not path.exists() and glob.has_magic(row.path):
        msg = f"{row.where}, column path: {row.path} is a glob, and a row is one simulation; globs go under simulations"
        raise ConfigError(msg)
    if entry is not None and path.absolute() != entry.source.absolute():
        msg = f"{row.where}, column path: {row.path} and {entry.source} are both named {name!r}; rename one"
        raise ConfigError(msg)
    return Entry(path, row.metadata)


def find_simulations(simulations: Mapping[str, str], demo_folder: Path) -> dict[str, Path]:
    """Find the source file of each simulation of a campaign.

    Parameters
    ----------
    simulations
        Name -> path of a simulation config or spike file, relative to the current folder. A value with
        ``*``, ``?``, ``[`` or ``**`` is a glob: each file that it matches is a simulation named after its
        folder, and the copies of a config that BMTK leaves in its output folder are passed over. The value
        ``demo`` is the simulation inside spikelib.
    demo_folder
        Where the demo is written, once, if it is asked for.

    Returns
    -------
    dict
        Name -> source file, in the order of the config; the matches of a glob in the order of their paths.

    Raises
    ------
    ConfigError
        If a path does not exist, a glob matches no file, or two simulations have the same name.
    """
    found: dict[str, Path] = {}
    for key, value in simulations.items():
        for name, path in _find(key, value, demo_folder).items():
            if not path.samefile(found.setdefault(name, path)):
                clash = f"{path} and {found[name]} are both named {name!r}"
                msg = f"simulations.{key}: {clash}; rename a key of the config, or a folder"
                raise ConfigError(msg)
    return found


def _find(key: str, value: str, demo_folder: Path) -> dict[str, Path]:
    if value == DEMO:
        return {key: _demo(demo_folder)}
    pattern = str(Path(value).expanduser())
    if glob.has_magic(pattern):
        paths = _matches(pattern)
        if not paths:
            msg = f"simulations.{key}: no file matches {value} (from {Path.cwd()}); mend or remove the glob"
            raise ConfigError(msg)
        return name_after_folder(paths)
    path = Path(pattern)
    if not path.is_file():
        what = "is a folder, not a simulation config or spike file" if path.is_dir() else "does not exist"
        msg = f"simulations.{key}: {value} {what} (paths are relative to {Path.cwd()}); mend the path"
        raise ConfigError(msg)
    return {key: path}


def _demo(folder: Path) -> Path:
    config = folder / "simulation_config.json"
    # Written once: files written again by every start of the workflow would look new to it.
    return config if config.is_file() else write_demo(folder)


def _matches(pattern: str) -> list[Path]:
    """Return the files that a glob means, without the copies that BMTK made of others."""
    found = glob.iglob(pattern, recursive=True)  # noqa: PTH207 - Path.glob would search hidden folders too
    paths = [path for path in map(Path, sorted(found)) if path.is_file()]
    originals = [path for path in paths if path.suffix != ".json" or not is_expanded_copy(path)]
    return originals or paths


def name_after_folder(paths: Sequence[Path]) -> dict[str, Path]:
    """Name files after their folders, with the file's name or the folders above where that is not enough.

    Raises
    ------
    ConfigError
        If two files still have the same name.

    Examples
    --------
    >>> list(name_after_folder([Path("runs/a/config.json"), Path("runs/b/config.json")]))
    ['a', 'b']
    >>> list(name_after_folder([Path("runs/a/one.json"), Path("runs/a/two.json")]))
    ['a-one', 'a-two']
    >>> list(name_after_folder([Path("weak/a/config.json"), Path("strong/a/config.json")]))
    ['weak-a', 'strong-a']
    """
    alike: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        alike[_name(path, 1)].append(path)
    named: dict[str, Path] = {}
    for group in alike.values():
        for name, path in zip(_distinct_names(group), group, strict=True):
            if name in named:
                msg = f"{path} and {named[name]} would both be named {name!r}; give them keys of their own"
                raise ConfigError(msg)
            named[name] = path
    return named


def _distinct_names(paths: Sequence[Path]) -> list[str]:
    depths = range(1, max(len(path.absolute().parts) for path in paths))
    for depth in depths:
        for with_stem in (False, True):
            names = [_name(path, depth, with_stem=with_stem) for path in paths]
            if len(set(names)) == len(names):
                return names
    return [_name(path, 1) for path in paths]


def _name(path: Path, depth: int, *, with_stem: bool = False) -> str:
    """Return the last folders of a path, and the file's stem if wanted, as one name that a path may hold."""
    parts = [*path.absolute().parent.parts[-depth:], *([path.stem] if with_stem else [])]
    return re.sub(r"[^A-Za-z0-9._-]+", "_", "-".join(parts).strip("/-")) or "root"
