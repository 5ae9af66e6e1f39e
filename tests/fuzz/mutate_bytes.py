"""Changes of bytes, whatever they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_ODD = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)


def mutate_bytes(rng: Random, data: bytes, most: int = 4) -> tuple[bytes, str]:
    """Return changed bytes and what was done, in a few words."""
    result = bytearray(data)
    done = []
    for _ in range(rng.randint(1, most)):
        step = rng.choice(_STEPS)
        done.append(step(rng, result))
    return bytes(result), ", ".join(done)


def _place(rng: Random, data: bytearray) -> int:
    return rng.randrange(len(data)) if data else 0


def _flip(rng: Random, data: bytearray) -> str:
    place = _place(rng, data)
    data[place : place + 1] = bytes(byte ^ (1 << rng.randrange(8)) for byte in data[place : place + 1])
    return f"a bit at {place}"


def _set(rng: Random, data: bytearray) -> str:
    place = _place(rng, data)
    data[place : place + 1] = bytes([rng.choice(_ODD) if rng.random() < 0.5 else rng.randrange(256)])
    return f"a byte at {place}"


def _number(rng: Random, data: bytearray) -> str:
    """Overwrite an aligned integer, as lengths and addresses are."""
    size = rng.choice([2, 4, 8])
    place = _place(rng, data) // size * size
    number = rng.choice([0, 1, 1 << (8 * size - 1), (1 << (8 * size)) - 1, rng.getrandbits(8 * size), len(data)])
    data[place : place + size] = (number % (1 << (8 * size))).to_bytes(size, "little")
    return f"{size} bytes at {place}"


def _add(rng: Random, data: bytearray) -> str:
    """Add a little to an aligned integer."""
    size = rng.choice([1, 2, 4, 8])
    place = _place(rng, data) // size * size
    old = int.from_bytes(data[place : place + size], "little")
    new = (old + rng.choice([-8, -2, -1, 1, 2, 8, 64])) % (1 << (8 * size))
    data[place : place + size] = new.to_bytes(size, "little")
    return f"{size} bytes at {place} by a little"


def _cut(rng: Random, data: bytearray) -> str:
    place = _place(rng, data)
    del data[place:]
    return f"cut at {place}"


def _remove(rng: Random, data: bytearray) -> str:
    place, length = _place(rng, data), rng.choice([1, 2, 8, 64])
    del data[place : place + length]
    return f"{length} bytes less at {place}"


def _insert(rng: Random, data: bytearray) -> str:
    place, length = _place(rng, data), rng.choice([1, 2, 8, 64])
    data[place:place] = rng.choice([bytes(length), rng.randbytes(length), data[place : place + length]])
    return f"{length} bytes more at {place}"


def _clear(rng: Random, data: bytearray) -> str:
    place, length = _place(rng, data), rng.choice([8, 64, 512, 4096])
    data[place : place + length] = rng.choice([b"\0", b"\xff"]) * len(data[place : place + length])
    return f"{length} bytes cleared at {place}"


def _copy(rng: Random, data: bytearray) -> str:
    source, place, length = _place(rng, data), _place(rng, data), rng.choice([4, 8, 40, 256])
    piece = data[source : source + length]
    data[place : place + len(piece)] = piece
    return f"{length} bytes of {source} at {place}"


_STEPS = (_flip, _flip, _set, _set, _number, _number, _add, _add, _cut, _remove, _insert, _clear, _copy)
