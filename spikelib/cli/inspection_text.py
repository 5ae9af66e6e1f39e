"""The description of a simulation as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikelib.page.report.tiles import simulator_label
from spikelib.sonata.spikes.audit import describe_rejected

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def inspection_text(description: Mapping[str, Any]) -> str:
    """Return a description as text: the run, then each population with all that is unusual about it."""
    return "\n".join(_lines(description))


def _lines(description: Mapping[str, Any]) -> Iterator[str]:
    simulation, file = description["simulation"], description["spike_file"]
    yield f"{description['source']}"
    stop = "unknown" if simulation["time_stop"] is None else f"{simulation['time_stop']:g} ms"
    simulator = f"{simulator_label(simulation).lower()} {simulation['simulator'] or 'unknown'}"
    yield f"  run         {simulation['time_start']:g} ms to {stop}, {simulator}"
    yield f"  circuit     {simulation['circuit'] or 'none'}"
    yield f"  spike file  {file['path']} ({file['size_bytes']:,} bytes)"
    for note in simulation["notes"]:
        yield f"  note        {note['text']}"
    if not description["populations"]:
        yield "  the spike file holds no population"
    for audit in description["populations"]:
        yield from _population(audit)
    for silent in description["silent"]:
        yield f"population {silent['population']}: silent, none of its {silent['n_nodes']:,} nodes fired"
    for other in description["unrecorded"]:
        yield f"population {other['population']}: not recorded ({other['n_nodes']:,} nodes, {other['type']})"


def _population(audit: Mapping[str, Any]) -> Iterator[str]:
    nodes = "unknown number of" if audit["n_nodes"] is None else f"{audit['n_nodes']:,}"
    yield f"population {audit['population']}: {audit['n_kept']:,} spikes, {nodes} nodes"
    if audit["n_kept"]:
        yield f"  times       {audit['time_first']:g} to {audit['time_last']:g} ms"
        yield f"  ids         {audit['id_min']} to {audit['id_max']}"
    claim = audit["sorting_claim"] or "nothing"
    yield f"  order       {audit['sorting_found']} (the file claims {claim})"
    storage = f"{audit['time_dtype']} and {audit['id_dtype']}, {audit['compression'] or 'not compressed'}"
    yield f"  storage     {storage}, units {audit['units'] or 'missing'}"
    if sum(audit["rejected"].values()):
        yield f"  WARNING     {describe_rejected(audit['rejected'])}"
    counts = {
        "n_duplicates": "duplicate spikes",
        "n_after_end": "after the run's end",
        "n_before_start": "before its start",
    }
    for key, text in counts.items():
        if audit[key]:
            yield f"  note        {audit[key]:,} {text} (kept)"
    for note in audit["notes"]:
        yield f"  note        {note['text']}"
