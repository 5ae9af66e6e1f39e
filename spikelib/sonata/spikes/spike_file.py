"""SONATA spike files: which populations a file holds, how each is stored, and reading a stretch of one.

Two layouts exist. Today's is ``/spikes/<population>/{timestamps, node_ids}``; before populations were introduced
(2018) it was ``/spikes/{timestamps, gids}``, whose one nameless population is called `LEGACY_POPULATION` here, as
bmtk calls it. Attributes come in many spellings; how they were understood is listed in `SpikeSource.notes`.

Data are read with HDF5's own calls, never mapped into memory: a file that shrinks while it is read then ends in an
error with words, where a mapping would end the process with SIGBUS.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import BusyFileError, MissingFileError, SpikeFileError, SpikelibError, UnknownPopulationError
from spikelib.findings import Finding, Kind
from spikelib.sonata.spikes.stored_column import StoredColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

    import h5py
    from numpy.typing import NDArray

LEGACY_POPULATION = "<sonata:none>"
"""Name of the population of a file written before populations existed."""

_MS_PER_UNIT = {
    "ms": 1.0, "msec": 1.0, "millisecond": 1.0, "milliseconds": 1.0,
    "s": 1000.0, "sec": 1000.0, "second": 1000.0, "seconds": 1000.0,
    "us": 1e-3, "\u00b5s": 1e-3, "\u03bcs": 1e-3, "microsecond": 1e-3, "microseconds": 1e-3,
}  # fmt: skip
_SORTINGS = {
    "by_time": "by_time", "time": "by_time",
    "by_id": "by_id", "id": "by_id", "by_gid": "by_id", "gid": "by_id", "node_id": "by_id", "by_node_id": "by_id",
    "none": "none", "unknown": "none", "na": "none", "": "none",
}  # fmt: skip
_ENUM_SORTINGS = {0: "none", 1: "by_id", 2: "by_time"}


@dataclass(frozen=True)
class SpikeSource:
    """Where and how the spikes of one population are stored; holds no open file."""

    path: Path
    population: str
    times_name: str | None
    """HDF5 path of the time stamps; None for a population without datasets."""
    ids_name: str | None
    n_spikes: int
    sorting_claim: str | None
    """What the file says: "by_time", "by_id", "none", or None where it says nothing. Not to be trusted."""
    units: str | None
    """Units of the time stamps as written, None if missing."""
    to_ms: float
    """Factor from the stored unit to ms."""
    time_dtype: str
    id_dtype: str
    compression: str | None
    legacy: bool
    notes: tuple[Finding, ...]
    """What is unusual about the storage."""

    @contextmanager
    def open(self) -> Iterator[SpikeReader]:
        """Open the file for reading this population."""
        if self.times_name is None or self.ids_name is None:
            yield SpikeReader(self, None, None)
            return
        with open_hdf5(self.path) as file:
            with _reporting_damage(self.path, self.population):
                times, ids = file[self.times_name], file[self.ids_name]
                # A running simulation may have written on, or another file may lie here, since it was described.
                if not times.shape == ids.shape == (self.n_spikes,):
                    raise _bad(self.path, "the file has changed since it was looked at", "run again", self.population)
                reader = SpikeReader(self, times, ids)
            yield reader


class SpikeReader:
    """Reads stretches of one population of an open file."""

    def __init__(self, source: SpikeSource, times: h5py.Dataset | None, ids: h5py.Dataset | None) -> None:
        self.source = source
        self._times = None if times is None else StoredColumn(times)
        self._ids = None if ids is None else StoredColumn(ids)

    def read(self, start: int, stop: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Read the spikes with index in [start, stop).

        Returns
        -------
        times, ids
            Two arrays of shape (stop - start,): times in ms and node ids as stored, nothing checked. Ids beyond
            int64 (only uint64 can hold them) come out negative.
        """
        return self.read_times(start, stop), self._read_ids(start, stop)

    def read_into(self, start: int, times: NDArray[np.float64], ids: NDArray[np.int64]) -> None:
        """Fill the two arrays with spikes, beginning with index `start`, as `read` returns them."""
        self.read_times_into(start, times)
        if self._ids is not None:
            with _reporting_damage(self.source.path, self.source.population):
                self._ids.read_into(ids, start)

    def read_times_into(self, start: int, times: NDArray[np.float64]) -> None:
        """Read as many times (ms) as the array holds into it, beginning with index `start`."""
        if self._times is None:
            return
        with _reporting_damage(self.source.path, self.source.population):
            self._times.read_into(times, start)
        if self.source.to_ms != 1.0:
            times *= self.source.to_ms

    def read_times(self, start: int, stop: int) -> NDArray[np.float64]:
        """Read the times with index in [start, stop), shape (stop - start,), ms."""
        if self._times is None:
            return np.empty(0, np.float64)
        times = self._stretch(self._times, start, stop).astype(np.float64, copy=False)
        if self.source.to_ms != 1.0:
            times *= self.source.to_ms
        return times

    def _read_ids(self, start: int, stop: int) -> NDArray[np.int64]:
        if self._ids is None:
            return np.empty(0, np.int64)
        ids = self._stretch(self._ids, start, stop)
        return ids.view(np.int64) if ids.dtype == np.uint64 else ids.astype(np.int64, copy=False)

    def _stretch(self, column: StoredColumn, start: int, stop: int) -> NDArray[Any]:
        with _reporting_damage(self.source.path, self.source.population):
            return column.read(start, stop)


