"""The choice of classes in a config."""

from __future__ import annotations

from typing import Any

import pytest

from spikelib.errors import ConfigError
from spikelib.options.classes import class_options


@pytest.mark.parametrize(
    ("value", "read"),
    [("auto", "auto"), (None, None), (["layer", "ei", "layer"], ("layer", "ei")), ({"E": "Exc"}, {"E": "Exc"})],
)
def test_forms(value: Any, read: Any) -> None:
    assert class_options(value) == read


@pytest.mark.parametrize("value", ["layer", 5, [], {}, [5], [""], {"": "Exc"}, {5: "Exc"}, True], ids=str)
def test_nonsense_is_refused_by_key(value: Any) -> None:
    with pytest.raises(ConfigError, match=r"^filters\.a\.classes: expected 'auto', a list of node properties"):
        class_options(value, "filters.a.classes")
