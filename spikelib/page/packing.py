"""Arrays as text inside a page: small, exact, and unpacked by every browser of today without a library.

``assets/shared/packing.js`` is the other side. Arrays follow one another in the order given. Each is flattened, row by
row, in little endian; integers that hardly change are stored as differences; then the first bytes of all numbers
come first, then all second bytes and so on, because the upper bytes are alike and cost almost nothing that way.
All of it is one gzip stream in base64.
"""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

__all__ = ["pack"]

_GZIP = 31
"""Window bits that ask zlib for a gzip stream; its header holds no date, so that the same arrays give the same text."""


def pack(arrays: Mapping[str, NDArray[Any]], delta: Collection[str] = ()) -> dict[str, Any]:
    """Pack arrays into a dictionary that JSON can hold.

    Parameters
    ----------
    arrays
        Name -> integers that fit 32 bits, unsigned bytes, or floats of 32 or 64 bits; of any shape.
    delta
        Names of integer arrays to store as the first value and then the differences along the flattened array,
        modulo 2**32: for values that ascend or hardly change.

    Returns
    -------
    dict
        ``arrays``: name -> ``type`` ("u1", "i4", "f4", "f8"), ``shape``, ``delta``; ``bytes``: base64.

    Raises
    ------
    ValueError
        If an integer does not fit 32 bits, or an array to be stored as differences is not of integers.

    Examples
    --------
    >>> pack({"counts": np.array([[1, 2], [3, 4]])}, delta=["counts"])["arrays"]
    {'counts': {'type': 'i4', 'shape': [2, 2], 'delta': True}}
    """
    stored = {name: _as_stored(name, array) for name, array in arrays.items()}
    layout = {
        name: {"type": f"{array.dtype.kind}{array.dtype.itemsize}", "shape": list(array.shape), "delta": name in delta}
        for name, array in stored.items()
    }
    planes = b"".join(_planes(name, array, delta=name in delta) for name, array in stored.items())
    return {"arrays": layout, "bytes": base64.b64encode(zlib.compress(planes, 9, _GZIP)).decode("ascii")}


def _as_stored(name: str, array: NDArray[Any]) -> NDArray[Any]:
    """Convert an array to the type that is stored, little endian."""
    kind = f"{array.dtype.kind}{array.dtype.itemsize}"
    if kind in ("u1", "f4", "f8"):
        return array.astype(f"<{kind}")
    if array.dtype.kind not in "iub":
        msg = f"array {name!r} of type {array.dtype}: only integers and floats of 32 or 64 bits can be packed"
        raise ValueError(msg)
    if array.size and (array.min() < -(2**31) or array.max() >= 2**31):
        msg = f"array {name!r}: {array.min()} to {array.max()} does not fit 32 bits"
        raise ValueError(msg)
    return array.astype("<i4")


def _planes(name: str, array: NDArray[Any], *, delta: bool) -> bytes:
    """Return the bytes of an array, all first ones first."""
    flat = array.reshape(-1)
    if delta:
        if flat.dtype != np.int32:
            msg = f"array {name!r} of type {array.dtype}: only integers of 32 bits are stored as differences"
            raise ValueError(msg)
        # A difference of two 32-bit integers may need 33 bits; modulo 2**32 nothing is lost.
        flat = np.diff(flat.astype(np.int64), prepend=0).astype("<i4")
    return np.ascontiguousarray(flat).view(np.uint8).reshape(-1, flat.dtype.itemsize).T.tobytes()
