"""Which results and logs are removed, and when nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest

from spikelib.campaign.cleanup import remove_obsolete
from spikelib.campaign.record import Member, write_campaign
from spikelib.errors import ConfigError

RECORD = Path("resources/campaign.json")
OLD = '{"asked": {}, "simulations": {"good": {"source": "a.json", "metadata": {}}}}'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make_results(name: str) -> None:
    for path in (
        f"results/{name}/report.html",
        f"logs/extract_population/{name}/a.log",
        f"logs/assemble_page/{name}.log",
    ):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch()


def test_results_of_simulations_that_are_gone_are_removed(folder: Path) -> None:
    write_campaign(RECORD, {}, [Member("good"), Member("waiting", state="waiting", problem="it is not there yet")])
    for name in ("good", "waiting", "gone"):
        make_results(name)
    Path("results/g={one}").symlink_to("gone")
    Path("results/g={good}").symlink_to("good")
    Path("results/mine").mkdir()
    Path("results/mine/notes.txt").write_text("not ours")
    assert remove_obsolete(RECORD, Path("results"), Path("logs")) == ["gone"]
    assert sorted(path.name for path in Path("results").iterdir()) == ["g={good}", "good", "mine", "waiting"]
    assert sorted(path.name for path in Path("logs").rglob("*.log")) == ["a.log", "a.log", "good.log", "waiting.log"]
    assert not list(Path("logs").rglob("*gone*"))


@pytest.mark.parametrize("content", [None, "{", "{}", OLD], ids=["missing", "damaged", "empty", "older-spikelib"])
def test_nothing_is_removed_where_the_campaign_is_unknown(folder: Path, content: str | None) -> None:
    make_results("good")
    if content is not None:
        RECORD.parent.mkdir()
        RECORD.write_text(content)
    with pytest.raises(ConfigError, match=r"campaign\.json: does not say what the campaign holds, so no results are"):
        remove_obsolete(RECORD, Path("results"), Path("logs"))
    assert Path("results/good/report.html").exists()


def test_campaign_without_simulations_removes_nothing(folder: Path) -> None:
    make_results("good")
    write_campaign(RECORD, {}, [])
    assert remove_obsolete(RECORD, Path("results"), Path("logs")) == []
