"""Which simulations a workflow config means: paths, globs, the demo, and the rows of a sample sheet."""

from __future__ import annotations

import glob
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from spikelib.campaign.record import Member
from spikelib.campaign.sheet import Row, read_sheet
from spikelib.campaign.similar import similar_path
from spikelib.demo import write_demo
from spikelib.errors import ConfigError
from spikelib.sonata.configs.bmtk_copy import is_expanded_copy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spikelib.campaign.deferred import Awaited

__all__ = ["DEMO", "find_members", "find_simulations", "name_after_folder", "plain_name"]

DEMO = "demo"
"""The value that stands for the simulation inside spikelib (a file of that name is ``./demo``)."""


def find_members(
    simulations: Mapping[str, str],
    sheet: str | None,
    demo_folder: Path,
    awaited: Mapping[str, Awaited] | None = None,
) -> dict[str, Member]:
    """Find the simulations that a config names by paths and globs, and those of its sample sheet.

    Parameters
    ----------
    simulations
        As for `find_simulations`.
    sheet
        A sample sheet (`spikelib.campaign.sheet.read_sheet`), None if there is none. A row without a path describes
        a simulation that `simulations` finds or that is `awaited`. A row whose path does not exist yet, in
        a folder that does, is a member all the same: a sheet may name runs that are still to come.
    demo_folder
        Where the demo is written, once, if it is asked for.
    awaited
        Simulations that another rule makes or storage delivers, by name.

    Returns
    -------
    dict
        Name -> member: first those of `awaited`, which are deferred, then those of `simulations`, then those of the
        sheet, in its order. All but the deferred are called ready, as nobody has looked at them.

    Raises
    ------
    SpikelibError
        The config or the sheet is wrong.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     source = Path(folder, "spikes.h5")
    ...     source.touch()
    ...     list(find_members({"mine": str(source)}, None, Path(folder, "demo")))
    ['mine']
    """
    awaited = awaited or {}
    found = {name: Member(name, one.source, state="deferred") for name, one in awaited.items()}
    for name, path in find_simulations(simulations, demo_folder).items():
        found[name] = Member(name, str(path))
    for name, row in ({} if sheet is None else read_sheet(sheet)).items():
        known = found.get(name)
        if known is not None and known.state == "deferred":
            found[name] = _describe(known, row)
        else:
            found[name] = _join(name, row, known, demo_folder)
    return found


def _describe(member: Member, row: Row) -> Member:
    """Add what the sheet says of a simulation that is deferred."""
    if row.path is not None:
        msg = f"{row.where}, column path: the config names {member.name!r} as well; leave the path to one of them"
        raise ConfigError(msg)
    return replace(member, metadata=row.metadata)


def _join(name: str, row: Row, member: Member | None, demo_folder: Path) -> Member:
    """Join what the config and the sheet say of one simulation."""
    if row.path is None:
        if member is None:
            msg = f"{row.where}, column path: {name!r} has no path, and the config finds no such simulation; give one"
            raise ConfigError(msg)
        return replace(member, metadata=row.metadata)
    path = _demo(demo_folder) if row.path == DEMO else _path(row.path, f"{row.where}, column path")
    if path.is_dir():
        what = "is a folder, not a simulation config or spike file"
        msg = f"{row.where}, column path: {row.path} {what}; correct the path"
        raise ConfigError(msg)
    if not path.exists() and glob.has_magic(row.path):
        msg = f"{row.where}, column path: {row.path} is a glob, and a row is one simulation; globs go under simulations"
        raise ConfigError(msg)
    if not path.exists() and not path.parent.is_dir():
        what = f"{row.path} does not exist, nor does its folder{_similar(path)} (paths are relative to {Path.cwd()})"
        msg = f"{row.where}, column path: {what}; correct the path, or make the folder of a run that is still to come"
        raise ConfigError(msg)
    if not path.exists() and "\\" in row.path:
        msg = f"{row.where}, column path: there is no {row.path}; write / between folders, not \\"
        raise ConfigError(msg)
    if member is not None and path.absolute() != Path(member.source).absolute():
        msg = f"{row.where}, column path: {row.path} and {member.source} are both named {name!r}; rename one"
        raise ConfigError(msg)
    return Member(name, str(path), row.metadata)


def _path(text: str, where: str) -> Path:
    """Return a path of a config or a sheet; ConfigError where no file can have it."""
    try:
        path = Path(text).expanduser()
        path.exists()  # a name may be too long, or hold what no name holds
    except (OSError, RuntimeError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        msg = f"{where}: the path {text} cannot be looked at ({reason}); correct the path"
        raise ConfigError(msg) from error
    return path


def _similar(path: Path) -> str:
    """Return a hint at what was meant by a path, "" if nothing of the kind is there."""
    found = similar_path(path)
    return "" if found is None else f", but there is {found}"


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

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("seed_1", "seed_2"):
    ...         Path(folder, name).mkdir()
    ...         Path(folder, name, "spikes.h5").touch()
    ...     list(find_simulations({"campaign": f"{folder}/*/spikes.h5"}, Path(folder, "demo")))
    ['seed_1', 'seed_2']
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
    pattern = str(_path(value, f"simulations.{key}"))
    if glob.has_magic(pattern) and not Path(pattern).is_file():  # a folder may be named run[1]
        paths = _matches(pattern)
        if not paths:
            msg = f"simulations.{key}: no file matches {value} (from {Path.cwd()}); correct or remove the glob"
            raise ConfigError(msg)
        return name_after_folder(paths)
    path = Path(pattern)
    if not path.is_file():
        what = "is a folder, not a simulation config or spike file" if path.is_dir() else "does not exist"
        what += "" if path.is_dir() else _similar(path)
        msg = f"simulations.{key}: {value} {what} (paths are relative to {Path.cwd()}); correct the path"
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
    return plain_name("-".join(parts).strip("/-"))


def plain_name(text: str) -> str:
    """Return a text as the name of a simulation: what a name may not hold becomes ``_``.

    >>> plain_name("g={4}"), plain_name("{x} 1")
    ('g_4_', 'x_1')
    """
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text).lstrip("._-") or "root"
