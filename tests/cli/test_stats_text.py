"""``spikelib stats``: statistics of classes on a terminal, as JSON and as CSV."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from spikelib import open_report
from spikelib.cli.main import main
from spikelib.cli.stats_text import SHOWN, stats_text
from spikelib.demo import write_demo

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo"))


def test_columns_are_as_many_as_fit() -> None:
    rows = [{"population": "net", "class": "E", **dict.fromkeys(SHOWN, 0.5), "n_nodes": 8, "n_spikes": 12345}]
    for width in (20, 60, 100, 1000):
        text = stats_text(rows, width)
        assert all(len(line) <= max(width, 17) for line in text.splitlines())
    assert stats_text(rows, 10).splitlines()[0] == "population  class"
    assert "Spikes in bursts" in stats_text(rows, 1000)


def test_table_of_the_demo(demo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    command = ["stats", str(demo), "--group", '{"layer": "L4"}', "--from", "100", "--to", "900"]
    assert main([*command, "--by", "synapse_class"]) == 0
    head, excitatory, inhibitory = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["population", "class", "Nodes"]
    assert excitatory.split()[:3] == ["cortex", "EXC", "767"]
    assert inhibitory.split()[:3] == ["cortex", "INH", "192"]
    assert max(map(len, (head, excitatory, inhibitory))) <= 90


def test_json_and_csv_have_every_number(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = open_report(demo).filter().statistics(None)
    assert main(["stats", str(demo), "--by", "none", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["population"], row["class"]) for row in rows] == frame.index.tolist()
    assert rows[0]["rate_mean_hz"] == frame["rate_mean_hz"].iloc[0]
    assert main(["stats", str(demo), "--by", "none", "--csv"]) == 0
    (first, *_) = csv.DictReader(capsys.readouterr().out.splitlines())
    assert set(first) == {"population", "class", *frame}
    assert float(first["gini"]) == frame["gini"].iloc[0]


def test_group_may_be_a_name(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", str(demo), "--group", "Excitatory", "--by", "none"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[:2] == ["cortex", "cortex"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--by", "x"], "property 'x' of population 'cortex' holds floats"),
        (["--group", "Nope"], "Undefined node set: 'Nope'"),
        (["--group", "{"], "--group: '{' is not JSON"),
        (["--from", "5", "--to", "4"], "t_start=5 is later than t_stop=4"),
    ],
)
def test_nonsense_is_one_line(demo: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str) -> None:
    assert main(["stats", str(demo), *words]) == 1
    error = capsys.readouterr().err
    assert says in error
    assert len(error.splitlines()) == 1
