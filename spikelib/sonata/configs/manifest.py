"""The ``manifest`` of a config: its variables, and paths that are written with them.

Variables are written ``$NAME`` or ``${NAME}``; a manifest may define them as ``"$NAME"``, ``"${NAME}"`` or
``"NAME"`` and may nest them. A value that starts with ``.`` is a path relative to the folder of the config.
bmtk adds ``${configdir}``, ``${workingdir}`` and ``${configfname}``, which are known without a manifest.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from spikelib.errors import ConfigError
from spikelib.sonata.limits import current_limits, raise_it

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|([A-Za-z_]\w*))")


class Manifest:
    """The variables of one config.

    Parameters
    ----------
    content
        The config; its ``manifest`` is read, an absent one is empty.
    base
        Folder that relative paths are relative to.
    source
        The config file, for messages.

    Raises
    ------
    ConfigError
        The manifest is not an object, or its variables refer to each other in a circle.

    Examples
    --------
    >>> from pathlib import Path
    >>> variables = {"manifest": {"$BASE": ".", "$OUT": "${BASE}/output"}}
    >>> Manifest(variables, Path("/sims/a"), Path("/sims/a/config.json")).expand("$OUT/spikes.h5")
    '/sims/a/output/spikes.h5'
    """

    def __init__(self, content: Mapping[str, Any], base: Path, source: Path) -> None:
        manifest = content.get("manifest") or {}
        if not isinstance(manifest, dict):
            msg = f"{source}: 'manifest' must be an object of variables, not {type(manifest).__name__}"
            raise ConfigError(msg)
        self._base = base
        self._source = source
        self._raw = {key.strip("${}"): value for key, value in manifest.items()}
        # The folder a simulation was started in is not recorded; by custom it is the config's.
        self._known: dict[str, Any] = {
            "configdir": str(base),
            "workingdir": str(base),
            "configfname": str(source),
        }
        self.unknown: set[str] = set()
        self._sizes: dict[str, int] = {}
        self._brought_in = 0
        for name in self._raw:
            self._resolve(name, ())

    def expand(self, value: Any) -> Any:
        """Return ``value`` with all variables replaced, in nested lists and objects too.

        Names of variables that nothing defines are kept in the text and collected in `unknown`.
        """
        return self._expand(value, ())

    def _expand(self, value: Any, pending: tuple[str, ...]) -> Any:
        if isinstance(value, dict):
            return {key: self._expand(item, pending) for key, item in value.items()}
        if isinstance(value, list):
            return [self._expand(item, pending) for item in value]
        if not isinstance(value, str) or "$" not in value:
            return value
        # A variable alone keeps its kind: a manifest may hold numbers and lists, which a text would turn into words.
        whole = _VARIABLE.fullmatch(value)
        if whole:
            return self._resolve(whole[1] or whole[2], pending, value)
        return _VARIABLE.sub(lambda found: str(self._resolve(found[1] or found[2], pending, found[0])), value)

    def _resolve(self, name: str, pending: tuple[str, ...], text: str = "") -> Any:
        if name in pending:
            circle = " -> ".join(f"${step}" for step in (*pending[pending.index(name) :], name))
            msg = f"{self._source}: variables of the manifest refer to each other in a circle: {circle}"
            raise ConfigError(msg)
        if len(pending) > current_limits().manifest_depth:
            msg = (
                f"{self._source}: variables of the manifest are nested too deeply, from ${pending[0]} on "
                f"({raise_it('manifest_depth')})"
            )
            raise ConfigError(msg)
        if name in self._raw and name not in self._known:
            value = self._expand(self._raw[name], (*pending, name))
            if isinstance(value, str) and re.match(r"\.{1,2}([/\\]|$)", value):
                value = str(to_path(value, self._base))
            self._known[name] = value
        if name not in self._known:
            self.unknown.add(name)
            return text
        self._count(name)
        return self._known[name]

    def _count(self, name: str) -> None:
        """Refuse variables that are made of each other so that a few lines stand for more than any memory holds."""
        if name not in self._sizes:
            self._sizes[name] = _size(self._known[name])
        self._brought_in += self._sizes[name]
        if self._brought_in > current_limits().manifest_characters:
            reason = f"variables of the manifest stand for too much text ({raise_it('manifest_characters')})"
            msg = f"{self._source}: {reason}"
            raise ConfigError(msg)


def _size(value: Any) -> int:
    if isinstance(value, dict | list):
        return 1 + sum(map(_size, value.values() if isinstance(value, dict) else value))
    return len(value) if isinstance(value, str) else 1


def to_path(text: str, base: Path) -> Path:
    r"""Return the absolute path that ``text``, written in a config in the folder ``base``, means.

    Backslashes of Windows are read as slashes. ``..`` is taken literally, as libsonata does, links or not.

    Examples
    --------
    >>> from pathlib import Path
    >>> to_path(r".\output\spikes.h5", Path("/sims/a")).as_posix()
    '/sims/a/output/spikes.h5'
    """
    if is_windows_path(text):
        text = PureWindowsPath(text).as_posix()
    try:
        path = Path(os.path.normpath(base.absolute() / Path(text).expanduser()))
        encoded = os.fsencode(path)
    except (RuntimeError, UnicodeEncodeError) as wrong:
        msg = f"the config names the path {shorten(text)}, which cannot be: {wrong}"
        raise ConfigError(msg) from wrong
    if b"\0" in encoded:
        msg = f"the config names the path {shorten(text)}, which no file can have: it holds a NUL"
        raise ConfigError(msg)
    limits = current_limits()
    lengths = {"path_bytes": len(encoded), "name_bytes": max(map(len, encoded.split(b"/")))}
    for limit, length in lengths.items():
        if length > getattr(limits, limit):
            msg = f"the config names the path {shorten(text)}, which is too long ({raise_it(limit)})"
            raise ConfigError(msg)
    return path


def shorten(text: str) -> str:
    """Return a text as Python writes it, its middle left out if it is long.

    >>> shorten("a" * 200)
    "'aaaaaaaaaaaaaaaaaaaa...aaaaaaaaaaaaaaaaaaaa'"
    """
    return repr(text if len(text) < 100 else f"{text[:20]}...{text[-20:]}")


def is_windows_path(text: str) -> bool:
    r"""Return whether ``text`` was written on Windows: ``C:\sims``, ``C:/sims`` or ``.\output``."""
    return "\\" in text or bool(re.match(r"[A-Za-z]:/", text))
