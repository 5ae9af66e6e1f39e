"""The workflow: its config, its sample sheet and its own records, checked and planned as at the start of a run."""

from __future__ import annotations

import csv
import functools
import json
import os
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import snakemake.utils
import yaml
from snakemake.exceptions import WorkflowError

from spikelib.campaign.prepare import prepare_campaign
from spikelib.errors import ConfigError
from spikelib.options.config import load_config
from spikelib.options.filters import filter_words
from spikelib.options.written import workflow_config
from tests import PROJECT
from tests.fuzz.folders import own, place
from tests.fuzz.mutate_bytes import mutate_bytes
from tests.fuzz.mutate_csv import mutate_csv
from tests.fuzz.mutate_json import mutate_json
from tests.fuzz.server import NotConservedError
from tests.fuzz.values import text
from tests.writing import write_simulation

if TYPE_CHECKING:
    from random import Random

SCHEMA = PROJECT / "workflow" / "schemas" / "config.schema.yaml"
_CONFIG: dict[str, Any] = {
    "simulations": {"weak": "runs/weak/simulation_config.json", "bare": "runs/strong/output/spikes.h5"},
    "sheet": "runs.csv",
    "quiet_minutes": 0,
    "filters": {
        "all": {},
        "some": {"group": {"node_id": [0, 1]}, "t_start": 1.0, "t_stop": 50},
        "set": {"group": "first"},
    },
    "properties": ["layer"],
    "figures": {"raster": {"y_axis": None}, "isi": {"binsize": 1.0}, "animation": False, "files": {"formats": ["png"]}},
    "max_spikes_per_job": 10**8,
    "jobs": "per_step",
}
_SHEET = "simulation,path,g,seed\nstrong,runs/strong/simulation_config.json,4.5,1\nweak,,5.0,2\n"
_YAML_WORDS = (
    "yes", "no", "on", "1e5", "0x1F", "012", "1:30", "2020-01-01", "~", "null", ".nan", ".inf",
    "!!python/object:os.system x",
    "!!binary aGk=", "&a [*a]", "*nowhere", "<<: {a: 1}", "? x", "{",
    "- -", "'", "\t", "%YAML 9", "---", "!x", "|", ">", "@", "`",
)  # fmt: skip


class WorkflowConfigs:
    """The target."""

    name = "workflow"

    def prepare(self, folder: Path) -> None:
        origin = folder / "campaign"
        for name, n in (("weak", 3), ("strong", 5)):
            spikes = {"cortex": ([1.0 * k for k in range(n)], [k % 3 for k in range(n)]), "thalamus": ([2.0], [1])}
            nodes = {"cortex": {"layer": ["1", "2", "2"], "x": [0.0, 1.0, 2.0], "y": [1.0, 1.0, 1.0]}, "thalamus": 3}
            write_simulation(origin / "runs" / name, spikes, nodes, node_sets={"first": {"node_id": [0]}})
        (origin / "runs.csv").write_text(_SHEET)
        (origin / "config.yaml").write_text(json.dumps(_CONFIG))
        (origin / "words.yaml").write_text(yaml.safe_dump(_CONFIG))
        # Snakemake reads the schema for each check; one reading is enough here.
        read = functools.cache(snakemake.utils._load_configfile)
        snakemake.utils._load_configfile = lambda source, filetype="Config": deepcopy(read(source, filetype))
        snakemake.utils.validate(deepcopy(_CONFIG), schema=os.fspath(SCHEMA))
        with _inside(origin):
            prepare_campaign(_checked(origin / "config.yaml"), Path("resources"), first=True)
        self._origin = origin

    def place(self, rng: Random, folder: Path) -> str:
        place(self._origin, folder / "run")
        self._config, self._is_first = rng.choice(["config.yaml", "words.yaml"]), rng.random() < 0.8
        return self._config

    def change(self, rng: Random, folder: Path) -> str:
        kind = rng.random()
        if kind < 0.55:
            name = self._config
        elif kind < 0.85:
            name = "runs.csv"
        else:
            name, self._is_first = rng.choice(["resources/plans.json", "resources/campaign.json"]), rng.random() < 0.5
        path = own(folder / "run" / name)
        content, words = _CHANGES[path.suffix if name != "words.yaml" else name](rng, path.read_bytes())
        path.write_bytes(content)
        return f"{name}: {words}"

    def read(self, rng: Random, folder: Path) -> dict[str, Any]:
        with _inside(folder / "run"):
            load_config(self._config)
            config = _checked(Path(self._config))
            campaign = prepare_campaign(config, Path("resources"), first=self._is_first)
            _plan(campaign)
            again = prepare_campaign(config, Path("resources"), first=False)
            if list(again.members) != list(campaign.members):
                message = f"a job finds other simulations ({list(again.members)}) than the first process"
                raise NotConservedError(message)
            words = [filter_words(**chosen) for chosen in config["filters"].values()]
        counts = {
            name: {each["name"]: each["n_spikes"] for each in found["populations"]} if found else None
            for name, found in campaign.contents.items()
            if campaign.members[name].state == "ready"
        }
        sources = {name: member.source for name, member in campaign.members.items()}
        return {"sources": sources, "counts": counts, "config": config, "words": words}

    def check(self, folder: Path, facts: Any) -> bool:
        if not self._is_first:
            return False  # the records count then, which may be damaged
        _check_names(folder / "run", facts)
        checked = False
        for name, counts in facts["counts"].items():
            source = folder / "run" / facts["sources"][name]
            spikes = source if source.suffix == ".h5" else source.parent / "output" / "spikes.h5"
            if counts is None or not spikes.is_file():
                continue
            with h5py.File(spikes) as file:
                stored = {each: len(file["spikes"][each]["timestamps"]) for each in file["spikes"]}
            if counts != stored:
                message = f"{name!r} is planned with {counts} spikes; its file has {stored}"
                raise NotConservedError(message)
            checked = True
        return checked


