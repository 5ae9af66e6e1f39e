"""Spectra against scipy, and rhythms that are there and not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from spikelib.statistics.groups import class_group
from spikelib.statistics.rhythm import BANDS_HZ, band_power, find_rhythm, spectrum
from tests.statistics.trains import Case, poisson


@pytest.mark.parametrize(("seconds", "size"), [(0.576, 128), (1.2, 256), (3.0, 512), (10.0, 1024)])
def test_spectrum_equals_welch_of_scipy(seconds: float, size: int) -> None:
    case = poisson(1, 20, 30.0, seconds, depth=0.5)
    found = spectrum(case.summary, class_group(case.summary, 0))
    assert found is not None
    rates = case.counts(case.trains, 1.0).sum(axis=0) / 20 * 1000.0
    frequency, power = signal.welch(rates, 1000.0, "hann", size, size // 2)
    np.testing.assert_allclose(found.frequency_hz, frequency)
    np.testing.assert_allclose(found.power, power, rtol=1e-9, atol=1e-12)
    assert found.poisson == pytest.approx(2 * rates.mean() / 20)
    width = frequency[1]
    for (low, high), value in zip(BANDS_HZ, band_power(found).values(), strict=True):
        inside = (frequency >= low) & (frequency < high)
        assert value == (pytest.approx(power[inside].sum() * width) if inside.any() else None)


def test_short_windows_have_no_spectrum() -> None:
    case = poisson(1, 20, 30.0, 0.575)
    assert spectrum(case.summary, class_group(case.summary, 0)) is None
    assert find_rhythm(None, 1) == {"rhythm_hz": None, "rhythm_ratio": None}
    assert set(band_power(None).values()) == {None}


def test_rhythm_is_found_where_there_is_one() -> None:
    for hz in (10.0, 40.0, 90.0, 200.0):
        case = poisson(int(hz), 50, 5.0, 10.0, depth=0.5, hz=hz)
        found = find_rhythm(spectrum(case.summary, class_group(case.summary, 0)), 16)
        assert found["rhythm_hz"] == pytest.approx(hz, abs=1.0)
        assert found["rhythm_ratio"] > 2


def test_poisson_trains_have_no_rhythm() -> None:
    found = [rhythm_of(poisson(seed, 30, 5.0, 5.0)) for seed in range(40)]
    assert sum(hz is not None for hz in found) <= 1


def rhythm_of(case: Case) -> float | None:
    """Return the rhythm of a case as one of 16 classes."""
    hz: float | None = find_rhythm(spectrum(case.summary, class_group(case.summary, 0)), 16)["rhythm_hz"]
    return hz


def test_silence_has_no_rhythm() -> None:
    case = Case([np.empty(0)] * 3, np.zeros(3, int), poisson(1, 1, 1.0, 5.0).spec)
    found = spectrum(case.summary, class_group(case.summary, 0))
    assert find_rhythm(found, 1)["rhythm_hz"] is None
