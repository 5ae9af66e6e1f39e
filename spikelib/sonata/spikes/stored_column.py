"""One column of a spike file as it is stored, and reading a stretch of it.

A dataset that is stored in one piece, as numbers that numpy knows, is read with the system's positioned read
straight into the array that the caller will keep: one copy, no lock, several threads at once. All other datasets
(chunked, compressed, other formats of numbers) are read by HDF5. Nothing is mapped into memory: a mapping of a file
that shrinks under us ends the process with SIGBUS and no message, while a short read is an error to report.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import h5py
    from numpy.typing import NDArray


class StoredColumn:
    """A one-dimensional dataset of an open file."""

    def __init__(self, dataset: h5py.Dataset) -> None:
        self._dataset = dataset
        self.dtype: np.dtype[Any] = dataset.dtype
        self._size = int(dataset.shape[0])
        self._offset, self._handle = None, -1
        in_one_piece = dataset.chunks is None and not dataset.external and not dataset.is_virtual
        if in_one_piece and _is_plain(dataset):
            self._offset = dataset.id.get_offset()  # None where nothing is stored yet
            self._handle = dataset.file.id.get_vfd_handle()

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Read the elements with index in [start, stop), in the stored type.

        Raises
        ------
        OSError
            The file is damaged or shorter than it says.
        """
        if self._offset is None:
            stretch: NDArray[Any] = self._dataset[start:stop]
            return stretch
        out = np.empty(max(stop - start, 0), self.dtype)
        self._fill(out, start)
        return out

    def read_into(self, out: NDArray[Any], start: int) -> None:
        """Read as many elements as `out` holds, beginning with index `start`; converts if the types differ."""
        if self._offset is None or (out.dtype != self.dtype and not _same_bits(out.dtype, self.dtype)):
            stretch = self.read(start, start + len(out))
            out[:] = stretch.view(out.dtype) if _same_bits(out.dtype, stretch.dtype) else stretch
        else:
            self._fill(out, start)

    def _fill(self, out: NDArray[Any], start: int) -> None:
        # Beyond the data, preadv would return the bytes of whatever the file stores there.
        if start + len(out) > self._size:
            msg = f"{start + len(out)} values are wanted, {self._size} are there"
            raise OSError(msg)
        wanted = memoryview(out.view(np.uint8))  # type: ignore[arg-type]
        place = (self._offset or 0) + start * self.dtype.itemsize
        done = 0
        while done < len(wanted):  # the system may read less than it was asked for, at most 2 GiB at a time
            n_bytes = os.preadv(self._handle, [wanted[done:]], place + done)
            if n_bytes == 0:
                msg = f"the file ends at byte {place + done}, before its data do"
                raise OSError(msg)
            done += n_bytes


def _is_plain(dataset: h5py.Dataset) -> bool:
    """Return whether the bytes in the file are those of numpy's type: HDF5 converts numbers of other formats."""
    import h5py  # noqa: PLC0415

    return bool(dataset.id.get_type() == h5py.h5t.py_create(dataset.dtype))


def _same_bits(a: np.dtype[Any], b: np.dtype[Any]) -> bool:
    """Return whether both are integers of one size: ids beyond int64 come out negative, and are rejected as such."""
    return a.kind in "iu" and b.kind in "iu" and a.itemsize == b.itemsize and a.isnative == b.isnative
