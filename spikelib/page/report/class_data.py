"""What the live charts of spectra, boxes and distributions of classes are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.statistics.distributions.boxes import boxes
from spikelib.statistics.distributions.correlations import MOST_NODES, pair_histogram
from spikelib.statistics.distributions.depth import depth_profile
from spikelib.statistics.distributions.irregularity import irregularity
from spikelib.statistics.groups import population_group
from spikelib.statistics.rhythm import find_rhythm, spectrum

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spikelib.summary.model import Integers, Summary

__all__ = ["Part", "class_parts", "options_of"]

_BOX = ("low", "q1", "median", "q3", "high", "mean")


@dataclass(frozen=True)
class Part:
    """One chart: what the page must know about it, and its arrays under their names in the payload."""

    kind: str
    facts: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    delta: frozenset[str] = frozenset()


def options_of(statistics: Mapping[str, Any], kind: str) -> Mapping[str, Any] | None:
    """Return the options of a figure; None if it is not drawn, none at all if the statistics are older than it."""
    options: Mapping[str, Any] | None = (statistics.get("figures") or {}).get(kind, {})
    return options


def class_parts(summary: Summary, statistics: Mapping[str, Any], kept: Integers) -> list[Part]:
    """Return the charts of a summary that is seen by class, in the order of the page; `kept` are groups with nodes."""
    made = {
        "spectrum": _spectrum,
        "boxplots": _boxplots,
        "irregularity": _irregularity,
        "correlations": _correlations,
        "depth": _depth,
    }
    parts = (
        make(summary, options, kept)
        for kind, make in made.items()
        if (options := options_of(statistics, kind)) is not None
    )
    return [part for part in parts if part is not None]


def _spectrum(summary: Summary, options: Mapping[str, Any], kept: Integers) -> Part | None:
    found = [spectrum(summary, population_group(summary, int(p))) for p in kept]
    known = next((each for each in found if each is not None), None)
    if known is None:
        return None
    n_classes = len(summary.nodes.populations)
    empty = np.full(len(known.power), np.nan)
    facts = {
        "log": bool(options.get("log", True)),
        "n_segments": known.n_segments,
        "segment_ms": 1000.0 / known.width_hz,
        "poisson": [None if each is None else each.poisson for each in found],
        "rhythm_hz": [None if each is None else find_rhythm(each, n_classes)["rhythm_hz"] for each in found],
    }
    power = np.array([empty if each is None else each.power for each in found], np.float32)
    return Part("spectrum", facts, {"frequency": known.frequency_hz, "power": power})


def _boxplots(summary: Summary, options: Mapping[str, Any], kept: Integers) -> Part:
    del options
    facts: dict[str, Any] = {"cv_min_intervals": summary.spec.cv_min_intervals}
    for part in ("rate", "cv"):
        found = [boxes(summary, part)[int(p)] for p in kept]
        facts[part] = [
            {
                "n_nodes": box.n_nodes,
                "n_beyond": box.n_below + box.n_above,
                **{name: getattr(box, name) if box.n_nodes else None for name in _BOX},
            }
            for box in found
        ]
    return Part("boxplots", facts, {})


def _irregularity(summary: Summary, options: Mapping[str, Any], kept: Integers) -> Part:
    del options
    facts: dict[str, Any] = {"cv_min_intervals": summary.spec.cv_min_intervals}
    arrays: dict[str, NDArray[Any]] = {}
    for part in ("cv", "lv"):
        found = irregularity(summary, part)
        facts[part] = {"n_nodes": found.n_nodes[kept].tolist(), "n_beyond": found.n_beyond[kept].tolist()}
        arrays |= {f"{part}_edges": found.edges, f"{part}_counts": found.counts[kept]}
    return Part("irregularity", facts, arrays)


def _correlations(summary: Summary, options: Mapping[str, Any], kept: Integers) -> Part | None:
    pairs = summary.pairs
    if pairs is None or not pairs.counts[kept].any():
        return None
    facts: dict[str, Any] = {
        "pair_ms": summary.spec.pair_bin,
        "most_nodes": MOST_NODES,
        "n_nodes": pairs.n_nodes[kept].tolist(),
        "means": [None if np.isnan(mean) else float(mean) for mean in pairs.means[kept]],
    }
    found = pair_histogram(pairs, options.get("binsize"))
    facts["shown"] = list(found.shown)
    return Part("correlations", facts, {"edges": found.edges, "counts": found.counts[kept]})


def _depth(summary: Summary, options: Mapping[str, Any], kept: Integers) -> Part | None:
    found = depth_profile(summary, float(options.get("bin_um") or 50.0))
    if found is None:
        return None
    facts = {"axis": found.axis, "bin_um": float(found.edges[1] - found.edges[0]), "n_unplaced": found.n_unplaced}
    arrays: dict[str, NDArray[Any]] = {"edges": found.edges}
    arrays |= {"rates": found.rates_hz[kept].astype(np.float32), "nodes": found.n_nodes[kept]}
    return Part("depth", facts, arrays)
