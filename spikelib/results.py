"""The files of a results folder: their names and places, finding and reading them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from spikelib.errors import MissingFileError, TableError
from spikelib.options.figures import FIGURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def safe_name(population: str) -> str:
    """Make a file name of a population's name: what file systems or shells trip over is percent-quoted.

    >>> safe_name("cortex"), safe_name("mc0;Rt"), safe_name("<sonata:none>")
    ('cortex', 'mc0%3BRt', '%3Csonata%3Anone%3E')
    """
    quoted = quote(population, safe="-_+=,@ ").replace(" ", "%20")
    return f"%2E{quoted[1:]}" if quoted.startswith(".") else quoted


def table_folder(tables: Path, population: str) -> Path:
    """Give the Parquet folder of a population's table."""
    return tables / f"{safe_name(population)}.parquet"


def part_path(table: Path, index: int) -> Path:
    """Give the path of one part of a table."""
    return table / f"part-{index:05d}.parquet"


def remove_parts(table: Path, count: int) -> None:
    """Remove the parts from number `count` on: they are left from a table of more parts."""
    for path in table.glob("part-*.parquet"):
        if int(path.stem.removeprefix("part-")) >= count:
            path.unlink(missing_ok=True)


def table_files(path: Path) -> list[Path]:
    """List the Parquet files of a table in order of time.

    Raises
    ------
    MissingFileError
        There is none.
    """
    files = sorted(path.glob("part-*.parquet")) if path.is_dir() else [path] if path.exists() else []
    if not files:
        msg = f"{path}: there is no such table; run `spikelib extract` (or `filter`) first"
        raise MissingFileError(msg)
    return files


FIRST_FILTER = "all"
"""The filter that stands first on the page, if there is one of that name."""


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


def find_folders(results: Path) -> tuple[str, ...]:
    """Return the names of all simulations that have a folder of results, sorted."""
    found = {path.parent.name for name in ("report.html", "description.json") for path in results.glob(f"*/{name}")}
    return tuple(sorted(found))


def slab_summary(folder: Path, slab: int) -> Path:
    """Return the path of the summary of one slab of a filter."""
    return folder / "slabs" / f"summary-{slab:05d}.npz"
