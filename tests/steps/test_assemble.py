"""The page of a simulation, assembled from its results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spikelib.errors import (
    MissingFileError,
)
from spikelib.steps.assemble import write_page

if TYPE_CHECKING:
    from pathlib import Path


def test_page_needs_all_its_parts(source: Path, tables: Path, tmp_path: Path) -> None:
    (tmp_path / "spikes").symlink_to(tables)
    with pytest.raises(MissingFileError, match=r"x/s\w+\.\w+: "):
        write_page(source, tmp_path, tmp_path / "report.html", filters=["x"])
    assert not (tmp_path / "report.html").exists()
    assert not (tmp_path / "description.json").exists()


def test_page_of_results_that_are_not_kept_has_no_overview(source: Path, tables: Path, tmp_path: Path) -> None:
    (tmp_path / "spikes").symlink_to(tables)
    write_page(source, tmp_path, tmp_path / "report.html", kept=False)
    page = (tmp_path / "report.html").read_text()
    assert "spikelib report" in page
    assert "spikelib extract" not in page
    assert not (tmp_path / "overview.json").exists()
    write_page(source, tmp_path, tmp_path / "report.html")
    assert "spikelib extract" in (tmp_path / "report.html").read_text()
    assert (tmp_path / "overview.json").exists()
