"""The config: its schema, its manual, and what is said about wrong ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.workflow.conftest import Workflow

SCHEMA = yaml.safe_load((PROJECT / "workflow/schemas/config.schema.yaml").read_text())
SMALL = {"small": "runs/small/simulation_config.json"}


def objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every part of a schema that describes an object."""
    if "properties" in schema or "propertyNames" in schema:
        yield schema
    parts = [*schema.get("properties", {}).values(), schema.get("then"), schema.get("additionalProperties")]
    for part in parts:
        if isinstance(part, dict):
            yield from objects(part)


def keys() -> dict[str, dict[str, Any]]:
    """Return every key of the config with its schema."""
    return {name: schema for part in objects(SCHEMA) for name, schema in part.get("properties", {}).items()}


def test_schema_has_the_keys_of_the_architecture() -> None:
    assert list(SCHEMA["properties"]) == [
        "simulations",
        "sheet",
        "quiet_minutes",
        "max_spikes_per_job",
        "allow_outside",
        "limits",
        "jobs",
        "filters",
        "classes",
        "statistics",
        "properties",
        "figures",
    ]
    assert set(keys()) > {"group", "t_start", "t_stop", "y_axis", "binsize", "time_binsize", "dt", "fps"}


def test_every_object_is_closed() -> None:
    for part in objects(SCHEMA):
        named = part.get("additionalProperties") is False
        mapping = isinstance(part.get("additionalProperties"), dict) and "propertyNames" in part
        assert named or mapping, part


@pytest.mark.parametrize(("name", "schema"), keys().items(), ids=keys())
def test_every_key_has_description_unit_and_default(name: str, schema: dict[str, Any]) -> None:
    assert "unit" in schema["description"].lower()
    assert name in {"simulations", "source"} or "default" in schema


@pytest.mark.parametrize("name", keys())
def test_manual_explains_every_key(name: str) -> None:
    manual = (PROJECT / "config/README.md").read_text()
    assert f"`{name}`" in manual or f".{name}`" in manual


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"simulation": {}}, r"config: Additional properties .*'simulation' was unexpected"),
    ({"simulations": {}}, r"simulations: .* (non-empty|enough properties)"),
    ({"simulations": {"a b": "x.json"}}, r"simulations: 'a b' does not match"),
    ({"simulations": {"a": "none.json"}}, r"simulations\.a: none\.json does not exist"),
    ({"simulations": {"a": 5}}, r"simulations\.a: 5 does not exist"),
    ({"simulations": {"a": {"files": []}}}, r"simulations\.a: 'source' is a required property"),
    ({"simulations": {"a": {"source": "x", "file": []}}}, r"simulations\.a: .*'file' was unexpected"),
    ({"simulations": {"a": {"source": "x", "files": "y"}}}, r"simulations\.a\.files: 'y' is not of type 'array'"),
    (
        {"simulations": {"a": {"source": "s3://b/x", "files": ["../../y"]}}},
        r"simulations\.a\.files: .* leads out of s3://",
    ),
    ({"jobs": "many"}, r"jobs: 'many' is not one of \['per_step', 'per_simulation'\]"),
    ({"filters": {"f": None}}, r"filters\.f: None is not of type 'object'"),
    ({"filters": {"f": {"tstart": 5}}}, r"filters\.f: .*'tstart' was unexpected"),
    ({"filters": {"f": {"t_start": -5}}}, r"filters\.f\.t_start: -5 is less than the minimum of 0"),
    ({"properties": "layer"}, r"properties: 'layer' is not of type 'array', 'null'"),
    ({"properties": ["--out"]}, r"properties\.0: '--out' does not match"),
    ({"figures": {"rasta": {}}}, r"figures: .*'rasta' was unexpected"),
    ({"figures": {"raster": {"yaxis": "y"}}}, r"figures\.raster: .*'yaxis' was unexpected"),
    ({"figures": {"rate": {"nodes": "some"}}}, r"figures\.rate\.nodes: 'some' is not one of"),
    ({"figures": {"animation": True}}, r"figures\.animation: False was expected"),
    ({"figures": {"rates": {"log": "yes"}}}, r"figures\.rates\.log: 'yes' is not of type 'boolean'"),
    ({"figures": {"files": {"formats": ["eps"]}}}, r"figures\.files\.formats\.0: 'eps' is not one of"),
    ({"figures": {"files": {"width_mm": 10}}}, r"figures\.files\.width_mm: 10 is less than the minimum of 50"),
]
QUICK = 1
"""Each case starts Snakemake: the first one is tested by default, all of them among the slow tests."""


@pytest.mark.parametrize(
    ("content", "message"),
    [*WRONG[:QUICK], *(pytest.param(*case, marks=pytest.mark.slow) for case in WRONG[QUICK:])],
    ids=lambda value: None if isinstance(value, str) else "-".join(f"{key}" for key in value),
)
def test_wrong_config_is_refused_in_a_line_that_names_the_key(
    workflow: Workflow, content: dict[str, Any], message: str
) -> None:
    workflow.configure(**{"simulations": SMALL, **content})
    printed = workflow.run("--dry-run", "--nocolor", status=1)
    assert re.search(message, printed), printed
    assert "Traceback" not in printed
    assert ".smk" not in printed
    assert not (workflow.folder / "results").exists()
