"""Everything that spikelib raises on purpose.

::

    SpikelibError
    ├── ConfigError            (ValueError)         a simulation, circuit or workflow config is wrong
    ├── MissingFileError       (FileNotFoundError)  a file that a config or the user names is not there
    ├── SpikeFileError         (ValueError)         a spike file cannot be read as SONATA
    │   └── BusyFileError                           another program has it open for writing
    ├── NodesError             (ValueError)         a nodes file or node_types.csv cannot be read
    ├── NodeSetsError          (ValueError)         a node-set file breaks the rules of node sets
    ├── GroupError             (ValueError)         a `group` names nodes that do not exist, or is malformed
    ├── UnknownPopulationError (KeyError)           no population of that name
    ├── WindowError            (ValueError)         t_start or t_stop make no sense
    ├── PlotError              (ValueError)         a plot was asked for that the data cannot give
    ├── RejectedSpikesError    (ValueError)         --strict, and spikes were rejected
    ├── TableError             (ValueError)         a Parquet file is not a spikelib table
    ├── ConservationError      (RuntimeError)       spikes read != spikes written + spikes rejected
    ├── OutputError            (OSError)            a result cannot be written
    └── LockedError            (RuntimeError)       another run is at work in the same folder

Each child is also the builtin error in brackets, so ``except ValueError`` works as well.
A message names the file, the population and the remedy, in one line.
"""

from __future__ import annotations

import errno
import re

__all__ = [
    "BusyFileError",
    "ConfigError",
    "ConservationError",
    "GroupError",
    "LockedError",
    "MissingFileError",
    "NodeSetsError",
    "NodesError",
    "OutputError",
    "PlotError",
    "RejectedSpikesError",
    "SpikeFileError",
    "SpikelibError",
    "SpikelibWarning",
    "TableError",
    "UnknownPopulationError",
    "WindowError",
]


_LONGEST = 2000

_FULL = "the disk is full"
_SHORTAGES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: "the disk quota is used up, so for you the disk is full",
    errno.EFBIG: "a file would grow beyond the limit of this process (ulimit -f)",
    errno.ENOMEM: "there is not enough memory",
}
_NO_MEMORY = _SHORTAGES[errno.ENOMEM]
_SAID = (
    # Libraries say it in words of their own, and as errors of any class.
    (re.compile("no space left|errno[ =:]+28\\b|max_temp_directory_size|disk full", re.IGNORECASE), _FULL),
    (re.compile("quota exceeded", re.IGNORECASE), _SHORTAGES[errno.EDQUOT]),
    (re.compile("file too large", re.IGNORECASE), _SHORTAGES[errno.EFBIG]),
    (
        re.compile(
            "cannot allocate|unable to allocate|allocation failed|bad_alloc|not enough memory|out of memory|"
            "failed to map segment|launch worker thread|start new thread",
            re.IGNORECASE,
        ),
        _NO_MEMORY,
    ),
)


def shortage(error: BaseException) -> str | None:
    """Return what a machine had too little of when something failed; None if that was not the cause.

    Parameters
    ----------
    error
        What was raised, by whatever library.

    Returns
    -------
    str or None
        That the disk is full, a quota used up, or that there is not enough memory, threads included.

    Examples
    --------
    >>> import errno
    >>> shortage(OSError(errno.ENOSPC, "No space left on device")), shortage(RuntimeError("can't start new thread"))
    ('the disk is full', 'there is not enough memory')
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, MemoryError):
            return _NO_MEMORY
        if isinstance(seen, OSError) and seen.errno in _SHORTAGES:
            return _SHORTAGES[seen.errno]
        for pattern, words in _SAID:
            if pattern.search(str(seen)):
                return words
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return None


def one_line(text: str) -> str:
    r"""Return a message in one line that any terminal can show, whatever the names in it hold.

    Line breaks become spaces, other signs that cannot be printed become escapes, such as those which would move the
    cursor, and the middle of a very long message is left out.

    Parameters
    ----------
    text
        The message.

    Examples
    --------
    >>> one_line("a.h5: no population 'x\ny\x1b[2J'")
    "a.h5: no population 'x y\\x1b[2J'"
    >>> len(one_line("x" * 100_000))
    2000
    """
    line = " ".join(text.splitlines())
    if not line.isprintable():
        line = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)
    if len(line) > _LONGEST:
        half = _LONGEST // 2
        line = f"{line[: half - 5]} ... {line[-half:]}"
    return line


class SpikelibError(Exception):
    """Base of all errors of spikelib; its text is one line for the user."""

    def __str__(self) -> str:
        """Return the message itself in one line (KeyError would quote it, OSError would number it)."""
        return one_line(str(self.args[0])) if self.args else self.__class__.__name__


class ConfigError(SpikelibError, ValueError):
    """A simulation, circuit or workflow config is wrong."""


class MissingFileError(SpikelibError, FileNotFoundError):
    """A file that a config or the user names does not exist."""


class SpikeFileError(SpikelibError, ValueError):
    """A spike file cannot be read as SONATA."""


class BusyFileError(SpikeFileError):
    """Another program has the spike file open for writing."""


class NodesError(SpikelibError, ValueError):
    """A nodes file or a node_types.csv cannot be read."""


class NodeSetsError(SpikelibError, ValueError):
    """A node-set file breaks the rules of node sets."""


class GroupError(SpikelibError, ValueError):
    """A group is malformed, or names nodes, properties or node sets that do not exist."""


class UnknownPopulationError(SpikelibError, KeyError):
    """There is no population of that name."""


class WindowError(SpikelibError, ValueError):
    """A time window is negative, not a number, or ends before it starts."""


class PlotError(SpikelibError, ValueError):
    """A plot was asked for that the data cannot give."""


class RejectedSpikesError(SpikelibError, ValueError):
    """Spikes were rejected although the caller wanted none lost (``--strict``)."""


class TableError(SpikelibError, ValueError):
    """A Parquet file is not a table of spikelib."""


class ConservationError(SpikelibError, RuntimeError):
    """Spikes were lost or invented between two steps: a bug, never the user's fault."""


class OutputError(SpikelibError, OSError):
    """A result cannot be written."""


class LockedError(SpikelibError, RuntimeError):
    """Another run is at work in the same folder of results."""


class SpikelibWarning(UserWarning):
    """Something in the input is odd; the result is right, and the text says what was done."""


class UnknownPropertyError(GroupError):
    """A query or node set asks for a property that the population does not have."""


class NodeIdError(GroupError):
    """A group names ids that the population does not have."""
