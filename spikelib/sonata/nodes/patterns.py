"""Regular expressions of users, matched within a limit of time: some backtrack for longer than anybody waits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from spikelib.sonata.limits import current_limits, raise_it

if TYPE_CHECKING:
    from collections.abc import Callable

    from spikelib.errors import SpikelibError


class Pattern:
    """One regular expression, in the language of Python's `re`.

    Parameters
    ----------
    text
        The expression.
    error
        Makes the error to raise, of a reason.

    Raises
    ------
    SpikelibError
        Made by ``error``: the expression is wrong or too long; when matching, that it takes too long.

    Examples
    --------
    >>> from spikelib.errors import GroupError
    >>> pattern = Pattern("L[45]", GroupError)
    >>> pattern.matches("L4"), pattern.matches("L4_PC"), pattern.is_in("L4_PC")
    (True, False, True)
    """

    def __init__(self, text: str, error: Callable[[str], SpikelibError]) -> None:
        import regex  # noqa: PLC0415 - takes 20 ms, and few groups have a pattern

        self._text, self._error = text, error
        self._left = float(current_limits().pattern_seconds)  # for all the texts that it is matched with
        if len(text) > current_limits().pattern_characters:
            msg = f"a regular expression of {len(text)} characters ({raise_it('pattern_characters')})"
            raise error(msg)
        try:
            self._compiled = regex.compile(text)
        except (regex.error, OverflowError, RecursionError, MemoryError, ValueError) as wrong:
            msg = f"a wrong regular expression {text!r}: {wrong or 'it is too large'}"
            raise error(msg) from wrong

    def matches(self, text: str) -> bool:
        """Return whether the whole of a text matches."""
        return self._try(self._compiled.fullmatch, text)

    def is_in(self, text: str) -> bool:
        """Return whether a part of a text matches."""
        return self._try(self._compiled.search, text)

    def _try(self, match: Callable[..., object], text: str) -> bool:
        begin = time.perf_counter()
        try:
            found = match(text, timeout=max(self._left, 1e-3))
        except TimeoutError:
            shown = text if len(text) < 50 else text[:50] + "..."
            reason = (
                f"the regular expression {self._text!r} takes too long on {shown!r}; simplify it "
                f"({raise_it('pattern_seconds')})"
            )
            raise self._error(reason) from None
        self._left -= time.perf_counter() - begin
        return found is not None
