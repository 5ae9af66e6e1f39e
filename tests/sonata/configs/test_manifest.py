from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spikelib.errors import ConfigError
from spikelib.sonata.configs.manifest import Manifest, to_path
from spikelib.sonata.limits import Limits, set_limits

BASE = Path("/sims/a")
SOURCE = BASE / "config.json"


def expand(value: Any, manifest: dict[str, Any] | None = None) -> Any:
    return Manifest({"manifest": manifest}, BASE, SOURCE).expand(value)


@pytest.mark.parametrize(
    ("manifest", "value", "expected"),
    [
        pytest.param({"$B": "."}, "$B/x.h5", "/sims/a/x.h5", id="dot"),
        pytest.param({"$B": "./x"}, "$B", "/sims/a/x", id="dot-slash"),
        pytest.param({"$B": "../net"}, "$B/n.h5", "/sims/net/n.h5", id="parent"),
        pytest.param({"$A": "$B/out", "$B": "."}, "$A/x", "/sims/a/out/x", id="nested-before-definition"),
        pytest.param({"B": "/data"}, "$B/x", "/data/x", id="plain-key"),
        pytest.param({"${B}": "/data"}, "${B}x", "/datax", id="braces"),
        pytest.param({"$B": "net"}, "$B/x", "net/x", id="plain-relative"),
        pytest.param({"$B": "/b", "$B_2": "/c"}, "$B_2/$B", "/c//b", id="longest-name"),
        pytest.param({"$n": 3}, "$n", 3, id="number"),
        pytest.param({"$n": 3}, "run$n", "run3", id="number-in-text"),
        pytest.param(None, "${configdir}/x", "/sims/a/x", id="configdir"),
        pytest.param({"$B": "${configdir}/net"}, "$B", "/sims/a/net", id="configdir-in-manifest"),
        pytest.param({}, "$workingdir/x", "/sims/a/x", id="workingdir"),
        pytest.param({}, "costs 5$ a day", "costs 5$ a day", id="dollar"),
        pytest.param({"$B": "/b"}, {"k": ["$B", 1, None]}, {"k": ["/b", 1, None]}, id="deep"),
    ],
)
def test_expand(manifest: dict[str, Any] | None, value: Any, expected: Any) -> None:
    assert expand(value, manifest) == expected


def test_unknown_variables_stay_and_are_collected() -> None:
    manifest = Manifest({}, BASE, SOURCE)
    assert manifest.expand("$NOPE/x") == "$NOPE/x"
    assert manifest.unknown == {"NOPE"}


def test_circle() -> None:
    with pytest.raises(ConfigError, match=r"config\.json: .* circle: \$A -> \$B -> \$A"):
        expand("", {"$A": "$B", "$B": "$A"})


def test_manifest_that_is_no_object() -> None:
    with pytest.raises(ConfigError, match="'manifest' must be an object of variables, not list"):
        Manifest({"manifest": ["$A"]}, BASE, SOURCE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x.h5", "/sims/a/x.h5"),
        ("../b/./x", "/sims/b/x"),
        ("/abs/x", "/abs/x"),
        (r".\output\x.h5", "/sims/a/output/x.h5"),
        ("", "/sims/a"),
    ],
)
def test_to_path(text: str, expected: str) -> None:
    assert to_path(text, BASE) == Path(expected)


def test_chain_of_variables_has_an_end() -> None:
    chain = {f"$V{k}": f"$V{k - 1}/a" for k in range(500, 0, -1)} | {"$V0": "."}
    with pytest.raises(ConfigError, match=r"are nested too deeply, from \$V500 on .the limit manifest_depth is 100;"):
        Manifest({"manifest": chain}, Path("/sims"), Path("/sims/c.json"))


@pytest.mark.parametrize("double", ["$V{0}$V{0}", ["$V{0}", "$V{0}"], {"a": "$V{0}", "b": "$V{0}"}], ids=type)
def test_few_variables_that_stand_for_more_than_any_memory(double: Any) -> None:
    def step(k: int) -> Any:
        return json.loads(json.dumps(double).replace("{0}", str(k)))

    bomb = {"$V0": "0123456789"} | {f"$V{k}": step(k - 1) for k in range(1, 60)}
    with pytest.raises(ConfigError, match=r"stand for too much text .the limit manifest_characters is 10000000;"):
        Manifest({"manifest": bomb}, BASE, SOURCE)


def test_limits_of_paths_can_be_raised() -> None:
    with set_limits(Limits(name_bytes=300)):
        assert to_path("a" * 256, BASE).name == "a" * 256
    with pytest.raises(ConfigError, match=r"is too long .the limit name_bytes is 255; --limit name_bytes=N"):
        to_path("a" * 256, BASE)


@pytest.mark.parametrize("text", ["a\0b", "a" * 256, "a/" * 3000, "~no_such_user_of_this_machine/a", "\ud800"])
def test_paths_that_no_file_can_have(text: str) -> None:
    with pytest.raises(ConfigError, match="the config names the path '"):
        to_path(text, Path("/sims"))
