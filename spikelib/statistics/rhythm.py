"""Power spectra of the rate of a group, and the rhythm that stands out of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.statistics.groups import class_group
from spikelib.statistics.time_bins import counts_in_bins

if TYPE_CHECKING:
    from spikelib.statistics.groups import Group
    from spikelib.summary.model import Floats, Integers, Summary

__all__ = ["BANDS_HZ", "Spectrum", "band_power", "find_rhythm", "spectrum", "spectrum_columns"]

LONGEST, SHORTEST, FEWEST_SEGMENTS = 1024, 128, 8
"""A segment has the longest power of two of ms between these that leaves so many segments, each half of the next."""
RHYTHMS_HZ = (2.0, 250.0)
"""Where a rhythm is looked for."""
BANDS_HZ = ((1.0, 4.0), (4.0, 12.0), (12.0, 30.0), (30.0, 80.0), (80.0, 200.0))
"""Bands of `band_power`, [low, high)."""
_FALSE_ALARMS = 0.01
_FREEDOM = 1.89
"""Degrees of freedom of a segment that overlaps its neighbours by half, with Hann's window (Welch 1967)."""


@dataclass(frozen=True)
class Spectrum:
    """The power spectral density of the rate per node of a group, in bins of 1 ms."""

    frequency_hz: Floats
    """Shape (bins,)."""
    power: Floats
    """Shape (bins,), Hz²/Hz, one-sided."""
    n_segments: int
    poisson: float
    """The level of independent Poisson trains of the same rate, Hz²/Hz: 2 x mean rate / nodes."""

    @property
    def width_hz(self) -> float:
        """Distance of two bins, Hz."""
        return float(self.frequency_hz[1])


def spectrum(summary: Summary, group: Group) -> Spectrum | None:
    """Return the spectrum of the rate of a group by Welch's method: Hann's window, segments that overlap by half.

    Each segment is taken less its mean. None without nodes, or if the window is too short for `FEWEST_SEGMENTS`
    segments of `SHORTEST` ms.
    """
    counts = counts_in_bins(summary, group.classes, 1.0)
    if counts is None or not group.n_nodes:
        return None
    size = LONGEST
    while size >= SHORTEST and (len(counts) - size) // (size // 2) + 1 < FEWEST_SEGMENTS:
        size //= 2
    if size < SHORTEST:
        return None
    rates = counts * (1000.0 / group.n_nodes)
    segments = np.lib.stride_tricks.sliding_window_view(rates, size)[:: size // 2]
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(size) / size)
    transformed = np.fft.rfft((segments - segments.mean(axis=1, keepdims=True)) * window, axis=1)
    power = (np.abs(transformed) ** 2).mean(axis=0) / (1000.0 * (window**2).sum())
    power[1:-1] *= 2.0  # one-sided: all but the ends stand for two frequencies
    rate = counts.sum() / group.n_nodes / (len(counts) / 1000.0)
    frequency = np.fft.rfftfreq(size, 0.001).astype(np.float64)
    return Spectrum(frequency, power, len(segments), 2.0 * float(rate) / group.n_nodes)


def spectrum_columns(summary: Summary) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
    """Return the spectra of all classes as a long table.

    Returns
    -------
    columns, dictionaries
        Columns population and class (indices of the names in `dictionaries`), frequency_hz and power (Hz²/Hz), of one
        length; without rows for classes that have no spectrum.
    """
    nodes, parts = summary.nodes, []
    for k, population in enumerate(nodes.classes.population.tolist()):
        found = spectrum(summary, class_group(summary, k))
        if found is not None:
            size = len(found.power)
            parts.append((np.full(size, population), np.full(size, k), found.frequency_hz, found.power))
    empty = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))
    columns = [np.concatenate(of) for of in zip(empty, *parts, strict=True)]
    columns[:2] = [of.astype(np.int32) for of in columns[:2]]
    names = {"population": nodes.populations, "class": nodes.classes.names}
    return dict(zip(("population", "class", "frequency_hz", "power"), columns, strict=True)), names


def band_power(found: Spectrum | None) -> dict[str, float | None]:
    """Return the power in each of `BANDS_HZ`, Hz²; null where no bin of the spectrum is in it."""
    powers: dict[str, float | None] = {}
    for low, high in BANDS_HZ:
        inside = None if found is None else (found.frequency_hz >= low) & (found.frequency_hz < high)
        some = found is not None and inside is not None and inside.any()
        powers[f"{low:g}-{high:g}"] = float(found.power[inside].sum() * found.width_hz) if some and found else None
    return powers


def find_rhythm(found: Spectrum | None, n_classes: int) -> dict[str, Any]:
    """Return the frequency of the rhythm that stands out of a spectrum, Hz, and its ratio to the Poisson level.

    It is the highest local maximum from 2 to 250 Hz that is above the Poisson level, and above the valleys on both
    sides that part it from what is higher, by a factor that independent Poisson trains exceed in 1 % of the runs, over
    all bins and classes. Null if there is none.
    """
    nothing = {"rhythm_hz": None, "rhythm_ratio": None}
    if found is None or found.poisson <= 0.0:
        return nothing
    from scipy.special import chdtri  # noqa: PLC0415 - only statistics need it

    inside = np.flatnonzero((found.frequency_hz >= RHYTHMS_HZ[0]) & (found.frequency_hz <= RHYTHMS_HZ[1]))
    if not len(inside):
        return nothing
    freedom = _FREEDOM * found.n_segments
    factor = float(chdtri(freedom, _FALSE_ALARMS / (len(inside) * max(n_classes, 1)))) / freedom
    power = found.power
    before, after = power[inside - 1], power[np.minimum(inside + 1, len(power) - 1)]
    tops = inside[(power[inside] > before) & (power[inside] >= after) & (power[inside] >= factor * found.poisson)]
    for top in sorted(tops.tolist(), key=lambda k: (-power[k], k)):
        if power[top] >= factor * _valley(power, inside, top):
            ratio = float(power[top] / found.poisson)
            return {"rhythm_hz": float(found.frequency_hz[top]), "rhythm_ratio": ratio}
    return nothing


def _valley(power: Floats, inside: Integers, top: int) -> float:
    """Return the higher of the lowest points on both sides, each up to the next higher bin or the range's end."""
    lowest = []
    for side in (power[inside[0] : top][::-1], power[top + 1 : inside[-1] + 1]):
        higher = np.flatnonzero(side > power[top])
        reach = side[: int(higher[0])] if len(higher) else side
        lowest.append(float(reach.min()) if len(reach) else float(power[top]))
    return max(lowest)
