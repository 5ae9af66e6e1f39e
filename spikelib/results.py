"""The files of a results folder: their names and places, finding and reading them. Nothing else spells their names."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from spikelib.errors import MissingFileError, SpikelibError, TableError
from spikelib.options.drawing import ANIMATION_FORMATS, FORMATS
from spikelib.options.figures import STILLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


CAMPAIGN_PAGE = "index.html"
"""The page of a campaign, in the folder of all results."""

POSTER = "poster.png"
"""The picture that is shown in place of an animation until it plays, beside it."""

CAMPAIGN_RECORD = "campaign.json"
"""What a campaign holds, in the folder of resources."""


@dataclass(frozen=True)
class FilterResults:
    """The files of one filter of a simulation, whether they exist or not.

    Examples
    --------
    >>> from pathlib import Path
    >>> SimulationResults(Path("results/demo")).filter("all").statistics.as_posix()
    'results/demo/filters/all/statistics.json'
    """

    folder: Path

    @property
    def spikes(self) -> Path:
        """The spikes that the filter keeps: a Parquet file, or a folder of parts."""
        return self.folder / "spikes.parquet"

    @property
    def nodes(self) -> Path:
        """Counts, rates and irregularity of every node."""
        return self.folder / "nodes.parquet"

    @property
    def spectrum(self) -> Path:
        """The power spectrum of every class."""
        return self.folder / "spectrum.parquet"

    @property
    def statistics(self) -> Path:
        """The numbers of populations and classes."""
        return self.folder / "statistics.json"

    @property
    def summary(self) -> Path:
        """All that the figures are drawn from."""
        return self.folder / "summary.npz"

    @property
    def figures(self) -> Path:
        """Folder of the figures."""
        return self.folder / "figures"

    @property
    def poster(self) -> Path:
        """The picture that is shown in place of the animation until it plays."""
        return self.figures / POSTER

    def figure(self, name: str, suffix: str) -> Path:
        """Return the file of a figure, "animation" among them; `suffix` as "png"."""
        return self.figures / f"{name}.{suffix}"

    def slab_summary(self, slab: int) -> Path:
        """Return the summary of one slab, which `merge_slabs` merges with the others."""
        return self.folder / "slabs" / f"summary-{slab:05d}.npz"


@dataclass(frozen=True)
class SimulationResults:
    """The files of one simulation, whether they exist or not."""

    folder: Path

    @property
    def page(self) -> Path:
        """The page."""
        return self.folder / "report.html"

    @property
    def description(self) -> Path:
        """What ``spikelib inspect --json`` finds in the input."""
        return self.folder / "description.json"

    @property
    def overview(self) -> Path:
        """What the page of the campaign shows of it."""
        return self.folder / "overview.json"

    @property
    def tables(self) -> Path:
        """Folder of the tables of all populations."""
        return self.folder / "spikes"

    @property
    def survey(self) -> Path:
        """Where the slabs of a simulation begin that several jobs share."""
        return self.folder / "slabs.json"

    @property
    def per_simulation_mark(self) -> Path:
        """Says that one job made everything."""
        return self.folder / ".whole"

    @property
    def filters(self) -> Path:
        """Folder of the filters."""
        return self.folder / "filters"

    def filter(self, name: str) -> FilterResults:
        """Return the files of a filter."""
        return FilterResults(self.filters / name)


def safe_name(population: str) -> str:
    """Make a file name of a population's name: what file systems or shells trip over is percent-quoted.

    >>> safe_name("cortex"), safe_name("mc0;Rt"), safe_name("<sonata:none>")
    ('cortex', 'mc0%3BRt', '%3Csonata%3Anone%3E')
    """
    quoted = quote(population, safe="-_+=,@ ").replace(" ", "%20")
    return f"%2E{quoted[1:]}" if quoted.startswith(".") else quoted


def table_folder(tables: Path, population: str) -> Path:
    """Return the Parquet folder of a population's table."""
    return tables / f"{safe_name(population)}.parquet"


