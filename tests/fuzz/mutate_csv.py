"""Changes of tables of text: separators, quotes, numbers of fields, types, and bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fuzz.mutate_bytes import mutate_bytes
from tests.fuzz.values import text

if TYPE_CHECKING:
    from random import Random

_SHARE_OF_BYTES = 0.2
_FIELDS = (
    "", "NULL", "NA", "nan", "inf", "-inf", "1e400", "0", "-1", "1.0", "1e2", "0x10", "1_000", " 7", "9" * 30,
    "9" * 5000,
    "1" * 400 + ".5", '"', '""', '"a b"', 'a"b', "'a b'", "a,b", "\u0661\u0662", "\uff11", "\u00b2", "true", "None",
    "a\tb",
    "x" * 140_000, "caf\u00e9", "\x00", "\x1b[2J", "@library", "node_type_id",
)  # fmt: skip


def mutate_csv(rng: Random, data: bytes, separator: str = " ") -> tuple[bytes, str]:
    """Return a changed table and what was done, in a few words."""
    if rng.random() < _SHARE_OF_BYTES:
        return mutate_bytes(rng, data)
    rows = [line.split(separator) for line in data.decode("utf-8-sig").splitlines()]
    done = [_change(rng, rows) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    content, words = _join(rng, rows, separator)
    return content, ", ".join([*done, *words])


def _change(rng: Random, rows: list[list[str]]) -> str:
    row = rng.randrange(len(rows)) if rows else 0
    if not rows or not rows[row]:
        rows.append(["1", "a"])
        return "a line more"
    place = rng.randrange(len(rows[row]))
    kind = rng.choice(["field", "field", "field", "less", "more", "line", "twice", "column", "header", "swap", "key"])
    if kind == "field":
        rows[row][place] = rng.choice(_FIELDS) if rng.random() < 0.8 else text(rng)
    elif kind == "less":
        del rows[row][place]
    elif kind == "more":
        rows[row].insert(place, rng.choice(_FIELDS))
    elif kind == "line":
        del rows[row]
    elif kind == "twice":
        rows.insert(rng.randint(0, len(rows)), list(rows[row]))
    elif kind == "column":
        for each in rows[1:]:
            each[place : place + 1] = [rng.choice(_FIELDS)]
    elif kind == "header" and rows[0]:
        rows[0][rng.randrange(len(rows[0]))] = rng.choice([rows[0][-1], text(rng)])
    elif kind == "key":
        rows[row][0] = rng.choice([*rows[-1][:1], *_FIELDS])
    else:
        rows[row], rows[-1] = rows[-1], rows[row]
    return f"{kind} in line {row + 1}"


def _join(rng: Random, rows: list[list[str]], separator: str) -> tuple[bytes, list[str]]:
    """Write the table, now and then as other programs do."""
    choice = rng.random()
    words = []
    if choice < 0.1:
        separator = rng.choice([",", ";", "\t", "  ", "|", "\u00a0"])
        words.append(f"separated by {separator!r}")
    elif choice < 0.15:
        rows = [[f'"{field}"' for field in row] for row in rows]
        words.append("all in quotes")
    elif choice < 0.2:
        rows = [["", *row, ""] for row in rows]
        words.append("spaces around")
    end = rng.choice(["\n"] * 6 + ["\r\n", "\r", "\n\n", "\n#\n"])
    coding = rng.choice(["utf-8"] * 8 + ["utf-8-sig", "utf-16", "latin-1"])
    if (end, coding) != ("\n", "utf-8"):
        words.append(f"{end!r} {coding}")
    lines = end.join(separator.join(row) for row in rows) + rng.choice([end, ""])
    return lines.encode("utf-8", "replace").decode("utf-8", "replace").encode(coding, "replace"), words
