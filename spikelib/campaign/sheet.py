"""Sample sheets: the simulations of a campaign as rows of a CSV or TSV file, with columns that describe them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from spikelib.errors import ConfigError, MissingFileError
from spikelib.options.filters import NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["NAME", "Row", "read_sheet"]

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_SEPARATED = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
_REMEDIES = {
    ",": "the separator seems to be the comma: let its name end in .csv",
    "\t": "the separator seems to be the tab: let its name end in .tsv",
    ";": "the separator seems to be the semicolon: save it with commas, or with tabs as .tsv",
    "|": "the separator seems to be the bar: save it with commas, or with tabs as .tsv",
}
_OWN_COLUMNS = ("simulation", "path")
_Numbered: TypeAlias = tuple[int, list[str]]
"""The cells of a row, with the number of its last line."""
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
"""What copying from web pages and joining files leaves in cells, and nobody sees."""


@dataclass(frozen=True)
class Row:
    """What a sheet says of a simulation."""

    path: str | None
    """Path of a simulation config or spike file; None where the config has to name the simulation."""
    metadata: Mapping[str, str]
    """Column -> text, of the other columns."""
    where: str
    """File and row, for messages."""


def read_sheet(path: str | Path) -> dict[str, Row]:
    r"""Read a sample sheet.

    Parameters
    ----------
    path
        A file of UTF-8 text (or UTF-16 with its mark) with one header row, separated by commas if it ends in ``.csv``
        and by tabs in ``.tsv``. The column ``simulation`` holds names, ``path`` the paths, in capitals or not; all
        others are metadata. Empty rows, rows that begin with ``#`` and empty columns without a name are passed over.

    Returns
    -------
    dict
        Name -> row, in the order of the sheet.

    Raises
    ------
    MissingFileError
        There is no such file.
    ConfigError
        The sheet is wrong; the message names file, row (as an editor counts lines) and column.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "runs.csv")
    ...     _ = path.write_text("simulation,path,g\nweak,runs/1/config.json,4.5\n")
    ...     read_sheet(path)["weak"].metadata
    {'g': '4.5'}
    """
    path = Path(path)
    delimiter = _DELIMITERS.get(path.suffix.lower())
    if delimiter is None:
        msg = f"{path}: a sample sheet ends in .csv (commas) or .tsv (tabs); rename it or write it so"
        raise ConfigError(msg)
    text, declared = _declared(_text(path))
    delimiter = declared or delimiter
    comments, numbered = _split_comments(_cells(path, text, delimiter))
    if not numbered:
        msg = f"{path}: the sheet is empty; its first row names the columns: simulation, path and your own"
        raise ConfigError(msg)
    columns = _columns(path, numbered, delimiter, comments)
    rows: dict[str, Row] = {}
    for line, cells in numbered[1:]:
        where = f"{path}: row {line}"
        values = _values(where, columns, cells)
        if _is_comment(where, columns, cells, values):
            continue
        name, row = _row(where, values)
        if name in rows:
            msg = f"{row.where}, column simulation: {name!r} is named twice ({rows[name].where}); names are unique"
            raise ConfigError(msg)
        rows[name] = row
    if not rows:
        msg = f"{path}: the sheet names no simulation; each row below the header is one"
        raise ConfigError(msg)
    return rows


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        msg = f"{path}: there is no such sample sheet (from {Path.cwd()}); correct the key sheet of the config"
        raise MissingFileError(msg) from error
    except OSError as error:
        msg = f"{path}: cannot be read as a sample sheet ({error.strerror or 'unreadable'}); correct the key sheet"
        raise ConfigError(msg) from error
    # Spreadsheets begin such files with a mark; "Unicode text" of Excel is UTF-16.
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{path}: cannot be read as a sample sheet ({error}); write it as UTF-8 text"
        raise ConfigError(msg) from error


def _declared(text: str) -> tuple[str, str | None]:
    """Return the text without the line by which Excel is told the separator, such as ``sep=;``, and the separator."""
    found = re.match(r"sep=([,;|\t])[ \t]*(?=\r|\n|$)", text, flags=re.IGNORECASE)
    return (text, None) if found is None else (text[found.end() :], found[1])


def _cells(path: Path, text: str, delimiter: str) -> Iterator[_Numbered]:
    """Yield each row that is not empty, with the number of its last line."""
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True, skipinitialspace=True)
    try:
        for row in reader:
            cells = [cell.strip().strip(_INVISIBLE).strip() for cell in row]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        reason = f"row {reader.line_num}: {error}"
        remedy = "close the quotes of each cell, or write it anew as UTF-8 text"
        msg = f"{path}: cannot be read as a sample sheet ({reason}); {remedy}"
        raise ConfigError(msg) from error


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a sheet; of those that are comments, quotes mean nothing and go."""
    is_open = False  # a quoted cell, which may hold several lines
    for line in io.StringIO(text, newline=""):
        if not is_open and line.lstrip(f'" {_INVISIBLE}').startswith("#"):
            yield line.replace('"', "")  # an open one would swallow the rows below
            continue
        is_open ^= line.count('"') % 2 == 1
        yield line


