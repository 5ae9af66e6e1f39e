"""A progress bar on stderr, only where somebody watches."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress_bar(title: str, unit: str) -> Iterator[Callable[[int], None]]:
    """Yield a function to call with the number of items finished since the last call.

    It shows a bar on a terminal and nothing elsewhere.

    Parameters
    ----------
    title
        What stands before the bar.
    unit
        What is counted.

    Examples
    --------
    >>> with progress_bar("extract", unit="spikes") as advance:
    ...     advance(1000)
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from tqdm import tqdm  # noqa: PLC0415 - only on a terminal

    with tqdm(desc=title, unit=f" {unit}", unit_scale=True, file=sys.stderr, leave=False) as bar:

        def advance(amount: int) -> None:
            bar.update(amount)

        yield advance
