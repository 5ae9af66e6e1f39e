"""What is counted beside figures: properties, classes and statistics of a config, of a filter and of a command line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spikelib.errors import ConfigError
from spikelib.options.counting import Counting, counting_options, counting_words, property_options
from spikelib.options.filters import filter_options
from spikelib.options.statistics import StatisticsOptions


@pytest.mark.parametrize("value", ["layer", 5, [5], [""], {"layer": 1}], ids=str)
def test_properties_of_a_config_are_names(value: Any) -> None:
    with pytest.raises(ConfigError, match=r"properties: .* is no list of names of node properties"):
        property_options(value)


def test_property_named_twice_is_told_once() -> None:
    assert property_options(["layer", "mtype", "layer"]) == ("layer", "mtype")
    assert (property_options(None), property_options([])) == (None, ())


def test_an_option_of_a_filter_beats_that_of_the_config() -> None:
    everything = counting_options({"classes": ["layer"]})
    plain, other, none = filter_options({"a": {}, "b": {"classes": ["mtype"]}, "c": {"classes": None}})
    assert everything.of(plain).classes == ("layer",)
    assert everything.of(other).classes == ("mtype",)
    assert everything.of(none).classes is None


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({}, []),
        ({"properties": [], "classes": None}, ["--classes", "null", "--properties"]),
        ({"classes": {"E": {"ei": "e"}}}, ["--classes", '{"E": {"ei": "e"}}']),
        ({"statistics": {"count_bin_ms": 3, "burst_spikes": 4}}, ["--statistics", '{"burst_spikes": 4}']),
    ],
    ids=["defaults", "none", "groups", "statistics"],
)
def test_words_of_a_command_line_say_the_same(config: dict[str, Any], words: list[str]) -> None:
    assert counting_words(counting_options(config)) == words
    given = dict(zip(words[::2], words[1::2], strict=False))
    back = {key[2:]: json.loads(value) for key, value in given.items()}
    assert counting_options({**back, "properties": config.get("properties")}) == counting_options(config)


def test_defaults_are_the_plain_choice() -> None:
    assert counting_options({}) == Counting() == Counting(None, "auto", StatisticsOptions())
    with pytest.raises(ConfigError, match="classes: expected 'auto'"):
        counting_options({"classes": 5})