def _split_comments(numbered: Iterable[_Numbered]) -> tuple[list[_Numbered], list[_Numbered]]:
    """Return the comments above the header, and the header with all rows below."""
    comments: list[_Numbered] = []
    rest: list[_Numbered] = []
    for line, cells in numbered:
        (comments if not rest and cells[0].startswith("#") else rest).append((line, cells))
    return comments, rest


def _columns(path: Path, numbered: list[_Numbered], delimiter: str, comments: list[_Numbered]) -> list[str]:
    """Return the names of the columns; the name of one that is to be passed over is empty."""
    line, cells = numbered[0]
    columns = [cell.lower() if cell.lower() in _OWN_COLUMNS else cell for cell in cells]
    if "simulation" not in columns:
        found = ", ".join(map(repr, cells))
        msg = (
            f"{path}: row {line}: there is no column 'simulation' among {found} (separated by {_SEPARATED[delimiter]});"
            f" {_remedy(cells, delimiter, comments)}"
        )
        raise ConfigError(msg)
    for number, column in enumerate(columns, start=1):
        if not column and any(len(row) >= number and row[number - 1] for _, row in numbered[1:]):
            msg = f"{path}: row {line}, column {number}: the column has no name; name it or remove it"
            raise ConfigError(msg)
        if column and column in columns[: number - 1]:
            msg = f"{path}: row {line}, column {column}: the column is there twice; rename one"
            raise ConfigError(msg)
    while not columns[-1]:
        columns.pop()
    return columns


def _remedy(cells: list[str], delimiter: str, comments: list[_Numbered]) -> str:
    """Return what to do about a header that has no column of simulations."""
    header = delimiter.join(cells).lower()
    for other, remedy in _REMEDIES.items():
        if other != delimiter and "simulation" in map(str.strip, header.replace('"', "").split(other)):
            return remedy
    for line, comment in comments:
        if "simulation" in (cell.lstrip("# ").lower() for cell in comment):
            return f"row {line}, which has it, is a comment because it begins with #: remove that sign"
    alike = get_close_matches("simulation", [cell.lower() for cell in cells], n=1, cutoff=0.7)
    return f"did you mean {alike[0]!r}? rename that column" if alike else "add it"


def _values(where: str, columns: list[str], cells: list[str]) -> dict[str, str]:
    """Return column -> cell of a row."""
    given = cells[: len(columns)] if not any(cells[len(columns) :]) else cells
    if cells[0].startswith("#"):  # of a comment, anything may be missing
        given = (given + [""] * len(columns))[: len(columns)]
    if len(given) != len(columns):
        msg = f"{where}: {len(given)} cells under {len(columns)} columns; quote a cell that holds the separator"
        raise ConfigError(msg)
    return {column: cell for column, cell in zip(columns, given, strict=True) if column}


def _is_comment(where: str, columns: list[str], cells: list[str], values: Mapping[str, str]) -> bool:
    """Return whether a row is a comment; ConfigError where it may be none, such as a colour in the first column."""
    if not cells[0].startswith("#"):
        return False
    if columns[0] != "simulation" and NAME.fullmatch(values["simulation"]):
        what = "it begins with # as a comment does, and names a simulation"
        msg = f"{where}: {what}; let 'simulation' be the first column"
        raise ConfigError(msg)
    return True


def _row(where: str, values: Mapping[str, str]) -> tuple[str, Row]:
    name = values["simulation"]
    if not NAME.fullmatch(name):
        rule = "it starts with a letter or digit and goes on with these and . _ -"
        msg = f"{where}, column simulation: {name!r} is no name of a simulation; {rule}"
        raise ConfigError(msg)
    metadata = {column: cell for column, cell in values.items() if column not in _OWN_COLUMNS}
    return name, Row(values.get("path") or None, metadata, where)
