"""HDF5 files of all kinds, for the tests of what reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import numpy as np

from spikelib.errors import SpikeFileError

if TYPE_CHECKING:
    from pathlib import Path


def refuse(reason: str, remedy: str) -> SpikeFileError:
    """Make an error as readers do."""
    return SpikeFileError(f"{reason}; {remedy}")


def write_plain(path: Path) -> Path:
    """Write a file with all that simulators use: groups, texts, enumerations, chunks, filters."""
    with h5py.File(path, "w") as file:
        for name in ("a", "b", "c"):
            group = file.create_group(f"spikes/{name}")
            group.attrs.create(
                "sorting", 2, dtype=h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="u1")
            )
            times = group.create_dataset("timestamps", data=np.arange(3000.0), chunks=(100,), compression="gzip")
            times.attrs["units"] = "ms"
            group["node_ids"] = np.arange(3000, dtype="u8")
        layers = np.array(["L4", "L5", ""], object)
        file.create_dataset("nodes/a/0/layer", data=layers, dtype=h5py.string_dtype())
        file["nodes/a/0/mtype"] = np.array([b"PC", b"BC", b"MC"])
        file["nodes/a/0/x"] = np.arange(3, dtype="f4")
        file.attrs["version"] = np.array([0, 1], "u4")
        file.attrs["fixed"] = np.bytes_("text")
        file["link"] = h5py.SoftLink("/spikes/a")
    return path
