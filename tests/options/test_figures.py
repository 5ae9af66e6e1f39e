"""The ``figures`` section of a config."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest
import yaml

from spikelib.cli.parser import make_parser
from spikelib.errors import ConfigError
from spikelib.options import figures as module
from spikelib.options.drawing import (
    ANIMATION_FORMATS,
    FORMATS,
    AnimationOptions,
    BoxplotsOptions,
    CorrelationsOptions,
    DepthOptions,
    FileOptions,
    IrregularityOptions,
    IsiOptions,
    PanelOptions,
    RasterOptions,
    RateOptions,
    RatesOptions,
    SpectrumOptions,
)
from spikelib.options.figures import (
    FIGURES,
    LIMITS,
    STILLS,
    FigureOptions,
    figure_kinds,
    figure_options,
)
from spikelib.page.captions import _CAPTIONS, alternative_text
from tests import PROJECT
from tests.page.builders import statistics

SCHEMA = PROJECT / "workflow" / "schemas" / "config.schema.yaml"


@pytest.mark.parametrize(
    "config", [None, {}, {"raster": {}, "isi": {}, "rate": {}, "rates": {}, "animation": {}, "files": {}}], ids=repr
)
def test_defaults(config: dict[str, Any] | None) -> None:
    assert figure_options(config) == FigureOptions(
        RasterOptions(y_axis=None),
        RateOptions(time_binsize=None, nodes="all"),
        SpectrumOptions(log=True),
        IsiOptions(use_frequency=False, binsize=None),
        RatesOptions(log=False),
        BoxplotsOptions(),
        IrregularityOptions(cumulative=False),
        CorrelationsOptions(binsize=None),
        DepthOptions(axis="y", bin_um=50.0),
        None,
        AnimationOptions(x_axis="x", y_axis="y", dt=None, fps=25, format="mp4"),
        FileOptions(formats=("png", "svg"), width_mm=None, height_mm=None, dpi=150, style=None),
    )


def test_everything_given() -> None:
    config = {
        "raster": {"y_axis": "layer"},
        "isi": {"use_frequency": True, "binsize": 2},
        "rate": False,
        "rates": {"log": True},
        "spectrum": {"log": False},
        "boxplots": {},
        "irregularity": {"cumulative": True},
        "correlations": {"binsize": 0.01},
        "depth": {"axis": "z", "bin_um": 20},
        "panel": {"letters": False, "titles": True},
        "animation": {"x_axis": "z", "y_axis": "x", "dt": 5, "fps": 12.5, "format": "gif"},
        "files": {"formats": ["pdf"], "width_mm": 85, "height_mm": 60, "dpi": 300, "style": "a.mplstyle"},
    }
    assert figure_options(config) == FigureOptions(
        RasterOptions("layer"),
        None,
        SpectrumOptions(False),
        IsiOptions(True, 2),
        RatesOptions(True),
        BoxplotsOptions(),
        IrregularityOptions(True),
        CorrelationsOptions(0.01),
        DepthOptions("z", 20),
        PanelOptions(False, True),
        AnimationOptions("z", "x", 5, 12.5, "gif"),
        FileOptions(("pdf",), 85, 60, 300, "a.mplstyle"),
    )


def test_nothing_is_drawn() -> None:
    nothing = FigureOptions(**dict.fromkeys(FIGURES))
    assert figure_options(dict.fromkeys(FIGURES, False)) == figure_options({"others": False}) == nothing


def test_others_are_those_that_are_not_named() -> None:
    drawn = figure_options({"others": False, "isi": {"binsize": 2}, "panel": {}}).choices()
    assert {name for name, options in drawn.items() if options is not None} == {"isi", "panel"}
    assert figure_options({"others": True, "isi": False}) == figure_options({"isi": False})


def test_correlations_are_counted_only_where_they_are_drawn() -> None:
    assert figure_options({}).counted()["correlations"] == {}
    assert figure_options({"correlations": False}).counted()["correlations"] is None
    assert figure_options({"depth": False}).counted() == figure_options({}).counted()


def test_defaults_are_those_of_the_schema_of_the_workflow() -> None:
    assert figure_options(yaml.safe_load(SCHEMA.read_text())["properties"]["figures"]["default"]) == FigureOptions()


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ([], r"figures: expected a mapping, got \[\]"),
        ("raster", "figures: expected a mapping, got 'raster'"),
        (
            {"Raster": {}},
            r"figures\.Raster: unknown key; there are raster, rate, spectrum, isi, .*others, files",
        ),
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
        ({"others": "no"}, r"figures\.others: 'no' is neither true nor false"),
        ({"depth": {"axis": "w"}}, r"figures\.depth\.axis: 'w' is none of 'x', 'y', 'z'"),
        ({"depth": {"bin_um": None}}, r"figures\.depth\.bin_um: None is not a positive number"),
        ({"panel": {"letters": 1}}, r"figures\.panel\.letters: 1 is neither true nor false"),
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
    assert list(chosen) == [*STILLS, "animation"]
    assert (chosen["isi"], chosen["rates"]) == (None, {"log": False})


@dataclass(frozen=True)
class CloudOptions:
    """Options of a figure that there is not."""

    log: bool = False
    binsize: float | None = None


@dataclass(frozen=True)
class MoreFigures(FigureOptions):
    """The table with one figure more."""

    cloud: CloudOptions | None = field(
        default_factory=CloudOptions,
        metadata={"title": "Cloud", "label": "cloud", "drawn_by": "rates.draw_rates", "settled": ("binsize",)},
    )


@pytest.fixture
def with_a_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a figure to the table and to nothing else."""
    monkeypatch.setattr(module, "FigureOptions", MoreFigures)
    monkeypatch.setitem(FIGURES, "cloud", figure_kinds(MoreFigures)["cloud"])


