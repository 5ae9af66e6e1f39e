"""Which simulations a workflow config means: paths, globs, and the demo."""

from __future__ import annotations

import glob
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from spikelib.demo import write_demo
from spikelib.errors import ConfigError
from spikelib.sonata.bmtk_copy import is_expanded_copy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["DEMO", "find_simulations", "name_after_folder"]

DEMO = "demo"
"""The value that stands for the simulation inside spikelib (a file of that name is ``./demo``)."""


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
