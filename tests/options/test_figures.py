"""The ``figures`` section of a config."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from spikelib.errors import ConfigError
from spikelib.options.figures import (
    FORMATS,
    LIMITS,
    AnimationOptions,
    FigureOptions,
    FileOptions,
    IsiOptions,
    RasterOptions,
    RateOptions,
    RatesOptions,
    figure_options,
)
from spikelib.selection.bins import choose_spec, nice_bin
from spikelib.summary.model import SummarySpec
from tests import PROJECT

SCHEMA = PROJECT / "workflow" / "schemas" / "config.schema.yaml"


@pytest.mark.parametrize(
    "config", [None, {}, {"raster": {}, "isi": {}, "rate": {}, "rates": {}, "animation": {}, "files": {}}], ids=repr
)
def test_defaults(config: dict[str, Any] | None) -> None:
    assert figure_options(config) == FigureOptions(
        RasterOptions(y_axis=None),
        RateOptions(time_binsize=None, nodes="all"),
        IsiOptions(use_frequency=False, binsize=None),
        RatesOptions(log=False),
        AnimationOptions(x_axis="x", y_axis="y", dt=None, fps=25, format="mp4"),
        FileOptions(formats=("png", "svg"), width_mm=None, height_mm=None, dpi=150, style=None),
    )


def test_everything_given() -> None:
    config = {
        "raster": {"y_axis": "layer"},
        "isi": {"use_frequency": True, "binsize": 2},
        "rate": False,
        "rates": {"log": True},
        "animation": {"x_axis": "z", "y_axis": "x", "dt": 5, "fps": 12.5, "format": "gif"},
        "files": {"formats": ["pdf"], "width_mm": 85, "height_mm": 60, "dpi": 300, "style": "a.mplstyle"},
    }
    assert figure_options(config) == FigureOptions(
        RasterOptions("layer"),
        None,
        IsiOptions(True, 2),
        RatesOptions(True),
        AnimationOptions("z", "x", 5, 12.5, "gif"),
        FileOptions(("pdf",), 85, 60, 300, "a.mplstyle"),
    )


def test_nothing_is_drawn() -> None:
    assert figure_options(dict.fromkeys(("raster", "isi", "rate", "rates", "animation"), False)) == FigureOptions(
        None, None, None, None, None
    )


def test_defaults_are_those_of_the_schema_of_the_workflow() -> None:
    assert figure_options(yaml.safe_load(SCHEMA.read_text())["properties"]["figures"]["default"]) == FigureOptions()


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ([], r"figures: expected a mapping, got \[\]"),
        ("raster", "figures: expected a mapping, got 'raster'"),
        ({"Raster": {}}, r"figures\.Raster: unknown key; there are raster, rate, isi, rates, animation, files"),
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
        ({"rates": {"log": 1}}, r"figures\.rates\.log: 1 is neither true nor false"),
        ({"rates": {"bins": 1}}, r"figures\.rates\.bins: unknown key; there are log"),
        ({"files": False}, r"figures\.files: expected a mapping, got False"),
        ({"files": {"format": "pdf"}}, r"figures\.files\.format: unknown key; there are formats, width_mm"),
        ({"files": {"formats": "pdf"}}, r"figures\.files\.formats: 'pdf' is no list of 'png', 'svg', 'pdf'"),
        ({"files": {"formats": []}}, r"figures\.files\.formats: \[\] is no list of"),
        ({"files": {"formats": ["eps"]}}, r"figures\.files\.formats: \['eps'\] is no list of"),
        ({"files": {"width_mm": 10}}, r"figures\.files\.width_mm: 10 is not a number from 50 to 1000"),
        ({"files": {"height_mm": "60"}}, r"figures\.files\.height_mm: '60' is not a number from 40 to 1000"),
        ({"files": {"dpi": None}}, r"figures\.files\.dpi: None is not a number from 50 to 1200"),
        ({"files": {"dpi": float("nan")}}, r"figures\.files\.dpi: nan is not a number from 50 to 1200"),
        ({"files": {"style": ""}}, r"figures\.files\.style: '' is not the path of a matplotlib style file"),
        ({"files": {"style": 3}}, r"figures\.files\.style: 3 is not the path"),
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


@pytest.mark.parametrize(
    ("stop", "binsize", "parts"),
    [
        (1500.0, None, 10),
        (1500.0, 1.0, 10),
        (1500.0, 0.5, 5),
        (1500.0, 0.25, 2),
        (1500.0, 0.1, 1),
        (1500.0, 0.01, 1),
        (1e6, 500.0, 10),
        (1e6, 250.0, 5),
        (1e6, 100.0, 2),
        (1e6, 10.0, 1),
        (0.0, None, 10),
    ],
)
def test_rate_bins_are_divided_into_fine_ones(stop: float, binsize: float | None, parts: int) -> None:
    spec = choose_spec((0.0, stop), figure_options({"rate": {"time_binsize": binsize}}))
    assert spec.rate_parts == parts
    assert parts == 1 or (stop / spec.rate_bin * parts <= 20_000 and spec.rate_bin / parts > 0.0999)


def test_no_frames_without_an_animation() -> None:
    config = {"animation": False, "rate": False, "isi": False, "raster": False}
    assert choose_spec((0.0, 1000.0), figure_options(config)).frame is None


def test_a_png_is_always_written_and_first() -> None:
    assert FileOptions(("pdf", "svg")).suffixes == ("png", "svg", "pdf")
    assert FileOptions(("png",)).suffixes == ("png",)


def test_limits_are_those_of_the_schema_of_the_workflow() -> None:
    figures = yaml.safe_load(SCHEMA.read_text())["properties"]["figures"]
    files = figures["properties"]["files"]["properties"]
    assert {key: (files[key]["minimum"], files[key]["maximum"]) for key in LIMITS} == LIMITS
    assert tuple(files["formats"]["items"]["enum"]) == FORMATS


def test_choices_are_the_options_of_the_figures_without_those_of_files() -> None:
    chosen = figure_options({"isi": False, "files": {"dpi": 300}}).choices()
    assert list(chosen) == ["raster", "rate", "isi", "rates", "animation"]
    assert (chosen["isi"], chosen["rates"]) == (None, {"log": False})
