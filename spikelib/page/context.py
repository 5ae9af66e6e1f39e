"""What the template of a report is filled with: pure functions from the description and the files found."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from spikelib.page.captions import group_text, selection, window_text
from spikelib.page.checks import check_populations, verdict
from spikelib.page.media import animation_context, embedded_animations, figure_contexts
from spikelib.page.statistics import GROUPS, statistics_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from spikelib.page.media import Linker
    from spikelib.page.results import FilterFiles

__all__ = ["filter_contexts", "report_context", "simulation_name", "table_contexts"]

GENERIC_NAMES = {"simulation_config", "config", "spikes", "out"}
"""File names that many simulations share: the folder's name tells more."""


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
    checks = check_populations(description)
    return {
        "description": description,
        "simulation": description["simulation"],
        "checks": checks,
        "verdict": verdict(checks),
        "n_spikes_kept": sum(population.n_kept for population in checks),
        "measures": GROUPS,
        "filters": filter_contexts(found, linker, description),
        "tables": table_contexts(found, spike_tables, linker),
    }


def filter_contexts(
    found: Sequence[FilterFiles], linker: Linker, description: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Describe each filter with its table of statistics, its figures and its animation."""
    anchors = _anchors([files.name for files in found])
    embedded = embedded_animations(found, linker)
    return [
        {
            "name": files.name,
            "anchor": anchor,
            "group": group_text(files.statistics["filter"]["group"]),
            "window": window_text(files.statistics["window"]),
            "selection": selection(files.statistics),
            "overall": files.statistics["overall"],
            "empty": _why_empty(files.statistics),
            "notes": [*files.statistics["notes"], *_version_note(files.statistics, description)],
            "table": statistics_table(files.statistics),
            "figures": figure_contexts(files, linker),
            "animation": animation_context(files, linker, embedded),
        }
        for files, anchor in zip(found, anchors, strict=True)
    ]


def _anchors(names: Sequence[str]) -> list[str]:
    """Make names of filters fit for a fragment of a URL, all different."""
    anchors: list[str] = []
    for number, name in enumerate(names, start=1):
        anchor = "filter-" + re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()
        anchors.append(f"{anchor}-{number}" if anchor in anchors else anchor)
    return anchors


def _why_empty(statistics: Mapping[str, Any]) -> str:
    overall = statistics["overall"]
    if overall["n_spikes"]:
        return ""
    if not overall["n_nodes"]:
        return "This filter selects no nodes, hence no spikes."
    return "This filter selects no spikes: none of its nodes fired in its window."


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
