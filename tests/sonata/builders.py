"""Small nodes files and configs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_json(path: Path, content: Any) -> Path:
    """Write a JSON file, its folder too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return path


def write_nodes(
    path: Path,
    name: str = "pop",
    groups: Mapping[str, Mapping[str, Any]] | None = None,
    libraries: Mapping[str, Mapping[str, list[str]]] | None = None,
    **indices: Any,
) -> Path:
    """Add a population to a nodes file.

    ``groups`` maps a group ("0") to its columns, of which "@dynamics:x" lies in dynamics_params; ``libraries`` a
    group to its enumerations; ``indices`` are datasets of the population such as node_type_id.
    """
    with h5py.File(path, "a") as file:
        population = file.create_group(f"nodes/{name}")
        for key, values in indices.items():
            population[key] = np.asarray(values)
        for group, columns in (groups or {}).items():
            population.require_group(group)
            for key, values in columns.items():
                place = key.replace("@dynamics:", "dynamics_params/")
                are_texts = len(values) > 0 and isinstance(values[0], str)
                population[f"{group}/{place}"] = list(values) if are_texts else np.asarray(values)
            for key, texts in (libraries or {}).get(group, {}).items():
                population[f"{group}/@library/{key}"] = texts
    return path
