"""Options of figures and files have defaults that draw something, and cannot be changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from spikelib.options.drawing import FORMATS, DepthOptions, FileOptions


@pytest.mark.parametrize(
    ("formats", "suffixes"), [(("svg",), ("png", "svg")), (("pdf", "svg", "png"), FORMATS), ((), ("png",))]
)
def test_a_png_is_always_written_and_comes_first(formats: tuple[str, ...], suffixes: tuple[str, ...]) -> None:
    assert FileOptions(formats=formats).suffixes == suffixes


def test_options_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError, match="bin_um"):
        DepthOptions().bin_um = 5.0  # type: ignore[misc]
