"""Simulations that are not looked at beforehand."""

from __future__ import annotations

import pytest

from spikelib.campaign.deferred import Awaited, find_awaited
from spikelib.errors import ConfigError


def files(source: str, *names: str) -> tuple[str, ...]:
    return find_awaited({"a": {"source": source, "files": list(names)}})["a"].files


def test_paths_and_globs_are_left_out_and_the_order_is_kept():
    given = {"b": "s3://lab/b.h5", "path": "runs/a.json", "glob": "runs/*/c.json", "a": {"source": "a.json"}}
    assert find_awaited(given) == {"b": Awaited("s3://lab/b.h5"), "a": Awaited("a.json")}


def test_defaults_of_the_schema_change_nothing():
    assert find_awaited({"a": {"source": "a.json", "files": [], "storage": None}}) == {"a": Awaited("a.json")}


@pytest.mark.parametrize(
    ("source", "name", "found"),
    [
        ("config.json", "spikes.h5", "spikes.h5"),
        ("runs/a/config.json", "spikes.h5", "runs/a/spikes.h5"),
        ("runs/a/config.json", "../../circuit/nodes.h5", "circuit/nodes.h5"),
        ("runs/a/config.json", "/data/nodes.h5", "/data/nodes.h5"),
        ("/runs/a/config.json", "output/spikes.h5", "/runs/a/output/spikes.h5"),
        ("../a/config.json", "../b/spikes.h5", "../b/spikes.h5"),
        ("s3://lab/a/config.json", "../nodes.h5", "s3://lab/nodes.h5"),
        ("s3://lab/a/config.json", "gs://other/nodes.h5", "gs://other/nodes.h5"),
        ("runs/a/config.json", "s3://lab/nodes.h5", "s3://lab/nodes.h5"),
    ],
)
def test_files_are_relative_to_the_folder_of_the_source(source: str, name: str, found: str):
    assert files(source, name) == (found,)


@pytest.mark.parametrize("name", ["../../x.h5", "/x.h5"])
def test_file_above_the_storage_is_an_error(name: str):
    with pytest.raises(ConfigError, match=r"simulations\.a\.files: \S+ leads out of s3://; files are relative"):
        files("s3://lab/config.json", name)


@pytest.mark.parametrize(
    "value",
    ["s3://lab/{a}.h5", {"source": "runs/{a}/c.json"}, {"source": "c.json", "files": ["{a}/spikes.h5"]}],
    ids=["query", "source", "file"],
)
def test_braces_in_what_snakemake_makes_or_fetches_are_an_error(value):
    with pytest.raises(
        ConfigError, match=r"simulations\.a: .*\{a\}.*: Snakemake, .* takes braces for a wildcard; rename"
    ):
        find_awaited({"a": value})
