"""Files of a simulation's results: finding, linking, embedding and writing them."""

from __future__ import annotations

import base64
import json
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from spikelib.errors import MissingFileError, TableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "FIGURES",
    "FilterFiles",
    "data_uri",
    "find_filters",
    "find_spike_tables",
    "picture_size",
    "read_json",
    "relative_path",
    "relative_url",
]

FIGURES = ("raster", "rate", "isi", "rates")
"""Stems of the figures of a filter, in the order of the page."""

FIRST_FILTER = "all"
"""The filter that stands first on the page, if there is one of that name."""

MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".gif": "image/gif", ".mp4": "video/mp4"}


@dataclass(frozen=True)
class FilterFiles:
    """What the results hold of one filter."""

    name: str
    statistics: Mapping[str, Any]
    """Content of its ``statistics.json``."""
    figures: Mapping[str, tuple[Path, ...]]
    """Stem of a figure -> its files, PNG, SVG, PDF; only those that exist."""
    animation: Path | None
    """The mp4, else the GIF, else None."""
    poster: Path | None
    """A picture that stands for the film until it plays."""
    summary: Path | None
    """``summary.npz``, from which the live plots are made."""
    tables: tuple[Path, ...]
    """Those of spikes.parquet, nodes.parquet and statistics.json that exist."""


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    MissingFileError
        If there is no such file.
    TableError
        If the file is not JSON or no object.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"{path}: no such file; run the step that writes it"
        raise MissingFileError(message) from error
    except ValueError as error:
        message = f"{path}: not JSON ({error}); remove it and run again"
        raise TableError(message) from error
    if not isinstance(content, dict):
        message = f"{path}: holds a JSON {type(content).__name__}, not an object; remove it and run again"
        raise TableError(message)
    return content


def find_filters(results: Path | None, names: Sequence[str] | None = None) -> tuple[FilterFiles, ...]:
    """Find the filters of a simulation.

    Parameters
    ----------
    results
        Folder of one simulation; None for no results.
    names
        The filters in the order wanted; None for all that have statistics, "all" first, then by name.

    Raises
    ------
    MissingFileError
        If a filter in `names` has no ``statistics.json``.
    """
    if results is None:
        return ()
    folder = results / "filters"
    if names is None:
        found = (path.parent.name for path in folder.glob("*/statistics.json"))
        names = sorted(found, key=lambda name: (name != FIRST_FILTER, name))
    return tuple(_filter_files(folder / name) for name in names)


def _filter_files(folder: Path) -> FilterFiles:
    statistics = read_json(folder / "statistics.json")
    # Files of a figure that is no longer wanted may still lie there.
    left_out = {name for name, options in statistics.get("figures", {}).items() if options is None}
    figures = folder / "figures"
    pictures = {
        stem: _existing(*(figures / f"{stem}.{suffix}" for suffix in ("png", "svg", "pdf")))
        for stem in FIGURES
        if stem not in left_out
    }
    animations = () if "animation" in left_out else _existing(figures / "animation.mp4", figures / "animation.gif")
    posters = _existing(figures / "poster.png") if animations else ()
    summaries = _existing(folder / "summary.npz")
    return FilterFiles(
        name=folder.name,
        statistics=statistics,
        figures={stem: files for stem, files in pictures.items() if files and files[0].suffix != ".pdf"},
        animation=animations[0] if animations else None,
        poster=posters[0] if posters else None,
        summary=summaries[0] if summaries else None,
        tables=_existing(folder / "spikes.parquet", folder / "nodes.parquet", folder / "statistics.json"),
    )


def _existing(*paths: Path) -> tuple[Path, ...]:
    return tuple(path for path in paths if path.exists())


def find_spike_tables(results: Path | None) -> dict[str, tuple[Path, ...]]:
    """Find the spike tables of a simulation: population -> the parts of its Parquet folder, in order."""
    if results is None:
        return {}
    tables = sorted((results / "spikes").glob("*.parquet"))
    return {unquote(table.name.removesuffix(".parquet")): _parts(table) for table in tables}


def _parts(table: Path) -> tuple[Path, ...]:
    return tuple(sorted(table.glob("*.parquet"))) if table.is_dir() else (table,)


def relative_path(target: Path, page: Path) -> str:
    """Return the path of a file as seen from the folder of a page."""
    # Not resolved: a browser takes ".." off the address it was given and knows nothing of symbolic links.
    return Path(os.path.relpath(target, page.parent)).as_posix()


def relative_url(target: Path, page: Path) -> str:
    """Return the URL of a file as seen from a page, percent-encoded.

    A percent sign in a file name is encoded too: the table of "mc0;Rt" is the file ``mc0%3BRt.parquet``.

    Examples
    --------
    >>> relative_url(Path("results/a/spikes/mc0%3BRt.parquet"), Path("results/a/report.html"))
    'spikes/mc0%253BRt.parquet'
    >>> relative_url(Path("results/a/n.json"), Path("pages/a.html"))
    '../results/a/n.json'
    """
    return quote(relative_path(target, page), safe="/")


def picture_size(path: Path) -> tuple[int, int] | None:
    """Return width and height of a PNG, pixels; None for a file of another kind."""
    with path.open("rb") as file:
        head = file.read(24)
    if head[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def data_uri(path: Path) -> str:
    """Return a PNG, SVG, GIF or mp4 file as a data URI."""
    encoded = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{MEDIA_TYPES[path.suffix]};base64,{encoded}"
