"""Reading what a result states that it was made from, whatever kind of file it is."""

from __future__ import annotations

import json
import re
import struct
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["KEY", "PAGE_TAG", "read_drawn", "read_made_from"]

KEY = "made_from"
"""Where a result states it: a key of JSON and of metadata, and the name of a text in a picture."""
PAGE_TAG = "spikelib-made-from"
"""Name of the tag in a page."""

_HEAD = 1 << 16
_TAG = re.compile(f'<meta name="{PAGE_TAG}" content="([0-9a-f]*)">')


def read_made_from(path: Path) -> str | None:
    """Return what a result states that it was made from.

    Parameters
    ----------
    path
        A table, a summary, statistics, a survey, a PNG or a page.

    Returns
    -------
    The text; "" if the file states none or cannot be read; None if there is no such file.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "statistics.json")
    ...     absent, _ = read_made_from(path), path.write_text('{"made_from": "ab12"}')
    ...     absent, read_made_from(path), path.write_text('{"made_'), read_made_from(path)
    (None, 'ab12', 7, '')
    """
    if not path.is_file():
        return None
    try:
        stated = _READERS[path.suffix](path)
    except Exception:  # whatever a damaged file makes a library raise: it is made again
        return ""
    return stated if isinstance(stated, str) else ""


def read_drawn(path: Path) -> dict[str, Any]:
    """Return the options that a picture was drawn with; none if it does not state them."""
    found: Any = None
    with suppress(Exception):  # a damaged picture is shown as what it is
        found = _picture(path).get("options")
    return found if isinstance(found, dict) else {}


def _table(path: Path) -> Any:
    import pyarrow.parquet as pq  # noqa: PLC0415

    metadata = json.loads(pq.read_metadata(path).metadata[b"spikelib"])
    return metadata.get("filter", metadata).get(KEY)


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes()).get(KEY)


def _archive(path: Path) -> Any:
    try:
        with ZipFile(path) as archive:
            return archive.comment.decode("ascii")
    except BadZipFile:
        return ""


def _picture(path: Path) -> dict[str, Any]:
    # By hand, as libraries refuse pictures that may take much memory, and the text stands before all pixels.
    with path.open("rb") as file:
        if file.read(8) != b"\x89PNG\r\n\x1a\n":
            return {}
        while (head := file.read(8)) and head[4:] != b"IDAT":
            (length,) = struct.unpack(">I", head[:4])
            content, checksum = file.read(length), file.read(4)
            key, _, text = content.partition(b"\0")
            if (
                head[4:] == b"tEXt"
                and key == b"spikelib"
                and checksum == struct.pack(">I", zlib.crc32(head[4:] + content))
            ):
                found: dict[str, Any] = json.loads(text)
                return found
    return {}


def _page(path: Path) -> Any:
    with path.open("rb") as file:
        found = _TAG.search(file.read(_HEAD).decode("utf-8", errors="replace"))
    return "" if found is None else found[1]


_READERS: dict[str, Callable[[Path], Any]] = {
    ".parquet": _table,
    ".json": _json,
    ".npz": _archive,
    ".png": lambda path: _picture(path).get(KEY),
    ".html": _page,
}
