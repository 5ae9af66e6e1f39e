from __future__ import annotations

import pytest

from spikelib.sonata.names import did_you_mean, listed_names, meant_names

KNOWN = ["cortex", "thalamus"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Cortex", ["cortex"]),
        (" cortex\t", ["cortex"]),
        ("THALAMUS ", ["thalamus"]),
        ("All", KNOWN),
        ("all ", KNOWN),
        ("<sonata:none>", KNOWN),
        ("cortx", []),
        ("cor tex", []),
        ("", []),
    ],
)
def test_meant_names(name: str, meant: list[str]) -> None:
    assert meant_names(name, KNOWN) == meant


def test_several_names_of_one_spelling() -> None:
    assert meant_names("A", ["a", "a ", "b"]) == ["a", "a "]
    assert meant_names("straße", ["STRASSE", "street"]) == ["STRASSE"]
    assert meant_names("all", ["All", "b"]) == ["All"]


def test_slips_are_proposed_by_errors_only() -> None:
    assert did_you_mean("cortx", KNOWN) == "; did you mean 'cortex'?"
    assert did_you_mean("all", KNOWN) == "; did you mean 'cortex' or 'thalamus'?"
    assert did_you_mean("x", KNOWN) == did_you_mean("cortex", []) == ""


def test_long_lists_are_cut() -> None:
    assert listed_names(["a"], "and") == "'a'"
    assert listed_names(list("abcdef"), "or") == "'a', 'b', 'c', 'd', 'e' or another"
