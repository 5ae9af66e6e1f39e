"""What the workflow finds out before it plans jobs, and what jobs believe of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from spikelib.campaign import prepare as preparation
from spikelib.campaign.prepare import prepare_campaign
from spikelib.errors import SpikelibError
from tests.writing import write_simulation

if TYPE_CHECKING:
    from spikelib.campaign.campaign import Campaign

RESOURCES = Path("resources")
OLD = """{
 "asked": {"simulations": {"campaign": "runs/*/simulation_config.json"}, "sheet": null},
 "simulations": {"good": {"source": "runs/good/simulation_config.json", "metadata": {}}}
}"""


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a folder with a good run, one that has not ended, and a broken one."""
    monkeypatch.chdir(tmp_path)
    for name in ("broken", "good", "waiting"):
        write_simulation(tmp_path / "runs" / name, {"a": ([1.0, 2.0], [0, 1])}, {"a": 3})
    (tmp_path / "runs/waiting/output/spikes.h5").unlink()
    (tmp_path / "runs/broken/output/spikes.h5").write_text("no HDF5")
    return tmp_path


def prepare(*, first: bool = True, **config: Any) -> Campaign:
    simulations = {"campaign": "runs/*/simulation_config.json"}
    config = {"simulations": simulations, "sheet": None, "quiet_minutes": 60, **config}
    return prepare_campaign(config, RESOURCES, first=first)


def written() -> dict[str, Any]:
    content = json.loads((RESOURCES / "campaign.json").read_text())
    return dict(content["simulations"])


def test_waiting_simulations_are_left_out_and_broken_ones_kept(runs: Path) -> None:
    found = prepare()
    assert {name: member.state for name, member in found.members.items()} == {
        "broken": "broken",
        "good": "ready",
        "waiting": "waiting",
    }
    assert found.simulations == list(found.contents) == ["broken", "good"]
    assert found.source("good") == Path("runs/good/simulation_config.json")
    assert [len(known["populations"]) for known in found.contents.values()] == [0, 1]
    first, second = found.notices()
    assert first.startswith("simulation waiting is left for the next run: its spike report ")
    assert second.startswith("simulation broken cannot be read: ")


def test_campaign_file_has_what_the_page_shows(runs: Path) -> None:
    Path("runs.tsv").write_text("simulation\tg\ngood\t4.5\n")
    prepare(sheet="runs.tsv")
    content = written()
    assert list(content) == ["broken", "good", "waiting"]
    assert content["good"] == {"source": "runs/good/simulation_config.json", "metadata": {"g": "4.5"}, "state": "ready"}
    assert content["waiting"]["state"] == "waiting"
    assert content["waiting"]["problem"].startswith("its spike report ")
    assert content["broken"]["state"] == "broken"
    assert "it is not an HDF5 file" in content["broken"]["problem"]


def test_campaign_file_is_touched_only_if_something_changed(runs: Path) -> None:
    prepare()
    before = (RESOURCES / "campaign.json").stat().st_mtime_ns
    prepare()
    assert (RESOURCES / "campaign.json").stat().st_mtime_ns == before
    write_simulation(runs / "runs/waiting", {"a": ([1.0], [0])}, {"a": 3})
    assert "waiting" in prepare().simulations
    assert (RESOURCES / "campaign.json").stat().st_mtime_ns != before


def test_sheet_of_planned_runs(runs: Path) -> None:
    Path("runs/new").mkdir()
    Path("runs.csv").write_text("simulation,path\nnew,runs/new/simulation_config.json\n")
    found = prepare(simulations={}, sheet="runs.csv")
    assert found.members["new"].state == "waiting"
    assert found.members["new"].problem == f"{runs / 'runs/new/simulation_config.json'} does not exist yet"
    assert found.simulations == []


def test_awaited_simulations_are_not_looked_at(runs: Path) -> None:
    awaited = {"source": "runs/later/config.json", "files": ["spikes.h5"]}
    found = prepare(simulations={"later": awaited, "cloud": "s3://lab/c.h5"})
    assert list(found.awaited) == found.simulations == ["later", "cloud"]
    assert found.contents == {}
    assert written()["cloud"] == {"source": "s3://lab/c.h5", "metadata": {}, "state": "deferred"}


def test_jobs_believe_what_was_written(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = prepare()

    def refuse(*_: Any) -> None:
        pytest.fail("a job must not look at the campaign")

    for name in ("find_members", "take_inventories", "write_campaign"):
        monkeypatch.setattr(preparation, name, refuse)
    again = prepare(first=False)
    assert again == found


@pytest.mark.parametrize(
    "content",
    [None, "{", '{"asked": {"sheet": "x.csv"}, "simulations": {}}', OLD],
    ids=["missing", "damaged", "other-config", "older-spikelib"],
)
def test_jobs_look_for_themselves_where_nothing_fits(runs: Path, content: str | None) -> None:
    found = prepare()
    file = RESOURCES / "campaign.json"
    file.unlink()
    if content is not None:
        file.write_text(content)
    again = prepare(first=False)
    assert again == found
    assert (file.read_text() if file.exists() else None) == content


def test_of_many_notices_the_first_ones_are_shown(runs: Path) -> None:
    rows = "".join(f"run_{number},runs/{number}.json\n" for number in range(12))
    Path("runs.csv").write_text(f"simulation,path\n{rows}")
    notices = prepare(simulations={}, sheet="runs.csv").notices()
    assert len(notices) == 11
    assert notices[-1] == "and 2 more, see resources/campaign.json"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"filters": {"f": {"t_start": 500, "t_stop": 100}}}, r"filters\.f: .*t_start"),
        ({"filters": {"All": {}, "all": {}}}, "filters: 'All' and 'all' differ in case only"),
        ({"simulations": {"A": "s3://a/x.h5", "a": "s3://b/x.h5"}}, "simulations: 'A' and 'a' differ in case only"),
    ],
    ids=["window", "filters", "simulations"],
)
def test_wrong_config_is_refused_before_jobs_are_planned(tmp_path: Path, changed: dict[str, Any], says: str) -> None:
    config = {"simulations": {"cloud": "s3://lab/run/spikes.h5"}, "sheet": None, "quiet_minutes": 60} | changed
    with pytest.raises(SpikelibError, match=says):
        prepare_campaign(config, tmp_path, first=True)
