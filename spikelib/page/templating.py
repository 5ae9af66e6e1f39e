"""The Jinja2 environment of the pages."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from spikelib.page import format as formats

__all__ = ["render"]

SYMBOLS = {"ok": "✓", "note": "i", "warning": "!"}
"""Signs of the levels; the word always stands beside the sign, so that nothing hangs on colour."""

WORDS = {"ok": "OK", "note": "Note", "warning": "Warning"}


def render(template: str, context: dict[str, Any]) -> str:
    """Render a template of this package; the style sheet is put into the page."""
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
    # Our own file, without anything of the user's in it: the only text that is not escaped.
    style = resources.files("spikelib.page").joinpath("assets/page.css").read_text(encoding="utf-8")
    environment.globals.update(style=Markup(style), symbols=SYMBOLS, words=WORDS)
    return environment
