"""Spike files: inspected, read through the Python interface, and extracted into tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pyarrow.parquet as pq

from spikelib.simulation.simulation import open_report
from spikelib.steps.inspect import inspect
from spikelib.tables.extract import extract
from tests.fuzz.folders import own, place
from tests.fuzz.mutate_hdf5 import NEIGHBOUR, SECRET, mutate_hdf5
from tests.fuzz.server import NotConservedError
from tests.real_data import DATA
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from numpy.typing import NDArray

    Spikes = tuple[NDArray[Any], NDArray[Any]]

SECRET_ID = 987_654_321
"""Id of all spikes of the file that no mutant may reach."""
_NAMES = ("spikes", "timestamps", "node_ids", "gids", "cortex", "thalamus", "All")
_LARGEST = 10**6
"""Spikes that are compared one by one."""
_LARGEST_ID = 2**40
"""A greater id is rejected, as docs/formats.md says."""
_TOLERANCES = {"f2": 2e-3, "f4": 1e-6}
_TO_MS = {"s": 1000.0, "sec": 1000.0, "us": 1e-3, "seconds": 1000.0, "second": 1000.0}


class SpikeFiles:
    """The target."""

    name = "spikes"

    def prepare(self, folder: Path) -> None:
        for path in _real_files():
            target = folder / f"{path.parent.parent.name}-{path.parent.name}-{path.stem}"
            target.mkdir(parents=True)
            (target / "spikes.h5").write_bytes(path.read_bytes())
        rng = np.random.default_rng(1)
        times, ids = np.round(np.sort(rng.uniform(0, 100, 60)), 1), rng.integers(0, 12, 60)
        two = {"cortex": (times, ids), "thalamus": (times[:9], ids[:9])}
        for name, options in _MADE.items():
            parts = {"cortex": two["cortex"]} if options.get("layout") == "legacy" else two
            write_spikes(folder / name / "spikes.h5", parts, **options)
        for target in folder.iterdir():
            write_spikes(target / NEIGHBOUR, two)
        self._origins = sorted(folder.iterdir())
        self._secret = folder.parent / SECRET
        write_spikes(
            self._secret, {name: (spikes[0], np.full(len(spikes[0]), SECRET_ID)) for name, spikes in two.items()}
        )

    def place(self, rng: Random, folder: Path) -> str:
        origin = rng.choice(self._origins)
        place(origin, folder / "run")
        (folder / SECRET).write_bytes(self._secret.read_bytes())
        return origin.name

    def change(self, rng: Random, folder: Path) -> str:
        return mutate_hdf5(rng, own(folder / "run" / "spikes.h5"), _NAMES)

    def read(self, rng: Random, folder: Path) -> dict[str, Any]:
        path = folder / "run" / "spikes.h5"
        report = open_report(path)
        whole = report.filter().report
        read = {name: _arrays(report[name].get()) for name in report}
        if len(whole) != sum(len(ids) for _, ids in read.values()):
            message = "filter().report does not hold the spikes of its populations"
            raise NotConservedError(message)
        description = json.loads(json.dumps(inspect(path)))
        audits = {each["population"]: each for each in description["populations"]}
        for name in read if rng.random() < 0.2 else ():
            table = folder / "tables" / str(len(name))
            audit = extract(report[name].source, report[name].facts, table).to_dict()
            _check_table(name, audit, audits[name], table, read[name])
        return {"read": read, "audits": audits}

    def check(self, folder: Path, facts: Any) -> bool:
        for name, (_, ids) in facts["read"].items():
            if (ids == SECRET_ID).any():
                message = f"population {name!r}: spikes of a file outside of the folder"
                raise NotConservedError(message)
        return check_spikes(folder / "run" / "spikes.h5", facts["read"], facts["audits"])


_MADE: dict[str, dict[str, Any]] = {
    "plain": {},
    "unsorted": {"sorting": "none"},
    "legacy": {"layout": "legacy", "sorting": None},
    "packed": {"compression": "gzip", "sorting_form": "text"},
    "single": {"time_dtype": "float32", "id_dtype": "uint32"},
    "seconds": {"units": "s", "sorting_on": "node_ids"},
    "integers": {"time_dtype": "int32", "id_dtype": "int64", "units": None},
}


def _real_files() -> list[Path]:
    files = [path for path in sorted(DATA.rglob("*.h5")) if path.parent.name != "bad" and path.stat().st_size < 16_000]
    found = []
    for path in files:
        with h5py.File(path) as file:
            found += [path] if "spikes" in file else []
    return found


def _arrays(series: Any) -> Spikes:
    return series.index.to_numpy(), series.to_numpy()


def _check_table(name: str, audit: dict[str, Any], inspected: dict[str, Any], table: Path, read: Spikes) -> None:
    counts = ("n_read", "n_kept", "rejected", "time_first", "time_last", "id_min", "id_max")
    if any(audit[key] != inspected[key] for key in counts):
        message = f"population {name!r}: extract and inspect count differently"
        raise NotConservedError(message)
    parts = [pq.ParquetFile(path).read() for path in sorted(table.glob("*.parquet"))]
    columns = [np.concatenate([part.column(k).to_numpy() for part in parts]) for k in range(2)]
    if not all(map(np.array_equal, columns, read)):
        message = f"population {name!r}: the table is not what get() returns"
        raise NotConservedError(message)


def check_spikes(path: Path, read: dict[str, Spikes], audits: dict[str, Any]) -> bool:
    """Compare what spikelib read with what h5py reads; return whether h5py could read it at all."""
    try:
        with h5py.File(path, "r") as file:
            root = file["spikes"]
            stored = {"": _stored(root)} if isinstance(root.get("timestamps"), h5py.Dataset) else {}
            if not stored:
                stored = {str(name): _stored(root[name]) for name in root if not isinstance(name, bytes)}
            all_texts = not any(isinstance(name, bytes) for name in root)
    except NotConservedError:
        raise
    except Exception:
        return False
    missing = [name for name in stored if name not in read and "" not in stored]
    if missing and any(stored[name] is not None for name in missing):
        message = f"populations {missing} are missing"
        raise NotConservedError(message)
    if all_texts and len(stored) < len(read):
        message = f"{len(read)} populations, where the file has {len(stored)}"
        raise NotConservedError(message)
    for name, spikes in read.items():
        of_file = stored.get("" if "" in stored else name)
        if of_file is not None:
            _compare(name, of_file, spikes, audits[name])
    return True


def _stored(group: Any) -> tuple[NDArray[Any], NDArray[Any], float] | None:
    if not isinstance(group, h5py.Group):
        return None
    times, ids = group.get("timestamps"), group.get("node_ids", group.get("gids"))
    if times is None or ids is None or not times.size or times.size > _LARGEST:
        return None
    units = times.attrs.get("units", group.attrs.get("units", "ms"))
    units = units.decode() if isinstance(units, bytes) else units
    return times[()], ids[()], _TO_MS.get(units.strip().lower(), 1.0) if isinstance(units, str) else 1.0


def _compare(name: str, stored: tuple[NDArray[Any], NDArray[Any], float], read: Spikes, audit: dict[str, Any]) -> None:
    raw, ids, to_ms = stored
    largest = _LARGEST_ID if audit["n_nodes"] is None else audit["n_nodes"] - 1
    with np.errstate(over="ignore"):
        times = raw.astype(np.float64) * to_ms
    valid = np.isfinite(times) & (times >= -1e-6) & (ids.astype(np.float64) <= largest)
    n_kept = int(valid.sum())
    counts = (audit["n_read"], audit["n_kept"], sum(audit["rejected"].values()), len(read[0]))
    if counts != (len(times), n_kept, len(times) - n_kept, n_kept):
        of_file = f"the file has {len(times)}, {n_kept} of them valid"
        message = f"population {name!r}: read, kept, rejected, returned are {counts}; {of_file}"
        raise NotConservedError(message)
    times, wanted = times[valid], ids[valid].astype(np.int64)
    if (np.diff(read[0]) < 0).any():
        message = f"population {name!r}: spikes are not in order of time"
        raise NotConservedError(message)
    tolerance = _TOLERANCES.get(raw.dtype.str[1:], 1e-15)
    order, found = np.lexsort((times, wanted)), np.lexsort((read[0], read[1]))
    if not np.array_equal(wanted[order], read[1][found]) or not np.allclose(
        times[order], read[0][found], rtol=tolerance, atol=1e-300
    ):
        message = f"population {name!r}: other spikes than those of the file"
        raise NotConservedError(message)