def spike_sources(path: str | Path) -> dict[str, SpikeSource]:
    """Find the populations of a spike file.

    Parameters
    ----------
    path
        A SONATA spike file in any layout.

    Returns
    -------
    dict
        Population name to source, sorted by name; empty if the file has no population.

    Raises
    ------
    MissingFileError
        There is no such file.
    SpikeFileError
        The file is not HDF5, is cut short, has no ``/spikes``, or a population's arrays do not fit together.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     sources = spike_sources(write_demo(folder).parent / "output" / "spikes.h5")
    >>> {name: (source.n_spikes, source.sorting_claim) for name, source in sources.items()}
    {'cortex': (14667, 'by_time'), 'thalamus': (1218, 'by_time')}
    """
    path = Path(path)
    with open_hdf5(path) as file, _reporting_damage(path):
        root = file.get("spikes")
        if not hasattr(root, "items"):
            raise _bad(path, "it has no group /spikes", "is it really a SONATA spike report?")
        if "timestamps" in root and hasattr(root["timestamps"], "shape"):
            return {LEGACY_POPULATION: _describe(path, LEGACY_POPULATION, root, legacy=True)}
        groups = {_legible(name): node for name, node in root.items() if hasattr(node, "items")}
        return {name: _describe(path, name, groups[name], legacy=False) for name in sorted(groups)}


def select_source(sources: dict[str, SpikeSource], population: str, path: Path) -> SpikeSource:
    """Pick a population of a spike file by name.

    Raises
    ------
    UnknownPopulationError
        The file has no such population; the text lists those it has.
    """
    if population not in sources:
        known = ", ".join(map(repr, sources)) or "none at all"
        msg = f"{path}: no population {population!r} in this spike report; it has {known}"
        raise UnknownPopulationError(msg)
    return sources[population]


@contextmanager
def open_hdf5(path: Path) -> Iterator[h5py.File]:
    """Open an HDF5 file for reading, with errors that name the file and the remedy.

    Raises
    ------
    MissingFileError
        There is no such file.
    SpikeFileError
        It cannot be opened as HDF5; a BusyFileError if it is locked by another program.
    """
    import h5py  # noqa: PLC0415 - keeps `spikelib --help` fast

    if not path.exists():
        msg = f"{path}: there is no such spike file; did the simulation run, and is output.spikes_file right?"
        raise MissingFileError(msg)
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        text = _one_line(error)
        if path.is_dir():
            raise _bad(path, "it is a folder", "name the spike file or the simulation config") from error
        if isinstance(error, PermissionError) or "Permission denied" in text:
            raise _bad(path, "permission denied", "make it readable") from error
        if isinstance(error, BlockingIOError):
            msg = f"{path}: another program has it open for writing; wait until the simulation has ended"
            raise BusyFileError(msg) from error
        if "truncated" in text:
            raise _bad(path, "the HDF5 file is truncated", "copy or simulate it again") from error
        raise _bad(path, "it is not an HDF5 file", "give a SONATA spike file (.h5)") from error
    with file:
        yield file


def _describe(path: Path, population: str, group: h5py.Group, *, legacy: bool) -> SpikeSource:
    notes = [Finding(Kind.OLD_LAYOUT, "old layout without populations (/spikes/gids)")] if legacy else []
    times, ids = group.get("timestamps"), group.get("node_ids", group.get("gids"))
    if times is None and ids is None:
        note = Finding(Kind.NO_DATASETS, "the population has no datasets: taken as empty")
        return SpikeSource(path, population, None, None, 0, None, None, 1.0, "float64", "uint64", None, legacy, (note,))
    if times is None or ids is None:
        missing = "timestamps" if times is None else "node_ids"
        raise _bad(path, f"the dataset {missing} is missing", "simulate it again", population)
    _check_arrays(path, population, times, ids)
    units = _text(times.attrs.get("units", group.attrs.get("units"))) or None
    to_ms = _MS_PER_UNIT.get((units or "ms").strip().lower())
    sorting, unknown = _sorting(group, ids)
    doubts = (_check_units(units, to_ms, int(times.shape[0])), unknown)
    notes += [doubt for doubt in doubts if doubt]
    return SpikeSource(
        path=path,
        population=population,
        times_name=times.name,
        ids_name=ids.name,
        n_spikes=int(times.shape[0]),
        sorting_claim=sorting,
        units=units,
        to_ms=1.0 if to_ms is None else to_ms,
        time_dtype=str(times.dtype),
        id_dtype=str(ids.dtype),
        compression=times.compression or ids.compression,
        legacy=legacy,
        notes=tuple(notes),
    )


