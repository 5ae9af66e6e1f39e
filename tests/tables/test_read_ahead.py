"""Reading ahead changes nothing but the time at which chunks are made."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikelib.tables.read_ahead import ahead

if TYPE_CHECKING:
    from collections.abc import Iterator


@given(st.lists(st.integers()))
def test_the_same_chunks_in_the_same_order(chunks: list[int]) -> None:
    assert list(ahead(iter(chunks))) == chunks


def test_the_next_chunk_is_made_by_another_thread_while_one_is_used() -> None:
    made, threads = [threading.Event() for _ in range(3)], set()

    def chunks() -> Iterator[int]:
        for number, event in enumerate(made):
            threads.add(threading.get_ident())
            event.set()
            yield number

    taken = ahead(chunks())
    assert next(taken) == 0
    assert made[1].wait(10), "it is made though nobody has asked for it yet"
    assert not made[2].is_set(), "at most two are held"
    assert list(taken) == [1, 2]
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_an_error_while_reading_reaches_who_takes_the_chunks() -> None:
    def chunks() -> Iterator[int]:
        yield 1
        msg = "the disk is gone"
        raise OSError(msg)

    taken = ahead(chunks())
    assert next(taken) == 1
    with pytest.raises(OSError, match="the disk is gone"):
        next(taken)


def test_the_thread_ends_with_the_loop() -> None:
    before = threading.active_count()
    taken = ahead(iter(range(100)))
    next(taken)
    taken.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
