"""SONATA spike files: which populations a file holds, how each is stored, and reading a stretch of one.

Two layouts exist. Today's is ``/spikes/<population>/{timestamps, node_ids}``; before populations were introduced
(2018) it was ``/spikes/{timestamps, gids}``, whose one nameless population is called `LEGACY_POPULATION` here, as
bmtk calls it. Attributes come in many spellings; how they were understood is listed in `SpikeSource.notes`.

Data are read with HDF5's own calls, never mapped into memory: a file that shrinks while it is read then ends in an
error with words, where a mapping would end the process with SIGBUS.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import SpikeFileError, SpikelibError, UnknownPopulationError, shortage
from spikelib.findings import Finding, Kind
from spikelib.sonata.hdf5.attributes import read_attribute
from spikelib.sonata.hdf5.links import Borders, member, members
from spikelib.sonata.hdf5.opening import open_hdf5
from spikelib.sonata.hdf5.storage import check_stored
from spikelib.sonata.names import did_you_mean
from spikelib.sonata.spikes.decimals import nearest_decimals
from spikelib.sonata.spikes.stored_column import StoredColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    import h5py
    from numpy.typing import NDArray

LEGACY_POPULATION = "<sonata:none>"
"""Name of the population of a file written before populations existed."""

_MS_PER_UNIT = {
    "ms": 1.0, "msec": 1.0, "millisecond": 1.0, "milliseconds": 1.0,
    "s": 1000.0, "sec": 1000.0, "second": 1000.0, "seconds": 1000.0,
    "us": 1e-3, "\u00b5s": 1e-3, "\u03bcs": 1e-3, "microsecond": 1e-3, "microseconds": 1e-3,
}  # fmt: skip
_SORTINGS: dict[Any, str] = {
    "by_time": "by_time", "time": "by_time",
    "by_id": "by_id", "id": "by_id", "by_gid": "by_id", "gid": "by_id", "node_id": "by_id", "by_node_id": "by_id",
    "none": "none", "unknown": "none", "na": "none", "": "none",
}  # fmt: skip
_ENUM_SORTINGS: dict[Any, str] = {0: "none", 1: "by_id", 2: "by_time"}


@dataclass(frozen=True)
class SpikeSource:
    """Where and how the spikes of one population are stored; holds no open file."""

    path: Path
    population: str
    times_name: str | bytes | None
    """HDF5 path of the time stamps, bytes where it is not UTF-8; None for a population without datasets."""
    ids_name: str | bytes | None
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
    dt: float | None = None
    """Time step of the run, ms, None if unknown: times in single precision are multiples of it, if they can be."""

    @contextmanager
    def open(self) -> Iterator[SpikeReader]:
        """Open the file for reading this population."""
        if self.times_name is None or self.ids_name is None or not self.n_spikes:
            yield SpikeReader(self, None, None)
            return
        with _open(self.path) as file:
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
        return self.read_times(start, stop), self.read_ids(start, stop)

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
        if self._times.dtype.kind == "f" and self._times.dtype.itemsize < times.itemsize:
            times[:] = self._precise(times.astype(self._times.dtype))
        else:
            self._to_ms(times)

    def read_times(self, start: int, stop: int) -> NDArray[np.float64]:
        """Read the times with index in [start, stop), shape (stop - start,), ms."""
        if self._times is None:
            return np.empty(0, np.float64)
        stored = self._stretch(self._times, start, stop)
        if stored.dtype.kind == "f" and stored.dtype.itemsize < np.dtype(np.float64).itemsize:
            return self._precise(stored)
        times = stored.astype(np.float64, copy=False)
        self._to_ms(times)
        return times

    def _to_ms(self, times: NDArray[np.float64]) -> None:
        """Convert times in place; those beyond the largest number become infinite, and are rejected as such."""
        if self.source.to_ms != 1.0:
            with np.errstate(over="ignore"):
                times *= self.source.to_ms

    def _precise(self, stored: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Return times in ms that are stored in single or half precision."""
        return nearest_decimals(stored, self.source.to_ms, self.source.dt)

    def read_ids(self, start: int, stop: int) -> NDArray[np.int64]:
        """Read the ids with index in [start, stop), shape (stop - start,), as `read` does."""
        if self._ids is None:
            return np.empty(0, np.int64)
        ids = self._stretch(self._ids, start, stop)
        return ids.view(np.int64) if ids.dtype == np.uint64 else ids.astype(np.int64, copy=False)

    def _stretch(self, column: StoredColumn, start: int, stop: int) -> NDArray[Any]:
        with _reporting_damage(self.source.path, self.source.population):
            return column.read(start, stop)


