"""Which widths are whole multiples, whatever binary fractions do."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikelib.statistics.bin_widths import ROUND_NUMBERS, is_multiple


@pytest.mark.parametrize(
    ("value", "width", "expected"),
    [
        (0.3, 0.1, True),  # 0.3 / 0.1 is 2.9999999999999996
        (1000.0, 0.1, True),
        (0.1, 0.1, True),
        (0.05, 0.1, False),  # it rounds to no bin
        (0.0, 0.1, False),
        (0.25, 0.1, False),
        (0.3000001, 0.1, False),
        (-0.3, 0.1, False),
    ],
)
def test_multiples_by_hand(value: float, width: float, expected: bool) -> None:
    assert is_multiple(value, width) is expected


@given(number=st.integers(1, 10**6), width=st.sampled_from([0.001, 0.025, 0.1, 0.3, 7.0]))
def test_every_multiple_is_one_and_its_half_step_is_none(number: int, width: float) -> None:
    assert is_multiple(number * width, width)
    assert not is_multiple((number + 0.5) * width, width)


def test_round_numbers_are_ascending_and_evenly_spaced_by_ratio() -> None:
    ratios = {round(high / low, 6) for low, high in itertools.pairwise(ROUND_NUMBERS)}
    assert ratios == {2.0, 2.5}
    assert {0.1, 0.2, 0.5, 1.0, 50.0} <= {round(number, 9) for number in ROUND_NUMBERS}
