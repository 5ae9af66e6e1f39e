"""The ``figures`` section of a config."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from spikelib.errors import ConfigError
from spikelib.figure_options import (
    AnimationOptions,
    FigureOptions,
    IsiOptions,
    RasterOptions,
    RateOptions,
    choose_spec,
    figure_options,
    nice_bin,
)
from spikelib.summary.model import SummarySpec

SCHEMA = Path(__file__).parents[1] / "workflow" / "schemas" / "config.schema.yaml"


@pytest.mark.parametrize("config", [None, {}, {"raster": {}, "isi": {}, "rate": {}, "animation": {}}], ids=repr)
def test_defaults(config: dict[str, Any] | None) -> None:
    assert figure_options(config) == FigureOptions(
        RasterOptions(y_axis=None),
        IsiOptions(use_frequency=False, binsize=None),
        RateOptions(time_binsize=None, nodes="all"),
        AnimationOptions(x_axis="x", y_axis="y", dt=None, fps=25, format="mp4"),
    )


def test_everything_given() -> None:
    config = {
        "raster": {"y_axis": "layer"},
        "isi": {"use_frequency": True, "binsize": 2},
        "rate": False,
        "animation": {"x_axis": "z", "y_axis": "x", "dt": 5, "fps": 12.5, "format": "gif"},
    }
    assert figure_options(config) == FigureOptions(
        RasterOptions("layer"), IsiOptions(True, 2), None, AnimationOptions("z", "x", 5, 12.5, "gif")
    )


def test_nothing_is_drawn() -> None:
    assert figure_options(dict.fromkeys(("raster", "isi", "rate", "animation"), False)) == FigureOptions(
        None, None, None, None
    )


def test_defaults_are_those_of_the_schema_of_the_workflow() -> None:
    assert figure_options(yaml.safe_load(SCHEMA.read_text())["properties"]["figures"]["default"]) == FigureOptions()


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ([], r"figures: expected a mapping, got \[\]"),
        ("raster", "figures: expected a mapping, got 'raster'"),
        ({"Raster": {}}, r"figures\.Raster: unknown key; there are raster, isi, rate, animation"),
        ({1: {}}, r"figures\.1: unknown key; there are raster"),
        ({"raster": None}, r"figures\.raster: expected options or false, got None"),
        ({"raster": True}, r"figures\.raster: expected options or false, got True"),
        ({"raster": "layer"}, r"figures\.raster: expected options or false, got 'layer'"),
        ({"raster": {"yaxis": "y"}}, r"figures\.raster\.yaxis: unknown key; there are y_axis"),
        ({"raster": {"y_axis": ["y"]}}, r"figures\.raster\.y_axis: \['y'\] is not the name of a node property"),
        ({"raster": {"y_axis": 3}}, r"figures\.raster\.y_axis: 3 is not the name of a node property"),
        ({"isi": {"use_frequency": "no"}}, r"figures\.isi\.use_frequency: 'no' is neither true nor false"),
        ({"isi": {"binsize": 0}}, r"figures\.isi\.binsize: 0 is not a positive number"),
        ({"isi": {"binsize": -1.5}}, r"figures\.isi\.binsize: -1\.5 is not a positive number"),
        ({"isi": {"binsize": float("nan")}}, r"figures\.isi\.binsize: nan is not a positive number"),
        ({"isi": {"binsize": float("inf")}}, r"figures\.isi\.binsize: inf is not a positive number"),
        ({"isi": {"binsize": True}}, r"figures\.isi\.binsize: True is not a positive number"),
        ({"isi": {"binsize": "1"}}, r"figures\.isi\.binsize: '1' is not a positive number"),
        ({"rate": {"nodes": "some"}}, r"figures\.rate\.nodes: 'some' is none of 'all', 'active'"),
        ({"rate": {"nodes": ["all"]}}, r"figures\.rate\.nodes: \['all'\] is none of 'all', 'active'"),
        ({"rate": {"time_binsize": 0}}, r"figures\.rate\.time_binsize: 0 is not a positive number"),
        ({"animation": {"format": "avi"}}, r"figures\.animation\.format: 'avi' is none of 'mp4', 'gif'"),
        ({"animation": {"x_axis": "layer"}}, r"figures\.animation\.x_axis: 'layer' is none of 'x', 'y', 'z'"),
        ({"animation": {"fps": 0}}, r"figures\.animation\.fps: 0 is not a positive number"),
        ({"animation": {"dt": float("nan")}}, r"figures\.animation\.dt: nan is not a positive number"),
    ],
    ids=repr,
)
def test_nonsense_is_refused(config: Any, says: str) -> None:
    with pytest.raises(ConfigError, match=f"^{says}"):
        figure_options(config)


@given(span=st.floats(1e-6, 2.0**31), n_bins=st.integers(1, 10_000))
def test_nice_bins_are_round_and_about_as_many_as_wanted(span: float, n_bins: int) -> None:
    width = nice_bin(span, n_bins)
    assert float(f"{width:.0e}") == pytest.approx(width)
    assert f"{width:.0e}"[0] in "125"
    assert n_bins / 2.5 * (1 - 1e-6) <= span / width <= n_bins * (1 + 1e-6)


@pytest.mark.parametrize("span", [0.0, -1.0])
def test_nice_bin_of_no_span(span: float) -> None:
    assert nice_bin(span, 200) == 1.0


def test_bins_are_chosen_for_the_window() -> None:
    spec = choose_spec((500.0, 1500.0), FigureOptions())
    assert (spec.start, spec.stop, spec.rate_bin, spec.frame) == (500.0, 1500.0, 5.0, 5.0)


def test_bins_that_are_given_are_taken() -> None:
    config = {"rate": {"time_binsize": 3}, "isi": {"binsize": 0.7}, "animation": {"dt": 2.5}}
    spec = choose_spec((0.0, 1000.0), figure_options(config))
    assert (spec.rate_bin, spec.isi_bin, spec.frame) == (3.0, 0.7, 2.5)
    as_frequency = choose_spec((0.0, 1000.0), figure_options({"isi": {"binsize": 0.7, "use_frequency": True}}))
    assert (as_frequency.frequency_bin, as_frequency.isi_bin) == (0.7, SummarySpec.isi_bin)


def test_no_frames_without_an_animation() -> None:
    config = {"animation": False, "rate": False, "isi": False, "raster": False}
    assert choose_spec((0.0, 1000.0), figure_options(config)).frame is None
