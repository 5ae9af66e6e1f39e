"""The config of one simulation: filters, figures and what is counted, from a file or from words."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.errors import ConfigError, SpikelibError
from spikelib.options.counting import KEYS, Counting, counting_options
from spikelib.options.figures import FigureOptions, figure_options
from spikelib.options.filters import Filter, filter_options
from spikelib.options.written import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping


_WORKFLOW_KEYS = ("simulations", "sheet", "quiet_minutes", "jobs", "max_spikes_per_job")
"""Keys of a workflow's config that say nothing of one page."""
_TRUST_KEYS = ("allow_outside", "limits")
"""Keys on what may be read of files, which holds for the whole command."""


def load_config(given: str | None) -> Any:
    """Read filters, figures and trust from a YAML or JSON file, or from the JSON itself, as the workflow gives them."""
    if given is None:
        return {}
    import yaml  # noqa: PLC0415

    # A path may begin with a brace as well.
    is_text = given.lstrip().startswith("{") and not os.path.lexists(given)
    where = "--config" if is_text else given
    try:
        content = read_yaml(given if is_text else Path(given).read_text(encoding="utf-8"))
    except ConfigError as error:
        msg = f"{where}: {error}"
        raise ConfigError(msg) from error
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        reason = error.strerror if isinstance(error, OSError) else " ".join(str(error).split())
        msg = f"{where}: cannot be read as YAML or JSON ({reason}); --config takes a file with filters and figures"
        raise ConfigError(msg) from error
    if content is not None and not isinstance(content, dict):
        msg = f"{where}: expected the keys filters and figures, got {content!r:.60}"
        raise ConfigError(msg)
    config = {key: value for key, value in (content or {}).items() if key not in _WORKFLOW_KEYS}
    try:
        read_config({key: value for key, value in config.items() if key not in _TRUST_KEYS})
    except SpikelibError as error:
        msg = f"{where}: {error}"
        raise ConfigError(msg) from error
    return config


def read_config(config: Mapping[str, Any]) -> tuple[list[Filter], FigureOptions, Counting]:
    """Read filters, figures and what is counted beside these from a config; ConfigError names a key that is unknown."""
    known = ("filters", "figures", *KEYS)
    unknown = [key for key in config if key not in known]
    if unknown:
        msg = f"unknown key {unknown[0]!r} of the config; there are {', '.join(known)}"
        raise ConfigError(msg)
    return filter_options(config.get("filters")), figure_options(config.get("figures")), counting_options(config)
