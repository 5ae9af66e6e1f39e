"""Whether the structure of an HDF5 file is plain: of the kind that simulators write, and whole.

HDF5 itself crashes on some damaged files and never returns from others. Most files of simulators are of one simple
kind (version 0: groups are trees of names, objects have headers without checksums), which is walked here in about a
millisecond, bytes only: every address within the file, every tree going down, every list ending. On a file that
passes HDF5 does not crash; one that does not is no worse for it, but is tried in a process of its own first.
"""

from __future__ import annotations

import os
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from spikelib.sonata.hdf5.heaps import Heaps
from spikelib.sonata.hdf5.messages import (
    UNDEFINED,
    Datatype,
    Layout,
    NotPlainError,
    check_attribute,
    check_datatype,
    check_fill,
    check_filters,
    check_layout,
    check_shape,
    require,
    unpack,
)

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE = b"\x89HDF\r\n\x1a\n"

_MOST_OBJECTS = 20_000
_MOST_NODES = 100_000
_NO_FREE_BLOCK = 1
_IGNORED = {0x00, 0x0D, 0x0E, 0x12}  # nothing, a comment, times of change
_ENTRY = 40  # bytes of a symbol table entry


def is_plain(path: Path) -> bool:
    """Return whether a file is HDF5 of the plain kind, with nothing wrong that HDF5 might not survive.

    Raises
    ------
    OSError
        The file cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     spikes = write_demo(folder).parent / "output" / "spikes.h5"
    ...     plain = is_plain(spikes)
    ...     _ = spikes.write_bytes(spikes.read_bytes().replace(b"SNOD", b"SMOD"))
    ...     plain, is_plain(spikes)
    (True, False)
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        _Walk(handle).file()
    except NotPlainError:
        return False
    finally:
        os.close(handle)
    return True


class _Walk:
    """One walk through a file; each method raises NotPlainError where something is not as expected."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._end = os.fstat(handle).st_size
        self._seen: set[int] = set()
        self._pending: list[tuple[int, tuple[int, int] | None]] = []
        self._n_nodes = 0
        self._heaps = Heaps(self._read)
        self._leaf = self._internal = 0

    def _read(self, address: int, size: int) -> bytes:
        require(size > 0 and address + size <= self._end)
        data = os.pread(self._handle, size, address)
        require(len(data) == size)
        return data

    def file(self) -> None:
        """Walk through all objects, from the root group on."""
        block = self._read(0, 96)
        require(block.startswith(SIGNATURE))
        # Versions of four parts, then the bytes of addresses and of lengths.
        require(block[8:16] == bytes([0, 0, 0, 0, 0, 8, 8, 0]))
        self._leaf, self._internal, flags = unpack("2HI", block, 16)
        require(0 < self._leaf <= 1024 and 0 < self._internal <= 1024 and not flags)
        base, free_space, end, driver = unpack("4Q", block, 24)
        require(base == 0 and free_space == driver == UNDEFINED and end <= self._end)
        self._end = end
        self._pend(block, 56)
        while self._pending:
            self._object(*self._pending.pop())

    def _pend(self, entries: bytes, place: int) -> None:
        """Note the object of a symbol table entry; a group's tree and heap stand in its entry too."""
        _, address, cached = unpack("2QI", entries, place)
        require(cached in {0, 1})
        tree = unpack("2Q", entries, place + 24) if cached else None
        self._pending.append((address, (tree[0], tree[1]) if tree else None))

    def _object(self, address: int, cached: tuple[int, int] | None) -> None:
        messages = self._messages(address) if address not in self._seen else {}
        if not messages:
            require(cached is None or address in self._seen)
            return
        self._seen.add(address)
        require(len(self._seen) <= _MOST_OBJECTS)
        for attribute in map(check_attribute, messages.pop(0x0C, ())):
            if attribute.datatype.is_variable:
                self._heaps.check(np.frombuffer(attribute.values, np.uint8))
        if 0x11 in messages:
            require(set(messages) == {0x11} and len(messages[0x11]) == 1)
            tree, heap = unpack("2Q", messages[0x11][0])
            require(cached in {None, (tree, heap)})
            self._group(tree, heap)
        elif messages:
            require(cached is None)
            self._dataset(messages)

    def _messages(self, address: int) -> dict[int, list[bytes]]:
        """Return the messages of an object header, which may go on in other blocks."""
        version, reserved, count, _, size = unpack("2BH2I", self._read(address, 16))
        require(version == 1 and not reserved)
        blocks, done = [(address + 16, size)], {address + 16}
        messages: dict[int, list[bytes]] = {}
        while blocks:
            block = self._read(*blocks.pop())
            place = 0
            while place < len(block):
                kind, size, flags = unpack("2HB", block, place)
                data = block[place + 8 : place + 8 + size]
                # Constant (1) and not to be shared (4) change nothing; a shared message (2) lies elsewhere.
                require(len(data) == size and size % 8 == 0 and not flags & ~0x05)
                place += 8 + size
                count -= 1
                if kind == 0x10:
                    begin, length = unpack("2Q", data)
                    require(begin not in done and len(done) < 256)
                    done.add(begin)
                    blocks.append((begin, length))
                elif kind not in _IGNORED:
                    messages.setdefault(kind, []).append(data)
        require(count == 0)
        return messages

    def _group(self, tree: int, heap: int) -> None:
        names = self._local_heap(heap)
        for leaf in self._tree(tree, 0, 8, self._internal, 1 << 8):
            size = 8 + 2 * self._leaf * _ENTRY
            node = self._read(leaf, size)
            signature, version, _, count = node[:4], *unpack("2BH", node, 4)
            require(signature == b"SNOD" and version == 1 and count <= 2 * self._leaf)
            for place in range(8, 8 + count * _ENTRY, _ENTRY):
                (name,) = unpack("Q", node, place)
                require(name < len(names) and names.find(b"\0", name) > name)
                cached = unpack("I", node, place + 16)[0]
                if cached != 2:
                    self._pend(node, place)
                    continue
                (target,) = unpack("I", node, place + 24)  # a soft link
                require(target < len(names) and names.find(b"\0", target) > target)

    def _local_heap(self, address: int) -> bytes:
        """Return the names of a group."""
        head = self._read(address, 32)
        size, free, data = unpack("3Q", head, 8)
        require(head[:8] == b"HEAP\0\0\0\0" and size < 1 << 30)
        names = self._read(data, size)
        # HDF5 follows the list of free blocks to its end, and for ever if it has none.
        last = -1
        steps = 0
        while free != _NO_FREE_BLOCK:
            require(free % 8 == 0 and free != last and free + 16 <= size and steps <= size // 16)
            last, steps = free, steps + 1
            free, length = unpack("2Q", names, free)
            require(last + length <= size)
        return names

    def _tree(self, root: int, kind: int, key_size: int, k: int, top: int) -> list[int]:
        """Return the addresses that the leaves of a version 1 B-tree point to."""
        found: list[int] = []
        pending = [(root, top)]
        while pending:
            address, above = pending.pop()
            self._n_nodes += 1
            require(self._n_nodes <= _MOST_NODES)
            step = key_size + 8
            node = self._read(address, 24 + 2 * k * step + key_size)
            node_kind, level, count = unpack("2BH", node, 4)
            # Levels that go down by one make a circle impossible.
            require(node[:4] == b"TREE" and node_kind == kind and count <= 2 * k)
            require(level < above if above == top else level == above - 1)
            children = [unpack("Q", node, 24 + key_size + i * step)[0] for i in range(count)]
            if level:
                pending += [(child, level) for child in children]
                continue
            found += children
            if kind == 1:
                sizes = [unpack("I", node, 24 + i * step)[0] for i in range(count)]
                require(all(c + n <= self._end for c, n in zip(children, sizes, strict=True)))
        return found

    def _dataset(self, messages: dict[int, list[bytes]]) -> None:
        require(set(messages) <= {0x01, 0x03, 0x04, 0x05, 0x08, 0x0B} and {0x01, 0x03, 0x08} <= set(messages))
        require(all(len(data) == 1 for data in messages.values()))
        shape, datatype = check_shape(messages[0x01][0]), check_datatype(messages[0x03][0])
        layout = check_layout(messages[0x08][0])
        for kind in (0x04, 0x05):
            if kind in messages:
                check_fill(kind, messages[kind][0], datatype)
        if 0x0B in messages:
            require(layout.kind == "chunked")
            check_filters(messages[0x0B][0])
        n_elements = 0 if shape is None else prod(shape)
        if layout.kind == "chunked":
            require(shape is not None)
            self._chunks(layout, len(shape or ()), datatype)
            return
        n_bytes = n_elements * datatype.size
        if layout.address == UNDEFINED:
            require(layout.kind == "contiguous" or layout.n_bytes == n_bytes)
            return
        require(layout.n_bytes == n_bytes and layout.address + n_bytes <= self._end)
        if datatype.is_variable and n_bytes:
            self._heaps.check(np.frombuffer(self._read(layout.address, n_bytes), np.uint8))

    def _chunks(self, layout: Layout, rank: int, datatype: Datatype) -> None:
        require(len(layout.chunk) == rank + 1 and layout.chunk[-1] == datatype.size)
        # The texts' places would have to be unpacked first, which is HDF5's work.
        require(not datatype.is_variable)
        if layout.address != UNDEFINED:
            self._tree(layout.address, 1, 8 + 8 * (rank + 1), 32, 1 << 8)
