"""Small simulations, and a Snakemake that runs the workflow on them in a folder of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest
import yaml

from tests import PROJECT
from tests.steps.builders import FEW

if TYPE_CHECKING:
    from collections.abc import Iterator

SLURM_CONF = os.environ.get("SLURM_CONF")
"""Where the machine's SLURM is configured; the tests that need none hide it."""
FIGURES: dict[str, Any] = {"animation": False}
FILTERS: dict[str, Any] = {"all": {}, "late": {"group": {"layer": "L4"}, "t_start": 50}}


def write_simulation(folder: Path, seed: int = 0) -> None:
    """Write a SONATA simulation of 40 nodes with layers and places and 400 spikes in 100 ms."""
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    with h5py.File(folder / "nodes.h5", "w") as file:
        nodes = file.create_group("nodes/cells")
        nodes["node_type_id"] = np.full(40, -1)
        for axis in "xyz":
            nodes[f"0/{axis}"] = random.uniform(-100, 100, 40)
        nodes.create_dataset("0/layer", data=["L4"] * 20 + ["L5"] * 20, dtype=h5py.string_dtype())
    with h5py.File(folder / "spikes.h5", "w") as file:
        spikes = file.create_group("spikes/cells")
        spikes["timestamps"] = np.sort(random.uniform(0, 100, 400))
        spikes["timestamps"].attrs["units"] = "ms"
        spikes["node_ids"] = random.integers(0, 40, 400, dtype=np.uint64)
    circuit = {"networks": {"nodes": [{"nodes_file": "nodes.h5", "populations": {"cells": {}}}], "edges": []}}
    simulation = {
        "network": "circuit_config.json",
        "run": {"tstop": 100.0, "dt": 0.1, "random_seed": seed},
        "output": {"output_dir": ".", "spikes_file": "spikes.h5"},
    }
    (folder / "circuit_config.json").write_text(json.dumps(circuit))
    (folder / "simulation_config.json").write_text(json.dumps(simulation))


@dataclass(frozen=True)
class Workflow:
    """The workflow with a working directory."""

    folder: Path

    def add_simulation(self, name: str, seed: int = 0) -> Path:
        """Write a simulation to runs/<name>, return its config, relative to the working directory."""
        write_simulation(self.folder / "runs" / name, seed)
        return Path("runs", name, "simulation_config.json")

    def configure(self, **content: Any) -> None:
        """Write the config, with the defaults of these tests for what is not given."""
        config = {"filters": FILTERS, "figures": FIGURES, **content}
        if isinstance(config["figures"], dict) and "others" not in config["figures"]:
            config["figures"] = {**FEW, "animation": {}, **config["figures"]}
        (self.folder / "config").mkdir(exist_ok=True)
        (self.folder / "config/config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))

    def command(self, *arguments: str, snakefile: str = "Snakefile") -> list[str]:
        """Return the command line of Snakemake, with the project's default profile."""
        place = ["--snakefile", str(PROJECT / snakefile), "--directory", str(self.folder)]
        profile = ["--workflow-profile", str(PROJECT / "profiles/default")]
        return [sys.executable, "-m", "snakemake", *place, *profile, "--cores", "2", *arguments]

    def run(self, *arguments: str, snakefile: str = "Snakefile", status: int = 0, **options: Any) -> str:
        """Run Snakemake, check its exit status, return what it printed."""
        done = subprocess.run(
            self.command(*arguments, snakefile=snakefile),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **options,
        )
        assert done.returncode == status, done.stdout
        return done.stdout

    def plan(self, *targets: str, **options: Any) -> list[str]:
        """Return the jobs that Snakemake would run, as ``rule wildcard=value, ...``, sorted."""
        printed = self.run("--dry-run", "--nocolor", *targets, **options)
        jobs = re.findall(r"^(?:local)?rule (\w+):\n((?:    .*\n)*)", printed, flags=re.MULTILINE)
        wildcards = [re.search(r"^    wildcards: (.*)$", text, flags=re.MULTILINE) for _, text in jobs]
        return sorted(
            f"{job[0]} {found[1] if found else ''}".strip() for job, found in zip(jobs, wildcards, strict=True)
        )

    def results(self) -> list[str]:
        """Return the paths of all files below results/, relative to it, sorted."""
        folder = self.folder / "results"
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="session", autouse=True)
def _no_slurm() -> Iterator[None]:
    """Hide SLURM: where it is installed but does not run, Snakemake's plugin waits 9 s for it at each start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLURM_CONF", os.devnull)
        yield


@pytest.fixture
def workflow(tmp_path: Path) -> Workflow:
    """Return the workflow in an empty folder, configured for one small simulation."""
    workflow = Workflow(tmp_path / "work")
    workflow.configure(simulations={"small": str(workflow.add_simulation("small"))})
    return workflow


@pytest.fixture(scope="session")
def finished_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the workflow has run, with all figures; to be copied and not touched."""
    workflow = Workflow(tmp_path_factory.mktemp("finished") / "work")
    workflow.configure(simulations={"small": str(workflow.add_simulation("small"))}, figures={})
    workflow.run()
    return workflow.folder


@pytest.fixture
def finished(finished_folder: Path, tmp_path: Path) -> Workflow:
    """Return the workflow after a run over one small simulation."""
    return Workflow(Path(shutil.copytree(finished_folder, tmp_path / "work")))
