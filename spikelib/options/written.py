"""What a YAML config says by its letters: names that YAML takes for numbers, dates or truth values are texts."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.errors import ConfigError

if TYPE_CHECKING:
    import yaml

__all__ = ["as_written", "check_size", "file_problem", "read_yaml", "workflow_config", "written_nodes"]

_Keys = tuple[str, ...]

_TEXT, _MERGE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"
_MOST_VALUES, _MOST_LEVELS = 100_000, 100
_ITEM = "*"
"""Stands for the items of a list."""
_NAMED_IN_QUERIES = {"population", "$node_set"}
_ODD_NUMBER = re.compile(r"[-+]?(0[0-7_]+|\d[\d_]*:[\d_:.]*)")
"""What YAML reads in another base: 010 is 8, and 1:30 is 90."""
_SPACED_NUMBER = re.compile(r"[-+]?\d[\d.]*_[\d_.]*")
"""1_2 is 12: fine where a number is meant, and maybe a text in a query."""


def read_yaml(text: str, keys: _Keys = ()) -> Any:
    """Parse JSON or YAML; names and paths of the workflow's config are texts, as they were written.

    Parameters
    ----------
    text
        What a file or an option holds; not all JSON means the same as YAML, where ``1e5`` would be a word.
    keys
        Where in the config it belongs.

    Raises
    ------
    ConfigError
        A key is there twice, or a number is not what it looks like.
    yaml.YAMLError
        It is neither.

    Examples
    --------
    >>> read_yaml("filters: {no: {t_start: 5}, 2024-01-02: {group: on}}")
    {'filters': {'no': {'t_start': 5}, '2024-01-02': {'group': 'on'}}}
    """
    import yaml  # noqa: PLC0415 - 40 ms that few commands need

    try:
        value = json.loads(text)
        check_size(value)
        return value
    except ConfigError:
        raise
    except (ValueError, RecursionError):
        pass
    value = yaml.safe_load(text)
    check_size(value)
    nodes = [node] if (node := yaml.compose(text, Loader=yaml.SafeLoader)) is not None else []
    return as_written(value, nodes, keys)


def check_size(config: Any) -> None:
    """Refuse what is small in a file and has no end to a reader: aliases of aliases, or of themselves.

    Raises
    ------
    ConfigError
        There are too many values, those behind aliases counted each time, or too many levels.

    Examples
    --------
    >>> shared = [0] * 1000
    >>> check_size([shared] * 1000)
    Traceback (most recent call last):
        ...
    spikelib.errors.ConfigError: the config has more than 100000 values or refers to itself; write it without aliases
    """
    if _size(config, {}, _MOST_LEVELS) > _MOST_VALUES:
        msg = f"the config has more than {_MOST_VALUES} values or refers to itself; write it without aliases"
        raise ConfigError(msg)


def _size(value: Any, sizes: dict[int, int], levels: int) -> int:
    if not isinstance(value, Mapping | list):
        return 1
    if not levels:
        msg = f"the config has more than {_MOST_LEVELS} levels of lists and mappings in each other; write it flatter"
        raise ConfigError(msg)
    if id(value) not in sizes:
        sizes[id(value)] = _MOST_VALUES + 1  # where it is within itself
        inner = value.values() if isinstance(value, Mapping) else value
        size = 1 + sum(_size(each, sizes, levels - 1) for each in inner)
        sizes[id(value)] = min(size, _MOST_VALUES + 1)
    return sizes[id(value)]


def file_problem(path: Path) -> str | None:
    """Return in one line why a config file holds no keys, with the place in it; None if it does, or is not there.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "config.yaml")
    ...     _ = file.write_text("- a")
    ...     file_problem(file).removeprefix(folder)
    '/config.yaml: it holds no keys; config/README.md explains them'
    """
    import yaml  # noqa: PLC0415

    try:
        content = yaml.compose(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        return f"{path}: cannot be read ({error}); write it as UTF-8 text"
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
        return f"{path}: {place}{error.problem}; indent keys of one level alike, by blanks"
    except yaml.YAMLError as error:
        return f"{path}: {' '.join(str(error).split())}; write it as YAML"
    return (
        None if isinstance(content, yaml.MappingNode) else f"{path}: it holds no keys; config/README.md explains them"
    )


def written_nodes(paths: Sequence[str | Path]) -> list[yaml.Node]:
    """Return what config files hold before YAML gives it a meaning; nothing for what cannot be read or is a template.

    The sections of each file as well: a workflow that has this one as a module keeps its config in one of them.
    """
    import yaml  # noqa: PLC0415

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: list[yaml.Node] = []
    for path in paths:
        try:
            root = yaml.compose(Path(path).read_text(encoding="utf-8"), Loader=loader)
        except (OSError, ValueError, yaml.YAMLError):
            continue  # Snakemake has read it, or has said that it cannot
        if isinstance(root, yaml.MappingNode) and all(key.value != "__use_yte__" for key, _ in root.value):
            found += [root, *(node for _, node in root.value if isinstance(node, yaml.MappingNode))]
    return found


def as_written(value: Any, nodes: Sequence[yaml.Node], keys: _Keys = ()) -> Any:
    """Return a config with its names as texts.

    Parameters
    ----------
    value
        What YAML made of it.
    nodes
        Where it may have been written; the later ones count more.
    keys
        Where in the config `value` is.

    Raises
    ------
    ConfigError
        A name is no text and was written nowhere, a key is there twice, or a number is not what it looks like.

    Examples
    --------
    >>> import yaml
    >>> text = "filters: {1.10: {}}"
    >>> as_written(yaml.safe_load(text), [yaml.compose(text)])
    {'filters': {'1.10': {}}}
    """
    import yaml  # noqa: PLC0415

    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return _mapping(value, [node for node in nodes if isinstance(node, yaml.MappingNode)], keys)
    if isinstance(value, list):
        lists = [node for node in nodes if isinstance(node, yaml.SequenceNode) and len(node.value) == len(value)]
        below = lists[-1].value if lists else [None] * len(value)
        return [
            as_written(item, [] if node is None else [node], (*keys, _ITEM))
            for item, node in zip(value, below, strict=True)
        ]
    scalars = [node.value for node in nodes if isinstance(node, yaml.ScalarNode) and _meaning(node) == value]
    return _scalar(value, scalars[-1] if scalars else None, keys)


def workflow_config(config: Mapping[Any, Any], files: Sequence[str | Path], words: Sequence[str]) -> dict[str, Any]:
    """Return the config of the workflow as it was meant, from what Snakemake made of it.

    Parameters
    ----------
    config
        What Snakemake made of files and options.
    files
        The config files, the later ones count more.
    words
        The values of ``--config``, as ``key=value``. Of those that are mappings or lists, Snakemake takes every
        number and truth value for a text.

    Raises
    ------
    ConfigError
        As `as_written`.

    Examples
    --------
    >>> workflow_config({"figures": {"rate": "false", "isi": {}}}, [], ['figures={"rate": false}'])
    {'figures': {'rate': False, 'isi': {}}}
    """
    import yaml  # noqa: PLC0415

    check_size(config)
    found: dict[str, Any] = as_written(config, written_nodes(files))
    for word in words:
        key, _, text = word.partition("=")
        try:
            given = read_yaml(text, (key,))
        except (ValueError, yaml.YAMLError) as error:
            if isinstance(error, ConfigError):
                raise
            continue  # Snakemake takes it for a text, and so does the check of the config
        if key in found and (given is None or isinstance(given, bool | Mapping | list)):
            found[key] = _merged(found[key], given)
    return found


def _merged(config: Any, changes: Any) -> Any:
    """Return a config with changes: mappings are merged, all else is replaced."""
    if not isinstance(config, Mapping) or not isinstance(changes, Mapping):
        return changes
    return {**config, **{key: _merged(config.get(key), value) for key, value in changes.items()}}


def _mapping(value: Mapping[Any, Any], nodes: Sequence[yaml.MappingNode], keys: _Keys) -> dict[str, Any]:
    pairs: defaultdict[tuple[type, Any], list[tuple[str, yaml.Node]]] = defaultdict(list)
    for mapping in nodes:
        for name_node, node in _pairs(mapping, keys):
            meaning = _meaning(name_node)
            pairs[type(meaning), meaning].append((name_node.value, node))  # true and 1 are equal, and still two names
    found: dict[str, Any] = {}
    for key, item in value.items():
        written = pairs[type(key), key]
        if not isinstance(key, str) and not written:
            raise _unquoted(key, (*keys, str(key)))
        name = key if isinstance(key, str) else written[-1][0]
        inner = as_written(item, [node for _, node in written], (*keys, name))
        found[name] = _merged(found[name], inner) if name in found else inner
    return found


def _pairs(mapping: yaml.MappingNode, keys: _Keys) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """Yield keys and values of a mapping, after those that it takes over from others.

    ConfigError for a key that is there twice: the first one would be lost.
    """
    import yaml  # noqa: PLC0415

    seen: dict[Any, str] = {}
    for key, node in mapping.value:
        if key.tag == _MERGE:
            others = node.value if isinstance(node, yaml.SequenceNode) else [node]
            for other in others:
                yield from _pairs(other, keys)
        elif isinstance(key, yaml.ScalarNode):
            meaning = _meaning(key)
            if meaning in seen:
                where = ".".join((*keys, key.value))
                both = "is there twice" if seen[meaning] == key.value else f"and {seen[meaning]} are one name to YAML"
                msg = f"{where}: {key.value} {both}; rename or quote one of them"
                raise ConfigError(msg)
            seen[meaning] = key.value
            yield key, node


def _scalar(value: Any, text: str | None, keys: _Keys) -> Any:
    if value is None:
        return value
    if _is_text(keys, value):
        if text is None:
            raise _unquoted(value, keys)
        return text
    if text is not None and isinstance(value, int | float):
        in_query = keys[:1] == ("filters",) and "group" in keys
        if _ODD_NUMBER.fullmatch(text) or (in_query and _SPACED_NUMBER.fullmatch(text)):
            msg = f"{'.'.join(keys)}: YAML reads {text} as {value}; write {value}, or '{text}' if it is a name"
            raise ConfigError(msg)
    return value


def _is_text(keys: _Keys, value: Any) -> bool:
    """Return whether a name or a path belongs at this place of the config."""
    if isinstance(value, dt.date):  # a time is one too; no value of a config is
        return True
    section, *below = keys or ("",)
    if section == "filters" and below[1:2] == ["group"]:
        named = [key for key in below[2:] if key != _ITEM]
        # A whole number is the id of a node there.
        return named[-1] in _NAMED_IN_QUERIES if named else isinstance(value, bool) or not isinstance(value, int)
    if section == "figures":
        return below in (["raster", "y_axis"], ["files", "style"])
    return section in {"simulations", "sheet", "properties", "allow_outside"}


def _unquoted(value: Any, keys: _Keys) -> ConfigError:
    kind = "a truth value" if isinstance(value, bool) else "a number" if isinstance(value, int | float) else "no text"
    return ConfigError(f"{'.'.join(keys)}: YAML takes this for {kind} ({value}); quote it, as in '{keys[-1]}'")


def _meaning(node: yaml.Node) -> Any:
    """Return what YAML makes of a node."""
    import yaml  # noqa: PLC0415

    return node.value if node.tag == _TEXT else yaml.SafeLoader("").construct_object(node, deep=True)
