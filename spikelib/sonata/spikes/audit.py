"""Valid and rejected spikes of a population: counted while they are read, chunk by chunk.

Rejected are spikes whose time is not a number, infinite or negative, and spikes of ids beyond the population. They
are counted by reason and never dropped in silence: ``n_read == n_kept + sum(rejected)`` always. A negative id is
fatal, as nothing else in such a file can be trusted.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import ConservationError, RejectedSpikesError, SpikeFileError
from spikelib.findings import REASONS, Finding, Kind, read_findings
from spikelib.sonata.spikes.arrays import CHUNK, Ids, RunFacts, Spikes, Times
from spikelib.window import EPSILON_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spikelib.sonata.spikes.order import OrderCheck
    from spikelib.sonata.spikes.spike_file import SpikeReader, SpikeSource


@dataclass
class Audit:
    """Counts of one population; `to_dict` is what tables, `inspect` and pages show."""

    population: str
    n_nodes: int | None
    in_circuit: bool
    type: str | None
    sorting_claim: str | None
    units: str | None
    to_ms: float
    id_dtype: str
    time_dtype: str
    compression: str | None
    n_read: int = 0
    n_kept: int = 0
    rejected: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REASONS, 0))
    sorting_found: str = "none"
    time_first: float | None = None
    time_last: float | None = None
    id_min: int | None = None
    id_max: int | None = None
    n_after_end: int = 0
    n_before_start: int = 0
    n_duplicates: int = 0
    notes: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, source: SpikeSource, facts: RunFacts) -> Audit:
        """Start the audit of a population: what the storage says, all counts zero."""
        return cls(
            population=source.population,
            n_nodes=facts.n_nodes,
            in_circuit=facts.n_nodes is not None,
            type=facts.node_type,
            sorting_claim=source.sorting_claim,
            units=source.units,
            to_ms=source.to_ms,
            id_dtype=source.id_dtype,
            time_dtype=source.time_dtype,
            compression=source.compression,
            notes=[*source.notes, *([facts.note] if facts.note else [])],
        )

    @property
    def n_rejected(self) -> int:
        """Number of spikes rejected."""
        return sum(self.rejected.values())

    def to_dict(self) -> dict[str, Any]:
        """Return all fields as JSON-ready values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Audit:
        """Rebuild an audit from `to_dict`; in older tables its notes are plain sentences."""
        return cls(**{**values, "notes": read_findings(values["notes"])})

    def check_conserved(self, path: object) -> None:
        """Raise ConservationError unless every spike read was kept or counted as rejected."""
        if self.n_read != self.n_kept + self.n_rejected:
            msg = (
                f"{path}, population {self.population!r}: {self.n_read} spikes read, but {self.n_kept} kept and "
                f"{self.n_rejected} rejected; this is a bug of spikelib, please report it"
            )
            raise ConservationError(msg)

    def check_strict(self, path: object) -> None:
        """Raise RejectedSpikesError if any spike was rejected."""
        if self.n_rejected:
            msg = (
                f"{path}, population {self.population!r}: {describe_rejected(self.rejected)}; "
                "correct the file, or leave out --strict to go on without them"
            )
            raise RejectedSpikesError(msg)

    def followed_by(self, later: Audit) -> Audit:
        """Add up the audits of two consecutive stretches of one population; the order is that of the first."""
        starts = [time for time in (self.time_first, later.time_first) if time is not None]
        ends = [time for time in (self.time_last, later.time_last) if time is not None]
        lowest = [node for node in (self.id_min, later.id_min) if node is not None]
        highest = [node for node in (self.id_max, later.id_max) if node is not None]
        counts = ("n_read", "n_kept", "n_after_end", "n_before_start", "n_duplicates")
        return replace(
            self,
            rejected={reason: count + later.rejected[reason] for reason, count in self.rejected.items()},
            time_first=min(starts, default=None),
            time_last=max(ends, default=None),
            id_min=min(lowest, default=None),
            id_max=max(highest, default=None),
            notes=[*self.notes, *(note for note in later.notes if note not in self.notes)],
            **{name: getattr(self, name) + getattr(later, name) for name in counts},
        )

    def close(self, order: OrderCheck) -> None:
        """End the count: say in which order the spikes were found, and whether that is what the file claims."""
        self.sorting_found = order.found(self.sorting_claim)
        if self.sorting_claim in {"by_time", "by_id"} and self.sorting_found != self.sorting_claim:
            text = f"the file claims sorting {self.sorting_claim!r}, which is false: sorted here"
            self.notes.append(Finding(Kind.SORTING_CLAIM_FALSE, text))


