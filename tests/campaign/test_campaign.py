"""Which jobs each simulation of a campaign needs, and what they make: without Snakemake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spikelib.campaign.campaign import Campaign
from spikelib.campaign.deferred import Awaited
from spikelib.campaign.inventory import NOTHING
from spikelib.campaign.job_resources import memory_mb, runtime_min
from spikelib.campaign.record import Member
from spikelib.errors import ConfigError
from spikelib.options.figures import STILLS

PLACES = ["layer", "x", "y"]


def known(properties: list[str], **sizes: int) -> dict[str, Any]:
    """Return the inventory of a simulation with populations of so many spikes."""
    populations = [
        {"name": name, "file": f"{name}.parquet", "n_spikes": n_spikes, "n_nodes": 10}
        for name, n_spikes in sizes.items()
    ]
    return {"populations": populations, "properties": dict.fromkeys(sizes, properties), "files": []}


CONTENTS = {
    "large": known(PLACES, exc=250, inh=20),
    "small": known(["layer"], exc=100),
    "odd": NOTHING,
}
MEMBERS = [
    Member("cloud", "s3://lab/c.h5", state="deferred"),
    Member("large", "runs/large/config.json"),
    Member("small", "runs/small/config.json"),
    Member("odd", "runs/odd/config.json", state="broken", problem="it is not an HDF5 file"),
    Member("planned", "runs/planned/config.json", state="waiting", problem="it does not exist yet"),
]


def campaign(**config: Any) -> Campaign:
    """Return a campaign of a simulation in each state, one of them large."""
    defaults = {
        "jobs": "per_step",
        "max_spikes_per_job": 100,
        "filters": {"all": {}, "late": {}},
        "figures": {},
        "properties": None,
    }
    members = {member.name: member for member in MEMBERS}
    return Campaign({**defaults, **config}, members, CONTENTS, {"cloud": Awaited("s3://lab/c.h5")})


def paths(found: list[Path]) -> list[str]:
    return [path.as_posix() for path in found]


def test_each_simulation_goes_one_way() -> None:
    found = campaign()
    assert found.simulations == ["cloud", "large", "small", "odd"]
    assert found.per_simulation == ["cloud"]
    assert found.per_step == ["large", "small", "odd"]
    assert (found.split, found.unsplit) == (["large"], ["small", "odd"])


def test_one_job_for_each_simulation() -> None:
    found = campaign(jobs="per_simulation")
    assert found.per_simulation == found.simulations
    assert (found.per_step, found.split, found.unsplit) == ([], [], [])


@pytest.mark.parametrize(("limit", "count"), [(250, 1), (249, 2), (125, 2), (124, 3), (1, 250), (10**9, 1)])
def test_largest_population_counts_for_slabs(limit: int, count: int) -> None:
    found = campaign(max_spikes_per_job=limit)
    assert found.n_slabs("large") == count
    assert len(found.slab_summaries("large", "late")) == count
    assert len(found.tables("large")) == 2 * count


def test_broken_simulation_has_one_slab_and_no_tables() -> None:
    assert campaign().n_slabs("odd") == 1
    assert campaign().tables("odd") == []


def test_populations_by_the_names_of_their_tables() -> None:
    odd = {"populations": [{"name": "b;c", "file": "b%3Bc.parquet", "n_spikes": 1}]}
    found = Campaign({}, {}, {**CONTENTS, "quoted": odd})
    assert found.populations("quoted") == {"b%3Bc": "b;c"}
    assert found.population_files == ["b%3Bc", "exc", "inh"]


def test_tables_are_ordered_by_population_and_slab() -> None:
    assert paths(campaign(max_spikes_per_job=125).tables("large")) == [
        "results/large/spikes/exc.parquet/part-00000.parquet",
        "results/large/spikes/exc.parquet/part-00001.parquet",
        "results/large/spikes/inh.parquet/part-00000.parquet",
        "results/large/spikes/inh.parquet/part-00001.parquet",
    ]


@pytest.mark.parametrize(
    ("figures", "simulation", "filmed"),
    [
        ({}, "large", True),
        ({}, "small", False),
        ({}, "odd", False),
        ({"animation": False}, "large", False),
        ({"animation": {"y_axis": "z"}}, "large", False),
    ],
    ids=["places", "no-places", "broken", "no-animation", "other-axis"],
)
def test_animation_needs_places(figures: dict[str, Any], simulation: str, filmed: bool) -> None:
    found = campaign(figures=figures)
    assert found.is_filmed(simulation) is filmed
    assert any("animation" in path.name for path in found.figures(simulation)) is filmed


def test_one_figure_stands_for_each_job_that_draws() -> None:
    assert paths(campaign(filters={"all": {}}).figures("large")) == [
        "results/large/filters/all/figures/raster.png",
        "results/large/filters/all/figures/raster.svg",
        "results/large/filters/all/figures/animation.mp4",
    ]
    no_raster = campaign(
        filters={"all": {}}, figures={"raster": False, "animation": {"format": "gif"}, "files": {"formats": ["pdf"]}}
    )
    assert no_raster.stills == [name for name in STILLS if name not in ("raster", "panel")]
    assert paths(no_raster.figures("large")) == [
        "results/large/filters/all/figures/rate.png",
        "results/large/filters/all/figures/rate.pdf",
        "results/large/filters/all/figures/animation.gif",
    ]


def test_no_figures() -> None:
    found = campaign(figures={"others": False})
    assert (found.stills, found.animation, found.figures("large")) == ([], None, [])


def test_summaries_do_not_depend_on_looks() -> None:
    figures = {"raster": {"y_axis": "layer"}, "rates": {"log": True}, "animation": False, "files": {"formats": ["pdf"]}}
    assert campaign(figures=figures).counted == {
        "raster": {"y_axis": "layer"},
        "rate": {"time_binsize": None},
        "isi": {"binsize": None, "use_frequency": False},
        "correlations": {},
        "depth": {"axis": "y"},
        "animation": False,
    }
    assert campaign(figures=figures).drawn == {key: figures[key] for key in ("raster", "rates", "files")}
    assert campaign(figures=figures, properties=["layer"]).choices == {
        "filters": {"all": {}, "late": {}},
        "figures": figures,
        "properties": ["layer"],
    }


@pytest.mark.parametrize(
    ("properties", "words"),
    [(None, []), ([], ["--properties"]), (["layer", "mtype"], ["--properties", "layer", "mtype"])],
    ids=["spikelib-chooses", "none", "two"],
)
def test_no_properties_are_a_choice_too(properties: list[str] | None, words: list[str]) -> None:
    assert campaign(properties=properties).counting_words("all") == words


def test_filters_may_have_classes_of_their_own() -> None:
    found = campaign(classes=["layer"], filters={"all": {}, "late": {"classes": None}})
    assert found.counting_words("all") == ["--classes", '["layer"]']
    assert found.counting_words("late") == ["--classes", "null"]


def test_page_is_made_from_everything_and_products_name_each_job() -> None:
    found = campaign(filters={"all": {}})
    summary = Path("results/small/filters/all/summary.npz")
    others = [*found.tables("small"), *found.statistics("small"), *found.figures("small")]
    assert sorted(found.page_inputs("small")) == sorted([summary, *others])
    assert found.products("small") == [Path("results/small/report.html"), *others]


def test_targets_are_page_and_mark_where_one_job_makes_everything() -> None:
    found = campaign(filters={"all": {}})
    assert paths(found.targets(found.statistics)) == [
        "results/cloud/report.html",
        "results/cloud/.whole",
        "results/large/filters/all/statistics.json",
        "results/small/filters/all/statistics.json",
        "results/odd/filters/all/statistics.json",
    ]
    assert paths(found.pages()) == [f"results/{name}/report.html" for name in found.simulations]


def test_source_of_what_has_jobs() -> None:
    assert campaign().source("small") == Path("runs/small/config.json")
    assert campaign().source("odd") == Path("runs/odd/config.json")  # its job fails, and says why
    with pytest.raises(ConfigError, match="simulation planned is waiting: it does not exist yet"):
        campaign().source("planned")
    with pytest.raises(ConfigError, match="simulation none: the config names none such; it names cloud, large"):
        campaign().source("none")


def test_files_are_relative_below_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    files = [str(tmp_path / "work/runs/spikes.h5"), str(tmp_path / "circuit/nodes.h5")]
    found = Campaign({}, {}, {"a": {"files": files}})
    assert found.files("a") == [Path("runs/spikes.h5"), tmp_path / "circuit/nodes.h5"]


def test_mark_is_an_input_where_it_exists(tmp_path: Path) -> None:
    found = Campaign({}, {}, {}, results=tmp_path)
    assert found.per_simulation_mark("a") == []
    (tmp_path / "a").mkdir()
    (tmp_path / "a/.whole").touch()
    assert found.per_simulation_mark("a") == [tmp_path / "a/.whole"]


def test_jobs_ask_for_what_their_simulation_needs() -> None:
    found, content = campaign(), CONTENTS["large"]
    assert found.memory_mb("large", 2) == memory_mb(content, 2)
    assert found.runtime_min("large", 1) == runtime_min(content, 1)
    assert campaign(jobs="per_simulation").runtime_min("large", 1) == runtime_min(content, 1, steps=7)
    assert found.memory_mb("cloud", 1) == memory_mb(None, 1)
    assert found.runtime_min("cloud", 1) == runtime_min(None, 1)


def test_notices_are_about_the_waiting_and_then_the_broken() -> None:
    assert campaign().notices() == [
        "simulation planned is left for the next run: it does not exist yet",
        "simulation odd cannot be read: it is not an HDF5 file",
    ]


def test_files_that_cannot_be_inputs_are_none() -> None:
    stamps = {"/runs/g={4}/config.json": [1, 2], "/runs/late.h5": [3, 4], "/runs/nodes.h5": [5, 6]}
    content = {**CONTENTS["small"], "files": list(stamps), "stamps": stamps, "ahead": ["/runs/late.h5"]}
    members = {name: Member(name, "/runs/g={4}/config.json") for name in ("small", "odd")}
    found = Campaign(campaign().config, members, {"small": content, "odd": NOTHING})
    assert paths(found.files("small")) == ["/runs/nodes.h5"]
    assert found.source_input("small") == found.source_input("odd") == []
    assert paths(campaign().source_input("small")) == ["runs/small/config.json"]
    with pytest.raises(ConfigError, match="simulation planned is waiting"):
        campaign().source_input("planned")


@pytest.mark.parametrize(("style", "inputs"), [(None, []), ("a.mplstyle", ["a.mplstyle"]), ("{a}/b.mplstyle", [])])
def test_style_is_an_input_but_for_braces(style: str | None, inputs: list[str]) -> None:
    assert campaign(figures={"files": {"style": style}}).style_input() == inputs


def test_results_are_found_under_the_name_of_a_folder_with_braces(tmp_path: Path) -> None:
    sources = {"g_4_": "runs/g={4}/c.json", "named": "runs/g={5}/c.json", "plain": "runs/plain/c.json"}
    members = {name: Member(name, source) for name, source in sources.items()}
    found = Campaign(campaign().config, members, {}, results=tmp_path / "results")
    found.link_results()
    found.link_results()
    assert [(link.name, link.readlink().name) for link in (tmp_path / "results").iterdir()] == [("g={4}", "g_4_")]
