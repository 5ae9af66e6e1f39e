"""From a spike report to a table: one population verified, brought into canonical order, written, conserved."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from threading import Event
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from spikelib.errors import ConservationError, TableError
from spikelib.results import part_path, remove_parts, table_folder
from spikelib.sonata.spikes.audit import Audit, valid_chunks
from spikelib.sonata.spikes.order import OrderCheck, UnsortedError, canonical_chunks, count_duplicates
from spikelib.tables.read_ahead import ahead
from spikelib.tables.schema import read_info
from spikelib.tables.sort import SortOptions, sorted_chunks
from spikelib.tables.writer import open_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from spikelib.sonata.spikes.arrays import RunFacts, Spikes
    from spikelib.sonata.spikes.spike_file import SpikeReader, SpikeSource
    from spikelib.tables.slab import Slab
    from spikelib.tables.writer import TableWriter


_THREADS = 2
_PARALLEL = 1 << 21
"""From this many spikes on, a report in order is encoded by two threads, a part of the table each."""
_LOOK = 4096

Fill: TypeAlias = "Callable[[_Part], Audit]"


@dataclass(frozen=True)
class ExtractOptions:
    """How a table is made."""

    strict: bool = False
    """Fail if any spike has to be rejected."""
    sort: SortOptions = field(default_factory=SortOptions)
    """Limits for reports that are not sorted by time."""
    progress: Callable[[int], None] | None = None
    """Called with the number of spikes written since the last call."""
    slab: Slab | None = None
    """The slab that this job extracts; None for all spikes."""
    made_from: str = ""
    """What the table states that it was made from."""


def extract(source: SpikeSource, facts: RunFacts, folder: Path, options: ExtractOptions | None = None) -> Audit:
    """Write the table of one population, ``part-00000.parquet`` and so on in a folder of its own.

    Parameters
    ----------
    source, facts
        The population, and what is known about it.
    folder
        Folder of the table; `table_folder` names it.
    options
        Strictness, limits of sorting, progress.

    Returns
    -------
    Audit
        What was read; it is in the table's metadata too.

    Raises
    ------
    SpikeFileError
        The spikes cannot be read.
    RejectedSpikesError
        With `options.strict`, if spikes had to be rejected.
    OutputError
        The table cannot be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> from spikelib.sonata.spikes.arrays import RunFacts
    >>> from spikelib.sonata.spikes.spike_file import spike_sources
    >>> with TemporaryDirectory() as folder:
    ...     sources = spike_sources(write_demo(folder).with_name("output") / "spikes.h5")
    ...     audit = extract(sources["thalamus"], RunFacts(n_nodes=120), Path(folder) / "thalamus.parquet")
    >>> audit.n_read == audit.n_kept, audit.n_rejected
    (True, 0)
    """
    options = options or ExtractOptions()
    if options.slab is not None:
        return _write_slab(source, facts, folder, options, options.slab)
    try:
        if source.sorting_claim != "by_id":
            return _write(source, facts, folder, options, _in_order)
    except UnsortedError:  # the claim was false, or nothing was claimed
        pass  # the writers have removed their files; a check beforehand would read every sorted report twice
    return _write(source, facts, folder, options, _sorting)


def _write(source: SpikeSource, facts: RunFacts, folder: Path, options: ExtractOptions, fill: Fill) -> Audit:
    """Write all parts of the table, each with source, counts and audit of the whole; none is seen before all are."""
    metadata = {"source": {"file": str(source.path), "population": source.population}, "made_from": options.made_from}
    with source.open() as reader, ExitStack() as stack:
        # A sort needs all spikes together, so what has to be sorted is one part.
        cuts = _cuts(reader) if fill is _in_order else [0, source.n_spikes]
        paths = [part_path(folder, k) for k in range(len(cuts) - 1)]
        writers = [stack.enter_context(open_writer(path, metadata)) for path in paths]
        jobs = [
            _Part(reader, facts, options, writer, ends) for writer, ends in zip(writers, pairwise(cuts), strict=True)
        ]
        with ThreadPoolExecutor(len(jobs)) as pool:
            try:
                audit = _united(list(pool.map(fill, jobs)))
            except BaseException:
                # The pool waits for its threads: who interrupts a long extraction shall not wait for its end.
                for job in jobs:
                    job.stop.set()
                raise
        _check(audit, source, options, n_written=sum(writer.n_written for writer in writers))
        counts = {"read": audit.n_read, "written": audit.n_kept, "rejected": audit.rejected}
        for writer in writers:
            writer.metadata |= {"parts": len(writers), "counts": counts, "audit": audit.to_dict()}
    remove_parts(folder, len(paths))
    return audit


def _write_slab(source: SpikeSource, facts: RunFacts, folder: Path, options: ExtractOptions, slab: Slab) -> Audit:
    """Write one part of a table that several jobs write, with counts and audit of that part."""
    origin = {"file": str(source.path), "population": source.population, "n_spikes": source.n_spikes}
    metadata = {"source": origin, "made_from": options.made_from}
    path = part_path(folder, slab.index)
    with source.open() as reader, open_writer(path, metadata) as writer:
        ends = slab.ends or (0, source.n_spikes)
        part = _Part(reader, facts, options, writer, ends)
        try:
            audit = _in_order(part) if slab.ends else _sorting_slab(part, slab)
        except UnsortedError as error:
            msg = f"{source.path}, population {source.population!r}: it has changed since it was surveyed; survey again"
            raise ConservationError(msg) from error
        _check_part(audit, source, options, writer.n_written)
        counts = {"read": audit.n_read, "written": audit.n_kept, "rejected": audit.rejected}
        writer.metadata |= {"parts": slab.count, "slab": slab.index, "counts": counts, "audit": audit.to_dict()}
    remove_parts(folder, slab.count)
    return audit


def _sorting_slab(part: _Part, slab: Slab) -> Audit:
    """Read a whole population in no order, and write its slab. What is rejected is counted in the first slab."""
    source = part.reader.source
    everything, audit, order = Audit.of(source, part.facts), Audit.of(source, part.facts), OrderCheck()
    chunks = slab.within(_watched(valid_chunks(part.reader, part.facts, everything), order), part.facts, audit)
    spikes = ahead(sorted_chunks(chunks, source.n_spikes // slab.count, part.options.sort))
    _drain(part, spikes, audit)
    # Every job reads the whole population and meets all that is rejected; counted once, the slabs add up to the file.
    if slab.index == 0:
        audit.rejected = everything.rejected
    audit.n_read = audit.n_kept + audit.n_rejected
    audit.close(order)
    return audit


@dataclass
class _Part:
    """A stretch of the spike file and the file that its spikes go to."""

    reader: SpikeReader
    facts: RunFacts
    options: ExtractOptions
    writer: TableWriter
    ends: tuple[int, int]
    stop: Event = field(default_factory=Event)
    """Set when what is written will be thrown away."""


def _in_order(part: _Part) -> Audit:
    """Write a stretch that is sorted by time; UnsortedError if it is not."""
    return _pour(part, canonical_chunks)


def _sorting(part: _Part) -> Audit:
    """Write a stretch that has to be sorted."""
    size = part.ends[1] - part.ends[0]
    return _pour(part, lambda chunks: ahead(sorted_chunks(chunks, size, part.options.sort)))


def _pour(part: _Part, put_in_order: Callable[[Iterator[Spikes]], Iterator[Spikes]]) -> Audit:
    audit, order = Audit.of(part.reader.source, part.facts), OrderCheck()
    chunks = _watched(valid_chunks(part.reader, part.facts, audit, *part.ends), order)
    _drain(part, put_in_order(chunks), audit)
    audit.close(order)
    return audit


def _drain(part: _Part, spikes: Iterator[Spikes], audit: Audit) -> None:
    for times, ids in _counted(spikes, audit):
        if part.stop.is_set():
            return
        part.writer.write(times, ids)
        if part.options.progress:
            part.options.progress(len(times))


def _cuts(reader: SpikeReader) -> list[int]:
    """Divide a large population into stretches for several threads, never between spikes of one time."""
    size = reader.source.n_spikes
    n_parts = _THREADS if size >= _PARALLEL else 1
    return [0, *(_end_of_ties(reader, size * k // n_parts) for k in range(1, n_parts)), size]


def _end_of_ties(reader: SpikeReader, index: int) -> int:
    """Find the first spike from `index` on that has another time than the one before it."""
    size = reader.source.n_spikes
    # Spikes of one time are ordered by id within a part only: a cut between them would break the canonical order.
    last = reader.read_times(index - 1, index)[0]
    for begin in range(index, size, _LOOK):
        times = reader.read_times(begin, min(begin + _LOOK, size))
        others = np.flatnonzero(times != last)
        if len(others):
            return begin + int(others[0])
    return size


def _united(audits: list[Audit]) -> Audit:
    """Add up the audits of consecutive stretches; UnsortedError unless each begins after the end of the one before."""
    for before, after in pairwise(audit for audit in audits if audit.n_kept):
        if (before.time_last or 0.0) >= (after.time_first or 0.0):  # equal if a rejected spike parts the ties
            raise UnsortedError
    return reduce(Audit.followed_by, audits)


def _check(audit: Audit, source: SpikeSource, options: ExtractOptions, n_written: int) -> None:
    if audit.n_read != source.n_spikes:
        msg = (
            f"{source.path}, population {source.population!r}: {source.n_spikes} spikes in the file, "
            f"{audit.n_read} read; please report this bug"
        )
        raise ConservationError(msg)
    _check_part(audit, source, options, n_written)


def _check_part(audit: Audit, source: SpikeSource, options: ExtractOptions, n_written: int) -> None:
    audit.check_conserved(source.path)
    if options.strict:
        audit.check_strict(source.path)
    if n_written != audit.n_kept:
        msg = (
            f"{source.path}, population {source.population!r}: {audit.n_kept} spikes kept, {n_written} written; "
            "please report this bug"
        )
        raise ConservationError(msg)


def _watched(chunks: Iterable[Spikes], order: OrderCheck) -> Iterator[Spikes]:
    for times, ids in chunks:
        order.see(times, ids)
        yield times, ids


def _counted(chunks: Iterable[Spikes], audit: Audit) -> Iterator[Spikes]:
    """Count duplicates in chunks in canonical order, those across a seam included."""
    last = None
    for times, ids in chunks:
        audit.n_duplicates += count_duplicates(times, ids)
        if last is not None and len(times):
            audit.n_duplicates += int(last == (times[0], ids[0]))
        if len(times):
            last = (times[-1], ids[-1])
        yield times, ids


def table_audits(sources: Mapping[str, SpikeSource], tables: Path) -> list[dict[str, Any]]:
    """Return the audits that the tables of all populations hold; TableError if they are not of these sources."""
    audits = []
    for name, source in sources.items():
        info = read_info(table_folder(tables, name))
        audit = info.metadata.get("audit")
        if audit is None or audit["n_read"] != source.n_spikes or info.n_spikes != audit["n_kept"]:
            msg = f"{info.path}: not a table of all {source.n_spikes} spikes in {source.path}; extract it again"
            raise TableError(msg)
        audits.append(audit)
    return audits
