"""What is said twice in the project around the package is the same in both places."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import yaml

import spikelib
from spikelib.demo import write_demo
from tests import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
CONDA_NAMES = {"duckdb": "python-duckdb", "matplotlib": "matplotlib-base", "snakemake": "snakemake-minimal"}


def test_conda_environment_is_that_of_pip() -> None:
    extra = PYPROJECT["project"]["optional-dependencies"]["workflow"]
    wanted = {}
    for dependency in [*PYPROJECT["project"]["dependencies"], *extra]:
        name, version = dependency.split(">=")
        wanted[CONDA_NAMES.get(name, name)] = version
    conda = yaml.safe_load((PROJECT / "workflow/envs/spikelib.yaml").read_text())["dependencies"]
    given = dict(dependency.split(" >=") for dependency in conda if dependency != "pip")
    assert given.pop("python") == PYPROJECT["project"]["requires-python"].removeprefix(">=")
    assert given == wanted


def test_version_is_one_everywhere() -> None:
    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text())
    changes = re.findall(r"^## (\S+)", (PROJECT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    assert citation["version"] == changes[0] == spikelib.__version__


def test_minimum_snakemake_is_one_everywhere() -> None:
    minimum = re.search(r'min_version\("([\d.]+)"\)', (PROJECT / "workflow/Snakefile").read_text())
    assert minimum is not None
    extra = PYPROJECT["project"]["optional-dependencies"]["workflow"]
    assert f"snakemake>={minimum[1].removesuffix('.0')}" in extra


def test_links_of_the_documents_lead_to_files() -> None:
    pages = [*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md"), PROJECT / "config/README.md"]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^):#]+)\)", page.read_text())]
    assert len(links) > 8
    missing = [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()]
    assert missing == []


def test_first_commands_of_the_readme_set_up_their_own_environment() -> None:
    commands = re.findall(r"^```sh\n(.*?)^```", (PROJECT / "README.md").read_text(), flags=re.MULTILINE | re.DOTALL)
    for command, end in zip(commands[:2], (".venv/bin/snakemake --cores 2", ".venv/bin/pytest"), strict=True):
        assert len(command.splitlines()) == 1
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
        assert command.rstrip().endswith(f"&& {end}")


def test_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.search(r"^```python\n(.*?)^```", (PROJECT / "README.md").read_text(), flags=re.MULTILINE | re.DOTALL)
    assert code is not None
    monkeypatch.chdir(tmp_path)
    write_demo("resources/demo")
    names: dict[str, Any] = {}
    try:
        exec(code[1], names)
        assert names["spikes"].population_names == ["cortex", "thalamus"]
        assert len(names["filtered"].report) > 1000
        names["axes"].figure.canvas.draw()
        assert len(list(names["animation"].new_frame_seq())) > 100
    finally:
        plt.close("all")
