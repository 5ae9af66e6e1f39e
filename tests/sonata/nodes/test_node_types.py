from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from spikelib.errors import NodesError
from spikelib.sonata.nodes.node_types import NodeTypes

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """node_type_id ei "model name" size level note
104 i "basket cell" 1.5 3 NULL
100 e pyramid NULL 4 NULL
"""


def read(folder: Path, text: str) -> NodeTypes:
    path = folder / "node_types.csv"
    path.write_text(text)
    return NodeTypes(path)


def test_columns(tmp_path: Path) -> None:
    types = read(tmp_path, TABLE)
    ids = np.array([100, 104, 7], dtype=np.uint64)
    assert types.property_names == {"ei", "model name", "size", "level", "note"}
    assert types.column("ei", ids).decoded().tolist() == ["e", "i", None]
    assert types.column("model name", ids).decoded().tolist() == ["pyramid", "basket cell", None]
    np.testing.assert_array_equal(types.column("size", ids).data, [np.nan, 1.5, np.nan])
    assert types.column("level", ids).kind == "integer"
    assert types.column("level", ids[:2]).data.tolist() == [4, 3]
    assert types.column("note", ids).decoded().tolist() == [None, None, None]


@pytest.mark.parametrize(
    "text", [pytest.param("node_type_id\n1\n", id="key-only"), pytest.param("ei node_type_id\n", id="no-type")]
)
def test_small_tables(tmp_path: Path, text: str) -> None:
    types = read(tmp_path, text)
    for name in types.property_names:
        assert types.column(name, np.array([1, 2])).decoded().tolist() == [None, None]


def test_spaces_and_empty_lines_do_not_matter(tmp_path: Path) -> None:
    types = read(tmp_path, "node_type_id  ei \r\n\r\n  1 e \r\n")
    assert types.column("ei", np.array([1])).decoded().tolist() == ["e"]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "the first line must name the columns"),
        ("id,ei\n1,e\n", "node_type_id among them"),
        ("node_type_id ei\n1 e\n2 e x\n", "line 3 has 3 values for 2 columns"),
        ("node_type_id ei\n1 e\n1 i\n", "a different whole number in each line"),
        ("node_type_id ei\nx e\n", "a different whole number in each line"),
    ],
)
def test_errors(tmp_path: Path, text: str, match: str) -> None:
    with pytest.raises(NodesError, match=rf"node_types\.csv: .*{match}"):
        read(tmp_path, text)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NodesError, match="this table of node types cannot be read"):
        NodeTypes(tmp_path / "none.csv")


def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "types.csv")
    with pytest.raises(NodesError, match=r"types\.csv: this is a pipe, not a table of node types"):
        NodeTypes(tmp_path / "types.csv")


def test_names_with_underscores_are_no_numbers(tmp_path: Path) -> None:
    types = read(tmp_path, "node_type_id name depth\n1 4_1 1_0.5\n2 4_10 2.5\n")
    assert types.column("name", np.array([1, 2])).decoded().tolist() == ["4_1", "4_10"]
    assert types.column("depth", np.array([1, 2])).decoded().tolist() == ["1_0.5", "2.5"]
