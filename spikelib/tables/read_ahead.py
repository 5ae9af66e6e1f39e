"""Preparing the next chunk while the last one is used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


def ahead(chunks: Iterator[T]) -> Iterator[T]:
    """Yield the same chunks; another thread makes the next one meanwhile. At most two are held.

    >>> list(ahead(iter("abc")))
    ['a', 'b', 'c']
    """
    # One thread only: an iterator must not be asked for its next item before it has given the last one. No chunk is
    # None, so None can mark the end; a StopIteration could not be raised out of a future.
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(next, chunks, None)
        while (chunk := following.result()) is not None:
            following = pool.submit(next, chunks, None)
            yield chunk
