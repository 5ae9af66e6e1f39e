"""Names that YAML takes for something else, and values that Snakemake takes for texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from spikelib.errors import ConfigError
from spikelib.options.written import as_written, file_problem, read_yaml, workflow_config, written_nodes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (
            "simulations: {1: a, 2024-01-02: b, no: c, 1.10: d, 010: e, 0x1F: f, null: g, 1_0: h, 12:30: i, 1e3: j}",
            {
                "simulations": {
                    "1": "a",
                    "2024-01-02": "b",
                    "no": "c",
                    "1.10": "d",
                    "010": "e",
                    "0x1F": "f",
                    "null": "g",
                    "1_0": "h",
                    "12:30": "i",
                    "1e3": "j",
                }
            },
        ),
        (
            "simulations: {a: 2024-01-02, b: {source: 5, files: [1, on]}}",
            {"simulations": {"a": "2024-01-02", "b": {"source": "5", "files": ["1", "on"]}}},
        ),
        ("filters: {4: {group: yes}, off: {group: 4}}", {"filters": {"4": {"group": "yes"}, "off": {"group": 4}}}),
        ("filters: {f: {group: [no, 3, 1.5, L4]}}", {"filters": {"f": {"group": ["no", 3, "1.5", "L4"]}}}),
        (
            "filters: {f: {group: {population: 1, 2: on, $node_set: [7], x: 1.5, $and: [{population: [no]}]}}}",
            {
                "filters": {
                    "f": {
                        "group": {
                            "population": "1",
                            "2": True,
                            "$node_set": ["7"],
                            "x": 1.5,
                            "$and": [{"population": ["no"]}],
                        }
                    }
                }
            },
        ),
        (
            "filters: {f: {group: {born: 2024-01-02, alive: yes}}}",
            {"filters": {"f": {"group": {"born": "2024-01-02", "alive": True}}}},
        ),
        (
            "{properties: [no, 1, layer], sheet: 2024, figures: {raster: {y_axis: 1}, rate: {time_binsize: 5}}}",
            {
                "properties": ["no", "1", "layer"],
                "sheet": "2024",
                "figures": {"raster": {"y_axis": "1"}, "rate": {"time_binsize": 5}},
            },
        ),
        (
            "{figures: {raster: false, files: {style: no}}, max_spikes_per_job: 1_000}",
            {"figures": {"raster": False, "files": {"style": "no"}}, "max_spikes_per_job": 1000},
        ),
        (
            "filters: {a: &late {t_start: 5}, 1: {<<: *late, t_stop: 9}}",
            {"filters": {"a": {"t_start": 5}, "1": {"t_start": 5, "t_stop": 9}}},
        ),
        ('{"filters": {"f": {"t_start": 1e2}}}', {"filters": {"f": {"t_start": 100.0}}}),
    ],
    ids=["names", "paths", "filters", "list", "query", "values", "others", "looks", "merge", "json"],
)
def test_names_are_texts_and_values_are_not(text: str, meant: dict[str, Any], tmp_path: Path) -> None:
    assert read_yaml(text) == meant
    # What Snakemake hands over has lost the letters; they are in the file.
    file = tmp_path / "config.yaml"
    file.write_text(text)
    assert workflow_config(yaml.safe_load(text), [file], []) == {**meant, **_as_yaml_does(meant, text)}


def _as_yaml_does(meant: dict[str, Any], text: str) -> dict[str, Any]:
    """Return JSON as YAML reads it, for which 1e2 is a word."""
    return yaml.safe_load(text) if text.startswith('{"') else meant


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("simulations: {a: x, b: y, a: z}", r"simulations\.a: a is there twice; rename or quote one"),
        ("filters: {1: {}, yes: {}}", r"filters\.yes: yes and 1 are one name to YAML; rename or quote one"),
        ("filters: {f: {t_start: 1:30}}", r"filters\.f\.t_start: YAML reads 1:30 as 90; write 90, or '1:30' if"),
        ("filters: {f: {group: [010]}}", r"YAML reads 010 as 8; write 8, or '010' if it is a name"),
        ("filters: {f: {group: {layer: 1_2}}}", r"filters\.f\.group\.layer: YAML reads 1_2 as 12"),
    ],
    ids=["twice", "one-name", "minutes", "octal", "spaced"],
)
def test_what_yaml_would_lose_or_change_is_an_error(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_yaml(text)


def test_later_files_count_more_and_sections_of_a_larger_config_count_too(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text("mine: {filters: {1: {}, 2: {}}}")
    second.write_text("mine: {filters: {01: {}}}")
    assert workflow_config({"filters": {1: {}, 2: {}}}, [first, second], []) == {"filters": {"01": {}, "2": {}}}


def test_name_that_is_written_nowhere_has_to_be_quoted() -> None:
    with pytest.raises(
        ConfigError, match=r"filters\.False: YAML takes this for a truth value \(False\); quote it, as in"
    ):
        as_written({"filters": {False: {}}}, [])
    with pytest.raises(ConfigError, match=r"properties\.\*: YAML takes this for a number \(1\); quote it"):
        as_written({"properties": [1]}, [])


def test_templates_and_unreadable_files_tell_nothing(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("__use_yte__: true\n1: {}\n1: {}")
    (tmp_path / "broken.yaml").write_text("a: [")
    names = ("template.yaml", "broken.yaml", "none.yaml")
    assert written_nodes([tmp_path / name for name in names]) == []


@pytest.mark.parametrize(
    ("seen", "word", "meant"),
    [
        (
            {"figures": {"raster": "false", "isi": {}}},
            'figures={"raster": false}',
            {"figures": {"raster": False, "isi": {}}},
        ),
        (
            {"filters": {"x": {"t_start": "1e2"}}},
            'filters={"x": {"t_start": 1e2}}',
            {"filters": {"x": {"t_start": 100.0}}},
        ),
        (
            {"filters": {"x": {"group": {"layer": "4"}}}},
            "filters={x: {group: {layer: '4'}}}",
            {"filters": {"x": {"group": {"layer": "4"}}}},
        ),
        (
            {"filters": {"x": {"group": {"layer": "4"}}}},
            "filters={x: {group: {layer: 4}}}",
            {"filters": {"x": {"group": {"layer": 4}}}},
        ),
        ({"filters": {"1": {"t_stop": "5"}}}, "filters={1: {t_stop: 5}}", {"filters": {"1": {"t_stop": 5}}}),
        ({"properties": ["no"]}, "properties=[no]", {"properties": ["no"]}),
        ({"sheet": "null"}, "sheet=null", {"sheet": None}),
        ({"quiet_minutes": 5, "jobs": "per_step"}, "jobs=per_step", {"quiet_minutes": 5, "jobs": "per_step"}),
        ({"figures": "{raster: false"}, "figures={raster: false", {"figures": "{raster: false"}),
    ],
    ids=["false", "number", "text", "count", "name", "list", "null", "plain", "broken"],
)
def test_nested_values_of_options_are_what_they_look_like(
    seen: dict[str, Any], word: str, meant: dict[str, Any]
) -> None:
    assert workflow_config(seen, [], [word]) == meant


def test_wrong_name_in_an_option_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"filters\.x: x is there twice"):
        workflow_config({"filters": {"x": {}}}, [], ["filters={x: {}, x: {t_start: 5}}"])


BOMB = "a0: &a0 [x]\n" + "".join(f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]\n" for k in range(1, 12))


@pytest.mark.parametrize(
    "text", [BOMB, "a: &a [*a]", "a: &a {b: *a}"], ids=["bomb", "list in itself", "mapping in itself"]
)
def test_aliases_without_end_are_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="more than 100000 values or refers to itself; write it without aliases"):
        read_yaml(text)
    with pytest.raises(ConfigError, match="more than 100000 values or refers to itself; write it without aliases"):
        workflow_config(yaml.safe_load(text), [], [])


def test_too_many_levels_are_refused() -> None:
    deep: Any = 1
    for _ in range(101):
        deep = [deep]
    with pytest.raises(ConfigError, match="more than 100 levels of lists and mappings in each other"):
        workflow_config({"filters": deep}, [], [])
    with pytest.raises(ConfigError, match="more than 100 levels of lists and mappings in each other"):
        read_yaml("[" * 101 + "]" * 101)


def test_an_alias_that_is_used_twice_is_fine() -> None:
    assert read_yaml("a: &a [1, 2]\nb: *a") == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("a: 1", None),
        ('{"a": 1}', None),
        ("a:\n\tb: 1", r"config\.yaml: line 2, column \d+: found character .* cannot start any token; indent keys"),
        ("a: [1", r"config\.yaml: line \d, column \d+: .*; indent keys"),
        ("- a", r"config\.yaml: it holds no keys"),
        ("", r"config\.yaml: it holds no keys"),
        (b"a: \xff", r"config\.yaml: cannot be read \(.*utf-8.*\); write it as UTF-8"),
        ("a: \x00", r"config\.yaml: .*; write it as YAML"),
    ],
    ids=["yaml", "json", "tab", "open", "list", "empty", "no-utf8", "control"],
)
def test_place_of_what_is_no_yaml(tmp_path: Path, content: str | bytes, problem: str | None) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = file_problem(file)
    assert found is None if problem is None else re.search(problem, str(found))
    assert file_problem(tmp_path / "none.yaml") is None
