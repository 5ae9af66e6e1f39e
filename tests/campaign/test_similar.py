"""What a misspelt path may have meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from spikelib.campaign.similar import similar_path


@pytest.mark.parametrize(
    ("missing", "meant"),
    [
        ("runs/sed_1/config.json", "runs/seed_1"),
        ("Runs/seed_1/config.json", "runs"),
        ("runs/seed_1/confg.json", "runs/seed_1/config.json"),
        ("elsewhere/seed_1/config.json", None),
        ("runs/seed_1/config.json/x", None),
    ],
    ids=["folder", "case", "file", "nothing-like-it", "below-a-file"],
)
def test_first_missing_part_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str, meant: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("runs/seed_1").mkdir(parents=True)
    Path("runs/seed_1/config.json").touch()
    assert similar_path(Path(missing)) == (None if meant is None else Path(meant))
