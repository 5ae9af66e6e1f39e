"""The config of one page: from a file or from words, and errors that name where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spikelib.errors import ConfigError
from spikelib.options.config import load_config, read_config
from spikelib.options.counting import Counting
from spikelib.options.figures import FigureOptions
from spikelib.options.filters import Filter

if TYPE_CHECKING:
    from pathlib import Path


def test_no_config_is_an_empty_one_and_means_one_filter_and_every_figure() -> None:
    assert load_config(None) == {}
    assert read_config({}) == ([Filter()], FigureOptions(), Counting())


@pytest.mark.parametrize("text", ['{"filters": {"late": {"t_start": 1e3}}}', "filters: {late: {t_start: 1000.0}}"])
def test_a_file_is_yaml_or_json(text: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(text)
    assert load_config(str(tmp_path / "config")) == {"filters": {"late": {"t_start": 1000.0}}}
    (tmp_path / "config").write_text("# nothing\n")
    assert load_config(str(tmp_path / "config")) == {}


def test_what_only_the_workflow_needs_is_left_out() -> None:
    given = '{"simulations": {"a": "b"}, "sheet": null, "jobs": "per_step", "properties": ["layer"]}'
    assert load_config(given) == {"properties": ["layer"]}


def test_what_may_be_read_of_files_is_kept() -> None:
    given = '{"allow_outside": "/", "limits": {"json_depth": 5}, "filters": {"f": {}}}'
    assert load_config(given) == {"allow_outside": "/", "limits": {"json_depth": 5}, "filters": {"f": {}}}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("{filters: [", r"^--config: cannot be read as YAML or JSON \(.*\); --config takes a file with filters"),
        ('{"filter": {}}', r"^--config: unknown key 'filter' of the config; there are filters, figures, properties"),
        ('{"filters": {"a": {"t_start": -1}}}', r"^--config: filters\.a: t_start=-1"),
        ('{"figures": {"isi": {"bins": 1}}}', r"^--config: figures\.isi\.bins: unknown key"),
    ],
    ids=["syntax", "key", "filter", "figure"],
)
def test_an_error_in_words_names_the_option_and_the_key(given: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        load_config(given)


def test_an_error_in_a_file_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    with pytest.raises(ConfigError, match=r"config\.yaml: cannot be read as YAML or JSON \(No such file"):
        load_config(str(path))
    path.write_text("- filters")
    with pytest.raises(ConfigError, match=r"config\.yaml: expected the keys filters and figures, got \['filters'\]"):
        load_config(str(path))


def test_file_of_a_name_with_braces_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "{a}").mkdir()
    (tmp_path / "{a}/config.yaml").write_text("filters: {1: {t_start: 5}}")
    assert load_config("{a}/config.yaml") == {"filters": {"1": {"t_start": 5}}}


def test_key_that_is_there_twice_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("filters: {a: {}, a: {t_start: 5}}")
    with pytest.raises(ConfigError, match=r"config\.yaml: filters\.a: a is there twice"):
        load_config(str(tmp_path / "config.yaml"))