def part_path(table: Path, index: int) -> Path:
    """Return the path of one part of a table."""
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
"""The filter that comes first on the page, if there is one of that name."""


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
    """A picture that is shown in place of the animation until it plays."""
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
    except (ValueError, RecursionError) as error:
        message = f"{path}: not JSON ({error}); remove it and run again"
        raise TableError(message) from error
    if not isinstance(content, dict):
        message = f"{path}: holds a JSON {type(content).__name__}, not an object; remove it and run again"
        raise TableError(message)
    return content


DAMAGE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
"""What comes of JSON that is not what spikelib writes."""


@contextmanager
def reading_results(folder: Path) -> Iterator[None]:
    """Turn what a step stumbles over in JSON files of results into an error: a disk or a hand has changed them.

    Examples
    --------
    >>> from pathlib import Path
    >>> with reading_results(Path("results/weak")):
    ...     {"n_nodes": [5]}["n_nodes"] + 1
    Traceback (most recent call last):
        ...
    spikelib.errors.TableError: results/weak: a JSON file there holds what spikelib does not write (can only ...
    """
    try:
        yield
    except SpikelibError:
        raise
    except DAMAGE as error:
        reason = f"a JSON file there holds what spikelib does not write ({str(error) or type(error).__name__})"
        message = f"{folder}: {reason}; filter again, or remove the folder and run again"
        raise TableError(message) from error


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

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("late", "all"):
    ...         files = SimulationResults(Path(folder)).filter(name)
    ...         files.folder.mkdir(parents=True)
    ...         _ = files.statistics.write_text("{}")
    ...     [found.name for found in find_filters(Path(folder))]
    ['all', 'late']
    """
    if results is None:
        return ()
    files = SimulationResults(results)
    if names is None:
        found = (path.parent.name for path in files.filters.glob(f"*/{files.filter('*').statistics.name}"))
        names = sorted(found, key=lambda name: (name != FIRST_FILTER, name))
    return tuple(_filter_files(files.filter(name)) for name in names)


def _filter_files(files: FilterResults) -> FilterFiles:
    statistics = read_json(files.statistics)
    # Files of a figure that is no longer wanted may still be there.
    left_out = {name for name, options in statistics.get("figures", {}).items() if options is None}
    pictures = {
        stem: _existing(*(files.figure(stem, suffix) for suffix in FORMATS)) for stem in STILLS if stem not in left_out
    }
    animations = (
        ()
        if "animation" in left_out
        else _existing(*(files.figure("animation", suffix) for suffix in ANIMATION_FORMATS))
    )
    posters = _existing(files.poster) if animations else ()
    summaries = _existing(files.summary)
    return FilterFiles(
        name=files.folder.name,
        statistics=statistics,
        figures={stem: paths for stem, paths in pictures.items() if paths and paths[0].suffix != ".pdf"},
        animation=animations[0] if animations else None,
        poster=posters[0] if posters else None,
        summary=summaries[0] if summaries else None,
        tables=_existing(files.spikes, files.nodes, files.spectrum, files.statistics),
    )


def _existing(*paths: Path) -> tuple[Path, ...]:
    return tuple(path for path in paths if path.exists())


def find_spike_tables(results: Path | None) -> dict[str, tuple[Path, ...]]:
    """Find the spike tables of a simulation: population -> the parts of its Parquet folder, in order."""
    if results is None:
        return {}
    tables = sorted(SimulationResults(results).tables.glob("*.parquet"))
    return {unquote(table.name.removesuffix(".parquet")): _parts(table) for table in tables}


def _parts(table: Path) -> tuple[Path, ...]:
    return tuple(sorted(table.glob("*.parquet"))) if table.is_dir() else (table,)


def find_folders(results: Path) -> tuple[str, ...]:
    """Return the names of all simulations that have a folder of results, sorted.

    Links whose names have braces are left out: they are other names of such folders (`Campaign.link_results`).
    """
    each = SimulationResults(results / "*")
    found = {path.parent.name for file in (each.page, each.description) for path in results.glob(f"*/{file.name}")}
    return tuple(sorted(name for name in found if "{" not in name))
