"""Files as a page shows them: their links, their content as data URIs, the size of pictures."""

from __future__ import annotations

import base64
import os
import struct
from pathlib import Path
from urllib.parse import quote

__all__ = [
    "data_uri",
    "picture_size",
    "relative_path",
    "relative_url",
]


MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".gif": "image/gif", ".mp4": "video/mp4"}


def relative_path(target: Path, page: Path) -> str:
    """Return the path of a file as seen from the folder of a page."""
    # Not resolved: a browser takes ".." off the address it was given and knows nothing of symbolic links.
    return Path(os.path.relpath(target, page.parent)).as_posix()


def relative_url(target: Path, page: Path) -> str:
    """Return the URL of a file as seen from a page, percent-encoded.

    A percent sign in a file name is encoded too: the table of "mc0;Rt" is the file ``mc0%3BRt.parquet``.

    Examples
    --------
    >>> relative_url(Path("results/a/spikes/mc0%3BRt.parquet"), Path("results/a/report.html"))
    'spikes/mc0%253BRt.parquet'
    >>> relative_url(Path("results/a/n.json"), Path("pages/a.html"))
    '../results/a/n.json'
    """
    return quote(relative_path(target, page), safe="/")


def picture_size(path: Path) -> tuple[int, int] | None:
    """Return width and height of a PNG, pixels; None for a file of another kind."""
    with path.open("rb") as file:
        head = file.read(24)
    if head[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def data_uri(path: Path) -> str:
    """Return a PNG, SVG, GIF or mp4 file as a data URI."""
    encoded = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{MEDIA_TYPES[path.suffix]};base64,{encoded}"
