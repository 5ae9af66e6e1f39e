"""Sample sheets: the simulations of a campaign as rows of a CSV or TSV file, with columns that describe them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spikelib.errors import ConfigError, MissingFileError
from spikelib.options.filters import NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["NAME", "Row", "read_sheet"]

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_SEPARATED = {",": "commas", "\t": "tabs"}


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
        A file of UTF-8 text with one header row, separated by commas if it ends in ``.csv`` and by tabs in ``.tsv``.
        The column ``simulation`` holds names, ``path`` the paths; all others are metadata. Empty rows are passed over.

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
    numbered = list(_cells(path, delimiter))
    if not numbered:
        msg = f"{path}: the sheet is empty; its first row names the columns: simulation, path and your own"
        raise ConfigError(msg)
    columns = _columns(path, *numbered[0], delimiter)
    rows: dict[str, Row] = {}
    for line, cells in numbered[1:]:
        name, row = _row(f"{path}: row {line}", columns, cells)
        if name in rows:
            msg = f"{row.where}, column simulation: {name!r} is named twice ({rows[name].where}); names are unique"
            raise ConfigError(msg)
        rows[name] = row
    if not rows:
        msg = f"{path}: the sheet names no simulation; each row below the header is one"
        raise ConfigError(msg)
    return rows


def _cells(path: Path, delimiter: str) -> Iterable[tuple[int, list[str]]]:
    """Yield each row that is not empty, with the number of its last line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # spreadsheets begin such files with a mark
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            for row in reader:
                cells = [cell.strip() for cell in row]
                if any(cells):
                    yield reader.line_num, cells
    except FileNotFoundError as error:
        msg = f"{path}: there is no such sample sheet (from {Path.cwd()}); correct the key sheet of the config"
        raise MissingFileError(msg) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = (error.strerror if isinstance(error, OSError) else str(error)) or "unreadable"
        msg = f"{path}: cannot be read as a sample sheet ({reason}); write it as UTF-8 text"
        raise ConfigError(msg) from error


def _columns(path: Path, line: int, cells: list[str], delimiter: str) -> list[str]:
    found = ", ".join(map(repr, cells))
    for number, column in enumerate(cells, start=1):
        if not column:
            msg = f"{path}: row {line}, column {number}: the column has no name; name it or remove it"
            raise ConfigError(msg)
        if column in cells[: number - 1]:
            msg = f"{path}: row {line}, column {column}: the column is there twice; rename one"
            raise ConfigError(msg)
    if "simulation" not in cells:
        separated = _SEPARATED[delimiter]
        msg = f"{path}: row {line}: there is no column 'simulation' among {found} (separated by {separated}); add it"
        raise ConfigError(msg)
    return cells


def _row(where: str, columns: list[str], cells: list[str]) -> tuple[str, Row]:
    if len(cells) != len(columns):
        msg = f"{where}: {len(cells)} cells under {len(columns)} columns; quote a cell that holds the separator"
        raise ConfigError(msg)
    values = dict(zip(columns, cells, strict=True))
    name = values.pop("simulation")
    if not NAME.fullmatch(name):
        rule = "it starts with a letter or digit and goes on with these and . _ -"
        msg = f"{where}, column simulation: {name!r} is no name of a simulation; {rule}"
        raise ConfigError(msg)
    return name, Row(values.pop("path", "") or None, values, where)
