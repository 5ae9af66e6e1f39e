"""Whether the content security policy of a page allows what spikelib put there, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser


class _Elements(HTMLParser):
    """All start tags in their order, and the texts of scripts and style sheets."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self.texts.append((tag, dict(attrs), ""))

    def handle_data(self, data):
        if self.cdata_elem:
            tag, attributes, text = self.texts.pop()
            self.texts.append((tag, attributes, text + data))


def rules(html: str) -> dict[str, list[str]]:
    """Return the policy of a page: directive to sources. It stands in the head, right after the charset."""
    found = re.match(
        r'<!DOCTYPE html>\s*<html lang="en">\s*<head>\s*<meta charset="utf-8">\s*'
        r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">',
        html,
    )
    assert found, html[:300]
    return {name: sources for name, *sources in (part.split() for part in found[1].split(";"))}


def assert_closed(html: str) -> None:
    """Assert that the policy names the hash of every script and style sheet, and that no element has one of its own."""
    elements, policy = _Elements(html), rules(html)
    code = {"script": set(), "style": set()}
    for tag, attributes, text in elements.texts:
        if attributes.get("type") != "application/json":
            assert not attributes
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            code[tag].add(f"'sha256-{digest}'")
    assert set(policy.pop("script-src")) == code["script"]
    assert set(policy.pop("style-src")) == code["style"]
    assert len(code["script"]) >= 1
    assert policy.pop("img-src")[0] == policy.pop("media-src")[0] == "data:"
    assert policy.pop("default-src") == policy.pop("base-uri") == policy.pop("form-action") == ["'none'"]
    assert all(sources == ["'none'"] for sources in policy.values())
    for tag, attributes in elements.tags:
        assert tag not in {"base", "iframe", "object", "embed", "form"}
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name != "style", tag
            if name in {"href", "src", "action", "data", "poster"}:
                assert not (value or "").strip().lower().startswith(("javascript:", "vbscript:")), (tag, name)
