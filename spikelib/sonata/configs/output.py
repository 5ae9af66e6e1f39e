"""The ``output`` section of a simulation config: where the spikes are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spikelib.errors import ConfigError
from spikelib.findings import Finding, Kind
from spikelib.sonata.configs.manifest import is_windows_path, to_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DEFAULT_DIR = "output"
_DEFAULT_FILES = ("out.h5", "spikes.h5")
"""The default of sonata-extension and of the Allen Institute; the first one that exists is taken."""

_ORDERS = {
    "by_time": "by_time", "time": "by_time",
    "by_id": "by_id", "id": "by_id", "by_gid": "by_id", "gid": "by_id",
    "none": "none", "unsorted": "none", "": "none",
}  # fmt: skip


@dataclass(frozen=True)
class OutputConfig:
    """Where a simulation writes, as absolute paths."""

    output_dir: Path
    spikes_file: Path
    """The spike file; it need not exist."""
    log_file: Path | None = None
    spikes_sort_order: str = "by_time"
    """The order that the config asks for: by_time, by_id or none. What the file holds may differ."""


def read_output(output: Mapping[str, Any], base: Path, source: Path, notes: list[Finding]) -> OutputConfig:
    """Read the ``output`` section of a config.

    Parameters
    ----------
    output
        The section, variables replaced.
    base
        Folder that relative paths are relative to.
    source
        The config, for messages.
    notes
        Findings on what was assumed are appended here.

    Raises
    ------
    ConfigError
        A path is not a text.

    Examples
    --------
    >>> from pathlib import Path
    >>> section, notes = {"output_dir": "output", "spikes_file": "spikes.h5", "spikes_sort_order": "time"}, []
    >>> output = read_output(section, Path("/sims/a"), Path("/sims/a/config.json"), notes)
    >>> output.spikes_file.as_posix(), output.spikes_sort_order, notes
    ('/sims/a/output/spikes.h5', 'by_time', [])
    """
    named_dir = _text(output, "output_dir", source)
    named_file = _text(output, "spikes_file", source)
    folder = to_path(named_dir or _DEFAULT_DIR, base)
    if not named_dir:
        folder = folder if folder.is_dir() else base
        notes.append(Finding(Kind.OUTPUT_ASSUMED, f"{source}: no output.output_dir is named; {folder} is taken"))
    if named_file:
        spikes = _inside(named_file, folder, named_dir, base)
    else:
        candidates = [folder / name for name in _DEFAULT_FILES]
        spikes = next((path for path in candidates if path.is_file()), candidates[0])
        text = f"{source}: no output.spikes_file is named; {spikes.name} is taken"
        notes.append(Finding(Kind.OUTPUT_ASSUMED, text))
    for key, text in (("output_dir", named_dir), ("spikes_file", named_file)):
        if is_windows_path(text):
            notes.append(Finding(Kind.WINDOWS_PATH, f"{source}: output.{key} was written on Windows: {text}"))
    log_file = _text(output, "log_file", source)
    order = _text(output, "spikes_sort_order", source) if "spikes_sort_order" in output else "by_time"
    if order not in _ORDERS:
        text = f"{source}: output.spikes_sort_order is unknown: {order!r}"
        notes.append(Finding(Kind.SORT_ORDER_UNKNOWN, text))
    return OutputConfig(
        output_dir=folder,
        spikes_file=spikes,
        log_file=_inside(log_file, folder, named_dir, base) if log_file else None,
        spikes_sort_order=_ORDERS.get(order, "none"),
    )


def _text(output: Mapping[str, Any], key: str, source: Path) -> str:
    value = output.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        msg = f"{source}: output.{key} must be a text in quotes, not {value!r}"
        raise ConfigError(msg)
    return value


def _inside(text: str, folder: Path, folder_text: str, base: Path) -> Path:
    """Return the path of a file in the output folder, which some configs repeat in the file's name."""
    inside, beside = to_path(text, folder), to_path(text, base)
    if inside.is_file() or not folder_text:
        return inside
    repeats = beside.is_relative_to(folder) and os.path.normpath(folder) != os.path.normpath(base)
    return beside if repeats or beside.is_file() else inside