def spike_sources(path: str | Path, folders: Iterable[Path] = (), dt: float | None = None) -> dict[str, SpikeSource]:
    """Find the populations of a spike file.

    Parameters
    ----------
    path
        A SONATA spike file in any layout.
    folders
        Where links of the file may lead, beside its own folder.
    dt
        Time step of the run, ms; None if unknown. Only times in single precision are read with it.

    Returns
    -------
    dict
        Population name to source, sorted by name; empty if the file has no population.

    Raises
    ------
    MissingFileError
        There is no such file.
    SpikeFileError
        The file is not HDF5, is cut short, has no ``/spikes``, holds something else than populations there, a link
        leads nowhere or elsewhere, or a population's arrays do not fit together or are not stored to their end.

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
    borders = Borders(tuple(folders))
    with _open(path) as file, _reporting_damage(path):
        if "nwb_version" in file.attrs:
            raise _bad(path, "this is a file in the format NWB", "only SONATA spike reports can be read")
        root = member(file, "spikes", "/spikes", borders, partial(_bad, path))
        if root is None or not hasattr(root, "items"):
            raise _bad(path, "it has no group /spikes", "is it really a SONATA spike report?")
        inside = dict(members(root, "/spikes", borders, partial(_bad, path)))
        if hasattr(inside.get("timestamps"), "shape"):
            _check_members(path, inside, {"timestamps", "gids", "node_ids"}, "/spikes", beside="timestamps")
            source = _describe(path, LEGACY_POPULATION, root, b"/spikes", borders)
            return {LEGACY_POPULATION: replace(source, dt=dt)}
        _check_members(path, inside, {name for name, node in inside.items() if hasattr(node, "items")}, "/spikes")
        sources: dict[str, SpikeSource] = {}
        for name in sorted(inside, key=_encoded):
            if hasattr(inside[name], "items"):
                shown = _legible(name, sources)
                sources[shown] = _describe(path, shown, inside[name], b"/spikes/" + _encoded(name), borders)
        return {name: replace(sources[name], dt=dt) for name in sorted(sources)}


def select_source(sources: dict[str, SpikeSource], population: str, path: Path) -> SpikeSource:
    """Pick a population of a spike file by name.

    Raises
    ------
    UnknownPopulationError
        The file has no such population; the text lists those it has.
    """
    if population not in sources:
        known = ", ".join(map(repr, sources)) or "none at all"
        known += did_you_mean(population, sources)
        msg = f"{path}: no population {population!r} in this spike report; it has {known}"
        raise UnknownPopulationError(msg)
    return sources[population]


def _open(path: Path) -> AbstractContextManager[h5py.File]:
    hint = "did the simulation run, and is output.spikes_file right?"
    return open_hdf5(path, "spike file", SpikeFileError, hint)


def _describe(path: Path, population: str, group: h5py.Group, place: bytes, borders: Borders) -> SpikeSource:
    refuse = partial(_bad, path, population=population)
    shown = place.decode("utf-8", "backslashreplace")
    arrays = dict(members(group, shown, borders, refuse))
    legacy = population == LEGACY_POPULATION and place == b"/spikes"
    notes = [Finding(Kind.OLD_LAYOUT, "old layout without populations (/spikes/gids)")] if legacy else []
    ids_name = "node_ids" if "node_ids" in arrays else "gids"
    times, ids = arrays.get("timestamps"), arrays.get(ids_name)
    if times is None and ids is None:
        _check_members(path, arrays, set(), shown, population)
        note = Finding(Kind.NO_DATASETS, "the population has no datasets: taken as empty")
        return SpikeSource(path, population, None, None, 0, None, None, 1.0, "float64", "uint64", None, legacy, (note,))
    if times is None or ids is None:
        missing = "timestamps" if times is None else "node_ids"
        raise _bad(path, f"the dataset {missing} is missing", "simulate it again", population)
    n_spikes = _check_arrays(times, ids, borders, refuse)
    units = _units(times, group)
    to_ms = _MS_PER_UNIT.get((units or "ms").strip().lower())
    sorting, unknown = _sorting(group, ids)
    doubts = (_check_units(units, to_ms, n_spikes), unknown)
    notes += [doubt for doubt in doubts if doubt]
    # By the way that leads there: the arrays of a linked population have other names in their own file.
    return SpikeSource(
        path=path,
        population=population,
        times_name=_name(place + b"/timestamps"),
        ids_name=_name(place + b"/" + ids_name.encode()),
        n_spikes=n_spikes,
        sorting_claim=sorting,
        units=units,
        to_ms=1.0 if to_ms is None else to_ms,
        time_dtype=str(times.dtype),
        id_dtype=str(ids.dtype),
        compression=times.compression or ids.compression,
        legacy=legacy,
        notes=tuple(notes),
    )


def _check_members(
    path: Path,
    found: Mapping[str | bytes, Any],
    known: set[str | bytes],
    where: str,
    population: str | None = None,
    beside: str = "",
) -> None:
    """Raise if a group of which spikes are expected holds something else: it might be spikes that would be lost."""
    others = [name for name, node in found.items() if name not in known and not _is_empty(node)]
    if others:
        listed = ", ".join(_legible(name, ()) for name in others[:3]) + (", ..." if len(others) > 3 else "")
        reason = f"{where} holds {listed} in the place of timestamps and node_ids"
        if beside:
            reason = f"{where} holds {listed} beside the {beside} of the old layout, which has no populations"
        elif not population:
            reason = f"{where} holds what is no population: {listed}"
        raise _bad(path, reason, "only SONATA spike reports can be read", population)


def _is_empty(node: Any) -> bool:
    """Return whether an object of a file can hold no spikes: an empty group or array, a single value, or a type."""
    if hasattr(node, "items"):
        return all(_is_empty(member) for member in node.values())
    return not getattr(node, "shape", None) or not node.size


def _check_units(units: str | None, to_ms: float | None, n_spikes: int) -> Finding | None:
    if units is None:
        return Finding(Kind.UNITS_MISSING, "units are missing: taken as ms") if n_spikes else None
    if to_ms is None:
        return Finding(Kind.UNITS_UNKNOWN, f"unknown units {units!r}: taken as ms")
    if to_ms != 1.0:
        return Finding(Kind.UNITS_CONVERTED, f"times are stored in {units!r}: converted to ms")
    return None


def _check_arrays(
    times: h5py.Dataset, ids: h5py.Dataset, borders: Borders, refuse: Callable[[str, str], SpikelibError]
) -> int:
    """Return the number of spikes, once both arrays are what they should be."""
    lengths = []
    for name, dataset, kinds in (("timestamps", times, "fiu"), ("node_ids", ids, "iu")):
        if hasattr(dataset, "shape") and (dataset.shape is None or dataset.size == 0):
            lengths.append(0)  # numpy writes an empty list as numbers of any type
            continue
        if not hasattr(dataset, "dtype") or dataset.ndim != 1 or dataset.dtype.kind not in kinds:
            wanted = "numbers" if "f" in kinds else "integers"
            msg = f"{name} is not a one-dimensional array of {wanted}"
            raise refuse(msg, "simulate it again")
        check_stored(dataset, name, borders, refuse)
        lengths.append(int(dataset.shape[0]))
    if lengths[0] != lengths[1]:
        reason = f"timestamps and node_ids differ in length ({lengths[0]} and {lengths[1]})"
        raise refuse(reason, "the file is damaged: copy or simulate it again")
    return lengths[0]


def _units(times: h5py.Dataset, group: h5py.Group) -> str | None:
    holder = times if "units" in times.attrs else group
    if "units" not in holder.attrs:
        return None
    value = read_attribute(holder, "units")
    return "of another type than text" if value is None else str(value) or None


def _sorting(group: h5py.Group, ids: h5py.Dataset) -> tuple[str | None, Finding | None]:
    """Read the sorting claim from wherever it is written, and a finding if it is not understood."""
    for holder in (group, ids):
        if "sorting" in holder.attrs:
            value = read_attribute(holder, "sorting")
            known: dict[Any, str] = _SORTINGS if isinstance(value, str) else _ENUM_SORTINGS
            claim = known.get(value.strip().lower() if isinstance(value, str) else value)
            if claim:
                return claim, None
            return "none", Finding(Kind.SORTING_UNKNOWN, f"unknown sorting {value!r}: taken as unsorted")
    return None, None


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
        if (short := shortage(error)) is not None:
            raise _bad(path, f"{short} to read it ({_one_line(error)})", "give the job more", population) from error
        reason = f"the file is damaged or shrank while it was read ({_one_line(error)})"
        raise _bad(path, reason, "copy or simulate it again", population) from error


def _encoded(name: str | bytes) -> bytes:
    return name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")


def _name(place: bytes) -> str | bytes:
    """Return a path as h5py wants it: text where it is UTF-8."""
    try:
        return place.decode()
    except UnicodeDecodeError:
        return place


def _legible(name: str | bytes, taken: Container[str]) -> str:
    """Return a name that can be printed and written: h5py returns bytes where it is not UTF-8, which become escapes."""
    shown = name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else name
    while shown in taken:  # another population is called by these very letters
        shown = "\\" + shown
    return shown


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
