"""Checks of the data: what the audit of a spike file says, as sentences graded ok, note or warning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from spikelib.findings import OF_FILTERS, REASONS, WARNINGS, Finding, Kind, read_findings
from spikelib.page.advice import ADVICE, Advice, rejection_advice
from spikelib.page.format import counted, integer, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "Check",
    "Level",
    "PopulationChecks",
    "check_filters",
    "check_population",
    "check_populations",
    "check_simulation",
    "most_severe",
    "verdict",
]

Level: TypeAlias = Literal["ok", "note", "warning"]

ORDERS = {"by_time": "sorted by time", "by_id": "sorted by node id", "none": "not sorted"}

ALREADY_REPORTED = {Kind.UNITS_MISSING, Kind.UNITS_UNKNOWN, Kind.UNITS_CONVERTED, Kind.SORTING_CLAIM_FALSE}
"""Findings of the audit that the checks of the unit and of the order show in words of their own."""

SEVERITY: tuple[Level, ...] = ("ok", "note", "warning")


@dataclass(frozen=True)
class Check:
    """One finding about the data."""

    level: Level
    label: str
    text: str
    advice: Advice | None = None
    """None where all is well."""


@dataclass(frozen=True)
class PopulationChecks:
    """The findings about one population."""

    name: str
    n_read: int
    n_kept: int
    n_rejected: int
    time_first: float | None
    """Time of the first spike kept, ms."""
    time_last: float | None
    """Time of the last spike kept, ms."""
    checks: tuple[Check, ...]

    @property
    def level(self) -> Level:
        """The most severe level of the checks."""
        return most_severe(check.level for check in self.checks)


def check_populations(description: Mapping[str, Any]) -> tuple[PopulationChecks, ...]:
    """Check every population of a description (the dictionary that ``spikelib inspect --json`` prints)."""
    simulation = description["simulation"]
    return tuple(check_population(audit, simulation) for audit in description["populations"])


def check_simulation(description: Mapping[str, Any]) -> tuple[Check, ...]:
    """Grade what is unusual about the simulation's config and circuit; one check that is ok if nothing is."""
    findings = read_findings(description["simulation"]["notes"])
    remarks = tuple(_remark("Config", finding) for finding in findings)
    return remarks or (Check("ok", "Config", "nothing had to be assumed"),)


def check_filters(filters: Sequence[Mapping[str, Any]]) -> tuple[Check, ...]:
    """Grade what is odd about filters, by their statistics."""
    return tuple(
        Check(
            "warning" if finding.kind in WARNINGS else "note",
            f"Filter {statistics['filter']['name']}",
            finding.text,
            ADVICE[finding.kind],
        )
        for statistics in filters
        for finding in read_findings(statistics["notes"])
        if finding.kind in OF_FILTERS
    )


def check_population(audit: Mapping[str, Any], simulation: Mapping[str, Any]) -> PopulationChecks:
    """Grade the audit of one population; `simulation` gives the start and the end of the run."""
    findings = read_findings(audit["notes"])
    checks = [
        _check_conservation(audit),
        _check_rejected(audit),
        _check_order(audit),
        _check_end(audit, simulation["time_stop"]),
        _check_start(audit, simulation["time_start"]),
        _check_duplicates(audit),
        _check_units(audit, {finding.kind for finding in findings}),
        _check_ids(audit),
        _check_storage(audit),
        *(_remark("Remark", finding) for finding in findings if finding.kind not in ALREADY_REPORTED),
    ]
    return PopulationChecks(
        name=audit["population"],
        n_read=audit["n_read"],
        n_kept=audit["n_kept"],
        n_rejected=sum(audit["rejected"].values()),
        time_first=audit["time_first"],
        time_last=audit["time_last"],
        checks=tuple(checks),
    )


def _remark(label: str, finding: Finding) -> Check:
    return Check("note", label, finding.text, ADVICE[finding.kind])


def verdict(populations: Sequence[PopulationChecks], remarks: Sequence[Check] = ()) -> Check:
    """Sum the checks of all populations, and of the simulation's config, up in one line."""
    label = "Data"
    n_read = sum(population.n_read for population in populations)
    n_rejected = sum(population.n_rejected for population in populations)
    n_warnings = _count(populations, "warning") + sum(check.level == "warning" for check in remarks)
    if not n_read:
        return Check("warning", label, "No node fired: the spike file holds no spikes.")
    if n_rejected:
        text = f"{integer(n_rejected)} of {counted(n_read, 'spike')} rejected"
        n_others = n_warnings - sum(population.n_rejected > 0 for population in populations)
        text += f", and {counted(n_others, 'other warning')}" if n_others else ""
        return Check("warning", label, f"{text}; the reasons are below.")
    if n_warnings:
        text = f"No spike was lost, but there {_is_are(n_warnings)} {counted(n_warnings, 'warning')} below."
        return Check("warning", label, text)
    n_notes = _count(populations, "note") + sum(check.level == "note" for check in remarks)
    valid = "All spikes are valid: " + ("the one spike" if n_read == 1 else f"all {integer(n_read)}")
    valid += " was kept" if n_read == 1 else " were kept"
    if n_notes:
        return Check("note", label, f"{valid}. {counted(n_notes, 'note')} below.")
    return Check("ok", label, f"{valid}.")


