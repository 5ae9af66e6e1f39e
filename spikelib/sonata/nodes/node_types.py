"""The table of node types, ``node_types.csv``: properties that all nodes of one type share.

The file is separated by spaces, texts with spaces in them are in double quotes, ``NULL`` is a missing value,
and the first line names the columns, of which ``node_type_id`` is the key.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from spikelib.errors import NodesError
from spikelib.files import special_kind
from spikelib.sonata.nodes.column import Column, encode

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_KEY = "node_type_id"
_MISSING = frozenset({"", "NULL", "NA", "NaN", "nan", "None"})


class NodeTypes:
    r"""The properties of each node type.

    Parameters
    ----------
    path
        The ``node_types.csv``.

    Raises
    ------
    NodesError
        The file cannot be read, has no ``node_type_id``, repeats one, or has a line of the wrong length.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "node_types.csv"
    ...     _ = path.write_text("node_type_id ei\n100 e\n101 i\n")
    ...     NodeTypes(path).column("ei", np.array([101, 100, 7])).decoded()
    array(['i', 'e', None], dtype=object)
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        header, rows = _read(path)
        keys = _integers([row[header.index(_KEY)] for row in rows])
        if keys is None or len(np.unique(keys)) < len(keys):
            msg = f"{path}: the column {_KEY} must hold a different whole number in each line"
            raise NodesError(msg)
        self._keys = keys
        self._columns = {name: [row[place] for row in rows] for place, name in enumerate(header) if name != _KEY}

    @property
    def property_names(self) -> frozenset[str]:
        """Names of the columns except the key."""
        return frozenset(self._columns)

    def column(self, name: str, node_type_ids: NDArray[np.integer]) -> Column:
        """Return a property of nodes of the given types, shape (size,); missing where the type is unknown."""
        order = np.argsort(self._keys)
        if not len(order):
            return Column("text", np.full(len(node_type_ids), None, dtype=object))
        place = np.searchsorted(self._keys, node_type_ids, sorter=order).clip(max=len(order) - 1)
        rows = order[place]
        rows = np.where(self._keys[rows] == node_type_ids, rows, -1)
        return _typed(self._columns[name]).take(rows)


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    if special := special_kind(path):
        msg = f"{path}: this is {special}, not a table of node types; name the file itself"
        raise NodesError(msg)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, delimiter=" ", quotechar='"', skipinitialspace=True)
            lines = [(reader.line_num, [*line]) for line in reader if any(line)]
    except (OSError, UnicodeDecodeError, csv.Error) as wrong:
        msg = f"{path}: this table of node types cannot be read: {wrong}"
        raise NodesError(msg) from wrong
    # To the reader a space at the end of a line is one more, empty value.
    for _, line in lines:
        while line and not line[-1] and len(line) > len(lines[0][1]):
            line.pop()
    if not lines or _KEY not in lines[0][1]:
        msg = f"{path}: the first line must name the columns, separated by spaces, {_KEY} among them"
        raise NodesError(msg)
    header = lines[0][1]
    for number, line in lines[1:]:
        if len(line) != len(header):
            msg = f"{path}: line {number} has {len(line)} values for {len(header)} columns; quote spaces"
            raise NodesError(msg)
    return header, [line for _, line in lines[1:]]


def _typed(texts: list[str]) -> Column:
    """Return one value per type: integers if all values can be read as such, else floats, else texts."""
    gone = [text in _MISSING for text in texts]
    present = [text for text, missing in zip(texts, gone, strict=True) if not missing]
    rows = np.where(gone, -1, np.cumsum(~np.array(gone, dtype=bool)) - 1)
    integers = _integers(present)
    if present and integers is not None:
        return Column("integer", integers).take(rows)
    try:
        floats = np.array([_number(float, text) for text in present])
    except ValueError:
        floats = np.array([])
    if len(floats):
        return Column("float", floats).take(rows)
    return encode(np.array([None if missing else text for text, missing in zip(texts, gone, strict=True)], object))


def _integers(texts: list[str]) -> NDArray[np.int64] | None:
    try:
        return np.array([_number(int, text) for text in texts], dtype=np.int64)
    except (ValueError, OverflowError):
        return None


def _number(kind: type[int] | type[float], text: str) -> float:
    if "_" in text:  # to Python, 4_1 is the number 41; in a table it is a name
        raise ValueError
    return kind(text)
