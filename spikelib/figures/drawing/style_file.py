"""Reading a matplotlib style file: what matplotlib warns of is an error here, since nobody reads a job's warnings."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import matplotlib as mpl

from spikelib.errors import PlotError

__all__ = ["read_style"]

_NOT_STYLE = ("backend", "backend_fallback", "interactive", "toolbar", "timezone", "date.epoch")
"""Settings of the program, not of a figure."""


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.first = ""

    def emit(self, record: logging.LogRecord) -> None:
        words = " ".join(record.getMessage().split())
        self.first = self.first or words.partition(" You probably")[0]


def read_style(path: str | Path) -> dict[str, Any]:
    """Read a style file.

    Parameters
    ----------
    path
        A file of lines ``key: value``, as ``matplotlib.style.use`` takes it, relative to the working directory.

    Returns
    -------
    The settings in it; those that no figure depends on are left out.

    Raises
    ------
    PlotError
        There is no such file, or a line of it is wrong.
    """
    if not Path(path).is_file():
        msg = f"{path}: no such matplotlib style file; figures.files.style is a path from the working directory"
        raise PlotError(msg)
    complaints, logger = _Complaints(), logging.getLogger("matplotlib")
    logger.addHandler(complaints)
    try:
        settings = mpl.rc_params_from_file(path, use_default_template=False)
    except (OSError, ValueError) as error:
        msg = f"{path}: cannot be read as a matplotlib style file ({error})"
        raise PlotError(msg) from error
    finally:
        logger.removeHandler(complaints)
    if complaints.first:
        msg = f"{path}: not a valid matplotlib style file: {complaints.first}"
        raise PlotError(msg)
    return {key: value for key, value in settings.items() if key not in _NOT_STYLE}
