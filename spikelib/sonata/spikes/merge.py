"""Several populations in canonical order become one sequence: by time, id, population."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.sonata.spikes.arrays import BLOCK as _BLOCK
from spikelib.sonata.spikes.arrays import LARGE
from spikelib.sonata.spikes.order import order_ties

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.sonata.spikes.arrays import Mixed, Spikes


def merge_parts(parts: list[Spikes], codes: list[int], n_codes: int) -> Mixed:
    """Merge stretches in canonical order, one of each of the populations `codes`, into one."""
    # One byte a spike, not four, wherever the codes of all populations fit into it.
    kind: type[np.signedinteger[Any]] = np.int8 if n_codes <= 127 else np.int32
    size = sum(len(times) for times, _ in parts)
    if len(parts) == 1:
        times, ids = parts[0]
        return times, ids, np.full(size, codes[0], kind)
    out = np.empty(size, np.float64), np.empty(size, np.int64), np.empty(size, kind)
    if size == 0:
        return out
    cuts = _cuts(parts)
    bits = (n_codes - 1).bit_length()

    def work(blocks: range) -> None:
        for block in blocks:
            _merge_block(parts, codes, bits, cuts[block : block + 2], out)

    n_blocks = len(cuts) - 1
    if size < LARGE:
        work(range(n_blocks))
    else:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(work, [range(n_blocks // 2), range(n_blocks // 2, n_blocks)]))
    return out


def _cuts(parts: list[Spikes]) -> NDArray[np.int64]:
    """Cut all parts at the same moments, shape (blocks + 1, parts): blocks that stay in the processor's cache."""
    longest = max((times for times, _ in parts), key=len)
    moments = longest[_BLOCK::_BLOCK]
    # "left" in every part: spikes of one time are never split between two blocks, so blocks are ordered independently.
    inner = [np.searchsorted(times, moments, "left") for times, _ in parts]
    ends = [len(times) for times, _ in parts]
    return np.column_stack([np.zeros((len(parts), 1)), np.vstack(inner), np.array(ends)]).astype(np.int64).T


def _merge_block(parts: list[Spikes], codes: list[int], bits: int, ends: NDArray[np.int64], out: Mixed) -> None:
    stretches = [slice(*pair) for pair in ends.T.tolist()]
    times = np.concatenate([part[0][stretch] for part, stretch in zip(parts, stretches, strict=True)])
    # Id and population in one number, so that one sort orders ties by both. Ids take 41 bits at most (`LARGEST_ID`):
    # that leaves 22 bits for populations.
    several = zip(parts, stretches, codes, strict=True)
    keys = np.concatenate([(part[1][stretch] << bits) | code for part, stretch, code in several])
    # numpy's stable sort finds runs that are sorted already, as each part is, and merges them in linear time.
    order = np.argsort(times, kind="stable")
    times, keys = order_ties(times[order], keys[order])
    place = slice(int(ends[0].sum()), int(ends[1].sum()))
    out[0][place] = times
    np.right_shift(keys, bits, out=out[1][place])
    np.bitwise_and(keys, (1 << bits) - 1, out=out[2][place], casting="unsafe")
