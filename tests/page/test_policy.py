"""The content security policy of a page."""

from __future__ import annotations

import pytest

from spikelib.page.policy import Contents, source_hash


def test_each_script_and_style_is_named_once_by_its_hash() -> None:
    contents = Contents(scripts=["a()", "b()", "a()"], styles=["p{}"])
    policy = dict(part.split(" ", 1) for part in contents.policy().split("; "))
    assert policy["script-src"] == f"{source_hash('a()')} {source_hash('b()')}"
    assert policy["style-src"] == source_hash("p{}")


def test_hash_is_of_the_bytes_in_the_file() -> None:
    # The value that browsers print for alert('Hello, world.');, from the specification's own example.
    assert source_hash("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
    assert source_hash("“ü”") != source_hash('"u"')


@pytest.mark.parametrize("films_beside", [False, True])
def test_nothing_unsafe_and_no_network(films_beside: bool) -> None:
    policy = Contents(scripts=["a()"]).policy(films_beside=films_beside)
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy
    assert '"' not in policy
    assert ("file:" in policy) == films_beside
