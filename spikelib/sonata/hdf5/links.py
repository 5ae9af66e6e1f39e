"""Links of HDF5 files: followed only where they lead to something, and not out of the folders of the simulation.

A link may name another place of the file (soft), or a place of another file (external); a dataset may be put together
from others (virtual) or lie in a file of raw bytes. Where a part of these is missing, HDF5 leaves out a population or
reads zeros, without a word. And a file from elsewhere could have any file of this machine read as spikes.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.sonata.hdf5.watched import look_first
from spikelib.sonata.limits import current_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import h5py

    from spikelib.errors import SpikelibError

    Refuse = Callable[[str, str], SpikelibError]

_MOST_LINKS = 16
"""Links in a row, as HDF5 itself counts them."""


@dataclass(frozen=True)
class Borders:
    """Where links may lead."""

    folders: tuple[Path, ...] = ()
    """Folders beside that of the file which holds a link: the tree of the config, and those that a user allows."""

    def check(self, target: Path, holder: Path, what: str, refuse: Refuse) -> None:
        """Raise unless a file lies in the folder of the file that names it, or in one of the folders.

        Parameters
        ----------
        target
            The file that is named.
        holder
            The file that names it.
        what
            The link or dataset, for the message.
        refuse
            Makes the error, of a reason and a remedy.

        Examples
        --------
        >>> from spikelib.errors import SpikeFileError
        >>> there = Path("/etc/passwd")
        >>> Borders().check(there, Path("/run/a.h5"), "b", lambda *words: SpikeFileError("; ".join(words)))
        Traceback (most recent call last):
            ...
        spikelib.errors.SpikeFileError: b leads to /etc/passwd, outside the folders of the simulation; copy it ...
        """
        resolved = target.resolve()
        # A file that is itself a link of the file system may have its parts beside what it stands for.
        inside = (holder.parent, holder.resolve().parent, *self.folders, *current_limits().allow_outside)
        is_inside = any(resolved.is_relative_to(folder.resolve()) for folder in inside)
        if not resolved.is_file():
            msg = f"{what} leads to the file {target}, which is not there"
            raise refuse(msg, "copy it to that place" if is_inside else "copy it beside this file")
        if not is_inside:
            reason = f"{what} leads to {resolved}, outside the folders of the simulation"
            raise refuse(reason, f"copy it beside this file, or allow its folder: --allow-outside {resolved.parent}")


def find_named(name: str, holder: Path) -> Path:
    """Return the file that an HDF5 file names, at the first place of those where HDF5 looks and there is one.

    Parameters
    ----------
    name
        Path as it is written; a relative one is relative to the file that names it. Of an absolute one that is gone,
        the last part is looked for there: whole folders move.
    holder
        The file that names it.

    Examples
    --------
    >>> find_named("part.h5", Path("/runs/a/spikes.h5")).as_posix()
    '/runs/a/part.h5'
    """
    path = holder.parent / name
    others = [folder / part for folder in (holder.parent, holder.resolve().parent) for part in (name, Path(name).name)]
    return next((place for place in (path, *others) if place.is_file()), path)


def members(
    group: h5py.Group, where: str, borders: Borders, refuse: Refuse
) -> Iterator[tuple[str | bytes, h5py.Group | h5py.Dataset | h5py.Datatype]]:
    """Iterate over the members of a group, each link resolved.

    Parameters
    ----------
    group
        Of an open file.
    where
        Path of the group, by which it was found; for messages.
    borders
        Where links may lead.
    refuse
        Makes the error, of a reason and a remedy.

    Yields
    ------
    name, object
        The name is bytes where it is not UTF-8.

    Raises
    ------
    SpikelibError
        Made by ``refuse``: a link leads nowhere, or out of the borders.

    Examples
    --------
    >>> import h5py
    >>> from spikelib.errors import SpikeFileError
    >>> with h5py.File("x", "w", driver="core", backing_store=False) as file:
    ...     file["a"] = h5py.SoftLink("/b")
    ...     list(members(file, "", Borders(), lambda *words: SpikeFileError("; ".join(words))))
    Traceback (most recent call last):
        ...
    spikelib.errors.SpikeFileError: the link /a leads to /b, which is not there; copy or make the file again
    """
    for name in group:
        shown = name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else name
        yield name, _follow(group, name, f"{where}/{shown}", borders, refuse)


def member(group: h5py.Group, name: str, where: str, borders: Borders, refuse: Refuse) -> Any:
    """Return one member of a group as `members` does, whatever the others are; None if there is none of that name.

    Parameters
    ----------
    group, borders, refuse
        As for `members`.
    name
        The member.
    where
        Its path, for messages.

    Examples
    --------
    >>> import h5py
    >>> from spikelib.errors import SpikeFileError
    >>> with h5py.File("x", "w", driver="core", backing_store=False) as file:
    ...     file["a"], file["b"] = 5, h5py.SoftLink("/none")
    ...     member(file, "a", "/a", Borders(), lambda *words: SpikeFileError("; ".join(words))).shape
    ()
    """
    is_there = group.id.links.exists(name.encode("utf-8", "surrogateescape"))
    return _follow(group, name, where, borders, refuse) if is_there else None


def _follow(group: h5py.Group, name: str | bytes, where: str, borders: Borders, refuse: Refuse) -> Any:
    import h5py  # noqa: PLC0415 - keeps `spikelib --help` fast

    encoded = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    if group.id.links.get_info(encoded).type == h5py.h5l.TYPE_HARD:  # as nearly all are
        return group[name]
    last = _check_way(_Way(group, encoded, f"the link {where}"), borders, refuse)
    found = group[name]
    # HDF5 looks in other folders too, such as the current one, for a file that it does not find at once.
    if hasattr(found, "file") and Path(found.file.filename).resolve() != last.resolve():
        borders.check(Path(found.file.filename), Path(group.file.filename), f"the link {where}", refuse)
    return found


def check_source(file: h5py.File, name: str, what: str, borders: Borders, refuse: Refuse) -> None:
    """Check the way to a dataset of another file, which ``what`` names for messages, as `members` checks links."""
    encoded = b"/" + name.encode("utf-8", "surrogateescape")
    _check_way(_Way(file, encoded, what, what), borders, refuse)


@dataclass(frozen=True)
class _Way:
    """A way through a file."""

    group: h5py.Group
    """Where it begins; a slash as the first letter of the steps is the root of the file."""
    steps: bytes
    """Names of members, with slashes between them."""
    what: str
    """The link that is followed, for messages."""
    into: str = ""
    """The link, and the first of the other files that it leads to; nothing while it is in its own file."""
    n_links: int = 0
    """How many links led here."""

    def further(self, group: h5py.Group, steps: bytes, what: str = "") -> _Way:
        return _Way(group, steps, what or self.what, self.into or what, self.n_links + 1)

    def nowhere(self, refuse: Refuse) -> SpikelibError:
        target = _text(self.steps.replace(b"//", b"/").rstrip(b"/"))
        if self.n_links > _MOST_LINKS:
            return refuse(
                f"{self.what} leads to {target}, which leads on without an end", "copy or make the file again"
            )
        if self.into:
            reason = f"{self.what}, cannot be followed: there is no such place in that file"
            return refuse(reason, "copy that file again")
        return refuse(f"{self.what} leads to {target}, which is not there", "copy or make the file again")


def _check_way(way: _Way, borders: Borders, refuse: Refuse) -> Path:
    """Go a way step by step, so that HDF5 opens no file that was not looked at; return the file where it ends."""
    import h5py  # noqa: PLC0415 - keeps `spikelib --help` fast

    node: Any = way.group.file if way.steps.startswith(b"/") else way.group
    steps = [step for step in way.steps.split(b"/") if step not in {b"", b"."}]
    for number, step in enumerate(steps):
        if not isinstance(node, h5py.Group) or not node.id.links.exists(step) or way.n_links > _MOST_LINKS:
            raise way.nowhere(refuse)
        kind = node.id.links.get_info(step).type
        if kind == h5py.h5l.TYPE_HARD:
            node = node[step]
            continue
        if kind not in {h5py.h5l.TYPE_SOFT, h5py.h5l.TYPE_EXTERNAL}:
            msg = f"{way.what} is of a kind that only another program can follow"
            raise refuse(msg, "copy what it leads to")
        value, rest = node.id.links.get_val(step), b"/".join(steps[number + 1 :])
        if kind == h5py.h5l.TYPE_SOFT:
            return _check_way(way.further(node, value + b"/" + rest), borders, refuse)
        name, target = map(_text, value)
        what = f"{way.into or way.what}, {'and on ' if way.into else ''}to {target} of {name}"
        with _opened(name, Path(node.file.filename), f"{what},", borders, refuse) as file:
            return _check_way(way.further(file, b"/" + value[1] + b"/" + rest, what), borders, refuse)
    return Path(node.file.filename)


@contextmanager
def _opened(name: str, holder: Path, what: str, borders: Borders, refuse: Refuse) -> Iterator[h5py.File]:
    import h5py  # noqa: PLC0415

    path = find_named(name, holder)
    borders.check(path, holder, what, refuse)
    look_first(path, lambda reason, remedy: refuse(f"{what} cannot be followed: {reason}", remedy))
    try:
        file = h5py.File(path, "r")
    except Exception as wrong:
        msg = f"{what} cannot be followed: that file cannot be opened as HDF5"
        raise refuse(msg, "copy that file again") from wrong
    with file:
        yield file


def _text(value: bytes | str) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value
