"""Values that have hurt readers of files before: numbers, texts and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random


@dataclass(frozen=True)
class Raw:
    """A piece of JSON text that Python's own writer would not write."""

    text: str


@dataclass
class Object:
    """A JSON object as a list of keys and values, so that a key may stand there twice."""

    items: list[tuple[str, Any]]


NUMBERS: tuple[Any, ...] = (
    0, -1, 1, 2, -0.0, 0.1, 1e-300, -1e300, 1e308, 2**31, 2**32, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63) - 1,
    float("nan"), float("inf"), float("-inf"), Raw("1e400"), Raw("-1e999"), Raw("9" * 400), Raw("1" + "0" * 5000),
    Raw("1E2"), Raw("-0"), Raw("1.0"), Raw("0x10"), Raw("01"), Raw("1_000"), Raw("+1"), Raw(".5"),
)  # fmt: skip
TEXTS: tuple[str, ...] = (
    "", " ", ".", "..", "/", "~", "~nosuchuser/x", "/dev/null", "/dev/zero", "/proc/self/environ",
    "../../../etc/passwd",
    "a\0b", "\n", "a\nb", "\ud800", "\u200b", "\ufeff", "\u202egnp", "caf\u00e9", "cafe\u0301", "\U0001f9e0", "a" * 300,
    "b/" * 3000, "null", "true", "nan", "1", "-1", "1e5", "All", "None", "$", "$X", "${X}", "$OUTPUT_DIR", "{", "{x}",
    "%s",
    "<script>alert(1)</script>", "'; drop table x; --", "*", "?",
    "[", "(", "(a+)+$", "a{99999999}", "\\", "L4", "cortex",
)  # fmt: skip


def number(rng: Random) -> Any:
    """Return a number, odd or not."""
    if rng.random() < 0.3:
        return rng.choice([rng.randrange(-10, 2000), rng.uniform(-10, 2000), rng.getrandbits(70)])
    return rng.choice(NUMBERS)


def text(rng: Random) -> str:
    """Return a text, odd or not."""
    if rng.random() < 0.15:
        return "".join(
            chr(rng.choice([rng.randrange(32, 127), rng.randrange(0x110000)])) for _ in range(rng.randrange(12))
        )
    return rng.choice(TEXTS)


def deep(rng: Random) -> Raw:
    """Return lists or objects within each other, a few or very many."""
    depth = rng.choice([3, 30, 200, 1000, 100_000])
    begin, end = rng.choice([("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
    return Raw(begin * depth + rng.choice(["1", "null", '""']) + end * depth)


def value(rng: Random, depth: int = 2) -> Any:
    """Return any JSON value."""
    choice = rng.random()
    if choice < 0.3:
        return number(rng)
    if choice < 0.6:
        return text(rng)
    if choice < 0.75 or not depth:
        return rng.choice([None, True, False])
    if choice < 0.78:
        return deep(rng)
    if choice < 0.9:
        return [value(rng, depth - 1) for _ in range(rng.choice([0, 1, 2, 3, 50]))]
    return Object([(text(rng), value(rng, depth - 1)) for _ in range(rng.choice([0, 1, 2, 3, 50]))])
