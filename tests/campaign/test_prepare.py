"""What the workflow finds out before it plans jobs, what jobs believe of it, and what is left over from before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spikelib.campaign import prepare as preparation
from spikelib.campaign.cleanup import remove_gone
from spikelib.campaign.prepare import Campaign, prepare_campaign
from spikelib.campaign.record import read_entries, write_campaign
from spikelib.errors import ConfigError
from tests.writing import write_simulation

RESOURCES = Path("resources")


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a folder with a sound run, one that has not ended, and a broken one."""
    monkeypatch.chdir(tmp_path)
    for name in ("broken", "sound", "waiting"):
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
    assert list(found.sources) == list(found.plans) == ["broken", "sound"]
    assert found.sources["sound"] == Path("runs/sound/simulation_config.json")
    assert [len(plan["populations"]) for plan in found.plans.values()] == [0, 1]
    assert set(found.problems) == {"broken", "waiting"}
    first, second = found.notices()
    assert first.startswith("simulation waiting is left for the next time: waiting: its spike report ")
    assert second.startswith("simulation broken cannot be read: ")


def test_campaign_file_tells_what_the_page_shows(runs: Path) -> None:
    Path("runs.tsv").write_text("simulation\tg\nsound\t4.5\n")
    prepare(sheet="runs.tsv")
    content = written()
    assert list(content) == ["broken", "sound", "waiting"]
    assert content["sound"] == {"source": "runs/sound/simulation_config.json", "metadata": {"g": "4.5"}}
    assert content["waiting"]["problem"].startswith("waiting: ")
    assert "it is not an HDF5 file" in content["broken"]["problem"]


def test_campaign_file_is_touched_only_if_something_changed(runs: Path) -> None:
    prepare()
    before = (RESOURCES / "campaign.json").stat().st_mtime_ns
    prepare()
    assert (RESOURCES / "campaign.json").stat().st_mtime_ns == before
    write_simulation(runs / "runs/waiting", {"a": ([1.0], [0])}, {"a": 3})
    assert "waiting" in prepare().sources
    assert (RESOURCES / "campaign.json").stat().st_mtime_ns != before


def test_sheet_of_planned_runs(runs: Path) -> None:
    Path("runs.csv").write_text("simulation,path\nnew,runs/new/simulation_config.json\n")
    found = prepare(simulations={}, sheet="runs.csv")
    assert found.problems == {"new": f"waiting: {runs / 'runs/new/simulation_config.json'} does not exist yet"}
    assert not found.sources


def test_awaited_simulations_are_not_looked_at(runs: Path) -> None:
    awaited = {"source": "runs/later/config.json", "files": ["spikes.h5"]}
    found = prepare(simulations={"later": awaited, "cloud": "s3://lab/c.h5"})
    assert list(found.awaited) == ["later", "cloud"]
    assert not found.sources
    assert written()["cloud"] == {"source": "s3://lab/c.h5", "metadata": {}}


def test_jobs_believe_what_was_written(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = prepare()

    def refuse(*_: Any) -> None:
        pytest.fail("a job must not look at the campaign")

    for name in ("find_campaign", "plan_all", "write_campaign"):
        monkeypatch.setattr(preparation, name, refuse)
    again = prepare(first=False)
    assert (again.sources, again.plans, again.notices()) == (found.sources, found.plans, [])


@pytest.mark.parametrize(
    "content",
    [None, "{", '{"asked": 5, "simulations": {}}'],
    ids=["missing", "damaged", "other-config"],
)
def test_jobs_look_for_themselves_where_nothing_fits(runs: Path, content: str | None) -> None:
    found = prepare()
    file = RESOURCES / "campaign.json"
    file.unlink()
    if content is not None:
        file.write_text(content)
    again = prepare(first=False)
    assert (again.sources, again.plans) == (found.sources, found.plans)
    assert (file.read_text() if file.exists() else None) == content


def test_of_many_notices_the_first_ones_are_shown(runs: Path) -> None:
    rows = "".join(f"run_{number},runs/{number}.json\n" for number in range(12))
    Path("runs.csv").write_text(f"simulation,path\n{rows}")
    notices = prepare(simulations={}, sheet="runs.csv").notices()
    assert len(notices) == 11
    assert notices[-1] == "and 2 more, see resources/campaign.json"


def make_results(name: str) -> None:
    for path in (
        f"results/{name}/report.html",
        f"logs/extract_population/{name}/a.log",
        f"logs/assemble_page/{name}.log",
    ):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch()


def test_results_of_simulations_that_are_gone_are_removed(runs: Path) -> None:
    prepare()
    for name in ("sound", "waiting", "gone"):
        make_results(name)
    Path("results/mine").mkdir()
    Path("results/mine/notes.txt").write_text("not ours")
    assert remove_gone(RESOURCES / "campaign.json", Path("results"), Path("logs")) == ["gone"]
    assert sorted(path.name for path in Path("results").iterdir()) == ["mine", "sound", "waiting"]
    assert sorted(path.name for path in Path("logs").rglob("*.log")) == ["a.log", "a.log", "sound.log", "waiting.log"]
    assert not list(Path("logs").rglob("*gone*"))


@pytest.mark.parametrize("content", [None, "{", "{}"], ids=["missing", "damaged", "empty"])
def test_nothing_is_removed_where_the_campaign_is_unknown(runs: Path, content: str | None) -> None:
    make_results("sound")
    if content is not None:
        RESOURCES.mkdir()
        (RESOURCES / "campaign.json").write_text(content)
    with pytest.raises(ConfigError, match=r"campaign\.json: does not tell what the campaign holds, so no results are"):
        remove_gone(RESOURCES / "campaign.json", Path("results"), Path("logs"))
    assert Path("results/sound/report.html").exists()


def test_campaign_without_simulations_removes_nothing(runs: Path) -> None:
    make_results("sound")
    write_campaign(RESOURCES / "campaign.json", {}, {}, {})
    assert read_entries(RESOURCES / "campaign.json", {}) == {}
    assert remove_gone(RESOURCES / "campaign.json", Path("results"), Path("logs")) == []