@pytest.mark.usefixtures("with_a_cloud")
def test_a_figure_added_to_the_table_is_a_choice_of_the_command_line() -> None:
    words = ["figure", "summary.npz", "--out", "figures"]
    assert make_parser().parse_args([*words, "--only", "cloud"]).only == ["cloud"]
    assert make_parser().parse_args(words).only == [*STILLS, "animation", "cloud"]


@pytest.mark.usefixtures("with_a_cloud")
def test_a_figure_added_to_the_table_is_a_key_of_the_config() -> None:
    chosen = figure_options({"cloud": {"log": True}, "raster": False})
    assert chosen.choices()["cloud"] == {"log": True, "binsize": None}
    assert figure_options({"cloud": False}).choices()["cloud"] is None
    with pytest.raises(ConfigError, match=r"^figures\.cloud\.colour: unknown key; there are log, binsize"):
        figure_options({"cloud": {"colour": 1}})
    with pytest.raises(ConfigError, match=r"^figures\.clouds: unknown key; there are .*, cloud, others, files"):
        figure_options({"clouds": {}})


@pytest.mark.usefixtures("with_a_cloud")
def test_a_figure_added_to_the_table_has_a_title_on_the_page() -> None:
    assert alternative_text("cloud", statistics()).startswith("Cloud of 18,794 spikes of 400 nodes")


def test_each_figure_is_in_the_schema_of_the_workflow_with_the_same_options_and_defaults() -> None:
    schema = yaml.safe_load(SCHEMA.read_text())["properties"]["figures"]
    assert [*schema["properties"]] == [*schema["default"]] == ["others", *FIGURES, "files"]
    for name, kind in FIGURES.items():
        options = schema["properties"][name]["then"]["properties"]
        defaults = {key: value["default"] for key, value in options.items()}
        assert defaults == vars(kind.options())
        assert schema["properties"][name]["default"] == (defaults if kind.by_default else False)
    kinds = schema["properties"]["animation"]["then"]["properties"]["format"]["enum"]
    assert tuple(kinds) == ANIMATION_FORMATS


def test_stills_are_the_figures_but_the_animation() -> None:
    assert (*STILLS, "animation") == tuple(FIGURES)


def test_each_figure_has_a_caption_on_the_page_and_in_the_report_of_snakemake() -> None:
    assert [*_CAPTIONS] == [*FIGURES]
    assert {path.stem for path in (PROJECT / "workflow/report").glob("*.rst")} >= set(FIGURES)


@pytest.mark.parametrize("kind", FIGURES.values(), ids=lambda kind: kind.name)
def test_what_draws_a_figure_takes_its_options_but_those_that_the_summary_settles(kind: module.FigureKind) -> None:
    file, _, function = kind.drawn_by.partition(".")
    drawing = getattr(import_module(f"spikelib.figures.{file}"), function)
    own = {option for option in vars(kind.options()) if option not in kind.settled}
    assert set(kind.settled) <= set(vars(kind.options()))
    assert own <= set(inspect.signature(drawing).parameters) or not kind.still


def _listed(code: str) -> int:
    """Return how many figures the longest list, tuple, set or dictionary of a module names."""
    kept: list[set[Any]] = [set()]
    for node in ast.walk(ast.parse(code)):
        items = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
        kept.append({item.value for item in items if isinstance(item, ast.Constant)} & set(FIGURES))
    return max(map(len, kept))


def test_nothing_else_lists_the_figures() -> None:
    assert _listed("STEMS = ('rate', 'isi', 'raster')") == _listed("{'rate': 1, 'isi': 2, 'raster': 3}") == 3
    files = (PROJECT / "spikelib").rglob("*.py")
    found = {path.relative_to(PROJECT).as_posix() for path in files if _listed(path.read_text(encoding="utf-8")) > 2}
    # A caption is a function of its own for each figure, and so is what its chart is drawn from; tests hold the keys.
    assert found == {"spikelib/page/captions.py", "spikelib/page/report/class_data.py"}
