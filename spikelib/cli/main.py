"""The command line: ``spikelib COMMAND``, each command one call of the library."""

from __future__ import annotations

import io
import os
import sys
import warnings
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from spikelib.cli.parser import make_parser
from spikelib.errors import SpikelibError, one_line
from spikelib.sonata.limits import read_limits, set_limits

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from contextlib import AbstractContextManager


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments
        The words after ``spikelib``; by default those of the process.

    Returns
    -------
    int
        Exit status: 0 if all went well, 1 for bad data (2, for bad usage, leaves through SystemExit).

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:  # doctest: +ELLIPSIS
    ...     main(["demo", folder])
    /...simulation_config.json
    0
    """
    options = make_parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # names and paths may hold what the terminal cannot show
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            with _limits(options):
                options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (SpikelibError, OSError, MemoryError) as error:
        if options.debug:
            raise
        _say("error", _describe_error(error))
        return 1
    except KeyboardInterrupt:
        print("spikelib: interrupted", file=sys.stderr)
        return 130
    return 0


def _limits(options: argparse.Namespace) -> AbstractContextManager[Any]:
    """Have the limits of a command hold; those that read no files of others have none."""
    if "limit" not in options:
        return nullcontext()
    return set_limits(read_limits(dict(options.limit), options.allow_outside))


def _show_warning(message: Any, category: type[Warning], *_: Any, **__: Any) -> None:
    _say(category.__name__.removeprefix("Spikelib").lower(), str(message))


def _describe_error(error: Exception) -> str:
    if isinstance(error, OSError) and not isinstance(error, SpikelibError):
        return (
            f"{error.filename or 'the system'}: {error.strerror or error}; check the path, its permissions and the disk"
        )
    if isinstance(error, MemoryError):
        return f"there is not enough memory ({error}); give the job more, or choose fewer nodes and coarser figures"
    return str(error)


def _say(kind: str, text: str) -> None:
    """Print one line on stderr; a name in the text may hold what would break it."""
    print(f"spikelib: {kind}: {one_line(text)}", file=sys.stderr)
