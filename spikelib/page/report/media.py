"""Figures, animation and tables of a filter as the templates show them: embedded, linked, or both."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from spikelib.options.figures import FIGURES, STILLS
from spikelib.page.captions import alternative_text, caption, live_caption
from spikelib.page.embed import data_uri, picture_size, relative_path, relative_url
from spikelib.page.format import size

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from spikelib.results import FilterFiles

__all__ = ["EMBED_ANIMATION_BYTES", "Linker", "animation_context", "embedded_animations", "figure_contexts"]

EMBED_ANIMATION_BYTES = 1_200_000
"""Animations are put into the page itself while they have at most so many bytes together; others are linked."""

EMBED_UNLINKED_BYTES = 4_000_000
"""The same for a standalone page (no files beside it), where an animation that is not in the page is lost."""


@dataclass(frozen=True)
class Linker:
    """Makes links from a page to files, or none, for a standalone page (no files beside it)."""

    page: Path
    enabled: bool = True

    def links(self, paths: Iterable[Path]) -> list[dict[str, str]]:
        """Return url, text and size of each file; nothing if links are left out."""
        if not self.enabled:
            return []
        return [{"url": relative_url(path, self.page), "text": path.name, "size": _file_size(path)} for path in paths]

    def path(self, target: Path) -> str:
        """Return a path as a program would open it from the folder of the page."""
        return relative_path(target, self.page)


def _file_size(path: Path) -> str:
    return size(path.stat().st_size) if path.is_file() else ""


def figure_contexts(found: FilterFiles, linker: Linker, live: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Describe the figures of a filter that exist, in the order of the page; `live` is its payload."""
    return [
        {
            "kind": stem,
            "title": FIGURES[stem].title,
            "source": data_uri(found.figures[stem][0]),
            "size": picture_size(found.figures[stem][0]),
            "alt": alternative_text(stem, found.statistics),
            "caption": caption(stem, found.statistics),
            "live": live_caption(stem, live),
            "links": linker.links(found.figures[stem]),
        }
        for stem in STILLS
        if stem in found.figures
    ]


def embedded_animations(filters: Sequence[FilterFiles], linker: Linker) -> set[Path]:
    """Choose the animations that go into the page: the first ones, while they are small enough together."""
    paths = [found.animation for found in filters if found.animation is not None]
    limit = EMBED_ANIMATION_BYTES if linker.enabled else EMBED_UNLINKED_BYTES
    ends = accumulate(path.stat().st_size for path in paths)
    return {path for path, end in zip(paths, ends, strict=True) if end <= limit}


def animation_context(found: FilterFiles, linker: Linker, embedded: set[Path]) -> dict[str, Any] | None:
    """Describe the animation of a filter; its source is None if it is too large for a page without links."""
    path = found.animation
    if path is None:
        return None
    n_bytes = path.stat().st_size
    linked = relative_url(path, linker.page) if linker.enabled else None
    return {
        "title": FIGURES["animation"].title,
        "is_video": path.suffix == ".mp4",
        "source": data_uri(path) if path in embedded else linked,
        "embedded": path in embedded,
        "poster": None if found.poster is None else data_uri(found.poster),
        "shape": None if found.poster is None else picture_size(found.poster),
        "size": size(n_bytes),
        "alt": alternative_text("animation", found.statistics),
        "caption": caption("animation", found.statistics),
        "links": linker.links([path]),
    }