def _check_units(units: str | None, to_ms: float | None, n_spikes: int) -> Finding | None:
    if units is None:
        return Finding(Kind.UNITS_MISSING, "units are missing: taken as ms") if n_spikes else None
    if to_ms is None:
        return Finding(Kind.UNITS_UNKNOWN, f"unknown units {units!r}: taken as ms")
    if to_ms != 1.0:
        return Finding(Kind.UNITS_CONVERTED, f"times are stored in {units!r}: converted to ms")
    return None


def _check_arrays(path: Path, population: str, times: h5py.Dataset, ids: h5py.Dataset) -> None:
    for name, dataset, kinds in (("timestamps", times, "fiu"), ("node_ids", ids, "iu")):
        if not hasattr(dataset, "dtype") or dataset.ndim != 1 or dataset.dtype.kind not in kinds:
            wanted = "numbers" if "f" in kinds else "integers"
            raise _bad(path, f"{name} is not a one-dimensional array of {wanted}", "simulate it again", population)
        if not _is_written(dataset):
            reason = f"{name} was never written to its end: the simulation stopped too early"
            raise _bad(path, reason, "simulate it again", population)
    if times.shape != ids.shape:
        reason = f"timestamps and node_ids differ in length ({times.shape[0]} and {ids.shape[0]})"
        raise _bad(path, reason, "the file is damaged: copy or simulate it again", population)


def _is_written(dataset: h5py.Dataset) -> bool:
    """Return whether the file holds all of a dataset; HDF5 reads zeros where it does not."""
    if dataset.is_virtual or dataset.external or not dataset.size:
        return True
    if dataset.chunks is not None:
        # A simulation that was stopped leaves chunks that were never allocated.
        return bool(dataset.id.get_num_chunks() >= -(-dataset.shape[0] // dataset.chunks[0]))
    return bool(dataset.id.get_storage_size() > 0)


def _sorting(group: h5py.Group, ids: h5py.Dataset) -> tuple[str | None, Finding | None]:
    """Read the sorting claim from wherever it is written, and a finding if it is not understood."""
    for holder in (group, ids):
        if "sorting" in holder.attrs:
            value = _attribute(holder, "sorting")
            claim = _ENUM_SORTINGS.get(value) if isinstance(value, int) else _SORTINGS.get(value.strip().lower())
            if claim:
                return claim, None
            return "none", Finding(Kind.SORTING_UNKNOWN, f"unknown sorting {value!r}: taken as unsorted")
    return None, None


def _attribute(holder: Any, name: str) -> str | int:
    """Read a text, number or enum attribute; of an enum, return the name of its value."""
    import h5py  # noqa: PLC0415

    value = holder.attrs[name]
    # Every writer may number its enum as it likes: only the name has a meaning that is known.
    members = h5py.check_enum_dtype(holder.attrs.get_id(name).dtype)
    if members:
        names = {number: key for key, number in members.items()}
        return str(names.get(int(np.asarray(value).ravel()[0]), "unknown"))
    if isinstance(value, (int, np.integer)):
        return int(value)
    return _text(value) or ""


def _text(value: Any) -> str | None:
    """Decode an attribute that may be str, bytes, or an array of one of them."""
    if value is None or type(value).__name__ == "Empty":
        return None
    if isinstance(value, np.ndarray):
        return _text(value.ravel()[0]) if value.size else None
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _bad(path: Path, reason: str, remedy: str, population: str | None = None) -> SpikeFileError:
    where = f"{path}, population {population!r}" if population else f"{path}"
    return SpikeFileError(f"{where}: {reason}; {remedy}")


@contextmanager
def _reporting_damage(path: Path, population: str | None = None) -> Iterator[None]:
    """Turn what h5py raises on a damaged file, which may be an exception of any class, into SpikeFileError."""
    try:
        yield
    except SpikelibError:
        raise
    except Exception as error:
        reason = f"the file is damaged or shrank while it was read ({_one_line(error)})"
        raise _bad(path, reason, "copy or simulate it again", population) from error


def _legible(name: str | bytes) -> str:
    """Return a name that can be printed and written: h5py returns bytes where it is not UTF-8, which become escapes."""
    return name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else name


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
