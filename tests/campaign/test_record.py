"""The record of a campaign: what is written is what is read, and nothing else is taken for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from spikelib.campaign.record import CampaignRecord, Member, read_campaign, write_campaign
from spikelib.errors import MissingFileError, TableError

if TYPE_CHECKING:
    from pathlib import Path

MEMBERS = (
    Member("cloud", "s3://lab/c.h5", {"g": "4.5"}, "deferred"),
    Member("good", "runs/good/config.json"),
    Member("planned", "runs/planned/config.json", {}, "waiting", "it does not exist yet"),
    Member("odd", "runs/odd/config.json", {"g": "5"}, "broken", "it is not an HDF5 file"),
)
ASKED = {"simulations": {"a": "runs/*/config.json"}, "sheet": None}


def test_every_state_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "resources/campaign.json"
    write_campaign(path, ASKED, MEMBERS)
    assert read_campaign(path) == CampaignRecord(ASKED, MEMBERS)
    assert [entry["state"] for entry in json.loads(path.read_text())["simulations"].values()] == [
        "deferred",
        "ready",
        "waiting",
        "broken",
    ]


def test_file_that_says_so_already_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "campaign.json"
    write_campaign(path, ASKED, MEMBERS)
    before = path.stat().st_mtime_ns
    write_campaign(path, ASKED, MEMBERS)
    assert path.stat().st_mtime_ns == before
    write_campaign(path, ASKED, MEMBERS[:-1])
    assert read_campaign(path).members == MEMBERS[:-1]


def test_file_that_is_no_text_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "campaign.json"
    path.write_bytes(b"\xff\xfe")
    write_campaign(path, {}, MEMBERS)
    assert read_campaign(path).members == MEMBERS


def test_texts_of_many_lines_become_one(tmp_path: Path) -> None:
    path = tmp_path / "campaign.json"
    entry = {"source": "a", "metadata": {"g": 4.5, "x": None}, "state": "broken", "problem": "two\n lines"}
    path.write_text(json.dumps({"simulations": {"a": entry}}))
    assert read_campaign(path).members == (Member("a", "a", {"g": "4.5", "x": ""}, "broken", "two lines"),)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"simulations": []},
        {"simulations": {"a": 5}},
        {"simulations": {"a": {"source": "a", "metadata": {}}}},
        {"simulations": {"a": {"source": "a", "state": "sleeping"}}},
        {"simulations": {"a": {"source": 5, "state": "ready"}}},
        {"simulations": {"a": {"source": "a", "state": "ready", "metadata": [1]}}},
    ],
    ids=["nothing", "list", "number", "older-spikelib", "other-state", "odd-source", "odd-metadata"],
)
def test_something_else_is_rejected(tmp_path: Path, content: dict[str, Any]) -> None:
    path = tmp_path / "campaign.json"
    path.write_text(json.dumps(content))
    with pytest.raises(TableError, match=r"campaign\.json: expected simulations with their states by name"):
        read_campaign(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"campaign\.json: no such file"):
        read_campaign(tmp_path / "campaign.json")
