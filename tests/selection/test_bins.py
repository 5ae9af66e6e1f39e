"""Bins of a summary: round widths, about as many as wanted, and none that would not fit in memory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikelib.errors import PlotError
from spikelib.options.figures import FigureOptions, figure_options
from spikelib.selection.bins import check_spec, choose_spec, nice_bin
from spikelib.summary.model import SummarySpec

SPEC = SummarySpec(start=0.0, stop=1000.0, rate_bin=1.0, frame=10.0)


@given(span=st.floats(1e-6, 2.0**31), n_bins=st.integers(1, 10_000))
def test_nice_bins_are_round_and_about_as_many_as_wanted(span: float, n_bins: int) -> None:
    width = nice_bin(span, n_bins)
    assert float(f"{width:.0e}") == pytest.approx(width)
    assert f"{width:.0e}"[0] in "125"
    assert n_bins / 2.5 * (1 - 1e-6) <= span / width <= n_bins * (1 + 1e-6)


@pytest.mark.parametrize("span", [0.0, -1.0])
def test_nice_bin_of_no_span(span: float) -> None:
    assert nice_bin(span, 200) == 1.0


def test_bins_are_chosen_for_the_window() -> None:
    spec = choose_spec((500.0, 1500.0), FigureOptions())
    assert (spec.start, spec.stop, spec.rate_bin, spec.frame) == (500.0, 1500.0, 5.0, 5.0)


def test_bins_that_are_given_are_taken() -> None:
    config = {"rate": {"time_binsize": 3}, "isi": {"binsize": 0.7}, "animation": {"dt": 2.5}}
    spec = choose_spec((0.0, 1000.0), figure_options(config))
    assert (spec.rate_bin, spec.isi_bin, spec.frame) == (3.0, 0.7, 2.5)
    as_frequency = choose_spec((0.0, 1000.0), figure_options({"isi": {"binsize": 0.7, "use_frequency": True}}))
    assert (as_frequency.frequency_bin, as_frequency.isi_bin) == (0.7, SummarySpec.isi_bin)


@pytest.mark.parametrize(
    ("stop", "binsize", "parts"),
    [
        (1500.0, None, 10),
        (1500.0, 1.0, 10),
        (1500.0, 0.5, 5),
        (1500.0, 0.25, 2),
        (1500.0, 0.1, 1),
        (1500.0, 0.01, 1),
        (1e6, 500.0, 10),
        (1e6, 250.0, 5),
        (1e6, 100.0, 2),
        (1e6, 10.0, 1),
        (0.0, None, 10),
    ],
)
def test_rate_bins_are_divided_into_fine_ones(stop: float, binsize: float | None, parts: int) -> None:
    spec = choose_spec((0.0, stop), figure_options({"rate": {"time_binsize": binsize}}))
    assert spec.rate_parts == parts
    assert parts == 1 or (stop / spec.rate_bin * parts <= 20_000 and spec.rate_bin / parts > 0.0999)


def test_no_frames_without_an_animation() -> None:
    config = {"animation": False, "rate": False, "isi": False, "raster": False}
    assert choose_spec((0.0, 1000.0), figure_options(config)).frame is None


def test_valid_spec_is_passed_through() -> None:
    assert check_spec(SPEC) is SPEC


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate_bin": 0.0}, "time_binsize=0 must be a positive number"),
        ({"isi_bin": np.nan}, "binsize=nan must be a positive number"),
        ({"frequency_bin": np.inf}, "binsize=inf must be a positive number"),
        ({"frame": -1.0}, "dt=-1 must be a positive number"),
        ({"rate_bin": 1e-4}, "time_binsize=0.0001 ms gives over a million bins in 1000 ms; choose a wider bin"),
        ({"frame": 1e-3}, r"dt=0.001 ms gives over \d+ frames in 1000 ms; choose at least dt="),
        ({"stop": 1e15}, "the window from 0 to 1e\\+15 ms is over 24 days long; give t_start and t_stop"),
    ],
    ids=str,
)
def test_spec_that_would_not_fit(changes: dict[str, float], message: str) -> None:
    with pytest.raises(PlotError, match=message):
        check_spec(replace(SPEC, **changes))
