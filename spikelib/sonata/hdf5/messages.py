"""What the messages of an HDF5 object header must be like for a file to count as plain.

A message is a field of a few bytes: the type of the elements, the shape, where the data lie, an attribute. HDF5 2.0
crashes on some that are damaged. Here each is held against the format specification (version 3.0 of The HDF Group's
"HDF5 File Format Specification"), in the few forms that simulators write; anything else is not plain, which is no
verdict: `spikelib.sonata.hdf5.watched` then lets HDF5 itself try, in a process that may die.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import prod

UNDEFINED = 0xFFFFFFFFFFFFFFFF
"""An address that is not set."""

_LARGEST_SHAPE = 1 << 48
_FIXED_POINT, _FLOAT, _STRING, _ENUM, _VARIABLE = 0, 1, 3, 8, 9
_IEEE = {  # size: location and size of the exponent, location and size of the mantissa, bias, location of the sign
    2: (10, 5, 0, 10, 15, 15),
    4: (23, 8, 0, 23, 127, 31),
    8: (52, 11, 0, 52, 1023, 63),
}
_KNOWN_FILTERS = {1, 2, 3}  # deflate, shuffle, fletcher32: the ones that come with every HDF5


class NotPlainError(Exception):
    """A structure is damaged, or of a kind that is not looked into."""


@dataclass(frozen=True)
class Datatype:
    """What is known of the type of a dataset or an attribute."""

    size: int
    """Bytes of an element."""
    length: int
    """Bytes of the description itself."""
    is_variable: bool = False
    """Whether an element is the place of a text in a global heap."""


@dataclass(frozen=True)
class Attribute:
    """Where the value of an attribute lies in its message."""

    datatype: Datatype
    values: bytes


@dataclass(frozen=True)
class Layout:
    """Where the data of a dataset lie."""

    kind: str
    """"compact", "contiguous" or "chunked"."""
    address: int = UNDEFINED
    n_bytes: int = 0
    chunk: tuple[int, ...] = ()
    """Of chunks: elements along each dimension, then the bytes of an element."""


def require(condition: object) -> None:
    """Raise NotPlainError unless the condition holds."""
    if not condition:
        raise NotPlainError


def unpack(form: str, data: bytes, offset: int = 0) -> tuple[int, ...]:
    """Read little-endian integers; NotPlainError where the data end before.

    >>> unpack("HB", bytes([1, 2, 3]))
    (513, 3)
    """
    try:
        return struct.unpack_from("<" + form, data, offset)
    except struct.error:
        raise NotPlainError from None


def check_shape(data: bytes) -> tuple[int, ...] | None:
    """Check a dataspace and return its shape; () for a scalar, None for the null dataspace.

    >>> check_shape(bytes([1, 1, 0, 0, 0, 0, 0, 0]) + (5).to_bytes(8, "little"))
    (5,)
    """
    version, rank, flags, kind = unpack("4B", data)
    require(version in {1, 2} and rank <= 8 and flags in {0, 1})
    begin = 8 if version == 1 else 4
    shape = unpack(f"{rank}Q", data, begin)
    require(prod(shape) < _LARGEST_SHAPE and all(size < _LARGEST_SHAPE for size in shape))
    if flags:
        limits = unpack(f"{rank}Q", data, begin + 8 * rank)
        require(all(size <= limit for size, limit in zip(shape, limits, strict=True)))
    if version == 1:
        return shape
    require(kind <= 2 and (kind == 1) == (rank > 0))
    return None if kind == 2 else shape


def check_datatype(data: bytes) -> Datatype:
    """Check the type of elements: integers, IEEE floats, texts, enumerations.

    >>> check_datatype(bytes([0x10, 8, 0, 0, 4, 0, 0, 0, 0, 0, 32, 0]))  # int32
    Datatype(size=4, length=12, is_variable=False)
    """
    first, low, middle, high, size = unpack("4BI", data)
    kind, version = first & 0x0F, first >> 4
    require(version in {1, 2, 3} and not high and 0 < size <= 1 << 20)
    if kind == _FIXED_POINT:
        require(low & ~0x08 in {0, 1} and not middle and size in {1, 2, 4, 8})
        require(unpack("HH", data, 8) == (0, 8 * size))
        return Datatype(size, 12)
    if kind == _FLOAT:
        require(low & ~0x01 == 0x20 and size in _IEEE)
        *fields, sign = _IEEE[size]
        require(middle == sign and unpack("HH4BI", data, 8) == (0, 8 * size, *fields))
        return Datatype(size, 20)
    if kind == _STRING:
        require(low in {0, 1, 2, 0x10, 0x11, 0x12} and not middle)
        return Datatype(size, 8)
    if kind == _VARIABLE:
        # A sequence that says it is a text, or the other way round, makes HDF5 read wherever the bytes point.
        require(low in {0x01, 0x11, 0x21} and middle in {0, 1} and size == 16)
        base = check_datatype(data[8:])
        require(data[8] & 0x0F in {_FIXED_POINT, _STRING} and base.size == 1)
        return Datatype(size, 8 + base.length, is_variable=True)
    require(kind == _ENUM)
    return _check_enum(data, version, low + 256 * middle, size)


def _check_enum(data: bytes, version: int, n_members: int, size: int) -> Datatype:
    require(len(data) > 8 and data[8] & 0x0F == _FIXED_POINT and 0 < n_members <= 1024)
    base = check_datatype(data[8:])
    require(base.size == size)
    place = 8 + base.length
    for _ in range(n_members):
        end = data.find(b"\0", place)
        require(end > place)
        # Names are padded to whole words until version 3, as the end of the NUL included.
        place = end + 1 if version == 3 else place + -(-(end + 1 - place) // 8) * 8
    place += n_members * size
    require(place <= len(data))
    return Datatype(size, place)


def check_layout(data: bytes) -> Layout:
    """Check where data lie: in the message itself, in one piece, or in chunks."""
    version, kind = unpack("2B", data)
    require(version == 3)
    if kind == 0:
        (n_bytes,) = unpack("H", data, 2)
        require(4 + n_bytes <= len(data))
        return Layout("compact", n_bytes=n_bytes)
    if kind == 1:
        address, n_bytes = unpack("2Q", data, 2)
        return Layout("contiguous", address, n_bytes)
    require(kind == 2)
    rank, address = unpack("BQ", data, 2)
    require(2 <= rank <= 9)
    chunk = unpack(f"{rank}I", data, 11)
    require(all(chunk) and prod(chunk) < 1 << 32)
    return Layout("chunked", address, chunk=chunk)


def check_attribute(data: bytes) -> Attribute:
    """Check an attribute, and return its type and the bytes of its value."""
    version, flags, name_size, type_size, shape_size = unpack("2B3H", data)
    require(version in {1, 2, 3} and not flags)
    place = 9 if version == 3 else 8
    step = 8 if version == 1 else 1  # parts are padded to whole words in version 1 only
    parts = []
    for size in (name_size, type_size, shape_size):
        part = data[place : place + size]
        require(size and len(part) == size)
        parts.append(part)
        place += -(-size // step) * step
    name, datatype_bytes, shape_bytes = parts
    require(name.find(b"\0") == len(name.rstrip(b"\0")))
    datatype, shape = check_datatype(datatype_bytes), check_shape(shape_bytes)
    n_bytes = 0 if shape is None else prod(shape) * datatype.size
    values = data[place : place + n_bytes]
    require(len(values) == n_bytes)
    return Attribute(datatype, values)


def check_filters(data: bytes) -> None:
    """Check the filters of chunks: only those that every HDF5 has count as plain."""
    version, count = unpack("2B", data)
    require(version in {1, 2} and 0 < count <= 8)
    place = 8 if version == 1 else 2
    for _ in range(count):
        if version == 1:
            number, name_size, flags, n_values = unpack("4H", data, place)
            place += 8 + name_size + 4 * (n_values + n_values % 2)
            require(name_size % 8 == 0)
        else:
            number, flags, n_values = unpack("3H", data, place)
            place += 6 + 4 * n_values
        require(number in _KNOWN_FILTERS and flags in {0, 1} and n_values <= 8 and place <= len(data))


def check_fill(kind: int, data: bytes, datatype: Datatype) -> None:
    """Check the value of elements that were never written (message 4 of old files, else 5)."""
    if kind == 4:
        (size,) = unpack("I", data)
        begin = 4
    else:
        version, *settings = unpack("4B", data)
        require(version in {1, 2, 3})
        if version == 3:
            size, begin = (unpack("I", data, 2)[0], 6) if settings[0] & 0x20 else (0, 2)
        else:
            require(settings[0] <= 3 and settings[1] <= 2 and settings[2] <= 1)
            # Version 2 has a size only where a value is defined.
            size, begin = (unpack("I", data, 4)[0], 8) if version == 1 or settings[2] else (0, 4)
    require(begin + size <= len(data) and size in {0, datatype.size})
