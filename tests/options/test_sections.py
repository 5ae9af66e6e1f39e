"""Keys and numbers of sections."""

from __future__ import annotations

from typing import Any

import pytest

from spikelib.errors import ConfigError
from spikelib.options.sections import check_keys, is_number


@pytest.mark.parametrize(("value", "number"), [(5, True), (0.5, True), (True, False), ("5", False), (None, False)])
def test_numbers(value: Any, number: bool) -> None:
    assert is_number(value) is number
    assert not is_number(float("nan"))


def test_unknown_keys_are_named_with_those_that_there_are() -> None:
    check_keys("a", {"x": 1}, ["x", "y"])
    with pytest.raises(ConfigError, match=r"^a\.z: unknown key; there are x, y$"):
        check_keys("a", {"x": 1, "z": 2}, ["x", "y"])
    with pytest.raises(ConfigError, match=r"^a: expected a mapping, got 5$"):
        check_keys("a", 5, ["x"])
