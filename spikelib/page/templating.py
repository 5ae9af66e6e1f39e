"""The Jinja2 environment of the pages."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from spikelib.page import format as formats
from spikelib.page.policy import Contents
from spikelib.provenance.stated import PAGE_TAG

__all__ = ["SCRIPTS", "render"]

_SHARED = ("shared/packing.js", "shared/element.js", "shared/format.js", "shared/table.js", "shared/nav.js")

SCRIPTS = {
    "report": (
        "vendor/LICENSE.uPlot",
        "vendor/uPlot.iife.min.js",
        *_SHARED,
        "report/axes.js",
        "report/paint.js",
        "report/chart.js",
        "report/raster.js",
        "report/curves.js",
        "report/classes.js",
        "report/save.js",
        "report/report.js",
    ),
    "campaign": (
        *_SHARED,
        "campaign/campaign.js",
        "campaign/overlay.js",
        "campaign/contrast.js",
        "campaign/compare.js",
    ),
}
"""Scripts of each page, in the order in which they need one another; the vendor's licence goes before its code."""

SYMBOLS = {"ok": "✓", "note": "i", "warning": "!"}
"""Signs of the levels; the word always stands beside the sign, so that nothing hangs on colour."""

WORDS = {"ok": "OK", "note": "Note", "warning": "Warning"}


_POLICY = "policy of this page"
"""Stands in the head of a page until it is known what the page holds; no text of a user comes before it."""


def render(template: str, context: dict[str, Any], *, films_beside: bool = False, made_from: str = "") -> str:
    """Render a template of this package: style sheets and scripts are put into the page, and nothing else may run.

    Parameters
    ----------
    template
        Its name.
    context
        What it is filled with.
    films_beside
        Whether the page plays films that lie beside it.
    made_from
        What the page states that it was made from.
    """
    contents = Contents()
    style, script = _Held("style", contents.styles), _Held("script", contents.scripts)
    own: dict[str, Any] = {"style": style, "script": script, "policy": _POLICY}
    own |= {"made_from_tag": PAGE_TAG, "made_from": made_from}
    html = _environment().get_template(template).render(context | own)
    return html.replace(_POLICY, contents.policy(films_beside=films_beside), 1)


class _Held:
    """Makes elements of one kind, and keeps what they hold."""

    def __init__(self, tag: str, held: list[str]) -> None:
        self._tag, self._held = tag, held

    def __call__(self, *names: str) -> Markup:
        """Return files of ours as one element; what is not code (a licence) becomes a comment before it."""
        return self.of("".join(map(_code, names)))

    def of(self, text: str) -> Markup:
        """Return an element with a text that no user's text is part of: nothing is escaped."""
        content = f"\n{text}"
        self._held.append(content)
        return Markup(f"<{self._tag}>{content}</{self._tag}>")


def _code(name: str) -> str:
    text = resources.files("spikelib.page").joinpath("assets", name).read_text(encoding="utf-8")
    return text if name.endswith((".js", ".css")) else f"/*!\n{text}*/\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("spikelib.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update({name: getattr(formats, name) for name in formats.__all__ if name.islower()})
    environment.filters["data_json"] = _data_json
    environment.globals.update(scripts=SCRIPTS, symbols=SYMBOLS, words=WORDS)
    return environment


def _data_json(value: Any) -> Markup:
    """Write a value as JSON that can stand in a script element, whatever texts are in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)
