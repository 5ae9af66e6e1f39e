"""How numbers are written."""

from __future__ import annotations

import math

import pytest

from spikelib.page import format as formats


@pytest.mark.parametrize("value", [1.0, 0.1, 44.39999999999964, 123456.789, 2.5e-7, 6.02e23, -3.14159, 99999.6])
def test_number_keeps_four_digits(value):
    assert float(formats.number(value).replace(",", "")) == pytest.approx(value, rel=5e-4)


@pytest.mark.parametrize("value", [1.0, 0.1, 1500.0, 0.025, 86_400_000.0, 16.61])
def test_plain_keeps_the_value(value):
    assert float(formats.plain(value).replace(",", "")) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(math.nan, "–"), (math.inf, "∞"), (-math.inf, "-∞"), (None, "–"), (0.0, "0")],
    ids=["nan", "inf", "minus_inf", "none", "zero"],
)
def test_number_of_what_is_no_ordinary_number(value, text):
    assert formats.number(value) == text


@pytest.mark.parametrize(
    ("n_bytes", "text"),
    [(0, "0 B"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"), (5 * 10**12, "5.0 TB")],
)
def test_size(n_bytes, text):
    assert formats.size(n_bytes) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1 ms"),
        (999.9, "999.9 ms"),
        (119_999.0, "119.999 s"),
        (120_000.0, "2 min"),
        (3_600_500.0, "60 min 0.5 s"),
    ],
)
def test_readable_time(value, text):
    assert formats.readable_time(value) == text


def test_as_json_writes_paths_and_other_alphabets(tmp_path):
    assert formats.as_json({"µm": tmp_path}) == f'{{"µm": "{tmp_path}"}}'
