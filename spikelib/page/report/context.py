"""What the template of a report is filled with: pure functions from the description and the files found."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from spikelib.errors import TableError
from spikelib.findings import read_findings
from spikelib.page.captions import group_text, window_text
from spikelib.page.checks import check_filters, check_populations, check_simulation, verdict
from spikelib.page.format import counted
from spikelib.page.measures import GROUPS, MEASURES
from spikelib.page.report.live_data import payload
from spikelib.page.report.media import animation_context, embedded_animations, figure_contexts
from spikelib.page.report.regime import regime_sentence
from spikelib.page.report.statistics import property_tables, statistics_table
from spikelib.page.report.tiles import simulator_label, tiles
from spikelib.summary.store import load_summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from spikelib.page.checks import Check, PopulationChecks
    from spikelib.page.report.media import Linker
    from spikelib.results import FilterFiles

__all__ = ["LIVE_BYTES", "filter_contexts", "report_context", "simulation_name", "table_contexts"]

LIVE_BYTES = 3_500_000
"""Room of a page for the data of all live plots; the first filters come first."""

GENERIC_NAMES = {"simulation_config", "config", "spikes", "out"}
"""File names that many simulations share: the folder's name says more."""


def simulation_name(description: Mapping[str, Any]) -> str:
    """Name a simulation after its config or spike file, or after the folder where the file's name is generic.

    Examples
    --------
    >>> simulation_name({"source": "runs/seed_7/simulation_config.json"})
    'seed_7'
    >>> simulation_name({"source": "thalamus.h5"})
    'thalamus'
    """
    path = PurePath(description["source"])
    return path.parent.name if path.stem in GENERIC_NAMES and path.parent.name else path.stem


def report_context(
    description: Mapping[str, Any],
    found: Sequence[FilterFiles],
    spike_tables: Mapping[str, Sequence[Path]],
    linker: Linker,
) -> dict[str, Any]:
    """Gather everything that the report shows but its provenance."""
    numbers = [files.statistics for files in found]
    populations = check_populations(description)
    remarks = (*check_simulation(description), *check_filters(numbers))
    filters = filter_contexts(found, linker, description)
    return {
        "description": description,
        "simulation": description["simulation"],
        "simulator_label": simulator_label(description["simulation"]),
        "checks": populations,
        "findings": _findings(populations, remarks),
        "n_passed": sum(check.level == "ok" for check in chain(remarks, *(each.checks for each in populations))),
        "verdict": verdict(populations, remarks),
        "tiles": tiles(description, populations, remarks, numbers),
        "groups": GROUPS,
        "measures": MEASURES,
        "table": statistics_table([(each["name"], each["anchor"], each["statistics"]) for each in filters]),
        "filters": filters,
        "tables": table_contexts(found, spike_tables, linker),
    }


def _findings(populations: Sequence[PopulationChecks], remarks: Sequence[Check]) -> list[dict[str, Any]]:
    """List what is not ok, warnings first; findings of one kind stand together, with the populations concerned."""
    found = [("", check) for check in remarks]
    found += [(population.name, check) for population in populations for check in population.checks]
    kinds: dict[Any, dict[str, Any]] = {}
    for name, check in sorted(found, key=lambda item: item[1].level != "warning"):
        if check.level != "ok":
            kind: dict[str, Any] = {"level": check.level, "label": check.label, "advice": check.advice, "texts": []}
            kinds.setdefault((check.level, check.label, check.advice), kind)["texts"].append((name, check.text))
    return list(kinds.values())


