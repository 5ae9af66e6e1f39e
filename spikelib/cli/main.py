"""The command line: ``spikelib COMMAND``, each command one call of the library."""

from __future__ import annotations

import io
import os
import sys
import warnings
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

from spikelib.cli.parser import make_parser
from spikelib.cli.stopping import Stopped, check_memory_limit, needs_kernels, stoppable
from spikelib.errors import SpikelibError, one_line, shortage
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
        with warnings.catch_warnings(), stoppable():
            warnings.showwarning = _show_warning
            check_memory_limit(compiled=needs_kernels(options))
            with _limits(options):
                options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has seen enough, as `head` does
        _forget_output()
        return 1
    except Exception as error:
        if options.debug or not (isinstance(error, SpikelibError | OSError) or shortage(error)):
            raise
        _say("error", _describe_error(error))
        _forget_output()
        return 1
    except Stopped as stop:
        print(f"spikelib: stopped by {stop.name}", file=sys.stderr)
        return stop.status
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
    if isinstance(error, SpikelibError):
        return str(error)
    short, reason = shortage(error), getattr(error, "strerror", None) or str(error) or type(error).__name__
    if short is not None and "memory" in short:
        return f"{short} ({reason}); give the job more, or choose fewer nodes and coarser figures"
    place = getattr(error, "filename", None)
    if short is not None:
        return f"{place or 'the output'}: {short} ({reason}); make room there, or write elsewhere"
    return f"{place or 'the system'}: {reason}; check the path, its permissions and the disk"


def _forget_output() -> None:
    """Let nothing be written to standard output any more: at the end, Python would complain of what is left of it."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(kind: str, text: str) -> None:
    """Print one line on stderr; a name in the text may hold what would break it."""
    print(f"spikelib: {kind}: {one_line(text)}", file=sys.stderr)
