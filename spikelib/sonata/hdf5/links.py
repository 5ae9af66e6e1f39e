"""Links of HDF5 files: followed only where they lead to something, and not out of the folders of the simulation.

A link may name another place of the file (soft), or a place of another file (external); a dataset may be put together
from others (virtual) or lie in a file of raw bytes. Where a part of these is missing, HDF5 leaves out a population or
reads zeros, without a word. And a file from elsewhere could have any file of this machine read as spikes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.sonata.hdf5.watched import look_first
from spikelib.sonata.limits import current_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import h5py

    from spikelib.errors import SpikelibError


@dataclass(frozen=True)
class Borders:
    """Where links may lead."""

    folders: tuple[Path, ...] = ()
    """Folders beside that of the file which holds a link: the tree of the config, and those that a user allows."""

    def check(self, target: Path, holder: Path, what: str, refuse: Callable[[str, str], SpikelibError]) -> None:
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
        >>> Borders().check(Path("/etc/b.h5"), Path("/run/a.h5"), "b", lambda *words: SpikeFileError("; ".join(words)))
        Traceback (most recent call last):
            ...
        spikelib.errors.SpikeFileError: b leads to /etc/b.h5, outside the folders of the simulation; copy it beside ...
        """
        resolved = target.resolve()
        # A file that is itself a link of the file system may have its parts beside what it stands for.
        inside = (holder.parent, holder.resolve().parent, *self.folders, *current_limits().allow_outside)
        if not any(resolved.is_relative_to(folder.resolve()) for folder in inside):
            reason = f"{what} leads to {resolved}, outside the folders of the simulation"
            raise refuse(reason, f"copy it beside this file, or allow its folder: --allow-outside {resolved.parent}")
        if not resolved.is_file():
            msg = f"{what} leads to the file {target}, which is not there"
            raise refuse(msg, "copy it to that place")


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
    group: h5py.Group, where: str, borders: Borders, refuse: Callable[[str, str], SpikelibError]
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


def _follow(
    group: h5py.Group, name: str | bytes, where: str, borders: Borders, refuse: Callable[[str, str], SpikelibError]
) -> Any:
    import h5py  # noqa: PLC0415 - keeps `spikelib --help` fast

    encoded = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    kind = group.id.links.get_info(encoded).type
    if kind == h5py.h5l.TYPE_HARD:
        return group[name]
    if kind == h5py.h5l.TYPE_SOFT:
        target = _text(group.id.links.get_val(encoded))
        try:
            return group[name]
        except Exception as wrong:
            reason = f"the link {where} leads to {target}, which is not there"
            raise refuse(reason, "copy or make the file again") from wrong
    if kind != h5py.h5l.TYPE_EXTERNAL:
        msg = f"the link {where} is of a kind that only another program can follow"
        raise refuse(msg, "copy what it leads to")
    file_name, target = map(_text, group.id.links.get_val(encoded))
    holder = Path(group.file.filename)
    path = find_named(file_name, holder)
    what = f"the link {where}, to {target} of {file_name},"
    borders.check(path, holder, what, refuse)
    look_first(path, lambda reason, remedy: refuse(f"{what} cannot be followed: {reason}", remedy))
    try:
        found = group[name]
    except Exception as wrong:
        msg = f"{what} cannot be followed: there is no such place in that file"
        raise refuse(msg, "copy that file again") from wrong
    # HDF5 looks in other folders too, such as the current one, for a file that it does not find at once.
    if Path(found.file.filename).resolve() != path.resolve():
        borders.check(Path(found.file.filename), holder, what, refuse)
    return found


def _text(value: bytes | str) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value
