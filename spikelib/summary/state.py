"""The state of every node while spikes are counted, laid out for the cache: all of one node in three cache lines.

A spike touches one node, and the next spike another one: with an array for each quantity a spike would cost a dozen
cache misses, with a row for each node it costs three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.summary.model import NodeCounters

if TYPE_CHECKING:
    from spikelib.summary.model import Floats, Integers

FIRST, SECOND, PREVIOUS, LAST, SHORTEST = range(5)
COUNT, SQUARE_WHOLE, SQUARE_REST, CV2, LV, LVR, REFRACTORY, CLASS, PAIRS = range(5, 14)
BIN_FIRST, BIN_OPEN, BIN_SQUARES, RUN_FIRST, RUN_OPEN, BURSTS, BURST_SPIKES, PARTS_SEEN, TRAIN = range(14, 23)
_WORDS = 24
"""8-byte words of a row: 23 used, and one to fill the third cache line."""

_FLOATS = {"first": FIRST, "second": SECOND, "previous": PREVIOUS, "last": LAST, "shortest": SHORTEST}
_INTEGERS = {
    "count": COUNT,
    "square_whole": SQUARE_WHOLE,
    "square_rest": SQUARE_REST,
    "cv2": CV2,
    "lv": LV,
    "lvr": LVR,
    "refractory": REFRACTORY,
    "pairs": PAIRS,
    "bin_first": BIN_FIRST,
    "bin_open": BIN_OPEN,
    "bin_squares": BIN_SQUARES,
    "run_first": RUN_FIRST,
    "run_open": RUN_OPEN,
    "bursts": BURSTS,
    "burst_spikes": BURST_SPIKES,
    "parts": PARTS_SEEN,
    "train": TRAIN,
}

State = tuple["Floats", "Integers"]
"""Two views of one buffer, each of shape (rows, 24): as floats and as integers."""


def empty_state(class_of: np.ndarray[tuple[int], np.dtype[np.int32]]) -> State:
    """Return the state of nodes that have not fired; `class_of` is the index of the class of each row."""
    floats = np.zeros((len(class_of), _WORDS), np.float64)
    integers = floats.view(np.int64)
    floats[:, FIRST : LAST + 1] = np.nan
    floats[:, SHORTEST] = np.inf  # so that the kernel can take the minimum without asking whether there was one
    # Not a counter, but the kernel needs it with the others: here it costs no further cache miss.
    integers[:, CLASS] = class_of
    return floats, integers


def pack(counters: NodeCounters, class_of: np.ndarray[tuple[int], np.dtype[np.int32]]) -> State:
    """Return the state of nodes as they were counted."""
    floats, integers = empty_state(class_of)
    for name, word in _FLOATS.items():
        floats[:, word] = getattr(counters, name)
    for name, word in _INTEGERS.items():
        integers[:, word] = getattr(counters, name)
    return floats, integers


def unpack(state: State) -> NodeCounters:
    """Return the counters of a state, an array for each quantity."""
    floats, integers = state
    # Copies: views would keep the whole buffer alive, and let a merge write into the summary that it was made from.
    columns: dict[str, Any] = {name: floats[:, word].copy() for name, word in _FLOATS.items()}
    columns |= {name: integers[:, word].copy() for name, word in _INTEGERS.items()}
    return NodeCounters(**columns)