def filter_contexts(
    found: Sequence[FilterFiles], linker: Linker, description: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Describe each filter with its counts, its figures, the data of its live plots and its animation."""
    anchors = _anchors([files.name for files in found])
    embedded = embedded_animations(found, linker)
    budget = LIVE_BYTES
    contexts = []
    for files, anchor in zip(found, anchors, strict=True):
        live, problem = live_data(files, budget)
        budget -= len(live.get("bytes", ""))
        statistics = files.statistics
        empty = _why_empty(statistics)
        contexts.append(
            {
                "name": files.name,
                "anchor": anchor,
                "statistics": statistics,
                "group": group_text(statistics["filter"]["group"]),
                "window": window_text(statistics["window"]),
                "empty": empty,
                "regime": "" if empty else regime_sentence(statistics),
                "notes": [
                    *(finding.text for finding in read_findings(statistics["notes"])),
                    *_version_note(statistics, description),
                    *problem,
                ],
                "counts": count_rows(statistics, description),
                # Of no spikes there is nothing to draw: a sentence says so in the place of empty pictures.
                "figures": [] if empty else figure_contexts(files, linker, live),
                "live": live if live.get("arrays") and not empty else None,
                "animation": None if empty else animation_context(files, linker, embedded),
                "properties": property_tables(statistics),
            }
        )
    return contexts


def live_data(files: FilterFiles, budget: int) -> tuple[dict[str, Any], list[str]]:
    """Return what the live plots of a filter are drawn from, and a sentence if they cannot be drawn."""
    if files.summary is None:
        return {}, []
    try:
        summary = load_summary(files.summary)
    except TableError:
        return {}, ["There are no live plots: another version of spikelib wrote the summary. Summarise again."]
    return payload(summary, files.statistics, budget), []


def count_rows(statistics: Mapping[str, Any], description: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Count the nodes and the spikes of each population before and after a filter."""
    rows = []
    for audit in description["populations"]:
        kept = statistics["populations"].get(audit["population"])
        if kept is None:
            continue
        n_before, n_after = audit["n_kept"], kept["n_spikes"]
        rows.append(
            {
                "population": audit["population"],
                "nodes_before": audit["n_nodes"],
                "nodes_after": kept["n_nodes"],
                "spikes_before": n_before,
                "spikes_after": n_after,
                "share": n_after / n_before if n_before else None,
            }
        )
    for silent in description.get("silent", ()):
        kept = statistics["populations"].get(silent["population"])
        if kept is not None:
            nodes = {"nodes_before": silent["n_nodes"], "nodes_after": kept["n_nodes"]}
            none = {"spikes_before": 0, "spikes_after": 0, "share": None}
            rows.append({"population": silent["population"], **nodes, **none})
    return rows


def _anchors(names: Sequence[str]) -> list[str]:
    """Make names of filters fit for a fragment of a URL, all different."""
    anchors: list[str] = []
    for number, name in enumerate(names, start=1):
        anchor = "filter-" + re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()
        anchors.append(f"{anchor}-{number}" if anchor in anchors else anchor)
    return anchors


def _why_empty(statistics: Mapping[str, Any]) -> str:
    # Inputs are in no overall number: they may have fired where all neurons were silent.
    inputs = [statistics["populations"][name] for name in statistics.get("inputs", ())]
    parts = [statistics["overall"], *inputs]
    if any(values["n_spikes"] for values in parts):
        return ""
    n_nodes = sum(values["n_nodes"] or 0 for values in parts)
    if not n_nodes:
        return "This filter selects no nodes, hence no spikes: there is nothing to draw."
    nodes = "The one node" if n_nodes == 1 else f"None of the {counted(n_nodes, 'node')}"
    fired = "did not fire" if n_nodes == 1 else "fired"
    return f"{nodes} of this filter {fired} in its window: there is nothing to draw."


def _version_note(statistics: Mapping[str, Any], description: Mapping[str, Any]) -> list[str]:
    ours, theirs = description["spikelib"], statistics["spikelib"]
    return [] if ours == theirs else [f"Computed by spikelib {theirs}; the description is by {ours}."]


def table_contexts(
    found: Sequence[FilterFiles], spike_tables: Mapping[str, Sequence[Path]], linker: Linker
) -> dict[str, Any]:
    """Describe the tables beside the page; an example to copy reads the first of them."""
    spikes = [{"name": name, "links": linker.links(parts)} for name, parts in spike_tables.items()]
    filters = [{"name": files.name, "links": linker.links(files.tables)} for files in found]
    every = [path for files in found for path in files.tables] + [p for parts in spike_tables.values() for p in parts]
    example = next((path for path in every if path.suffix == ".parquet"), None)
    return {
        "linked": linker.enabled,
        "spikes": spikes,
        "filters": filters,
        "example": None if example is None or not linker.enabled else linker.path(example),
    }
