"""Widths and limits of the statistics that are chosen after counting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What statistics are computed with, beside the `spikelib.summary.model.SummarySpec` that was counted with."""

    peak_bin_ms: float = 5.0
    """Width of the bins of the peak rate, ms."""
    count_bin_ms: float = 3.0
    """Width of the bins of ``sync_fano``, ms."""
