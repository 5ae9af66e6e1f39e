"""Reading JSON files, with the place of a mistake and the keys that occur twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from spikelib.errors import ConfigError, MissingFileError
from spikelib.files import special_kind
from spikelib.sonata.limits import current_limits, raise_it

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.errors import SpikelibError


def read_json(path: Path, what: str, error: type[SpikelibError] = ConfigError) -> tuple[Any, tuple[str, ...]]:
    """Read a JSON file.

    Parameters
    ----------
    path
        The file; UTF-8, with or without byte order mark.
    what
        What the file should be, for messages: "simulation config".
    error
        Class of the error that is raised if the file is not JSON.

    Returns
    -------
    The content, and the keys that occur twice in one object (the last one counts), sorted.

    Raises
    ------
    MissingFileError
        There is no such file.
    ConfigError
        Or ``error``: the file is a folder, unreadable, not UTF-8 or not JSON; names line and column.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "config.json"
    ...     _ = path.write_text('{"dt": 0.1, "tstop": 5, "dt": 0.2}')
    ...     read_json(path, "simulation config")
    ({'dt': 0.2, 'tstop': 5}, ('dt',))
    """
    text = _read_text(path, what, error)
    repeated: set[str] = set()
    try:
        content = parse_json(text, repeated)
    except json.JSONDecodeError as wrong:
        place = f"line {wrong.lineno}, column {wrong.colno}"
        msg = f"{path}: this {what} is not valid JSON, {place}: {wrong.msg}; correct the file there"
        raise error(msg) from wrong
    except RecursionError as wrong:
        msg = f"{path}: this {what} is nested too deeply to be read; flatten it ({raise_it('json_depth')})"
        raise error(msg) from wrong
    except ValueError as wrong:
        msg = f"{path}: this {what} {wrong}; correct it"
        raise error(msg) from wrong
    return content, tuple(sorted(repeated))


def parse_json(text: str, repeated: set[str] | None = None) -> Any:
    """Parse JSON within the limits of depth, digits and keys.

    Parameters
    ----------
    text
        The JSON.
    repeated
        Where to put the keys that occur twice in one object.

    Raises
    ------
    json.JSONDecodeError, RecursionError, ValueError
        It is not JSON; it is nested too deeply; it breaks another limit, which the text names.

    Examples
    --------
    >>> parse_json('{"a": [1, 2]}')
    {'a': [1, 2]}
    """

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        _check_keys(pairs)
        # Only where keys repeat is each of them counted: node sets may have thousands.
        content = dict(pairs)
        if repeated is not None and len(content) < len(pairs):
            keys = [key for key, _ in pairs]
            repeated.update(key for key in content if keys.count(key) > 1)
        return content

    content = json.loads(text, object_pairs_hook=collect, parse_int=_whole_number)
    check_depth(content)
    return content


def read_json_object(path: Path, what: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Read a JSON file whose top level is an object; see `read_json`."""
    content, repeated = read_json(path, what)
    if not isinstance(content, dict):
        msg = f"{path}: the top level of a {what} must be an object {{...}}, not {type(content).__name__}"
        raise ConfigError(msg)
    return content, repeated


def check_depth(content: Any) -> None:
    """Raise RecursionError if lists and objects lie in each other deeper than the limit ``json_depth``.

    >>> check_depth([[[]]])
    """
    level, depth, deepest = [content], 0, current_limits().json_depth
    while level:
        depth += 1
        if depth > deepest:
            raise RecursionError
        inner = [item for item in level if isinstance(item, dict | list)]
        level = [value for item in inner for value in (item.values() if isinstance(item, dict) else item)]


def _whole_number(digits: str) -> int:
    if len(digits) > current_limits().json_digits:
        msg = f"holds a number of {len(digits)} digits ({raise_it('json_digits')})"
        raise ValueError(msg)
    return int(digits)


def _check_keys(pairs: list[tuple[str, Any]]) -> None:
    longest = max((len(key) for key, _ in pairs), default=0)
    if longest > current_limits().json_key_characters:
        msg = f"holds a key of {longest} characters ({raise_it('json_key_characters')})"
        raise ValueError(msg)


def _read_text(path: Path, what: str, error: type[SpikelibError]) -> str:
    if special := special_kind(path):
        msg = f"{path}: this is {special}, not a {what}; name the file itself"
        raise error(msg)
    try:
        n_bytes = path.stat().st_size
        if n_bytes > current_limits().json_bytes:
            msg = f"{path}: this {what} has {n_bytes} bytes, too many to be read ({raise_it('json_bytes')})"
            raise error(msg)
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as wrong:
        msg = f"{path}: there is no such {what}; check the path"
        raise MissingFileError(msg) from wrong
    except IsADirectoryError as wrong:
        msg = f"{path}: this is a folder, not a {what}; name the file inside it"
        raise error(msg) from wrong
    except UnicodeDecodeError as wrong:
        msg = f"{path}: this {what} is not UTF-8 text (byte {wrong.start}); save it as UTF-8"
        raise error(msg) from wrong
    except OSError as wrong:
        msg = f"{path}: this {what} cannot be read: {wrong.strerror or wrong}; check its permissions"
        raise error(msg) from wrong