def _change_yaml(rng: Random, data: bytes) -> tuple[bytes, str]:
    """Change lines of YAML: words that are no texts to it, depths of indentation, tags, anchors."""
    if rng.random() < 0.3:
        return mutate_bytes(rng, data)
    lines = data.decode().splitlines()
    place = rng.randrange(len(lines))
    kind = rng.choice(["value", "value", "value", "key", "indent", "less", "twice", "bomb"])
    head, colon, _ = lines[place].partition(":")
    if kind == "value":
        lines[place] = f"{head}{colon} {rng.choice(_YAML_WORDS)}"
    elif kind == "key":
        indent = len(head) - len(head.lstrip())
        lines[place] = head[:indent] + rng.choice([*_YAML_WORDS, text(rng)]) + lines[place][len(head) :]
    elif kind == "indent":
        lines[place] = rng.choice(["  ", " ", "\t"]) + lines[place]
    elif kind == "less":
        del lines[place]
    elif kind == "twice":
        lines.insert(place, lines[place])
    else:
        anchors = "".join(f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]\n" for k in range(1, 9))
        lines.insert(0, "a0: &a0 [x]\n" + anchors)
    return "\n".join(lines).encode("utf-8", "replace"), f"{kind} in line {place + 1}"


_CHANGES: dict[str, Any] = {
    ".yaml": mutate_json,
    "words.yaml": _change_yaml,
    ".csv": functools.partial(mutate_csv, separator=","),
    ".json": mutate_json,
}


class _inside:  # noqa: N801 - a context manager, as contextlib.chdir, which is not in Python 3.10
    """In a folder, as the workflow is; paths of its config are relative."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._before = folder, Path.cwd()

    def __enter__(self) -> None:
        os.chdir(self._folder)

    def __exit__(self, *_: object) -> None:
        os.chdir(self._before)


def _checked(path: Path) -> dict[str, Any]:
    """Read and check a config as Snakemake and workflow/rules/common.smk do."""
    try:
        loaded = snakemake.common.configfile.load_configfile(path)
    except WorkflowError as error:  # Snakemake's own words
        raise ConfigError(str(error)) from error
    config = workflow_config(loaded, [path], [])
    try:
        snakemake.utils.validate(config, schema=os.fspath(SCHEMA), set_default=False)
    except WorkflowError as error:
        problem: Any = error.__context__
        key = ".".join(str(part) for part in problem.absolute_path) or "config"
        message = f"{key}: {problem.message}"
        raise ConfigError(message) from error
    snakemake.utils.validate(config, schema=os.fspath(SCHEMA))
    if "simulations" not in config and config["sheet"] is None:
        message = "simulations: the config names none, and no sheet"
        raise ConfigError(message)
    return config


def _plan(campaign: Any) -> None:
    """Ask for all that the rules ask for."""
    _ = campaign.stills, campaign.animation, campaign.choices, campaign.counting, campaign.population_files
    for name in campaign.config["filters"]:
        campaign.counting_words(name)
    _ = campaign.per_simulation, campaign.unsplit, campaign.split, campaign.pages(), campaign.notices()
    for name in campaign.simulations:
        if campaign.members[name].state == "ready":
            campaign.populations(name), campaign.source(name), campaign.files(name), campaign.tables(name)
            campaign.products(name), campaign.page_inputs(name), campaign.is_filmed(name)
            campaign.memory_mb(name, 1), campaign.runtime_min(name, 2)


def _check_names(folder: Path, facts: Any) -> None:
    """Each simulation of the config and of the sheet must be there."""
    config = facts["config"]
    wanted = {name for name, value in (config.get("simulations") or {}).items() if not set(str(value)) & set("*?[")}
    if config.get("sheet") and str(config["sheet"]).endswith(".csv"):
        try:
            with (folder / config["sheet"]).open(encoding="utf-8-sig", newline="") as file:
                names = [(row["simulation"] or "").strip() for row in csv.DictReader(file)]
                wanted |= {name for name in names if name and not name.startswith("#")}  # such rows are comments
        except (OSError, ValueError, KeyError, csv.Error):
            return
    missing = wanted - set(facts["sources"])
    if missing:
        message = f"simulations {sorted(missing)} are not planned"
        raise NotConservedError(message)
