"""Thumbnails: what is where in them, and how large they are."""

from __future__ import annotations

import io

import matplotlib.image
import numpy as np
import pytest

from spikelib.page.campaign.thumbnail import THUMBNAIL_BYTES, thumbnail
from spikelib.summary.model import RasterAxis
from tests.figures.builders import build_summary

GREY, WHITE = (224, 224, 224), (255, 255, 255)


def pixels(picture):
    return (matplotlib.image.imread(io.BytesIO(picture), format="png")[..., :3] * 255).round().astype(int)


def test_thumbnail_has_time_to_the_right_and_nodes_upwards():
    late_upper = np.linspace(60, 99, 4000)
    picture = pixels(thumbnail(build_summary({"a": (100, late_upper, [80 + i % 20 for i in range(4000)])})))
    height, width, _ = picture.shape
    assert (picture[height // 4 :] == WHITE).all()
    assert (picture[:, : width // 2] == WHITE).all()
    assert (picture[: height // 8, int(0.7 * width) : int(0.95 * width)].mean(axis=(0, 1)) < (60, 110, 180)).all()


def test_thumbnail_marks_places_without_nodes():
    axis = RasterAxis("y", np.array([0.0, 1.0, 9.0, 10.0]), (0.0, 10.0), (), ())
    picture = pixels(thumbnail(build_summary({"a": (4, [1.0, 50.0], [0, 3])}, axis=axis)))
    middle = picture[picture.shape[0] // 2]
    assert (middle == GREY).all()
    assert (picture[0] != GREY).any()


@pytest.mark.parametrize("rate", [1, 100, 20_000], ids=["few", "some", "many"])
def test_thumbnail_of_noise_is_small(rate):
    random = np.random.default_rng(rate)
    times, ids = np.sort(random.uniform(0, 100, rate * 5)), random.integers(0, 500, rate * 5)
    picture = thumbnail(build_summary({"a": (500, times, ids)}))
    assert len(picture) <= THUMBNAIL_BYTES
    assert pixels(picture).shape[0] >= 20
    assert thumbnail(build_summary({"a": (500, times, ids)})) == picture
