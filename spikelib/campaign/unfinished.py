"""Simulations that are not finished: their spike report does not exist yet, or is still being written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from spikelib.campaign.similar import similar_path
from spikelib.errors import BusyFileError, MissingFileError, SpikeFileError, SpikelibError
from spikelib.sonata.configs.source import load_source
from spikelib.sonata.hdf5.structure import SIGNATURE

if TYPE_CHECKING:
    from pathlib import Path

    from spikelib.sonata.configs.simulation_config import SimulationConfig

__all__ = ["waiting_reason"]

_MOST_AHEAD = 24 * 60
"""Minutes by which the clock of a file server may be ahead; a report that is dated later is not being written."""


def waiting_reason(source: Path, error: SpikelibError, quiet_minutes: float) -> str | None:
    """Return why a simulation that could not be opened is to be left for the next run.

    Parameters
    ----------
    source
        Its simulation config or spike file.
    error
        What opening it said.
    quiet_minutes
        A spike file that cannot be read is taken to be unfinished if it has changed within so many minutes. After
        that it is damaged.

    Returns
    -------
    str or None
        A sentence without a full stop, or None if there is nothing to wait for and `error` is the truth.

    Examples
    --------
    >>> from pathlib import Path
    >>> from spikelib.errors import MissingFileError
    >>> waiting_reason(Path("planned.h5"), MissingFileError("planned.h5: no such file"), quiet_minutes=60)
    'planned.h5 does not exist yet'
    """
    if not source.exists():
        similar = similar_path(source)
        return f"{source} does not exist yet" + ("" if similar is None else f" (but {similar.name} is there)")
    report = _spikes_file(source)
    if report is None:
        return None
    if isinstance(error, MissingFileError) and not report.exists():
        return f"its spike report {report} does not exist yet"
    if isinstance(error, BusyFileError):
        return f"its spike report {report} is open for writing"
    if isinstance(error, SpikeFileError) and _has_begun(report):
        minutes = (time.time() - report.stat().st_mtime) / 60
        if -_MOST_AHEAD <= minutes < quiet_minutes:
            when = f"is dated {-minutes:.0f} min ahead" if minutes <= -1 else f"changed {max(minutes, 0):.0f} min ago"
            return (
                f"its spike report {report} cannot be read yet, it {when}"
                f" (a report that has been quiet for {quiet_minutes:g} min is taken to be finished): {error}"
            )
    return None


def _spikes_file(source: Path) -> Path | None:
    """Return the spike report of a source; None if the config itself is wrong or names none."""
    try:
        config: SimulationConfig = load_source(source)
    except SpikelibError:
        # A bare spike file that was just created is empty and so no HDF5 yet; everything else is wrong for good.
        return source if source.suffix in {".h5", ".hdf5"} else None
    return config.output.spikes_file


def _has_begun(path: Path) -> bool:
    """Return whether a file is one that HDF5 is still writing, by its first bytes: text never becomes HDF5."""
    try:
        with path.open("rb") as file:
            begin = file.read(len(SIGNATURE))
    except OSError:
        return False
    return begin in {b"", SIGNATURE}
