"""Densities and animation frames against values worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spikelib.errors import PlotError
from spikelib.summary.grids import movie_frames, raster_density, raster_rows
from spikelib.summary.model import RasterAxis
from tests.figures.builders import build_summary

XY = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [np.nan, 1.0]])


def _film(times: list[float], ids: list[int], stop: float = 10.0, frame: float = 4.0):
    return build_summary({"a": (4, times, ids)}, stop=stop, frame=frame, frame_shape=(2, 2), xy=XY)


def test_density_is_a_rate_per_node() -> None:
    # 4 nodes in 2 rows, 2 columns of 50 ms: a row's cell is 0.1 node seconds.
    times = [10.0] * 8 + [60.0] * 20
    summary = build_summary({"a": (4, times, [0] * 8 + [3] * 20)}, raster_shape=(2, 2))
    density = raster_density(summary)
    np.testing.assert_allclose(density.rates_hz, [[80.0, 0.0], [0.0, 200.0]])
    assert (density.cell_ms, density.n_drawn) == (50.0, 28)


def test_density_of_few_spikes_unites_columns_and_keeps_the_mean_rate() -> None:
    rng = np.random.default_rng(1)
    summary = build_summary({"a": (600, rng.uniform(0, 100, 9000), rng.integers(0, 600, 9000))}, raster_cap=10)
    density = raster_density(summary)
    assert density.rates_hz.shape == (150, 600)
    assert density.rates_hz.mean() == pytest.approx(9000 / 600 / 0.1)


def test_rows_between_few_nodes_take_the_nearest_nodes_rate() -> None:
    summary = build_summary({"a": (2, [1.0] * 10, [1] * 10)}, raster_shape=(8, 1))
    assert raster_density(summary).rates_hz[:, 0].tolist() == [0.0] * 4 + [100.0] * 4


def test_wide_gaps_and_nodes_without_a_place_stay_empty() -> None:
    y = np.array([0.05, 0.15, 0.25, 0.95, np.nan])
    axis = RasterAxis("y [µm]", y, (0.0, 1.0), (), ())
    summary = build_summary({"a": (5, [1.0] * 6, [0, 1, 2, 3, 4, 4])}, axis=axis, raster_shape=(10, 1))
    density = raster_density(summary)
    assert np.isnan(density.rates_hz[:, 0]).tolist() == [False] * 4 + [True] * 4 + [False] * 2
    assert density.n_drawn == 4


def test_raster_rows_include_the_upper_end() -> None:
    axis = RasterAxis("y", np.array([0.0, 4.99, 5.0, 10.0, np.nan, 11.0]), (0.0, 10.0), (), ())
    assert raster_rows(axis, 2).tolist() == [0, 0, 1, 1, -1, -1]


def test_frames_are_half_open_and_the_last_is_short() -> None:
    movie = movie_frames(_film([0.0, 3.9, 4.0, 8.0, 10.0, 5.0], [0, 0, 1, 2, 2, 3]))
    assert movie.edges.tolist() == [0.0, 4.0, 8.0, 10.0]
    assert movie.cells.tolist() == [0, 1, 2]
    assert movie.counts.tolist() == [[2, 0, 0], [0, 1, 0], [0, 0, 2]]
    assert movie.n_unplaced == 1


def test_united_frames_hold_every_spike() -> None:
    times = np.arange(0.5, 100.0)
    movie = movie_frames(_film(times.tolist(), [0] * 100, stop=100.0), most=10)
    assert movie.edges.tolist() == [0, 12, 24, 36, 48, 60, 72, 84, 96, 100]
    assert movie.counts[:, 0].tolist() == [12] * 8 + [4]


@pytest.mark.parametrize(("most", "steps"), [(1, (1,)), (2, (1, 2)), (16, (1, 2, 4, 8))], ids=["ones", "pairs", "many"])
def test_colour_steps_follow_the_counts(most: int, steps: tuple[int, ...]) -> None:
    times = [0.0] * most + [5.0]
    movie = movie_frames(_film(times, [0] * most + [1]))
    assert movie.steps == steps


def test_no_animation() -> None:
    summary = build_summary({"a": (4, [], [])})
    with pytest.raises(PlotError, match="no animation in this summary"):
        movie_frames(summary)
    with pytest.raises(PlotError, match="no animation in this summary"):
        movie_frames(replace(_film([], []), frames=None))
