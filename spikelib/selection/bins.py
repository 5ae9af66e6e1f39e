"""Bins of a summary: chosen for a window and the figures to be drawn, and checked."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spikelib.errors import PlotError
from spikelib.options.drawing import IsiOptions, RateOptions
from spikelib.statistics.settings import Settings

if TYPE_CHECKING:
    from spikelib.options.figures import FigureOptions
    from spikelib.options.statistics import StatisticsOptions
    from spikelib.summary.model import SummarySpec

MAX_FRAME_CELLS = 1 << 26
"""Cells of all frames of an animation together: 256 MiB."""

MAX_RATE_BINS = 1_000_000

MAX_SPAN_MS = 2.0**31
"""Longest window, about 25 days; the squares of its intervals add up to less than 2**63."""


def check_spec(spec: SummarySpec) -> SummarySpec:
    """Reject bins so narrow that they would not fit in memory.

    Raises
    ------
    PlotError
        A bin width is not positive, there would be too many bins or frames, or the window is too long to be counted.
    """
    span = max(spec.stop - spec.start, 0.0)
    if span > MAX_SPAN_MS:
        msg = f"the window from {spec.start:g} to {spec.stop:g} ms is over 24 days long; give t_start and t_stop"
        raise PlotError(msg)
    widths = (
        ("time_binsize", spec.rate_bin),
        ("binsize", spec.isi_bin),
        ("binsize", spec.frequency_bin),
        ("dt", spec.frame),
    )
    for name, width in widths:
        if width is not None and not 0 < width < math.inf:
            msg = f"{name}={width:g} must be a positive number"
            raise PlotError(msg)
    if min(spec.isi_bin, spec.frequency_bin) < 2.0**-30:  # int64 holds the index of the last bin
        msg = f"binsize={min(spec.isi_bin, spec.frequency_bin):g} is too narrow; choose a wider bin"
        raise PlotError(msg)
    if span / spec.rate_bin > MAX_RATE_BINS:
        msg = f"time_binsize={spec.rate_bin:g} ms gives over a million bins in {span:g} ms; choose a wider bin"
        raise PlotError(msg)
    most = MAX_FRAME_CELLS // math.prod(spec.frame_shape)
    if spec.frame is not None and span / spec.frame > most:
        msg = f"dt={spec.frame:g} ms gives over {most} frames in {span:g} ms; choose at least dt={span / most:.3g}"
        raise PlotError(msg)
    return spec


FRAMES = 250
"""Target number of frames of an animation whose `dt` is not given."""

RATE_BINS = 200
"""Target number of bins of a rate histogram whose `time_binsize` is not given."""

MOST_FINE_BINS, FINEST_MS = 20_000, 0.1
"""Rate bins are divided for the page into at most so many fine bins, none narrower than this."""


def nice_bin(span: float, n_bins: int) -> float:
    """Choose a bin width of 1, 2 or 5 times a power of ten that gives at most about `n_bins` bins in `span`.

    >>> nice_bin(1500, 200), nice_bin(1500, 250)
    (10.0, 10.0)
    """
    if span <= 0:
        return 1.0
    raw = span / n_bins
    power = 10.0 ** math.floor(math.log10(raw))
    # Less a billionth: noise in the division must not turn a width that fits exactly into the next larger one.
    return float(next(f for f in (1.0, 2.0, 5.0, 10.0) if f * power >= raw * (1 - 1e-9)) * power)


def choose_spec(window: tuple[float, float], options: FigureOptions) -> SummarySpec:
    """Choose the bins of a summary for a window (ms, both ends included) and the figures to be drawn."""
    from spikelib.summary.model import SummarySpec  # noqa: PLC0415

    start, stop = window
    rate = options.rate or RateOptions()
    isi = options.isi or IsiOptions()
    widths: dict[str, Any] = {}
    if isi.binsize is not None:
        widths["frequency_bin" if isi.use_frequency else "isi_bin"] = float(isi.binsize)
    frame = None
    if options.animation is not None:
        frame = float(options.animation.dt or nice_bin(stop - start, FRAMES))
    rate_bin = float(rate.time_binsize or nice_bin(stop - start, RATE_BINS))
    parts = _rate_parts(stop - start, rate_bin)
    return SummarySpec(start=start, stop=stop, rate_bin=rate_bin, rate_parts=parts, frame=frame, **widths)


def settings_of(options: StatisticsOptions) -> Settings:
    """Return what statistics are computed with after counting."""
    return Settings(options.peak_bin_ms, options.count_bin_ms)


def with_widths(spec: SummarySpec, options: StatisticsOptions) -> SummarySpec:
    """Return bins with the widths and limits that statistics are counted with."""
    return replace(
        spec,
        pair_bin=options.pair_bin_ms,
        burst_isi=options.burst_isi_ms,
        burst_spikes=options.burst_spikes,
        lvr_refractoriness=options.lvr_refractoriness_ms,
        cv_min_intervals=options.cv_min_intervals,
    )


MAX_BASE_CELLS = 1 << 27
"""Cells of the base grid, classes times bins, beyond which its bins widen."""

LONGEST_STEP_MS = 1.0
"""A longer time step is no width of bins for intervals."""


def analysis_bins(spec: SummarySpec, n_classes: int, dt: float | None) -> SummarySpec:
    """Choose the bins that statistics are counted in, whatever figures show.

    Parameters
    ----------
    spec
        Window and bins of the figures.
    n_classes
        Number of classes.
    dt
        Time step of the simulation, ms; None if unknown. Intervals are multiples of it, so bins are centred on these.

    Examples
    --------
    >>> from spikelib.summary.model import SummarySpec
    >>> spec = analysis_bins(SummarySpec(0.0, 1e7, rate_bin=1e5), n_classes=40, dt=0.025)
    >>> spec.base, spec.interval_bin, spec.centred
    (5.0, 0.025, True)
    """
    span = spec.stop - spec.start
    bases = (m * 10.0**e for e in range(9) for m in (1.0, 2.0, 5.0))
    fitting = (width for width in bases if span / width * max(n_classes, 1) <= MAX_BASE_CELLS)
    base = next(fitting, max(span, 1.0))  # a window that is too long is told elsewhere
    spec = replace(spec, base=base)
    known = dt is not None and 0.0 < dt <= LONGEST_STEP_MS
    return replace(spec, interval_bin=float(dt), centred=True) if known and dt is not None else spec


def _rate_parts(span: float, rate_bin: float) -> int:
    """Choose into how many fine bins each rate bin is divided, so that a page can offer narrower bins."""
    # 0.999: a tenth of 1 ms may come out a little below 0.1.
    return next(
        parts
        for parts in (10, 5, 2, 1)
        if parts == 1 or (rate_bin / parts > 0.999 * FINEST_MS and span / rate_bin * parts <= MOST_FINE_BINS)
    )
