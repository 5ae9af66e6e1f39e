"""What the thalamus of the demo does, and when."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.demo import stimulus


def test_the_bar_moves_from_left_to_right():
    x = np.linspace(-500.0, 500.0, 101)
    peaks = [x[np.argmax(stimulus.thalamic_rates(x, time))] for time in (660.0, 750.0, 840.0)]
    assert peaks == sorted(peaks)
    assert peaks[1] == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("time_ms", "on"),
    [(299.9, False), (300.0, True), (319.9, True), (320.0, False)],
    ids=["before", "start", "last", "end"],
)
def test_a_stimulus_includes_its_start_and_not_its_end(time_ms, on):
    rate = stimulus.thalamic_rates(np.array([-250.0]), time_ms)[0]
    assert bool(rate > stimulus.NOISE_HZ) == on


def test_trains_follow_the_rate_and_the_grid():
    trains = stimulus.thalamic_trains(np.zeros(200), (-100.0, 900.0), 0.1, np.random.default_rng(4))
    times = np.concatenate(trains)
    assert times.min() > -100.0
    assert times.max() <= 900.0
    np.testing.assert_allclose(times * 10, np.rint(times * 10), atol=1e-6)
    # 2 Hz of noise, and the bar: 130 Hz * 60 um * sqrt(2 pi) / (1100 um / 0.3 s).
    expected = 200 * (2.0 + 130.0 * 60.0 * np.sqrt(2.0 * np.pi) / 1100.0 * 0.3)
    assert len(times) == pytest.approx(expected, rel=0.1)
    assert all(np.all(np.diff(train) > 0) for train in trains)


def test_the_flash_is_a_bump_on_the_left():
    x = np.array([-250.0, -140.0, -360.0, 500.0])
    rates = stimulus.thalamic_rates(x, 305.0) - stimulus.NOISE_HZ
    np.testing.assert_allclose(rates[:3], [150.0, 150.0 * np.exp(-0.5), 150.0 * np.exp(-0.5)])
    assert rates[3] < 1e-6


def test_the_full_flash_is_the_same_everywhere():
    rates = stimulus.thalamic_rates(np.linspace(-500, 500, 11), 1205.0)
    np.testing.assert_allclose(rates, stimulus.NOISE_HZ + 80.0)


def test_without_events_there_is_noise():
    assert stimulus.thalamic_rates(np.zeros(2), 305.0, events=()).tolist() == [2.0, 2.0]
