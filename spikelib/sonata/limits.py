"""Limits of what files of others may ask for, and the folders that their links may lead to.

One value holds for a whole process, with all its threads and what it forks: the command line sets it from
``--limit`` and ``--allow-outside``, the workflow from its config, an analyst with `set_limits`.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Limits", "current_limits", "folders_outside", "limit_words", "raise_it", "read_limits", "set_limits"]


def _limit(default: float, most: float, text: str) -> Any:
    return field(default=default, metadata={"most": most, "text": text})


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a file may ask for; a file that asks for more is an error in one line that names the limit.

    Raises
    ------
    ConfigError
        A value is not a positive number, or beyond what the readers of spikelib survive.

    Examples
    --------
    >>> Limits(pattern_seconds=30).json_depth
    100
    """

    json_bytes: int = _limit(100_000_000, 10**12, "bytes of a JSON file")
    json_depth: int = _limit(100, 200, "levels of lists and objects in each other in JSON")
    json_digits: int = _limit(300, 4300, "digits of a whole number in JSON")
    json_key_characters: int = _limit(10_000, 10**9, "characters of a key in JSON")
    manifest_depth: int = _limit(100, 150, "variables of a manifest in each other")
    manifest_characters: int = _limit(10_000_000, 10**12, "characters that variables of a manifest bring in")
    path_bytes: int = _limit(4095, 10**9, "bytes of a path")
    name_bytes: int = _limit(255, 10**9, "bytes of one name in a path")
    pattern_characters: int = _limit(1000, 10**9, "characters of a regular expression")
    pattern_seconds: float = _limit(5.0, 10**6, "seconds that a regular expression may take")
    node_set_ids: int = _limit(250_000_000, 10**12, "ids that node sets made of node sets hold while one is resolved")
    nodes: int = _limit(1_000_000_000, 10**12, "nodes of a population")
    library_values: int = _limit(10_000_000, 10**12, "values of an @library")
    virtual_depth: int = _limit(8, 100, "virtual datasets in each other")
    look_seconds: int = _limit(5, 10**6, "seconds of processor time for a first look at an unusual HDF5 file")
    look_bytes: int = _limit(4 << 30, 1 << 50, "bytes of memory for a first look at an unusual HDF5 file")
    allow_outside: tuple[Path, ...] = ()
    """Folders that links of HDF5 files may lead to, beside the simulation's own."""

    def __post_init__(self) -> None:
        for each in fields(self):
            if "most" not in each.metadata:
                continue
            value, most = getattr(self, each.name), each.metadata["most"]
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if isinstance(each.default, int) and not isinstance(value, int):
                is_number = False
            if not is_number or not 0 < value <= most:
                kind = "whole number" if isinstance(each.default, int) else "number"
                msg = f"limits: {each.name} must be a {kind} above 0, at most {most:,}, not {value!r}"
                raise ConfigError(msg)


DESCRIPTIONS = {each.name: each.metadata["text"] for each in fields(Limits) if each.metadata}
"""Name of each limit -> what it limits, with its unit."""

_CURRENT = Limits()


def current_limits() -> Limits:
    """Return the limits that hold for this process."""
    return _CURRENT


def set_limits(limits: Limits) -> ExitStack:
    """Have limits hold for this process, with all its threads and what it forks.

    Parameters
    ----------
    limits
        All of them; those not given are at their defaults.

    Returns
    -------
    A context manager that brings back the former ones at its end, for use with ``with``.

    Examples
    --------
    >>> with set_limits(Limits(json_depth=200)):
    ...     current_limits().json_depth
    200
    >>> current_limits().json_depth
    100
    """
    global _CURRENT  # a context variable would not reach the threads that read
    former, _CURRENT = _CURRENT, limits
    stack = ExitStack()
    stack.callback(set_limits, former)
    return stack


def read_limits(values: Mapping[str, Any], outside: Any = ()) -> Limits:
    """Read limits by their names, as the config of the workflow and ``--limit`` give them.

    Parameters
    ----------
    values
        Name -> number, or a text of one.
    outside
        One folder that links may lead to, or several; relative ones are relative to the current folder.

    Raises
    ------
    ConfigError
        A name is unknown, a value no such number, or there is no such folder.

    Examples
    --------
    >>> read_limits({"json_depth": "120"}).json_depth
    120
    >>> read_limits({"depth": 1})
    Traceback (most recent call last):
        ...
    spikelib.errors.ConfigError: limits: there is no limit 'depth'; there are json_bytes, json_depth, ...
    """
    unknown = [name for name in values if name not in DESCRIPTIONS]
    if unknown:
        msg = f"limits: there is no limit {unknown[0]!r}; there are {', '.join(DESCRIPTIONS)}"
        raise ConfigError(msg)
    return replace(
        Limits(**{name: _number(value) for name, value in values.items()}), allow_outside=folders_outside(outside)
    )


def folders_outside(given: Any) -> tuple[Path, ...]:
    """Return the folders that ``allow_outside`` names, one or several, as absolute paths.

    Raises
    ------
    ConfigError
        There is no such folder.

    Examples
    --------
    >>> [folder.as_posix() for folder in folders_outside("/")]
    ['/']
    """
    listed = [given] if isinstance(given, str | Path) else list(given or ())
    for each in listed:
        if not isinstance(each, str | Path) or not Path(each).expanduser().is_dir():
            msg = f"allow_outside: {str(each)!r} is no folder; name one that links of HDF5 files may lead to"
            raise ConfigError(msg)
    return tuple(Path(each).expanduser().absolute() for each in listed)


def limit_words(values: Mapping[str, Any], outside: Any) -> list[str]:
    """Return limits and folders as options of a command.

    Parameters
    ----------
    values, outside
        As for `read_limits`.

    Examples
    --------
    >>> limit_words({"json_depth": 120}, "/")
    ['--limit=json_depth=120', '--allow-outside=/']
    """
    usual = Limits()
    limits = [f"--limit={name}={value}" for name, value in values.items() if value != getattr(usual, name)]
    return limits + [f"--allow-outside={folder}" for folder in folders_outside(outside)]


def raise_it(name: str) -> str:
    """Return how to raise a limit, for the end of a message.

    >>> raise_it("json_depth")
    'the limit json_depth is 100; --limit json_depth=N sets another'
    """
    return f"the limit {name} is {getattr(_CURRENT, name)}; --limit {name}=N sets another"


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value
