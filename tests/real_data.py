"""The folder of real data beside the project, for test ids that are made before any fixture exists."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def shared_folder() -> Path | None:
    """Return the folder that holds ``data``, or None where it is absent; SPIKELIB_SHARED may name it."""
    path = Path(os.environ.get("SPIKELIB_SHARED") or Path(__file__).parents[2] / "shared")
    return path if (path / "data").is_dir() else None


def reference(name: str) -> dict[str, Any]:
    """Read a JSON file of reference values; empty where the data are absent."""
    folder = shared_folder()
    return {} if folder is None else json.loads((folder / "data" / name).read_text())


def simulation_configs() -> list[str]:
    """List the simulation configs of the real data, relative to ``data``."""
    folder = shared_folder()
    if folder is None:
        return []
    found = []
    for path in sorted((folder / "data").rglob("*.json")):
        content = json.loads(path.read_text())
        if isinstance(content, dict) and "run" in content:
            found.append(path.relative_to(folder / "data").as_posix())
    return found
