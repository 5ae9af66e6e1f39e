"""Windows of time."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.errors import WindowError
from spikelib.window import check_window


@pytest.mark.parametrize(
    ("t_start", "t_stop", "window"),
    [
        (None, None, (-np.inf, np.inf)),
        (0, None, (0.0, np.inf)),
        (None, 5, (-np.inf, 5.0)),
        (5.0, 5.0, (5.0, 5.0)),
        (-1e-7, np.float32(2.0), (-1e-7, 2.0)),
        (0.0, np.inf, (0.0, np.inf)),
    ],
)
def test_window(t_start: float | None, t_stop: float | None, window: tuple[float, float]) -> None:
    assert check_window(t_start, t_stop) == window


@pytest.mark.parametrize(
    ("t_start", "t_stop", "message"),
    [
        (-0.1, None, "t_start=-0.1: times cannot be negative or NaN; give ms from the start"),
        (None, -1, "t_stop=-1: times cannot be negative"),
        (np.nan, None, "t_start=nan: times cannot be"),
        (3, 2, "t_start=3 is later than t_stop=2; exchange them"),
    ],
    ids=["negative-start", "negative-stop", "NaN", "reversed"],
)
def test_wrong_window(t_start: float | None, t_stop: float | None, message: str) -> None:
    with pytest.raises(WindowError, match=message):
        check_window(t_start, t_stop)
