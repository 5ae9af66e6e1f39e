"""Whether all elements of a dataset are stored; HDF5 invents what is not there, as a rule zeros.

A simulation that was stopped leaves parts unwritten; a virtual dataset reads from other files, one of which may not
have been copied; raw bytes may lie in a file of their own; and the program that unpacks a dataset may be missing.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.sonata.hdf5.links import Borders, check_source, find_named
from spikelib.sonata.hdf5.watched import look_first
from spikelib.sonata.limits import current_limits, raise_it

if TYPE_CHECKING:
    from collections.abc import Callable

    import h5py

    from spikelib.errors import SpikelibError


def check_stored(
    dataset: h5py.Dataset, where: str, borders: Borders, refuse: Callable[[str, str], SpikelibError], depth: int = 0
) -> None:
    """Check that a file, or those that it names, hold all elements of a dataset.

    Parameters
    ----------
    dataset
        Of one dimension or none, of an open file.
    where
        Its path, for messages.
    borders
        Where the files that it names may lie.
    refuse
        Makes the error, of a reason and a remedy.
    depth
        How many virtual datasets lead here.

    Raises
    ------
    SpikelibError
        Made by ``refuse``: a part is missing, or cannot be read here.

    Examples
    --------
    >>> import h5py
    >>> from spikelib.errors import SpikeFileError
    >>> from spikelib.sonata.hdf5.links import Borders
    >>> with h5py.File("x", "w", driver="core", backing_store=False) as file:
    ...     times = file.create_dataset("times", (3,), "f8", chunks=(2,))
    ...     check_stored(times, "/times", Borders(), lambda *words: SpikeFileError("; ".join(words)))
    Traceback (most recent call last):
        ...
    spikelib.errors.SpikeFileError: /times was never written to its end: the simulation stopped ...
    """
    check_parts(dataset, where, borders, refuse, depth)
    if dataset.size and not dataset.is_virtual and not dataset.external and not _is_written(dataset):
        reason = f"{where} was never written to its end: the simulation stopped too early"
        raise refuse(reason, "simulate it again")


def check_parts(
    dataset: h5py.Dataset, where: str, borders: Borders, refuse: Callable[[str, str], SpikelibError], depth: int = 0
) -> None:
    """Do as `check_stored`, but let elements pass that were never written: they have the value that the file tells."""
    if not dataset.size:
        return
    _check_filters(dataset, where, refuse)
    if dataset.is_virtual:
        _check_virtual(dataset, where, borders, refuse, depth)
    elif dataset.external:
        _check_raw(dataset, where, borders, refuse)


def _is_written(dataset: h5py.Dataset) -> bool:
    if dataset.chunks is not None:
        # A simulation that was stopped leaves chunks that were never allocated.
        n_chunks = np.prod([-(-n // step) for n, step in zip(dataset.shape, dataset.chunks, strict=True)])
        return bool(dataset.id.get_num_chunks() >= n_chunks)
    return bool(dataset.id.get_storage_size() > 0)


def _check_filters(dataset: h5py.Dataset, where: str, refuse: Callable[[str, str], SpikelibError]) -> None:
    import h5py  # noqa: PLC0415 - keeps `spikelib --help` fast

    settings = dataset.id.get_create_plist()
    for number in range(settings.get_nfilters()):
        code, _, _, name = settings.get_filter(number)
        if h5py.h5z.filter_avail(code):
            continue
        # Registers its filters with HDF5, where it is installed.
        if importlib.util.find_spec("hdf5plugin"):
            importlib.import_module("hdf5plugin")
        if not h5py.h5z.filter_avail(code):
            shown = name.decode("utf-8", "replace") or f"number {code}"
            reason = f"{where} is compressed with a filter that is not installed here: {shown}"
            raise refuse(reason, "pip install hdf5plugin, or write the file with gzip")


def _check_virtual(
    dataset: h5py.Dataset, where: str, borders: Borders, refuse: Callable[[str, str], SpikelibError], depth: int
) -> None:
    # Deeper is a circle or a joke.
    if depth >= current_limits().virtual_depth:
        msg = f"{where} is a virtual dataset of virtual datasets without an end"
        raise refuse(msg, f"copy its data into one file ({raise_it('virtual_depth')})")
    covered: list[Any] = []
    for part in dataset.virtual_sources():
        what = f"{where}, a virtual dataset that reads {part.dset_name} of the file {part.file_name},"
        if "%b" in part.file_name or "%b" in part.dset_name:
            msg = f"{what} has names with a pattern, which are not read"
            raise refuse(msg, "copy its data into one file")
        if _grows(part.vspace) or _grows(part.src_space):
            msg = f"{what} grows with that file, which is not read"
            raise refuse(msg, "copy its data into one file")
        _check_source(dataset, part, what, borders, refuse, depth)
        covered += _stretches(part.vspace)
    end = 0
    for start, stop in sorted(covered):
        if start > end:
            break
        end = max(end, stop)
    if dataset.ndim != 1 or end < dataset.shape[0]:
        reason = f"{where} is a virtual dataset, and no file holds its element {end}"
        raise refuse(reason, "join the files again")


def _check_source(
    dataset: h5py.Dataset,
    part: Any,
    what: str,
    borders: Borders,
    refuse: Callable[[str, str], SpikelibError],
    depth: int,
) -> None:
    import h5py  # noqa: PLC0415

    holder = Path(dataset.file.filename)
    path = holder if part.file_name == "." else find_named(part.file_name, holder)
    if path != holder:
        borders.check(path, holder, what, refuse)
        look_first(path, lambda reason, remedy: refuse(f"{what} cannot be read: {reason}", remedy))
    try:
        file = dataset.file if path == holder else h5py.File(path, "r")
    except OSError as wrong:
        msg = f"{what} cannot be read: that file cannot be opened as HDF5"
        raise refuse(msg, "copy that file again") from wrong
    try:
        check_source(file, part.dset_name, what.removesuffix(","), borders, refuse)
        source = file.get(part.dset_name)
        if not isinstance(source, h5py.Dataset) or source.shape is None:
            msg = f"{what} cannot be read: that file has no such array"
            raise refuse(msg, "copy that file again")
        if wrong_size := _wrong_size(source, part):
            msg = f"{what} cannot be read: {wrong_size}"
            raise refuse(msg, "copy that file again")
        if source.dtype.kind != dataset.dtype.kind:
            msg = f"{what} holds {source.dtype.name} there, not {dataset.dtype.name}"
            raise refuse(msg, "join the files again")
        check_stored(source, f"{part.dset_name} of {part.file_name}", borders, refuse, depth + 1)
    finally:
        if path != holder:
            file.close()


def _wrong_size(source: h5py.Dataset, part: Any) -> str:
    """Return what is wrong with the size of a source; nothing if it has all that is read of it."""
    import h5py  # noqa: PLC0415

    if part.src_space.get_select_type() == h5py.h5s.SEL_ALL:
        # Of a source that is taken as a whole, the file does not say how long it was.
        wanted = part.vspace.get_select_npoints()
        return f"that array has {source.size} elements, not {wanted}" if wanted > source.size else ""
    if not part.src_space.get_select_npoints():
        return ""
    ends = tuple(int(last) + 1 for last in part.src_space.get_select_bounds()[1])
    if len(ends) != source.ndim or any(end > n for end, n in zip(ends, source.shape, strict=True)):
        return f"that array has the shape {source.shape}, and its elements up to {ends} are wanted"
    return ""


def _grows(space: h5py.h5s.SpaceID) -> bool:
    """Return whether a choice of elements has no end: as many as there are."""
    import h5py  # noqa: PLC0415

    if space.get_select_type() != h5py.h5s.SEL_HYPERSLABS or not space.is_regular_hyperslab():
        return False
    _, _, count, block = space.get_regular_hyperslab()
    return h5py.h5s.UNLIMITED in (*count, *block)


def _stretches(space: h5py.h5s.SpaceID) -> list[tuple[int, int]]:
    """Return the chosen elements of a dataspace of one dimension as stretches [start, stop)."""
    import h5py  # noqa: PLC0415

    if space.get_simple_extent_ndims() != 1:
        return []
    if space.get_select_type() == h5py.h5s.SEL_ALL:
        return [(0, space.shape[0])]
    if space.get_select_type() != h5py.h5s.SEL_HYPERSLABS or not space.get_select_npoints():
        return []
    return [(int(first[0]), int(last[0]) + 1) for first, last in space.get_select_hyper_blocklist()]


def _check_raw(
    dataset: h5py.Dataset, where: str, borders: Borders, refuse: Callable[[str, str], SpikelibError]
) -> None:
    holder = Path(dataset.file.filename)
    for name, offset, size in dataset.external:
        # HDF5 takes such names from the current folder, wherever the file that names them lies.
        path = Path(name).absolute()
        taken = "" if Path(name).is_absolute() else f"whose name {name} HDF5 takes from the current folder, "
        what = f"{where}, {taken}stored outside of the file (external raw storage),"
        borders.check(path, holder, what, refuse)
        n_bytes = dataset.size * dataset.dtype.itemsize if len(dataset.external) == 1 else size
        if path.stat().st_size < offset + n_bytes:
            msg = f"{what} leads to {path}, which is too short"
            raise refuse(msg, "copy that file again")
