"""Names and files of the simulations of a campaign."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spikelib.campaign.deferred import Awaited
from spikelib.campaign.members import find_members, find_simulations, name_after_folder
from spikelib.campaign.record import Member
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


def test_path_that_looks_like_a_glob_may_be_a_path(runs: Path) -> None:
    write_config(Path("runs/run[1]/config.json"))
    assert find(mine="runs/run[1]/config.json") == {"mine": "runs/run[1]/config.json"}


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
        (["r/{x}/c.json", "r/g={4}/c.json", "r/_old/c.json"], ["x_", "g_4_", "old"]),
    ],
    ids=["folders", "one-folder", "same-folder-name", "both", "odd-characters", "odd-beginnings"],
)
def test_names(paths: list[str], names: list[str]) -> None:
    assert name_after_folder([Path(path) for path in paths]) == dict(zip(names, map(Path, paths), strict=True))


@pytest.mark.parametrize(
    ("simulations", "message"),
    [
        ({"a": "runs/seed2/x.json"}, r"runs/seed2/x\.json does not exist, but there is runs/seed_2 \(paths are"),
        ({"a": "runs/none.json"}, r"simulations\.a: runs/none\.json does not exist \(paths are relative to"),
        ({"a": "runs"}, r"simulations\.a: runs is a folder, not a simulation config"),
        ({"a": "n" * 300}, r"simulations\.a: the path n+ cannot be looked at \(File name too long\); correct the path"),
        (
            {"a": "~nosuchuser/x"},
            r"simulations\.a: the path ~nosuchuser/x cannot be looked at \(.*\); correct the path",
        ),
        ({"a": "runs/*/none.json"}, r"simulations\.a: no file matches runs/\*/none\.json"),
        (
            {"seed_2": "runs/seed_10/simulation_config.json", "b": "runs/*/simulation_config.json"},
            r"simulations\.b: .*seed_2.* and .*seed_10.* are both named 'seed_2'; rename a key",
        ),
    ],
    ids=["no-folder", "no-file", "folder", "long", "no-home", "no-match", "name-clash"],
)
def test_errors_name_the_key(runs: Path, simulations: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        find_simulations(simulations, Path("demo_files"))


def test_names_that_stay_alike_are_rejected(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="would both be named 'a_b'; give them keys"):
        name_after_folder([Path("r/a b/c.json"), Path("r/a_b/c.json"), Path("r/a+b/c.json")])


def find_with_sheet(text: str, **simulations: str) -> dict[str, Member]:
    Path("runs.csv").write_text(text)
    return find_members(simulations, "runs.csv", Path("demo_files"))


def test_sheet_adds_simulations_and_describes_those_of_globs(runs: Path) -> None:
    text = (
        "simulation,path,g\nmine,runs/seed_2/simulation_config.json,4\nseed_10,,5\nplanned,runs/seed_2/later.json,6\n"
    )
    found = find_with_sheet(text, campaign="runs/*/simulation_config.json")
    assert {name: (member.source, member.metadata) for name, member in found.items()} == {
        "seed_10": ("runs/seed_10/simulation_config.json", {"g": "5"}),
        "seed_2": ("runs/seed_2/simulation_config.json", {}),
        "mine": ("runs/seed_2/simulation_config.json", {"g": "4"}),
        "planned": ("runs/seed_2/later.json", {"g": "6"}),
    }


def test_sheet_names_a_run_that_is_still_to_come(runs: Path) -> None:
    Path("runs/new").mkdir()
    assert find_with_sheet("simulation,path\na,runs/new/config.json\n") == {"a": Member("a", "runs/new/config.json")}


def test_sheet_alone_and_the_demo_in_it(runs: Path) -> None:
    assert list(find_with_sheet("simulation,path\na,demo\n")) == ["a"]
    assert Path("demo_files/simulation_config.json").is_file()


def test_sheet_may_name_what_the_config_names_too(runs: Path) -> None:
    path = "runs/seed_2/simulation_config.json"
    found = find_with_sheet(f"simulation,path,g\na,{path},4\n", a=path)
    assert found == {"a": Member("a", path, {"g": "4"})}


def test_sheet_describes_simulations_that_are_awaited(runs: Path) -> None:
    Path("runs.csv").write_text("simulation,g\nlater,4\n")
    awaited = {"later": Awaited("new/config.json"), "cloud": Awaited("s3://lab/c.h5")}
    assert list(find_members({}, "runs.csv", Path("demo_files"), awaited).values()) == [
        Member("later", "new/config.json", {"g": "4"}, "deferred"),
        Member("cloud", "s3://lab/c.h5", {}, "deferred"),
    ]
    Path("runs.csv").write_text("simulation,path\nlater,x.json\n")
    with pytest.raises(ConfigError, match=r"runs\.csv: row 2, column path: the config names 'later' as well"):
        find_members({}, "runs.csv", Path("demo_files"), awaited)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("b,", r"runs\.csv: row 2, column path: 'b' has no path, and the config finds no such simulation; give one"),
        ("b,runs", r"runs\.csv: row 2, column path: runs is a folder, not a simulation config"),
        ("b,~nosuchuser/x", r"row 2, column path: the path ~nosuchuser/x cannot be looked at \(.*\); correct the path"),
        ("b,runs/*/simulation_config.json", r"row 2, column path: runs/\*/.* is a glob, and a row is one simulation"),
        (
            "a,runs/seed_10/simulation_config.json",
            r"row 2, column path: runs/seed_10/.* and runs/seed_2/.* are both named 'a'; rename one",
        ),
        (
            "b,runs/Seed2/simulation_config.json",
            r"column path: runs/Seed2/.* does not exist, nor does its folder, but there is runs/seed_2 \(paths are",
        ),
        ("b,elsewhere/x/config.json", r"elsewhere/x/config\.json does not exist, nor does its folder \(paths are rel"),
        (r"b,runs\seed_2\simulation_config.json", r"there is no runs.*; write / between folders"),
    ],
    ids=["no-path", "folder", "no-home", "glob", "name-clash", "misspelt", "nothing-like-it", "backslashes"],
)
def test_errors_of_a_sheet_name_row_and_column(runs: Path, row: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        find_with_sheet(f"simulation,path\n{row}\n", a="runs/seed_2/simulation_config.json")
