"""What a misspelt path may have meant."""

from __future__ import annotations

import os
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["similar_path"]


def similar_path(path: Path) -> Path | None:
    """Return what is there and is spelt nearly like the first part of a path that is not.

    Parameters
    ----------
    path
        A path that does not exist.

    Returns
    -------
    Path or None
        The existing folders with the entry that is most like the first missing one; None if none is.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     Path(folder, "seed_1").mkdir()
    ...     similar_path(Path(folder, "Seed-1/simulation_config.json")).name
    'seed_1'
    """
    missing = path
    for parent in path.parents:
        if parent.exists():
            break
        missing = parent
    try:
        names = {name.casefold(): name for name in sorted(os.listdir(missing.parent))}  # noqa: PTH208 - names, not paths
    except OSError:
        return None
    found = get_close_matches(missing.name.casefold(), names, n=1, cutoff=0.8)
    return missing.with_name(names[found[0]]) if found else None
