"""Regular expressions of users, and those that would never come to an end."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikelib.errors import GroupError
from spikelib.sonata.limits import Limits, set_limits
from spikelib.sonata.nodes.patterns import Pattern


@pytest.mark.parametrize(
    "text",
    [
        "L4",
        "L[45]_.*",
        "(?i)pc",
        r"\d+",
        "a|b",
        "^L",
        "PC$",
        "(?P<n>L)4",
        r"(L)\1",
        "L(?=4)",
        "(?<!L)4",
        "",
        "L4_PC|",
        "[^L]+",
    ],
)
@given(subject=st.sampled_from(["L4", "L4_PC", "L5_PC", "LL", "44", "pc", "", "x\ny"]))
def test_matches_as_python_does(text: str, subject: str) -> None:
    pattern = Pattern(text, GroupError)
    assert pattern.matches(subject) == (re.fullmatch(text, subject) is not None)
    assert pattern.is_in(subject) == (re.search(text, subject) is not None)


@pytest.mark.parametrize("text", ["(", "a{99999999999}", "[", "*a", r"\1", "(?P<a"])
def test_wrong_expressions(text: str) -> None:
    with pytest.raises(GroupError, match="a wrong regular expression"):
        Pattern(text, GroupError)


def test_expression_that_is_too_long() -> None:
    with pytest.raises(GroupError, match=r"expression of 1001 characters \(the limit pattern_characters is 1000; "):
        Pattern("a" * 1001, GroupError)


def test_expression_that_backtracks_for_ever() -> None:
    with set_limits(Limits(pattern_seconds=0.05)):
        pattern = Pattern(r"^(a|aa)+$", GroupError)
    with pytest.raises(GroupError, match=r"takes too long on '(a|aaa)+.*'; simplify it .the limit pattern_seconds is"):
        pattern.matches("a" * 60 + "!")
    # The time is for all texts together.
    with pytest.raises(GroupError, match="takes too long"):
        _ = [pattern.is_in("a" * 60 + "!" * n) for n in range(3)]
