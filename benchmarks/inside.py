"""The measured process of a work that is a function: ``python -m benchmarks.inside NAME SIDE DATA OUT``."""

from __future__ import annotations

import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.place import Place

MODULES = {"spikelib": "work", "bluepysnap": "peers", "careful": "careful", "bare": "bare"}


def main(name: str, side: str, data: str, out: str) -> None:
    """Import and load, then time the work; print what was found as JSON."""
    began = time.perf_counter()
    prepare = getattr(import_module(f"benchmarks.{MODULES[side]}"), name)
    work = prepare(Place(Path(data), Path(out)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    value = work()
    stop = time.perf_counter()
    found = {"seconds": stop - start, "seconds_before": start - began, "mb_before": memory / 1024}
    print(json.dumps({**found, "result": fingerprint(value)}))


def fingerprint(value: Any) -> dict[str, float]:
    """Describe a result so that two sides can be seen to have done the same work; nothing for files.

    >>> fingerprint(Path("raster.png"))
    {}
    """
    if not hasattr(value, "index") or isinstance(value, list):
        return {}
    ids = value["ids"] if hasattr(value, "columns") else value
    return {"spikes": len(value), "sum_of_ids": int(ids.sum()), "last_ms": float(value.index[-1])}


if __name__ == "__main__":
    main(*sys.argv[1:])
