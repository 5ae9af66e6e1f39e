"""Statistics of classes as a table that fits a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikelib.page.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["stats_text"]

SHOWN = (
    "n_nodes",
    "active_fraction",
    "n_spikes",
    "rate_mean_hz",
    "cv_mean",
    "lv_mean",
    "sync_fano",
    "pair_correlation",
    "rhythm_hz",
    "peak_rate_hz",
    "isi_median_ms",
    "drift",
    "burst_spike_share",
)
"""What is shown, the first of it where a terminal is narrow."""
_GAP = "  "


def stats_text(rows: Sequence[Mapping[str, Any]], width: int) -> str:
    """Write the statistics of classes, as many columns as fit.

    Parameters
    ----------
    rows
        ``population``, ``class``, and the numbers by their keys.
    width
        Characters of a line.

    Examples
    --------
    >>> inhibitory = {"population": "net", "class": "I", "n_nodes": 9}
    >>> print(stats_text([{**inhibitory, "class": "E", "n_nodes": 800, "n_spikes": 1234}, inhibitory], width=40))
    population  class  Nodes  Active  Spikes
    net         E        800       –   1,234
    net         I          9       –       –
    """
    keys = ("population", "class")
    names = [list(keys), *([str(row[key]) for key in keys] for row in rows)]
    lines = [_GAP.join(text.ljust(size) for text, size in zip(row, _sizes(names), strict=True)) for row in names]
    for key in SHOWN:
        measure = MEASURES[key]
        column = [measure.title, *(measure.write(row.get(key)) for row in rows)]
        size = max(map(len, column))
        if len(lines[0]) + len(_GAP) + size > width:
            break
        lines = [f"{line}{_GAP}{text.rjust(size)}" for line, text in zip(lines, column, strict=True)]
    return "\n".join(line.rstrip() for line in lines)


def _sizes(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
