"""What is odd about a filter: it selects nothing, its window is not in the run, or silent nodes are unknown."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import SpikelibWarning
from spikelib.findings import WARNINGS, Finding, Kind
from spikelib.statistics.nodes import counted_nodes, has_unknown_nodes
from spikelib.summary.model import PARTS
from spikelib.window import EPSILON_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from spikelib.options.classes import ClassChoice
    from spikelib.simulation.spike_report import SpikeReport
    from spikelib.steps.filter_setup import FilterRecord
    from spikelib.summary.model import Summary

_FEWEST_SPIKES = 100
"""Spikes of a class of which a transient is noted: ten in each tenth."""

_NAMED = 4
"""Classes that a finding names."""

_LONG_MS = 100.0
"""A run that is shorter is not told from one whose filters are in seconds."""


def filter_findings(
    report: SpikeReport,
    summary: Summary,
    record: FilterRecord,
    classes: ClassChoice,
    numbers: Sequence[Mapping[str, Any]],
) -> list[Finding]:
    """Return what is odd about a filter and the spikes that it kept.

    Parameters
    ----------
    report, summary, record
        The simulation, and what the filter kept.
    classes
        Those that were asked for.
    numbers
        The statistics of each class.
    """
    return [
        *_nodes(summary),
        *_spikes(summary),
        *_window(report, record),
        *_spikes_outside(report, summary, record),
        *_classes(summary, classes),
        *_irregularity(summary, numbers),
        *_transient(summary, numbers),
    ]


def warn_of(findings: list[Finding], record: FilterRecord) -> None:
    """Warn of the findings that are no mere notes.

    Warns
    -----
    SpikelibWarning
        One for each.
    """
    for finding in findings:
        if finding.kind in WARNINGS:
            warnings.warn(f"filter {record.name!r}: {finding.text}", SpikelibWarning, stacklevel=3)


def _nodes(summary: Summary) -> Iterator[Finding]:
    nodes = summary.nodes
    unknown = [
        name
        for p, name in enumerate(nodes.populations)
        if has_unknown_nodes(summary, slice(int(nodes.offsets[p]), int(nodes.offsets[p + 1])))
    ]
    if unknown:
        text = (
            f"the number of nodes is unknown for {', '.join(unknown)} (no circuit describes them): "
            "nodes that never fired are missing from the counts and rates"
        )
        yield Finding(Kind.NODES_UNKNOWN, text)


def _classes(summary: Summary, classes: ClassChoice) -> Iterator[Finding]:
    if isinstance(classes, tuple) and summary.nodes.grouped is None and len(summary.nodes.ids):
        text = f"no population has the node properties {', '.join(classes)}: each population is one class"
        yield Finding(Kind.CLASSES_UNKNOWN, text)


def _irregularity(summary: Summary, numbers: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Say of which classes the CV is that of few nodes; where it is null there is nothing to misread."""
    few = [row for row in numbers if 0 < row["n_cv"] < row["n_active"] / 2]
    if few:
        told = _some([f"{row['class']} ({row['n_cv']:,} of {row['n_active']:,})" for row in few])
        least = summary.spec.cv_min_intervals
        text = f"fewer than half of the active nodes have {least} intervals, and a CV, in {told}"
        yield Finding(Kind.CV_OF_FEW, text)


def _transient(summary: Summary, numbers: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    # Of a handful of spikes, in which tenth they are says nothing, whatever the test finds.
    names = [row["class"] for row in numbers if row["transient"] and row["n_spikes"] >= _FEWEST_SPIKES]
    if names:
        end = summary.spec.start + (summary.spec.stop - summary.spec.start) / PARTS
        told = f"the first tenth of the window differs from the rest in {_some(names)}"
        yield Finding(Kind.TRANSIENT, f"{told}: t_start = {end:.6g} leaves it out")


def _some(names: Sequence[str]) -> str:
    """Name some of many."""
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more classes" if len(names) > _NAMED else "")


def _spikes(summary: Summary) -> Iterator[Finding]:
    n_nodes = int(counted_nodes(summary).sum())
    if not n_nodes and not summary.n_spikes:
        yield Finding(Kind.SELECTS_NO_NODES, "it selects no node that was simulated, hence no spikes")
    elif not summary.n_spikes:
        window = f"from {summary.spec.start:g} to {summary.spec.stop:g} ms"
        nodes = "its one node did not fire" if n_nodes == 1 else f"none of its {n_nodes:,} nodes fired"
        yield Finding(Kind.SELECTS_NO_SPIKES, f"{nodes} {window}")


def _window(report: SpikeReport, record: FilterRecord) -> Iterator[Finding]:
    """Look at the ends that the user gave."""
    start, stop = report.time_start, np.inf if report.time_stop is None else report.time_stop
    begins = -np.inf if record.t_start is None else record.t_start
    ends = np.inf if record.t_stop is None else record.t_stop
    # What lies outside as a whole comes first: one finding is enough.
    outside = (
        (begins > stop + EPSILON_MS, f"begins at {begins:g} ms, after the end of the run at {stop:g} ms"),
        (ends < start - EPSILON_MS, f"ends at {ends:g} ms, before the start of the run at {start:g} ms"),
        (stop + EPSILON_MS < ends < np.inf, f"ends at {ends:g} ms, after the end of the run at {stop:g} ms"),
        (
            -np.inf < begins < start - EPSILON_MS,
            f"begins at {begins:g} ms, before the start of the run at {start:g} ms",
        ),
    )
    for is_so, words in outside:
        if is_so:
            yield Finding(Kind.WINDOW_OUTSIDE_RUN, f"its window {words}")
            break
    if start == 0.0 and _LONG_MS <= stop < np.inf and ends * 1000.0 <= stop + EPSILON_MS:
        text = (
            f"its window ends at {ends:g} ms, in the first thousandth of a run of {stop:g} ms: "
            "are its times meant in seconds?"
        )
        yield Finding(Kind.WINDOW_IN_SECONDS, text)


def _spikes_outside(report: SpikeReport, summary: Summary, record: FilterRecord) -> Iterator[Finding]:
    """Say where spikes outside of the run widened a window whose ends the user left open."""
    spec = summary.spec
    if record.t_stop is None and report.time_stop is not None and spec.stop > report.time_stop + EPSILON_MS:
        text = f"the window ends at {spec.stop:g} ms, after the run's end at {report.time_stop:g} ms"
        yield Finding(Kind.WINDOW_WIDENED, text)
    if record.t_start is None and spec.start < report.time_start - EPSILON_MS:
        text = f"the window begins at {spec.start:g} ms, before the run's start at {report.time_start:g} ms"
        yield Finding(Kind.WINDOW_WIDENED, text)
