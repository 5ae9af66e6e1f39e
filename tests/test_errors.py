"""The tree of errors: its picture in the module is true, and each one is the builtin error that it says."""

from __future__ import annotations

import builtins
import errno
import re

import pyarrow as pa
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


FULL, NO_MEMORY = "the disk is full", "there is not enough memory"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "x"), FULL),
        (OSError("Error writing bytes to file. Detail: [errno 28] No space left on device"), FULL),
        (OSError("Can't write data (file write failed: errno = 28, error message = '...')"), FULL),
        (RuntimeError("Out of Memory Error: failed to offload data. 'max_temp_directory_size' setting"), FULL),
        (OSError(errno.EDQUOT, "x"), "the disk quota is used up, so for you the disk is full"),
        (OSError(errno.EFBIG, "x"), "a file would grow beyond the limit of this process (ulimit -f)"),
        (MemoryError(), NO_MEMORY),
        (pa.ArrowMemoryError("malloc of size 5 failed"), NO_MEMORY),
        (OSError(errno.ENOMEM, "x"), NO_MEMORY),
        (RuntimeError("can't start new thread"), NO_MEMORY),
        (ImportError("libarrow.so.2600: failed to map segment from shared object"), NO_MEMORY),
        (
            pa.ArrowException("Failed to launch worker thread: Resource temporarily unavailable"),
            NO_MEMORY,
        ),
        (ValueError("Unable to allocate 115. KiB for an array"), NO_MEMORY),
        (OSError(errno.EACCES, "Permission denied"), None),
        (ValueError("wrong"), None),
    ],
    ids=str,
)
def test_what_a_machine_had_too_little_of(error: Exception, words: str | None) -> None:
    assert errors.shortage(error) == words
    later = RuntimeError("it failed")
    later.__cause__ = error
    assert errors.shortage(later) == words
