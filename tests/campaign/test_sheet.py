"""Sample sheets: what a row says, and what is said about wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spikelib.campaign.sheet import read_sheet
from spikelib.errors import ConfigError, MissingFileError

if TYPE_CHECKING:
    from pathlib import Path


def test_rows_in_order_with_path_and_metadata(tmp_path: Path) -> None:
    sheet = tmp_path / "runs.csv"
    sheet.write_text('seed,simulation,path,remark\n7,b,runs/b.json,"first, and best"\n8,a,,\n')
    rows = read_sheet(sheet)
    assert list(rows) == ["b", "a"]
    assert (rows["b"].path, rows["b"].metadata) == ("runs/b.json", {"seed": "7", "remark": "first, and best"})
    assert (rows["a"].path, rows["a"].metadata) == (None, {"seed": "8", "remark": ""})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("runs.tsv", b"simulation\tpath\na\tx.json\n"),
        ("runs.csv", b"\xef\xbb\xbfsimulation,path\r\na,x.json\r\n"),
        ("runs.CSV", b" simulation , path \n\n,\n a , x.json \n"),
        ("runs.csv", b"simulation,path,,\na,x.json,,\n,,,\n"),
        ("runs.csv", b"simulation,path,\na,x.json\n"),
        ("runs.csv", b"simulation,path\na,x.json,,\n"),
        ("runs.csv", b",Path,SIMULATION\n,x.json,a\n"),
        ("runs.csv", b"sep=;\r\nsimulation;path\r\na;x.json\r\n"),
        ("runs.tsv", "simulation\tpath\na\tx.json\n".encode("utf-16")),
        ("runs.csv", b"simulation,path\ra,x.json\r"),
        ("runs.csv", b'"simulation", "path"\n"a", "x.json"\n'),
        ("runs.csv", "simulation,\u200bpath\xa0\n\ufeffa,x.json\xa0\n".encode()),
        ("runs.csv", b'# the "best, so far\nsimulation,path\n#b,y.json\n  # later, it\'s "\n"# c, d",\na,x.json\n'),
        ("runs.csv", b"path,simulation\n# later\n# b, \nx.json,a\n"),
    ],
    ids=[
        *("tabs", "spreadsheet", "blanks", "nameless", "nameless-header", "nameless-cells", "capitals", "declared"),
        *("utf-16", "old-mac", "quotes", "invisible", "comments", "comments-in-another-column"),
    ],
)
def test_forms_that_mean_the_same(tmp_path: Path, name: str, content: bytes) -> None:
    sheet = tmp_path / name
    sheet.write_bytes(content)
    rows = read_sheet(sheet)
    assert {key: (row.path, row.metadata) for key, row in rows.items()} == {"a": ("x.json", {})}


def test_sheet_without_paths_only_describes(tmp_path: Path) -> None:
    sheet = tmp_path / "runs.csv"
    sheet.write_text("simulation,g\na,4\n")
    assert read_sheet(sheet)["a"].path is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"runs\.csv: the sheet is empty; its first row names the columns"),
        (b"simulation,path\n", r"runs\.csv: the sheet names no simulation"),
        (
            b"name,path\na,x\n",
            r"runs\.csv: row 1: there is no column 'simulation' among 'name', 'path' \(separated by c",
        ),
        (b"simulation;path\na;x\n", r"'simulation;path' .* the separator seems to be the semicolon: save it"),
        (b"simulation,,g\na,x,5\n", r"runs\.csv: row 1, column 2: the column has no name"),
        (b"simulation,g,g\na,1,2\n", r"runs\.csv: row 1, column g: the column is there twice"),
        (b"simulation,path\n\na,x,5\n", r"runs\.csv: row 3: 3 cells under 2 columns; quote a cell"),
        (b"simulation,path\na\n", r"runs\.csv: row 2: 1 cells under 2 columns"),
        (b"simulation,path\n,x\n", r"runs\.csv: row 2, column simulation: '' is no name of a simulation"),
        (
            b"simulation,path\n../a,x\n",
            r"row 2, column simulation: '\.\./a' is no name .* starts with a letter or digit",
        ),
        (b"simulation,path\na,x\na,y\n", r"row 3, column simulation: 'a' is named twice \(.*runs\.csv: row 2\)"),
        (b"simulation,path\n\xff,x\n", r"runs\.csv: cannot be read as a sample sheet \(.*utf-8.*\); write it as UTF-8"),
        (
            b'simulation,path\n"a,x\n',
            r"runs\.csv: cannot be read as a sample sheet \(row 2: .*end of data\); close the quotes",
        ),
        (b"simulation\tpath\na\tx\n", r"\(separated by commas\); the separator seems to be the tab: let its name end"),
        (b"simulation|path\na|x\n", r"the separator seems to be the bar: save it with commas"),
        (b"Simulations,path\na,x\n", r"did you mean 'simulations'\? rename that column"),
        (b"# simulation,path\na,x\n", r"row 1, which has it, is a comment because it begins with #: remove that sign"),
        (b"simulation,Path,path\na,x,y\n", r"row 1, column path: the column is there twice"),
        (b"colour,simulation\n#ff0000,a\n", r"row 2: it begins with # as a comment does, and names a simulation; let"),
    ],
    ids=[
        *("empty", "header-only", "no-simulation", "semicolons", "nameless", "twice", "too-many", "too-few"),
        *("no-name", "bad-name", "same-name", "no-utf8", "open-quote", "tab", "bar", "plural", "commented-header"),
        *("twice-by-case", "colour"),
    ],
)
def test_errors_name_file_row_and_column(tmp_path: Path, content: bytes, message: str) -> None:
    sheet = tmp_path / "runs.csv"
    sheet.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        read_sheet(sheet)


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"runs\.xlsx: a sample sheet ends in \.csv \(commas\) or \.tsv"):
        read_sheet(tmp_path / "runs.xlsx")


def test_missing_sheet(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"none\.csv: there is no such sample sheet"):
        read_sheet(tmp_path / "none.csv")
