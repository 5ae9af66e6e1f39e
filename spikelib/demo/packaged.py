"""Copying the files of the demo out of the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from spikelib.errors import OutputError
from spikelib.files import atomic_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

__all__ = ["write_demo"]

CONFIG = "simulation_config.json"


def write_demo(folder: str | Path) -> Path:
    """Write the files of the demo into a folder.

    Other files in the folder are left alone, and so are files of the demo that are there already.

    Parameters
    ----------
    folder
        Where to write; it is made where needed.

    Returns
    -------
    The path of the simulation config.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds a file of the same name with other content; nothing
        is written in the latter case.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_demo(folder).name
    'simulation_config.json'
    """
    folder = Path(folder)
    content = dict(_packaged(files("spikelib.demo") / "data"))
    missing = [name for name in content if not _is_there(folder / name, content[name])]
    for name in missing:
        with atomic_file(folder / name) as temporary:
            temporary.write_bytes(content[name])
    return folder / CONFIG


def _packaged(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield relative path and content of each file, the config last: it marks a complete demo."""
    for item in sorted(folder.iterdir(), key=lambda item: (item.name == CONFIG, item.name)):
        if item.is_dir():
            yield from _packaged(item, f"{prefix}{item.name}/")
        else:
            yield f"{prefix}{item.name}", item.read_bytes()


def _is_there(path: Path, content: bytes) -> bool:
    """Return whether the file is there already; raise if it is another one."""
    try:
        if not path.exists():
            return False
        if path.is_file() and path.read_bytes() == content:
            return True
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}); choose another folder for the demo"
        raise OutputError(message) from error
    message = f"{path} exists and is not the file of this demo. Move it away or choose another folder."
    raise OutputError(message)
