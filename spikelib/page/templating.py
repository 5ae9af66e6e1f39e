"""The Jinja2 environment of the pages."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from spikelib.page import format as formats

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def render(template: str, context: dict[str, Any]) -> str:
    """Render a template of this package; style sheets and scripts are put into the page."""
    return _environment().get_template(template).render(context)


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
    environment.globals.update(style=_style, script=_script, scripts=SCRIPTS, symbols=SYMBOLS, words=WORDS)
    return environment


def _asset(name: str) -> str:
    return resources.files("spikelib.page").joinpath("assets", name).read_text(encoding="utf-8")


def _style(*names: str) -> Markup:
    """Return our own style sheets as one element; no user's text is in them, so nothing is escaped."""
    return Markup(f"<style>\n{''.join(map(_asset, names))}</style>")


def _script(names: Sequence[str]) -> Markup:
    """Return our own scripts as one element; what is not JavaScript (a licence) becomes a comment before them."""
    parts = (_asset(name) if name.endswith(".js") else f"/*!\n{_asset(name)}*/\n" for name in names)
    return Markup(f"<script>\n{''.join(parts)}</script>")


def _data_json(value: Any) -> Markup:
    """Write a value as JSON that can stand in a script element, whatever texts are in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)
