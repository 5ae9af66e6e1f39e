"""Attributes, read by the class of their type: a value of another class than expected is never read.

HDF5 reads an attribute wherever its type points; the type of a damaged file may point anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import h5py


def read_attribute(holder: h5py.Group | h5py.Dataset, name: str) -> str | int | None:
    """Read an attribute that is a text, a whole number or an enumeration.

    Parameters
    ----------
    holder
        A group or dataset.
    name
        The attribute.

    Returns
    -------
    The text, stripped of nothing; the number; of an enumeration the name of its value, "unknown" if it has none. Of an
    array, the first element. An empty text if it holds nothing; None if there is no such attribute or its type is
    another.

    Examples
    --------
    >>> import h5py
    >>> with h5py.File("x", "w", driver="core", backing_store=False) as file:
    ...     file.attrs["units"], file.attrs["half"] = "ms", 0.5
    ...     read_attribute(file, "units"), read_attribute(file, "half"), read_attribute(file, "none")
    ('ms', None, None)
    """
    import h5py  # noqa: PLC0415 - keeps `spikelib --help` fast

    if name not in holder.attrs:
        return None
    attribute = holder.attrs.get_id(name)
    if attribute.shape is None or 0 in attribute.shape:
        return ""
    kind = attribute.get_type().get_class()
    if kind not in {h5py.h5t.STRING, h5py.h5t.INTEGER, h5py.h5t.ENUM}:
        return None
    # Every writer may number its enumeration as it likes: only the name has a meaning that is known.
    members = h5py.check_enum_dtype(attribute.dtype) if kind == h5py.h5t.ENUM else None
    value: Any = np.asarray(holder.attrs[name]).ravel()[0]
    if members:
        names = {number: key for key, number in members.items()}
        return str(names.get(int(value), "unknown"))
    if isinstance(value, (int, np.integer, np.bool_)):
        return int(value)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
