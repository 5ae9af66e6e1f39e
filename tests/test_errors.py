"""The tree of errors: its picture in the module is true, and each one is the builtin error that it says."""

from __future__ import annotations

import builtins
import re

import pytest

from spikelib import errors

TREE = re.findall(r"── (\w+)(?: +\((\w+)\))?", errors.__doc__ or "")


def test_picture_names_every_public_error() -> None:
    public = {name for name in errors.__all__ if issubclass(getattr(errors, name), errors.SpikelibError)}
    assert {name for name, _ in TREE} == public - {"SpikelibError"}


@pytest.mark.parametrize(("name", "builtin"), TREE, ids=[name for name, _ in TREE])
def test_each_is_caught_as_the_base_and_as_the_builtin(name: str, builtin: str) -> None:
    error = getattr(errors, name)
    with pytest.raises(getattr(builtins, builtin or "ValueError"), match="what was wrong"):
        raise error("what was wrong")
    with pytest.raises(errors.SpikelibError, match="what was wrong"):
        raise error("what was wrong")


def test_warning_is_no_error() -> None:
    assert issubclass(errors.SpikelibWarning, UserWarning)
    assert not issubclass(errors.SpikelibWarning, errors.SpikelibError)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("caf\u00e9: it's 'a'", "caf\u00e9: it's 'a'"),
        ("a\nb\r\nc\u2028d", "a b c d"),
        ("\x1b[2Ja\tb\u202e", "\\x1b[2Ja\\tb\\u202e"),
        ("\ud800", "\\ud800"),
    ],
)
def test_a_message_is_one_line_that_a_terminal_can_show(text: str, line: str) -> None:
    assert str(errors.SpikeFileError(text)) == line


def test_the_middle_of_a_very_long_message_is_left_out() -> None:
    line = str(errors.ConfigError("first " + "x" * 10_000 + " last"))
    assert len(line) == 2000
    assert (line[:8], line[-8:]) == ("first xx", "xxx last")
    assert " ... " in line
