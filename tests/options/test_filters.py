"""The ``filters`` section of a config."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spikelib.cli.parser import make_parser
from spikelib.errors import ConfigError, SpikelibError, WindowError
from spikelib.options.filters import Filter, filter_options, filter_words


@pytest.mark.parametrize("config", [None, {}], ids=repr)
def test_without_filters_there_is_one_of_everything(config: Any) -> None:
    assert filter_options(config) == [Filter("all", None, None, None)]


def test_filters_keep_their_order_and_options() -> None:
    config = {
        "late": {"t_start": 500, "t_stop": 1e3},
        "L4": {"group": {"layer": 4}},
        "a.b_c-1": None,
    }
    assert filter_options(config) == [
        Filter("late", None, 500, 1000.0),
        Filter("L4", {"layer": 4}),
        Filter("a.b_c-1"),
    ]


@pytest.mark.parametrize(
    ("start", "stop", "window"),
    [
        (None, None, (-float("inf"), float("inf"))),
        (0, 5, (0.0, 5.0)),
        (5, 5, (5.0, 5.0)),
        (None, 0, (-float("inf"), 0.0)),
        (-1e-7, None, (-1e-7, float("inf"))),
    ],
)
def test_window(start: float | None, stop: float | None, window: tuple[float, float]) -> None:
    assert Filter(t_start=start, t_stop=stop).window == window


@pytest.mark.parametrize(
    ("config", "error", "says"),
    [
        (["all"], ConfigError, r"filters: expected names of filters and their options, got \['all'\]"),
        ({"": {}}, ConfigError, r"filters\.: a name is made of letters"),
        ({".hidden": {}}, ConfigError, r"filters\.\.hidden: a name is made of letters"),
        ({"a/b": {}}, ConfigError, r"filters\.a/b: a name is made of letters"),
        ({"a\n": {}}, ConfigError, "a name is made of letters"),
        ({"é": {}}, ConfigError, r"filters\.é: a name is made of letters"),
        ({4: {}}, ConfigError, r"filters\.4: a name is made of letters"),
        ({"a": "L4"}, ConfigError, r"filters\.a: expected group, t_start, t_stop, classes, got 'L4'"),
        ({"a": {"tstart": 1}}, ConfigError, r"filters\.a\.tstart: unknown key; there are group, t_start, t_stop"),
        ({"a": {1: 1}}, ConfigError, r"filters\.a\.1: unknown key; there are group, t_start, t_stop"),
        ({"a": {"t_start": "1"}}, ConfigError, r"filters\.a\.t_start: '1' is not a number of ms"),
        ({"a": {"t_stop": 10**400}}, ConfigError, r"filters\.a\.t_stop: a number of 401 digits is no time in ms"),
        ({"a": {"t_stop": True}}, ConfigError, r"filters\.a\.t_stop: True is not a number of ms"),
        ({"a": {"t_stop": [1]}}, ConfigError, r"filters\.a\.t_stop: \[1\] is not a number of ms"),
        ({"a": {"t_start": -1}}, WindowError, r"filters\.a: t_start=-1: times cannot be negative or NaN"),
        ({"a": {"t_stop": float("nan")}}, WindowError, r"filters\.a: t_stop=nan: times cannot be negative or NaN"),
        ({"a": {"t_stop": float("inf")}}, WindowError, r"filters\.a: t_stop=inf is no time; leave it out"),
        ({"a": {"t_start": float("inf")}}, WindowError, r"filters\.a: t_start=inf is no time; leave it out"),
        ({"a": {"t_start": 2, "t_stop": 1}}, WindowError, r"filters\.a: t_start=2 is later than t_stop=1; exchange"),
    ],
    ids=repr,
)
def test_nonsense_is_refused(config: Any, error: type[SpikelibError], says: str) -> None:
    with pytest.raises(error, match=says):
        filter_options(config)


@pytest.mark.parametrize(
    ("group", "t_start", "t_stop"),
    [
        (None, None, None),
        ("L4", 0.0, 50.5),
        ('it\'s "named" so', None, 1e-7),
        ([1, 2], 550, None),
        (-5, None, None),
        ({"layer": "L4", "mtype": ["a b", "c"]}, None, 1e6),
        ("", None, None),
    ],
    ids=repr,
)
def test_a_command_reads_its_words_as_the_same_choice(group: Any, t_start: float | None, t_stop: float | None) -> None:
    words = filter_words(group, t_start, t_stop)
    options = make_parser().parse_args(["filter", "spikes.h5", "--tables", "spikes", "--out", "all", *words])
    assert (None if options.group is None else json.loads(options.group)) == group
    assert (options.t_start, options.t_stop) == (t_start, t_stop)
