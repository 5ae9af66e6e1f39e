"""What a browser may run and load in a page: what spikelib put there, and nothing that came with the data.

Names of populations, filters and simulations are escaped wherever they stand. Should that ever fail, this is the second
wall: a script runs only if its hash is in the policy, and the hashes are taken of spikelib's own files, never of the
page that was rendered.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

__all__ = ["Contents", "source_hash"]


def source_hash(text: str) -> str:
    """Return a script or a style sheet as a policy names it: the SHA-256 of what stands between its tags.

    Examples
    --------
    >>> source_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@dataclass
class Contents:
    """The scripts and style sheets of one page, gathered while it is rendered."""

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def policy(self, *, films_beside: bool = False) -> str:
        """Write the content security policy of the page.

        Parameters
        ----------
        films_beside
            Whether the page plays films that lie beside it. Files on a disk have no origin that is the page's own for
            every browser, so both words for such a place are needed.

        Examples
        --------
        >>> Contents().policy().split("; ")[:3]
        ["default-src 'none'", "script-src 'none'", "style-src 'none'"]
        >>> "img-src data: 'self' file:" in Contents().policy(films_beside=True)
        True
        """
        beside = " 'self' file:" if films_beside else ""
        rules = {
            "default-src": "'none'",
            "script-src": _sources(self.scripts),
            "style-src": _sources(self.styles),
            "img-src": f"data:{beside}",
            "media-src": f"data:{beside}",
            "font-src": "'none'",
            "connect-src": "'none'",
            "object-src": "'none'",
            "frame-src": "'none'",
            "worker-src": "'none'",
            "form-action": "'none'",
            "base-uri": "'none'",
        }
        return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def _sources(texts: list[str]) -> str:
    return " ".join(dict.fromkeys(map(source_hash, texts))) or "'none'"
