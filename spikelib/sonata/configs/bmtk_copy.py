"""The expanded copies of a config that bmtk writes into the output folder of a simulation.

Such a copy holds all settings with variables replaced, plus ``config_path`` and ``config_dir``: where the
original was when it ran, often on another machine. Its relative paths are relative to the original's folder.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from spikelib.errors import SpikelibError
from spikelib.findings import Finding, Kind
from spikelib.sonata.configs.json_file import read_json
from spikelib.sonata.configs.manifest import is_windows_path

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEVELS = 4
"""How many folders above its own an output folder is looked for."""


def is_expanded_copy(path: str | Path) -> bool:
    """Return whether ``path`` is a copy that bmtk wrote, and no simulation of its own.

    A glob over a campaign asks this of each match. A file that cannot be read is no copy: opening it
    as a simulation will say what is wrong with it.
    """
    path = Path(path)
    try:
        content, _ = read_json(path, "simulation config")
    except SpikelibError:
        return False
    return isinstance(content, dict) and has_origin(content) and not _is_original(content, path)


def has_origin(content: Mapping[str, Any]) -> bool:
    """Return whether a config says where it was copied from."""
    return isinstance(content.get("config_dir"), str) and isinstance(content.get("config_path"), str)


def find_base(content: Mapping[str, Any], path: Path) -> tuple[Path, Finding | None]:
    """Find the folder that the paths of an expanded copy are relative to.

    Parameters
    ----------
    content
        The copy, for which `has_origin` holds.
    path
        Where the copy is.

    Returns
    -------
    The folder, and a finding if it is a guess. A folder from which the copy's ``output_dir`` leads to the
    copy is taken before ``config_dir``: a simulation that was moved or duplicated is read at its new place.

    Examples
    --------
    >>> content = {"config_dir": "/old/run", "config_path": "/old/run/c.json", "output": {"output_dir": "/old/run/out"}}
    >>> base, note = find_base(content, Path("/new/run/out/c.json"))
    >>> base.as_posix(), note
    ('/new/run', None)
    """
    own = Path(os.path.normpath(path.absolute().parent))
    written = _below(_output_dir(content), content["config_dir"])
    for folder in (own, *list(own.parents)[:_LEVELS]):
        if os.path.normpath(folder / PurePosixPath(written)) == str(own):
            return folder, None
    original = Path(content["config_dir"])
    if original.is_dir():
        return original.absolute(), None
    text = f"the folder of the original config does not exist here: {content['config_dir']}"
    return own, Finding(Kind.BMTK_ORIGIN_MISSING, text)


def relocate(value: Any, origin: str, base: Path) -> Any:
    """Return ``value`` with all absolute paths below the folder ``origin`` moved to below ``base``."""
    if isinstance(value, dict):
        return {key: relocate(item, origin, base) for key, item in value.items()}
    if isinstance(value, list):
        return [relocate(item, origin, base) for item in value]
    if not isinstance(value, str) or not _pure(value).is_absolute():
        return value
    below = _below(value, origin)
    return value if below == value else str(base / PurePosixPath(below))


def _is_original(content: Mapping[str, Any], path: Path) -> bool:
    return os.path.normpath(str(content["config_path"])) == os.path.normpath(path.absolute())


def _output_dir(content: Mapping[str, Any]) -> str:
    output = content.get("output")
    written = output.get("output_dir", ".") if isinstance(output, dict) else "."
    return written if isinstance(written, str) else "."


def _pure(text: str) -> PurePath:
    return PureWindowsPath(text) if is_windows_path(text) else PurePosixPath(text)


def _below(text: str, origin: str) -> str:
    """Return ``text`` relative to ``origin`` with slashes; an absolute path elsewhere is kept."""
    path, folder = _pure(text), _pure(origin)
    if type(path) is type(folder) and path.is_relative_to(folder):
        return path.relative_to(folder).as_posix()
    return text if path.is_absolute() else path.as_posix()
