"""What the campaign page compares simulations by: the curves of all digests of a filter, packed for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.page.campaign.digest import ISI_EDGES_MS, SHARE_DIGITS
from spikelib.page.packing import pack
from spikelib.results import FIRST_FILTER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["RATE_LEVELS", "filter_names", "filter_of", "pack_filter"]

RATE_LEVELS = 10_000
"""Firing rates are quantised to this many levels up to the highest of their curve."""


def filter_names(digests: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the filters that any simulation has: "all" first, then in the order in which they are found."""
    names = dict.fromkeys(found["name"] for digest in digests for found in digest["filters"])
    return tuple(sorted(names, key=lambda name: name != FIRST_FILTER))


def filter_of(digest: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """Return what a digest says of a filter, None if it has no such filter."""
    return next((found for found in digest["filters"] if found["name"] == name), None)


@np.errstate(invalid="raise", over="raise")  # a number that was damaged must not become another one
def pack_filter(digests: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """Pack curve, rate distribution and ISI distribution of many simulations, all of the same filter.

    Parameters
    ----------
    digests
        Number of the simulation on the page -> what its digest says of the filter; those without curves are left out.

    Returns
    -------
    dict
        What `spikelib.page.packing.pack` gives. Arrays of one value a simulation, in the same order: ``simulation``
        (its number), ``start``, ``stop``, ``bin`` (ms), ``peak`` (Hz), ``points``, ``seconds``, ``nodes``, ``exact``,
        ``steps``, ``intervals`` (0 or 1). Concatenated over simulations: ``curve`` (`points` values, in parts of
        `peak` / `RATE_LEVELS`), ``step_spikes`` and ``step_nodes`` (`steps` values), ``isi`` (shares in parts of
        10**-`SHARE_DIGITS` at ``isi_edges``, where there are intervals).

    Examples
    --------
    >>> curve = {"start": 0, "stop": 20, "bin": 10, "hz": [5, 10]}
    >>> rates = {"seconds": 0.02, "n_nodes": 2, "spikes": [0], "nodes": [2], "exact": True}
    >>> pack_filter({0: {"curve": curve, "rates": rates, "isi": []}})["arrays"]["curve"]["shape"]
    [2]
    """
    drawn = {number: found for number, found in sorted(digests.items()) if "curve" in found}
    curves, rates = [found["curve"] for found in drawn.values()], [found["rates"] for found in drawn.values()]
    peaks = [max(curve["hz"], default=0) for curve in curves]
    shares = [found["isi"] for found in drawn.values()]
    arrays: dict[str, NDArray[Any]] = {
        "simulation": _column(list(drawn), np.int64),
        "start": _column([curve["start"] for curve in curves], np.float64),
        "stop": _column([curve["stop"] for curve in curves], np.float64),
        "bin": _column([curve["bin"] for curve in curves], np.float64),
        "peak": _column(peaks, np.float64),
        "points": _column([len(curve["hz"]) for curve in curves], np.int64),
        "curve": _joined(
            [np.rint(np.array(c["hz"]) * (RATE_LEVELS / (peak or 1))) for c, peak in zip(curves, peaks, strict=True)]
        ),
        "seconds": _column([rate["seconds"] for rate in rates], np.float64),
        "nodes": _column([rate["n_nodes"] for rate in rates], np.int64),
        "exact": _column([rate["exact"] for rate in rates], np.uint8),
        "steps": _column([len(rate["spikes"]) for rate in rates], np.int64),
        "step_spikes": _joined([rate["spikes"] for rate in rates]),
        "step_nodes": _joined([rate["nodes"] for rate in rates]),
        "intervals": _column([bool(share) for share in shares], np.uint8),
        "isi": _joined([np.rint(np.array(share) * 10**SHARE_DIGITS) for share in shares]),
        "isi_edges": ISI_EDGES_MS,
    }
    return pack(arrays, delta=("simulation", "step_spikes", "step_nodes", "isi"))


def _column(values: Sequence[Any], dtype: type[Any]) -> NDArray[Any]:
    """Return one number of each simulation; ValueError if that of one is a list."""
    column = np.array(values, dtype)
    if column.ndim != 1:
        msg = "not one number for each simulation"
        raise ValueError(msg)
    return column


def _joined(parts: Sequence[Any]) -> NDArray[np.int64]:
    return np.concatenate([np.empty(0, np.int64), *(np.asarray(part, np.int64) for part in parts)])
