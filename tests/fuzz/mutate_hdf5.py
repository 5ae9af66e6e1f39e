"""Changes of HDF5 files: types, shapes, values, attributes, names, links, storage, and bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from tests.fuzz.mutate_bytes import mutate_bytes
from tests.fuzz.server import UnmadeError
from tests.fuzz.values import text

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

SECRET = "secret.h5"
"""A good file of the same kind, in the folder above that of the mutant: nothing of it may be read."""
NEIGHBOUR = "neighbour.h5"
"""A good file beside the mutant: links may lead there."""
_SHARE_OF_BYTES = 0.4
_LARGEST = 10_000
_SHARE_OF_LATEST = 0.25


def mutate_hdf5(rng: Random, path: Path, names: tuple[str, ...]) -> str:
    """Change a file and return what was done; `names` are those that its readers know."""
    done = []
    if rng.random() < _SHARE_OF_LATEST:
        _rewrite(path, rng.choice(["v108", "v110", "latest"]))
        done.append("new format")
    in_bytes = rng.random() < _SHARE_OF_BYTES
    if not in_bytes or rng.random() < 0.2:
        try:
            with h5py.File(path, "r+") as file, np.errstate(all="ignore"):
                done += [_change(rng, file, names) for _ in range(rng.choice([1, 1, 1, 2, 4]))]
        except (OSError, RuntimeError) as error:  # such as too large a file for a mutant, when it is closed
            raise UnmadeError(str(error)) from error
    if in_bytes:
        content, words = mutate_bytes(rng, path.read_bytes())
        path.write_bytes(content)
        done.append(words)
    return ", ".join(done)


def _rewrite(path: Path, version: str) -> None:
    """Copy a file into a newer format of HDF5, which is not the plain one."""
    memory = io.BytesIO(path.read_bytes())
    with h5py.File(memory, "r") as old, h5py.File(path, "w", libver=(version, version)) as new:
        for name in old:
            old.copy(name, new, name)
        for name, value in old.attrs.items():
            new.attrs[name] = value


def _change(rng: Random, file: h5py.File, names: tuple[str, ...]) -> str:
    found: list[str] = []
    file.visit(found.append)
    place = rng.choice(found) if found else "x"
    step = rng.choice(_STEPS)
    try:
        return f"{step.__name__.strip('_')} {place}: {step(rng, file, place, names)}"
    except (
        ValueError,
        TypeError,
        KeyError,
        OSError,
        RuntimeError,
        AttributeError,
        OverflowError,
        MemoryError,
    ) as error:
        return f"{step.__name__.strip('_')} {place} failed ({type(error).__name__})"


def _name(rng: Random, names: tuple[str, ...]) -> str | bytes:
    odd: list[str | bytes] = [b"a\xff", b"\xff\xfe", "n" * 300, "x/y/z", " ", "caf\u00e9", "\\", "'", "A", "0", "1"]
    return (
        rng.choice(names)
        if rng.random() < 0.6
        else rng.choice([*odd, text(rng).replace("\0", "").encode("utf-8", "replace") or b"e"])
    )


def _delete(rng: Random, file: h5py.File, place: str, names: tuple[str, ...]) -> str:
    del file[place]
    return ""


def _move(rng: Random, file: h5py.File, place: str, names: tuple[str, ...]) -> str:
    parent = place.rpartition("/")[0]
    new = _name(rng, names)
    encoded = new if isinstance(new, bytes) else new.encode()
    target = encoded if rng.random() < 0.3 else parent.encode() + b"/" + encoded
    file.move(place, target)
    return repr(target)[:60]


def _copy(rng: Random, file: h5py.File, place: str, names: tuple[str, ...]) -> str:
    others: list[str] = []
    file.visit(others.append)
    groups = [name for name in others if isinstance(file[name], h5py.Group)] or ["/"]
    target, new = rng.choice(groups), _name(rng, names)
    file.copy(place, file[target], new)
    return f"to {target}/{new!r}"[:60]


def _array(rng: Random, old: Any) -> tuple[Any, Any]:
    """Return data and a type that stand in the place of others."""
    n = len(old) if old is not None and old.ndim else 3
    plain = np.arange(n) if old is None or old.dtype.kind not in "fiu" else old
    numbers = [
        plain.astype(code) for code in ("f2", "f4", "f8", ">f8", "i1", "u1", "i2", ">u4", "i8", "u8", "bool", "c16")
    ]
    odd = [
        (np.arange(n).astype("S5"), None), ([f"{k}" for k in range(n)], h5py.string_dtype()),
        (np.zeros(n, [("a", "f8"), ("b", "i4")]), None), (np.zeros(n, "V5"), None),
        (np.zeros(n, "u1"), h5py.enum_dtype({"a": 0, "b": 1}, "u1")), (np.zeros((n, 2)), None),
        (np.zeros((n, 0)), None),
        (np.zeros((2, n)), None), (np.float64(3.0), None), (h5py.Empty("f8"), None), (h5py.Empty("u8"), None),
        ([], None),
        (np.array([], "S1"), None), ("text", None), (np.zeros((1,) * 32), None), (np.zeros(n), "g"),
        (np.zeros(n, "u8"), h5py.opaque_dtype(np.dtype("M8[s]"))), (np.array([None] * n, object), h5py.ref_dtype),
        (np.array([np.arange(2)] * n + [None], object)[:n], h5py.vlen_dtype("i4")), (np.zeros(n, "(3,)f8"), None),
    ]  # fmt: skip
    return rng.choice([*((each, None) for each in numbers), *odd])


def _replace(rng: Random, file: h5py.File, place: str, names: tuple[str, ...]) -> str:
    """Put data of another type or shape in the place of an object."""
    old = file[place]
    data, dtype = _array(rng, old[()] if isinstance(old, h5py.Dataset) and old.shape else None)
    attributes = dict(old.attrs)
    del file[place]
    file.create_dataset(place, data=data, dtype=dtype)
    for name, value in attributes.items():
        file[place].attrs[name] = value
    return f"{file[place].dtype} {file[place].shape}"[:60]


def _values(rng: Random, file: h5py.File, place: str, names: tuple[str, ...]) -> str:
    """Write odd numbers, or the same ones in another order."""
    dataset = file[place]
    data = dataset[()]
    if not data.size:
        return "empty"
    if data.dtype.kind == "f":
        odd = [np.nan, np.inf, -np.inf, -1.0, -1e-7, -0.0, 1e308, 5e-324, 1e16]
    elif data.dtype.kind in "iu":
        limits = np.iinfo(data.dtype)
        odd = [limits.min, limits.max, limits.max - 1, 0, 1, 5, min(limits.max, 2**24 + 1), -1 if limits.min else 1]
    else:
        odd = [rng.choice([b"", b"\xff", b"a" * 70_000])]
    kind = rng.choice(["some", "some", "all", "shuffled", "reversed", "equal", "copied"])
    flat = data.reshape(-1)
    if kind == "some":
        for _ in range(rng.choice([1, 2, 20])):
            flat[rng.randrange(flat.size)] = rng.choice(odd)
    elif kind == "all":
        flat[:] = rng.choice(odd)
    elif kind == "shuffled":
        flat[:] = flat[np.random.default_rng(rng.getrandbits(32)).permutation(flat.size)]
    elif kind == "reversed":
        flat[:] = flat[::-1].copy()
    elif kind == "equal":
        flat[:] = flat[0]
    else:
        flat[flat.size // 2 :] = flat[: flat.size - flat.size // 2]
    dataset[...] = data
    return kind


def _resize(rng: Random, file: h5py.File, place: str, names: tuple[str, ...]) -> str:
    """Store other lengths of the same data, whole or not, in pieces or not, packed or not."""
    old = file[place]
    data, attributes = old[()], dict(old.attrs)
    n = rng.choice([0, 1, 2, len(data) - 1, len(data), len(data) + 1, len(data) * 2, 10_000, 10**9, 2**40, 2**62])
    options: dict[str, Any] = rng.choice([
        {}, {"chunks": True}, {"chunks": (7,)}, {"maxshape": (None,)}, {"compression": "gzip"}, {"compression": "lzf"},
        {"chunks": (5,), "shuffle": True, "fletcher32": True}, {"chunks": (11,), "scaleoffset": 0}, {"fillvalue": 1},
        {"chunks": (3,), "compression": "gzip", "shuffle": True},
    ])  # fmt: skip
    del file[place]
    dataset = file.create_dataset(place, (n,), data.dtype, **options)
    part = min(n, len(data)) if rng.random() < 0.7 else rng.randint(0, min(n, len(data)))
    if n > _LARGEST and not options:
        part = 0  # with a number in it, the file would have its whole size
    if part and rng.random() < 0.9:
        dataset[:part] = data[:part]
    for name, value in attributes.items():
        dataset.attrs[name] = value
    return f"{part} of {n}, {options}"


def _attribute(rng: Random, file: h5py.File, place: str, names: tuple[str, ...]) -> str:
    holder = file[place]
    known = list(holder.attrs) or ["units"]
    name = rng.choice([*known, "units", "sorting", "magic", "version", "nwb_version", "x" * 70, "caf\u00e9"])
    kind = rng.random()
    if kind < 0.2 and name in holder.attrs:
        del holder.attrs[name]
        return f"no {name[:10]}"
    if kind < 0.6:
        words = ["ms", "s", "us", "MS ", "steps", "by_time", "by_id", "none", "time", ""]
        given: Any = rng.choice(
            [*words, np.bytes_(b"ms"), b"\xff\xfe", "a" * 60_000, 0, 1, 2, 3, -1, 1.5, np.nan, 2**63]
        )
    else:
        data, dtype = _array(rng, None)
        holder.attrs.create(name, data, dtype=dtype)
        return f"{name[:10]} of an odd type"
    holder.attrs[name] = given
    return f"{name[:10]}={given!r}"[:60]


def _link(rng: Random, file: h5py.File, place: str, names: tuple[str, ...]) -> str:
    """Put a link in the place of an object, or beside it."""
    new = place if rng.random() < 0.7 else "/".join([place.rpartition("/")[0], rng.choice(names)])
    kind = rng.choice(["soft", "external", "external", "hard", "self", "moved"])
    if kind == "moved":  # a good link
        file.move(place, "elsewhere")
        file[place] = h5py.SoftLink("/elsewhere")
        return kind
    target = "/" + rng.choice([place, place.rpartition("/")[0], "nowhere", ".", "spikes", "nodes", "/".join(names[:2])])
    hard = file[target] if kind == "hard" else None
    if new in file:
        del file[new]
    if kind == "soft":
        file[new] = h5py.SoftLink(rng.choice([target, "..", "//", "a/./b", "x" * 5000]))
    elif kind == "self":
        file[new] = h5py.SoftLink("/" + new)
    elif kind == "hard":
        file[new] = hard
    else:
        name = rng.choice(
            [NEIGHBOUR, NEIGHBOUR, f"../{SECRET}", f"./../{SECRET}", "missing.h5", file.filename, "/dev/zero", ""]
        )
        file[new] = h5py.ExternalLink(name, target)
        return f"external {name} {target}"[-80:]
    return f"{kind} {new} -> {target}"


def _virtual(rng: Random, file: h5py.File, place: str, names: tuple[str, ...]) -> str:
    """Put a dataset together from others; some parts may be missing."""
    old = file[place]
    n, dtype, attributes = len(old), old.dtype, dict(old.attrs)
    source = rng.choice([".", NEIGHBOUR, f"../{SECRET}", "missing.h5", "part-%b.h5"])
    if source == ".":
        file.move(place, "part")
    name = "part" if source == "." else place
    layout = h5py.VirtualLayout((n,), dtype)
    cut = rng.choice([n, n, n // 2])
    layout[:cut] = h5py.VirtualSource(source, name, (n,), dtype)[:cut]
    if source != ".":
        del file[place]
    dataset = file.create_virtual_dataset(place, layout, fillvalue=rng.choice([None, 0, 5]))
    for key, value in attributes.items():
        dataset.attrs[key] = value
    return f"{cut} of {n} from {source}"


def _raw(rng: Random, file: h5py.File, place: str, names: tuple[str, ...]) -> str:
    """Let the data lie in another file of raw bytes."""
    old = file[place]
    n, dtype = len(old), old.dtype
    name = rng.choice([NEIGHBOUR, f"../{SECRET}", "missing.bin", "/dev/zero"])
    del file[place]
    file.create_dataset(place, (n,), dtype, external=[(name, rng.choice([0, 512, 10**9]), n * dtype.itemsize)])
    return name


def _add(rng: Random, file: h5py.File, place: str, names: tuple[str, ...]) -> str:
    """Add a group, data or a named type where none belongs."""
    parent = file[rng.choice([place, place.rpartition("/")[0] or "/", "/"])]
    parent = parent if isinstance(parent, h5py.Group) else file
    name, kind = _name(rng, names), rng.choice(["group", "data", "type", "many"])
    if kind == "group":
        parent.create_group(name)
    elif kind == "data":
        data, dtype = _array(rng, None)
        parent.create_dataset(name, data=data, dtype=dtype)
    elif kind == "type":
        parent[name] = np.dtype("f8")
    else:
        for k in range(rng.choice([5, 300])):
            parent.create_group(f"{names[0]}{k}")
    return f"{kind} {name!r}"[:60]


_STEPS = (
    _delete, _move, _move, _copy, _replace, _replace, _replace, _values, _values, _values, _resize, _resize, _attribute,
    _attribute, _attribute, _link, _link, _virtual, _raw, _add,
)  # fmt: skip
