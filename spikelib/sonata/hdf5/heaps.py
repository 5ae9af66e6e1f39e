"""Global heaps of HDF5 files, where texts of variable length lie: whether each text is where its dataset says.

A heap is a list of objects, each with an index and a length, that can be walked only from its start. Writers put texts
into heaps one after the other; where they did, all objects of all heaps are checked at once, which for 10^5 nodes takes
a few milliseconds and not fifty.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from spikelib.sonata.hdf5.messages import UNDEFINED, require, unpack

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_MOST_OBJECTS = 200_000
"""Objects that are walked one by one."""
_MOST_AT_ONCE = 1 << 27
"""Bytes of heaps that are read together."""
_BLOCK = 1 << 13
"""Texts that are checked together, unless a single heap has more."""
_SMALLEST, _LARGEST = 4096, 1 << 30
_HEAD = 16  # bytes before the first object of a heap, and before the data of an object
_HEAP_MARK = np.frombuffer(b"GCOL\x01\0\0\0", "<u8")[0]
_PLACE = np.dtype([("length", "<u4"), ("heap", "<u8"), ("index", "<u4")])
_OBJECT = struct.Struct("<H6xQ")


class Heaps:
    """The global heaps of one file.

    Parameters
    ----------
    read
        Reads so many bytes at an address; NotPlainError if the file does not have them.
    """

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        self._read = read
        self._sizes: dict[int, NDArray[np.int64]] = {}
        self._n_objects = 0

    def check(self, places: NDArray[np.uint8]) -> None:
        """Check texts; NotPlainError where one is not within an object of its heap.

        Parameters
        ----------
        places
            Bytes of the elements of a dataset or an attribute, 16 each: length, address of the heap, index.
        """
        fields = places.view(_PLACE)
        fields = fields[(fields["heap"] != 0) & (fields["heap"] != UNDEFINED)]
        left = fields[~self._in_sequence(fields)]
        heaps, which = np.unique(left["heap"], return_inverse=True)
        order = np.argsort(which, kind="stable")
        bounds = np.searchsorted(which[order], np.arange(len(heaps) + 1))
        for heap, begin, end in zip(heaps.tolist(), bounds[:-1], bounds[1:], strict=True):
            if heap not in self._sizes:
                self._sizes[heap] = self._walk(heap)
            mine, sizes = left[order[begin:end]], self._sizes[heap]
            require(int(mine["index"].max()) < len(sizes))
            require((mine["length"] <= sizes[mine["index"]]).all())

    def _in_sequence(self, fields: NDArray[np.void]) -> NDArray[np.bool_]:
        """Return which texts are in heaps that hold these texts alone, one after the other, and are whole."""
        checked = np.zeros(len(fields), np.bool_)
        if not len(fields) or fields["heap"].max() >= 1 << 62 or (fields["heap"] % 8).any():
            return checked
        # HDF5 converts some texts of each stretch from the last to the first: places are not in the order of indices.
        order = np.lexsort((fields["index"], fields["heap"]))
        heap = fields["heap"][order].view(np.int64)
        starts = np.append(np.flatnonzero(np.diff(heap, prepend=-1)), len(heap))
        first = 0
        while first < len(starts) - 1:
            # Whole heaps, few enough that what is computed of them stays in the processor's cache.
            last = max(first + 1, int(np.searchsorted(starts, starts[first] + _BLOCK, "right")) - 1)
            block = order[starts[first] : starts[last]]
            checked[block] = self._are_in_sequence(fields[block], starts[first : last + 1] - starts[first])
            first = last
        return checked

    def _are_in_sequence(self, fields: NDArray[np.void], bounds: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Do so for some heaps; `bounds` are the places of the first text of each heap, and the end."""
        heap, index, length = (fields[name].astype(np.int64) for name in ("heap", "index", "length"))
        starts, counts = bounds[:-1], np.diff(bounds)
        strides = _HEAD + (length + 7) // 8 * 8
        before = np.cumsum(strides) - strides
        offsets = _HEAD + before - np.repeat(before[starts], counts)
        low, last = int(heap[0]), int(heap[-1])
        (last_size,) = unpack("Q", self._read(last, _HEAD), 8)
        span = last + last_size - low
        if not _SMALLEST <= last_size < _LARGEST or span > _MOST_AT_ONCE:
            return np.zeros(len(fields), np.bool_)
        words = np.frombuffer(self._read(low, span), "<u8", span // 8)
        at = np.minimum((heap - low + offsets) // 8, len(words) - 2)
        fine = (words[at] & 0xFFFF == index) & (words[at + 1] == length)
        fine &= index == np.arange(len(index)) - np.repeat(starts, counts) + 1
        ends = (offsets + strides)[bounds[1:] - 1]
        whole = np.logical_and.reduceat(fine, starts) & _are_whole(words, heap[starts] - low, ends)
        return np.repeat(whole, counts)

    def _walk(self, address: int) -> NDArray[np.int64]:
        """Return the size of each object of a heap, at its index; -1 where there is none."""
        head = self._read(address, _HEAD)
        (size,) = unpack("Q", head, 8)
        require(head[:8] == b"GCOL\x01\0\0\0" and _SMALLEST <= size < _LARGEST)
        heap = self._read(address, size)
        sizes = np.full(size // 16, -1, np.int64)
        place = _HEAD
        while place + 16 <= size:
            index, length = _OBJECT.unpack_from(heap, place)
            self._n_objects += 1
            require(self._n_objects <= _MOST_OBJECTS)
            if index == 0:  # what is free, to the end; its length counts its own head
                require(length >= 16 and place + length == size)
                break
            place += 16 + -(-length // 8) * 8
            require(index < len(sizes) and sizes[index] < 0 and place <= size)
            sizes[index] = length
        return sizes


def _are_whole(words: NDArray[np.uint64], heaps: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which heaps have a head, and from the end of their objects on only free space."""
    sizes = words[heaps // 8 + 1].astype(np.int64)
    rest = sizes - ends
    place = np.clip((heaps + ends) // 8, 0, len(words) - 2)
    free = (words[place] & 0xFFFF == 0) & (words[place + 1].astype(np.int64) == rest)
    has_head = (words[heaps // 8] == _HEAP_MARK) & (sizes >= _SMALLEST) & (sizes < _LARGEST)
    within = heaps + sizes <= 8 * len(words)
    return np.asarray(has_head & within & (rest >= 0) & ((rest < _HEAD) | free))
