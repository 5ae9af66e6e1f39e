"""From a spike report to a table: one population verified, brought into canonical order, written, conserved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from spikelib.errors import ConservationError
from spikelib.sonata.audit import Audit, OrderCheck, sound_chunks
from spikelib.sonata.order import UnsortedError, canonical_chunks, count_duplicates
from spikelib.tables.sort import SortOptions, sorted_chunks
from spikelib.tables.writer import open_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from spikelib.sonata.audit import RunFacts, Spikes
    from spikelib.sonata.spikes import SpikeSource


@dataclass(frozen=True)
class ExtractOptions:
    """How a table is made."""

    strict: bool = False
    """Fail if any spike has to be set aside."""
    sort: SortOptions = field(default_factory=SortOptions)
    """Limits for reports that are not sorted by time."""
    progress: Callable[[int], None] | None = None
    """Called with the number of spikes written since the last call."""


def extract(source: SpikeSource, facts: RunFacts, folder: Path, options: ExtractOptions | None = None) -> Audit:
    """Write the table of one population, ``part-00000.parquet`` in a folder of its own.

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
        With `options.strict`, if spikes had to be set aside.
    OutputError
        The table cannot be written.
    """
    path = folder / "part-00000.parquet"
    options = options or ExtractOptions()
    try:
        if source.sorting_claim != "by_id":
            return _write(source, facts, path, options, ordered=True)
    except UnsortedError:  # the claim was false, or nothing was claimed
        pass
    return _write(source, facts, path, options, ordered=False)


def _write(source: SpikeSource, facts: RunFacts, path: Path, options: ExtractOptions, *, ordered: bool) -> Audit:
    """Write the table in one pass, hoping that the report is ordered by time, or sorting it."""
    audit, order = Audit.of(source, facts), OrderCheck()
    metadata = {"source": {"file": str(source.path), "population": source.population}}
    with source.open() as reader, open_writer(path, metadata) as writer:
        chunks = _watched(sound_chunks(reader, facts, audit), order)
        spikes = canonical_chunks(chunks) if ordered else sorted_chunks(chunks, source.n_spikes, options.sort)
        for times, ids in _counted(spikes, audit):
            writer.write(times, ids)
            if options.progress:
                options.progress(len(times))
        audit.close(order)
        audit.check_conserved(source.path)
        if options.strict:
            audit.check_strict(source.path)
        writer.metadata |= {
            "counts": {"read": audit.n_read, "written": writer.n_written, "rejected": audit.rejected},
            "audit": audit.to_dict(),
        }
        if audit.n_read != source.n_spikes or writer.n_written != audit.n_kept:
            msg = (
                f"{source.path}, population {source.population!r}: {source.n_spikes} spikes in the file, "
                f"{audit.n_read} read, {audit.n_kept} kept, {writer.n_written} written; please report this bug"
            )
            raise ConservationError(msg)
    return audit


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
