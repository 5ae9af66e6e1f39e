"""Numbers of single nodes: counts, rates and irregularity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.summary.model import FIXED_POINT, per_population

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.summary.model import Floats, Summary


def node_measures(summary: Summary) -> dict[str, Floats]:
    """Compute mean interval, CV, CV2, LV and LvR of each node's train; shape (rows,), NaN where undefined.

    CV is the (population) standard deviation of the intervals over their mean, of two intervals or more. CV2, LV and
    LvR are means over a node's valid pairs of neighbouring intervals, which are at least 0.01 ms together.
    """
    c = summary.counters
    n_isi = np.maximum(c.count - 1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        # The intervals of a train add up to last less first: no sum of them is needed, or could be rounded differently.
        mean = np.where(n_isi > 0, (c.last - c.first) / n_isi, np.nan)
        square = (c.square_whole + c.square_rest / FIXED_POINT) / n_isi
        # The difference of two nearly equal numbers may come out below zero for a regular train.
        deviation = np.sqrt(np.maximum(square - mean * mean, 0.0))
        cv = np.where((n_isi > 1) & (mean > 0), deviation / mean, np.nan)
        pairs = np.where(c.pairs > 0, c.pairs, np.nan)
        terms = {name: getattr(c, name) / FIXED_POINT / pairs for name in ("cv2", "lv", "lvr")}
    return {"isi_mean": mean, "cv": cv, **terms}


def counted_nodes(summary: Summary) -> NDArray[np.bool_]:
    """Return which nodes the denominators count, shape (rows,): simulated, or known to have been as they fired."""
    counted: NDArray[np.bool_] = summary.nodes.simulated | (summary.counters.count > 0)
    return counted


def in_overall(summary: Summary) -> NDArray[np.bool_]:
    """Return of which populations "overall" is, shape (populations,): neurons, or inputs if only such are counted."""
    nodes = summary.nodes
    neurons = np.array([name not in nodes.inputs for name in nodes.populations], np.bool_)
    if (per_population(counted_nodes(summary), nodes.offsets)[neurons] > 0).any():
        return neurons
    return np.ones(len(neurons), np.bool_)


def rows_in_overall(summary: Summary) -> NDArray[np.bool_]:
    """Return which rows are of the populations of `in_overall`, shape (rows,)."""
    chosen: NDArray[np.bool_] = np.repeat(in_overall(summary), np.diff(summary.nodes.offsets))
    return chosen


def has_unknown_nodes(summary: Summary, rows: slice | NDArray[np.bool_]) -> bool:
    """Return whether nodes fired of which nobody says how many there are: silent ones among them are unknown."""
    offsets = summary.nodes.offsets
    known = np.repeat(per_population(summary.nodes.simulated, offsets) > 0, np.diff(offsets))
    return bool((~known & (summary.counters.count > 0))[rows].any())


def window_seconds(summary: Summary) -> float:
    """Length of the window, s; zero for a single moment, which has no rates."""
    return (summary.spec.stop - summary.spec.start) / 1000.0
