"""Names of populations that were meant to be others: another case, a space too many, "All", a slip of the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["did_you_mean", "listed_names", "meant_names"]

_EVERY = {"all", "<sonata:none>"}
"""What simulators and converters call the spikes of a whole circuit."""
_SHOWN = 5


def meant_names(name: str, known: Iterable[str]) -> list[str]:
    """Return the names that one stands for without doubt or that it may be made of; none if it is like none of them.

    Parameters
    ----------
    name
        A name that is unknown.
    known
        The names that there are.

    Returns
    -------
    Those that differ from it in case or surrounding space only; all of them if it is "All" or the name of spikes
    without a population.

    Examples
    --------
    >>> meant_names("Cortex ", ["cortex", "thalamus"]), meant_names("All", ["cortex", "thalamus"])
    (['cortex'], ['cortex', 'thalamus'])
    """
    others = [other for other in known if other != name]
    alike = [other for other in others if _plain(other) == _plain(name)]
    return alike or (others if _plain(name) in _EVERY else [])


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a message on an unknown name: what may be meant, nothing if no name is like it.

    >>> did_you_mean("cortx", ["cortex", "thalamus"])
    "; did you mean 'cortex'?"
    >>> did_you_mean("retina", ["cortex", "thalamus"])
    ''
    """
    import difflib  # noqa: PLC0415 - only errors need it

    known = list(known)
    found = meant_names(name, known) or difflib.get_close_matches(name, known, n=3)
    return f"; did you mean {listed_names(found, 'or')}?" if found else ""


def listed_names(names: list[str], conjunction: str) -> str:
    """Return names in quotes, a few of them.

    >>> listed_names(["a", "b"], "and"), listed_names(list("abcdefg"), "and")
    ("'a' and 'b'", "'a', 'b', 'c', 'd', 'e' and 2 others")
    """
    shown = [repr(name) for name in names[:_SHOWN]]
    if len(names) > _SHOWN:
        n_others = len(names) - _SHOWN
        return f"{', '.join(shown)} {conjunction} {'another' if n_others == 1 else f'{n_others} others'}"
    return f" {conjunction} ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _plain(name: str) -> str:
    return name.strip().casefold()
