"""Writing files whole or not at all: beside their place first, renamed at the end."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from spikelib.errors import OutputError, SpikelibError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def atomic_file(path: str | Path) -> Iterator[Path]:
    """Give a temporary path in the same folder, renamed to `path` if the body ends well, else removed.

    Parameters
    ----------
    path
        The place of the result; its folder is made if it is missing.

    Raises
    ------
    OutputError
        The folder or the file cannot be written.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    new_folder = not path.parent.exists()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch()
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror}); choose a folder that you may write to"
        raise OutputError(msg) from error
    try:
        yield temporary
        _flush(temporary)
        temporary.replace(path)
    except SpikelibError:  # some of them are OSErrors too, and have said what is wrong
        raise
    except OSError as error:
        msg = f"{path}: writing failed ({error.strerror or error}); is the disk full?"
        raise OutputError(msg) from error
    finally:
        temporary.unlink(missing_ok=True)
        if new_folder and not path.exists():
            with suppress(OSError):  # it holds something else by now
                path.parent.rmdir()


def write_text(path: str | Path, text: str) -> None:
    """Write a text file (UTF-8), whole or not at all."""
    with atomic_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
