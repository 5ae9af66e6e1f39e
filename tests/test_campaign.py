"""Names and files of the simulations of a campaign."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spikelib.campaign import find_simulations, name_after_folder
from spikelib.errors import ConfigError


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a folder with the configs of two runs in it."""
    monkeypatch.chdir(tmp_path)
    write_config(Path("runs/seed_2/simulation_config.json"))
    write_config(Path("runs/seed_10/simulation_config.json"))
    return tmp_path


def write_config(path: Path, **content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"run": {"tstop": 10.0}, **content}))


def find(**simulations: str) -> dict[str, str]:
    found = find_simulations(simulations, Path("demo_files"))
    return {name: path.as_posix() for name, path in found.items()}


def test_path_has_the_name_of_its_key(runs: Path) -> None:
    assert find(mine="runs/seed_2/simulation_config.json") == {"mine": "runs/seed_2/simulation_config.json"}


def test_absolute_path(runs: Path) -> None:
    path = (runs / "runs/seed_2/simulation_config.json").as_posix()
    assert find(mine=path) == {"mine": path}


@pytest.mark.parametrize(
    "pattern",
    ["runs/*/simulation_config.json", "runs/seed_*/*.json", "**/simulation_config.json"],
    ids=["star", "two-stars", "recursive"],
)
def test_glob_names_each_match_after_its_folder(runs: Path, pattern: str) -> None:
    assert find(campaign=pattern) == {
        "seed_10": "runs/seed_10/simulation_config.json",
        "seed_2": "runs/seed_2/simulation_config.json",
    }


def test_hidden_folders_do_not_match(runs: Path) -> None:
    write_config(Path(".old/seed_1/simulation_config.json"))
    assert list(find(campaign="**/simulation_config.json")) == ["seed_10", "seed_2"]


def test_copy_that_bmtk_leaves_in_the_output_folder_is_passed_over(runs: Path) -> None:
    origin = Path("runs/seed_2").absolute()
    write_config(
        Path("runs/seed_2/output/simulation_config.json"),
        output={"output_dir": str(origin / "output")},
        config_path=str(origin / "simulation_config.json"),
        config_dir=str(origin),
    )
    assert list(find(campaign="runs/**/simulation_config.json")) == ["seed_10", "seed_2"]
    assert list(find(copies="runs/*/output/simulation_config.json")) == ["output"]


def test_demo_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find(first="demo") == {"first": "demo_files/simulation_config.json"}
    before = {path: path.stat().st_mtime_ns for path in Path("demo_files").rglob("*")}
    assert find(first="demo", second="demo") == dict.fromkeys(["first", "second"], "demo_files/simulation_config.json")
    assert {path: path.stat().st_mtime_ns for path in Path("demo_files").rglob("*")} == before


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["r/a/c.json", "r/b/c.json"], ["a", "b"]),
        (["r/a/one.json", "r/a/two.json", "r/b/one.json"], ["a-one", "a-two", "b"]),
        (["x/a/c.json", "y/a/c.json"], ["x-a", "y-a"]),
        (["x/a/1.json", "x/a/2.json", "y/a/1.json"], ["x-a-1", "x-a-2", "y-a-1"]),
        (["r/my run (1)/c.json"], ["my_run_1_"]),
    ],
    ids=["folders", "one-folder", "same-folder-name", "both", "odd-characters"],
)
def test_names(paths: list[str], names: list[str]) -> None:
    assert name_after_folder([Path(path) for path in paths]) == dict(zip(names, map(Path, paths), strict=True))


@pytest.mark.parametrize(
    ("simulations", "message"),
    [
        ({"a": "runs/none.json"}, r"simulations\.a: runs/none\.json does not exist \(paths are relative to"),
        ({"a": "runs"}, r"simulations\.a: runs is a folder, not a simulation config"),
        ({"a": "runs/*/none.json"}, r"simulations\.a: no file matches runs/\*/none\.json"),
        (
            {"seed_2": "runs/seed_10/simulation_config.json", "b": "runs/*/simulation_config.json"},
            r"simulations\.b: .*seed_2.* and .*seed_10.* are both named 'seed_2'; rename a key",
        ),
    ],
    ids=["no-file", "folder", "no-match", "name-clash"],
)
def test_errors_name_the_key(runs: Path, simulations: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        find_simulations(simulations, Path("demo_files"))


def test_names_that_stay_alike_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="would both be named 'a_b'; give them keys"):
        name_after_folder([Path("r/a b/c.json"), Path("r/a_b/c.json"), Path("r/a+b/c.json")])