def _is_are(count: int) -> str:
    return "is" if count == 1 else "are"


def _count(populations: Iterable[PopulationChecks], level: Level) -> int:
    return sum(check.level == level for population in populations for check in population.checks)


def most_severe(levels: Iterable[Level]) -> Level:
    """Return the most severe level; "ok" if there is none."""
    return max(levels, key=SEVERITY.index, default="ok")


def _check_conservation(audit: Mapping[str, Any]) -> Check:
    label = "Spikes"
    read, kept = audit["n_read"], audit["n_kept"]
    rejected = sum(audit["rejected"].values())
    if read != kept + rejected:
        text = f"{integer(read)} read, but {integer(kept)} kept and {integer(rejected)} rejected"
        return Check("warning", label, f"{text}: a bug of spikelib", ADVICE["not_conserved"])
    if not read:
        return Check("note", label, "this population has no spikes", ADVICE["no_spikes"])
    return Check("ok", label, f"{integer(read)} read, {integer(kept)} kept")


def _check_rejected(audit: Mapping[str, Any]) -> Check:
    label = "Rejected"
    rejected = {reason: count for reason, count in audit["rejected"].items() if count}
    if not rejected:
        return Check("ok", label, "none")
    words = {reason: REASONS[reason].sentence if reason in REASONS else reason for reason in rejected}
    parts = (f"{integer(count)} ({words[reason]})" for reason, count in rejected.items())
    text = f"{counted(sum(rejected.values()), 'spike')}: {', '.join(parts)}"
    return Check("warning", label, text, rejection_advice(list(rejected)))


def _check_order(audit: Mapping[str, Any]) -> Check:
    label = "Order in the file"
    claim, found = audit["sorting_claim"], audit["sorting_found"]
    words = ORDERS.get(found, found)
    if audit["n_read"] == 0:
        return Check("ok", label, "nothing to sort")
    if claim is None:
        return Check("ok", label, f"{words}; the file claims no order")
    if claim in ("by_time", "by_id") and claim != found:
        text = f"the file claims “{claim}”, but its spikes are {words}; they were sorted here"
        return Check("warning", label, text, ADVICE[Kind.SORTING_CLAIM_FALSE])
    return Check("ok", label, f"{words}; the file claims “{claim}”")


def _check_end(audit: Mapping[str, Any], time_stop: float | None) -> Check:
    label = "After the run’s end"
    if time_stop is None:
        return Check("note", label, "not checked: the end of the run is unknown", ADVICE["end_unknown"])
    end = milliseconds(time_stop)
    if audit["n_after_end"]:
        last = milliseconds(audit["time_last"])
        spikes = counted(audit["n_after_end"], "spike")
        return Check("note", label, f"{spikes} after {end} (the last at {last}), kept", ADVICE["after_end"])
    return Check("ok", label, f"none after {end}")


def _check_start(audit: Mapping[str, Any], time_start: float) -> Check:
    label = "Before the run’s start"
    start = milliseconds(time_start)
    if audit["n_before_start"]:
        text = f"{counted(audit['n_before_start'], 'spike')} before {start}, kept"
        return Check("note", label, text, ADVICE["before_start"])
    return Check("ok", label, f"none before {start}")


def _check_duplicates(audit: Mapping[str, Any]) -> Check:
    label = "Duplicates"
    if audit["n_duplicates"]:
        text = "of the same node at the same time as another, kept"
        return Check("note", label, f"{counted(audit['n_duplicates'], 'spike')} {text}", ADVICE["duplicates"])
    return Check("ok", label, "none")


def _check_units(audit: Mapping[str, Any], kinds: set[Kind]) -> Check:
    label = "Unit of time"
    units, to_ms = audit["units"], audit["to_ms"]
    if not audit["n_read"]:
        return Check("ok", label, "no times")
    if units is None:
        return Check("note", label, "the file names none; read as ms", ADVICE[Kind.UNITS_MISSING])
    if to_ms != 1:
        return Check("note", label, f"“{units}”, converted to ms (times {to_ms:,g})", ADVICE[Kind.UNITS_CONVERTED])
    if Kind.UNITS_UNKNOWN in kinds:
        return Check("note", label, f"“{units}” is unknown; read as ms", ADVICE[Kind.UNITS_UNKNOWN])
    return Check("ok", label, "ms" if units == "ms" else f"“{units}”, read as ms")


def _check_ids(audit: Mapping[str, Any]) -> Check:
    label = "Node ids"
    low, high, n_nodes = audit["id_min"], audit["id_max"], audit["n_nodes"]
    text = "none" if low is None else f"{low} to {high}"
    if n_nodes is not None:
        return Check("ok", label, f"{text} in a population of {counted(n_nodes, 'node')}")
    if audit["in_circuit"]:
        text += "; the circuit does not give the size of the population"
        return Check("note", label, text, ADVICE["size_unknown"])
    text += "; the population is in no circuit, so only nodes that fired are known"
    return Check("note", label, text, ADVICE["no_circuit"])


def _check_storage(audit: Mapping[str, Any]) -> Check:
    compression = audit["compression"]
    packed = "not compressed" if compression is None else f"compressed with {compression}"
    return Check("ok", "Storage", f"times {audit['time_dtype']}, ids {audit['id_dtype']}, {packed}")