def describe_rejected(rejected: Mapping[str, int]) -> str:
    """Return in words what was rejected.

    >>> describe_rejected({"not_a_number": 2, "infinite": 0, "negative_time": 1})
    '3 spikes rejected: 2 not a number, 1 negative time'
    """
    parts = [f"{count} {reason.replace('_', ' ')}" for reason, count in rejected.items() if count]
    total = sum(rejected.values())
    return f"{total} spike{'s' if total != 1 else ''} rejected: {', '.join(parts)}"


def valid_chunks(
    reader: SpikeReader, facts: RunFacts, audit: Audit, start: int = 0, stop: int | None = None
) -> Iterator[Spikes]:
    """Read a population in file order, reject the invalid spikes, and count.

    Parameters
    ----------
    reader
        Of an open population.
    facts
        What is known about the population's size and the run.
    audit
        Is counted up as chunks are given out.
    start, stop
        Indices of the stretch to read, half-open; to the end by default.

    Yields
    ------
    times, ids
        Times in ms (float64) and node ids (int64) of the valid spikes of one chunk.

    Raises
    ------
    SpikeFileError
        A node id is negative, or the file cannot be read to its end.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> arrays = np.array([1.0, np.nan, 3.0]), np.array([0, 1, 7])
    >>> source = SimpleNamespace(n_spikes=3, id_dtype="uint64")
    >>> reader = SimpleNamespace(source=source, read=lambda start, stop: arrays)
    >>> audit = Audit("a", 5, True, None, None, "ms", 1.0, "uint64", "float64", None)
    >>> [ids.tolist() for times, ids in valid_chunks(reader, RunFacts(n_nodes=5), audit)]
    [[0]]
    >>> describe_rejected(audit.rejected)
    '2 spikes rejected: 1 not a number, 1 id out of range'
    """
    stop = reader.source.n_spikes if stop is None else stop
    for begin in range(start, stop, CHUNK):
        times, ids = reader.read(begin, min(begin + CHUNK, stop))
        audit.n_read += len(times)
        times, ids = _reject(times, ids, reader.source, facts, audit)
        audit.n_kept += len(times)
        if len(times):
            if times.min() <= 0.0:
                times = times + 0.0  # makes -0.0 and 0.0, which are ties, the same bits
            count_spikes(times, ids, facts, audit)
            yield times, ids


def _reject(times: Times, ids: Ids, source: SpikeSource, facts: RunFacts, audit: Audit) -> Spikes:
    limit = facts.id_limit
    # One look at the extremes settles the usual case; NaN makes both comparisons false.
    if not len(times) or (times.min() >= -EPSILON_MS and times.max() < np.inf and _ids_within(ids, limit)):
        return times, ids
    # Unsigned ids beyond int64 come out negative: such an id is out of range, while a true negative one is fatal.
    wrapped = ids < 0
    if wrapped.any() and np.dtype(source.id_dtype).kind != "u":
        msg = (
            f"{source.path}, population {source.population!r}: {int(wrapped.sum())} negative node ids, "
            f"the first is {int(ids[wrapped][0])}; the file is damaged: simulate it again"
        )
        raise SpikeFileError(msg)
    valid = np.ones(len(times), np.bool_)
    faults = (np.isnan(times), np.isinf(times), times < -EPSILON_MS, wrapped | (ids >= limit))
    for reason, fault in zip(REASONS, faults, strict=True):
        audit.rejected[reason] += int(np.count_nonzero(fault & valid))
        valid &= ~fault
    return times[valid], ids[valid]


def _ids_within(ids: Ids, limit: int) -> bool:
    return bool(ids.min() >= 0 and ids.max() < limit)


def count_spikes(times: Times, ids: Ids, facts: RunFacts, audit: Audit) -> None:
    """Add the extremes of valid spikes to an audit, and how many lie outside of the run."""
    first, last, low, high = float(times.min()), float(times.max()), int(ids.min()), int(ids.max())
    audit.time_first = first if audit.time_first is None else min(first, audit.time_first)
    audit.time_last = last if audit.time_last is None else max(last, audit.time_last)
    audit.id_min = low if audit.id_min is None else min(low, audit.id_min)
    audit.id_max = high if audit.id_max is None else max(high, audit.id_max)
    if first < facts.start - EPSILON_MS:
        audit.n_before_start += int(np.count_nonzero(times < facts.start - EPSILON_MS))
    if facts.stop is not None and last > facts.stop + EPSILON_MS:
        audit.n_after_end += int(np.count_nonzero(times > facts.stop + EPSILON_MS))
