"""The commands that make results, as a user would type them: they stand on the page."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from spikelib.options.classes import AUTO
from spikelib.options.counting import counting_options, counting_words
from spikelib.options.drawing import FileOptions
from spikelib.options.figures import FigureOptions
from spikelib.options.filters import filter_words
from spikelib.options.statistics import StatisticsOptions
from spikelib.page.report.drawn import as_drawn
from spikelib.results import SimulationResults, find_filters, table_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from spikelib.options.counting import Counting


def step_commands(
    source: str | Path, results: Path, populations: Iterable[str], filters: Sequence[str], figures: FigureOptions | None
) -> list[str]:
    """Return the commands that make the tables, filters and figures of a simulation, one after the other.

    Parameters
    ----------
    source
        A simulation config or a spike file.
    results
        Folder with ``spikes`` and ``filters``.
    populations, filters
        Their names; what was chosen for each filter stands in its ``statistics.json``, and each figure states how it
        was drawn.
    figures
        Which figures there should be, and as which files; None for those that there are.

    Examples
    --------
    >>> from pathlib import Path
    >>> step_commands("config.json", Path("results/a"), ["cortex"], [], FigureOptions())
    ['spikelib extract config.json --population cortex --out results/a/spikes/cortex.parquet']
    """
    made = SimulationResults(results)
    words: list[list[object]] = [
        ["extract", source, "--population", name, "--out", table_folder(made.tables, name)] for name in populations
    ]
    saved = {} if figures is None else _changed_files(figures.files)
    for files in find_filters(results, filters):
        place, statistics = made.filter(files.name), files.statistics
        chosen = statistics["filter"]
        counted, drawn = (_changed(each.statistics.get("figures") or {}) for each in (files, as_drawn(files, figures)))
        grouping = counting_words(_counting(statistics))
        choice = [
            *filter_words(chosen["group"], chosen["t_start"], chosen["t_stop"]),
            "--summarise",
            *_option(counted),
            *grouping,
        ]
        words.append(["filter", source, "--tables", made.tables, "--out", place.folder, *choice])
        words.append(["figure", place.summary, "--out", place.figures, *_option(drawn | saved)])
    return [_line(each) for each in words]


def _counting(statistics: Mapping[str, Any]) -> Counting:
    """Return how a filter was counted, as its statistics tell."""
    known = {option.name for option in fields(StatisticsOptions)}
    widths = {key: value for key, value in (statistics.get("bins") or {}).items() if key in known}
    choice = {"properties": statistics.get("properties"), "classes": statistics.get("class_choice", AUTO)}
    return counting_options({**choice, "statistics": widths})


def report_command(source: str | Path, out: Path, config: Mapping[str, Any] | None) -> str:
    """Return the command that makes a page and keeps nothing else; `config` has its filters, figures and properties."""
    return _line(["report", source, *(["--config", json.dumps(config)] if config else []), "--out", out])


def _option(figures: Mapping[str, Any]) -> list[object]:
    return ["--figures", json.dumps(figures)] if figures else []


def _changed(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of figures that are not the default ones; False for a figure that is not drawn."""
    changed: dict[str, Any] = {}
    for name, defaults in FigureOptions().choices().items():
        options = figures.get(name, defaults)
        if options is None or defaults is None:
            if options is not defaults:
                changed[name] = False if options is None else options
        elif different := {key: value for key, value in options.items() if value != defaults.get(key)}:
            changed[name] = different
    return changed


def _changed_files(files: FileOptions) -> dict[str, Any]:
    """Return the options of the files under their key, if any is not the default one."""
    defaults = asdict(FileOptions())
    different = {key: value for key, value in asdict(files).items() if value != defaults[key]}
    return {"files": different} if different else {}


def _line(words: Iterable[object]) -> str:
    return shlex.join(["spikelib", *map(str, words)])
