"""The reports in ``data``: see its README.md. Here for test ids too, which are made before any fixture exists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def reference(name: str) -> dict[str, Any]:
    """Read a JSON file of reference values, which other libraries found."""
    content: dict[str, Any] = json.loads((DATA / name).read_text())
    return content


def simulation_configs() -> list[str]:
    """List the simulation configs of the real data, relative to `DATA`."""
    found = []
    for path in sorted(DATA.rglob("*.json")):
        content = json.loads(path.read_text())
        if isinstance(content, dict) and "run" in content:
            found.append(path.relative_to(DATA).as_posix())
    return found
