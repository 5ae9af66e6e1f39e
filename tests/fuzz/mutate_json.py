"""Changes of JSON: values of other types, missing, doubled and foreign keys, depth, and of the text itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.fuzz.mutate_bytes import mutate_bytes
from tests.fuzz.values import Object, Raw, deep, number, text, value

if TYPE_CHECKING:
    from random import Random

_SHARE_OF_BYTES = 0.15


def mutate_json(rng: Random, data: bytes) -> tuple[bytes, str]:
    """Return a changed JSON file and what was done, in a few words."""
    if rng.random() < _SHARE_OF_BYTES:
        return mutate_bytes(rng, data)
    root = [parse(data.decode("utf-8-sig"))]
    done = [_change(rng, root) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    content = write(root[0]).encode("utf-8", "surrogatepass")
    if rng.random() < 0.03:
        encoding = rng.choice(["utf-16", "utf-8-sig", "utf-32", "latin-1"])
        content = content.decode("utf-8", "surrogatepass").encode(encoding, "replace")
        done.append(encoding)
    return content, ", ".join(done)


def parse(content: str) -> Any:
    """Read JSON, objects as `Object`."""
    return json.loads(content, object_pairs_hook=lambda pairs: Object(list(pairs)))


def write(content: Any) -> str:
    """Write JSON with what is in it, whatever JSON allows."""
    if isinstance(content, Raw):
        return content.text
    if isinstance(content, Object):
        return "{" + ", ".join(f"{json.dumps(key)}: {write(each)}" for key, each in content.items) + "}"
    if isinstance(content, list):
        return "[" + ", ".join(map(write, content)) + "]"
    if isinstance(content, str) and not content.isascii() and content.isprintable():
        return json.dumps(content, ensure_ascii=False)
    return json.dumps(content)


def _places(holder: Any, path: str = "") -> list[tuple[Any, int, str]]:
    """List all values: the list that holds each, its index there, and its path for words."""
    found = []
    members = holder.items if isinstance(holder, Object) else holder
    for k, member in enumerate(members):
        key, inner = member if isinstance(holder, Object) else (k, member)
        name = f"{path}/{str(key)[:20]}"
        found.append((holder, k, name))
        if isinstance(inner, list | Object):
            found += _places(inner, name)
    return found


def _get(holder: Any, k: int) -> Any:
    return holder.items[k][1] if isinstance(holder, Object) else holder[k]


def _put(holder: Any, k: int, new: Any) -> None:
    if isinstance(holder, Object):
        holder.items[k] = (holder.items[k][0], new)
    else:
        holder[k] = new


def _change(rng: Random, root: list[Any]) -> str:
    places = _places(root)
    holder, k, path = rng.choice(places[1:] or places) if rng.random() < 0.97 else places[0]
    inner = holder.items if isinstance(holder, Object) else holder
    old = _get(holder, k)
    kind = rng.choice(
        ["value", "value", "similar", "similar", "delete", "rename", "double", "add", "swap", "wrap", "deep"]
    )
    if kind == "delete" and holder is not root:
        del inner[k]
    elif kind == "rename" and isinstance(holder, Object):
        key = holder.items[k][0]
        new = rng.choice([text(rng), key.upper(), key.title(), key + " ", key[:-1], key + "s", "$" + key])
        holder.items[k] = (new, old)
    elif kind == "double" and isinstance(holder, Object):
        inner.append((holder.items[k][0], value(rng) if rng.random() < 0.7 else old))
    elif kind == "add" and isinstance(old, Object):
        old.items.insert(rng.randint(0, len(old.items)), (text(rng), value(rng)))
    elif kind == "add" and isinstance(old, list):
        old.insert(rng.randint(0, len(old)), value(rng))
    elif kind == "swap":
        other, m, _ = rng.choice(places)
        _put(holder, k, _get(other, m) if not isinstance(_get(other, m), list | Object) else value(rng))
    elif kind == "wrap":
        _put(holder, k, rng.choice([[old], [old, old], Object([("a", old)]), str(old)[:100]]))
    elif kind == "deep":
        _put(holder, k, deep(rng))
    elif kind == "similar":
        _put(holder, k, _similar(rng, old))
    else:
        _put(holder, k, value(rng))
    return f"{kind} {path}"


def _similar(rng: Random, old: Any) -> Any:
    """Return another value of the same type."""
    if isinstance(old, bool):
        return not old
    if isinstance(old, int | float):
        return number(rng)
    if isinstance(old, str):
        return rng.choice([text(rng), old + text(rng), old.upper(), old[: len(old) // 2], "../" + old, "/" + old])
    if isinstance(old, list):
        return rng.choice([[], old * 2, old * 1000 if len(old) < 20 else old, [value(rng)]])
    return Object([]) if isinstance(old, Object) else value(rng)
