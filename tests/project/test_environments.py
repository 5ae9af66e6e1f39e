"""The container definitions and the entry for the workflow catalog agree with the project and with each other."""

from __future__ import annotations

import re
import subprocess
import tomllib

import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from tests import PROJECT

CONTAINERS = PROJECT / "containers"


def copied_by_docker() -> set[str]:
    words = [line.split()[1:] for line in (CONTAINERS / "Dockerfile").read_text().splitlines() if line[:5] == "COPY "]
    return {name for *names, _ in words for name in names}


def copied_by_apptainer() -> dict[str, str]:
    section = re.search(r"^%files\n(.*?)^%", (CONTAINERS / "spikelib.def").read_text(), re.MULTILINE | re.DOTALL)
    assert section is not None
    return dict(line.split() for line in section[1].splitlines() if line)


def test_constraints_are_versions_that_the_project_accepts() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    lines = (CONTAINERS / "constraints.txt").read_text().splitlines()
    pinned = {line.split("==")[0].lower(): line.split("==")[1] for line in lines if not line.startswith("#")}
    extras = [project["optional-dependencies"][extra] for extra in ("workflow", "storage")]
    wanted = [Requirement(text) for text in sum(extras, project["dependencies"])]
    wanted = [requirement for requirement in wanted if requirement.name != "spikelib"]
    assert len(wanted) > 12
    for requirement in wanted:
        assert Version(pinned[requirement.name.lower()]) in requirement.specifier, requirement


def test_containers_hold_the_same_files() -> None:
    files = copied_by_apptainer()
    assert set(files) == copied_by_docker()
    assert all(place == f"/opt/spikelib/{name}" for name, place in files.items())
    assert [name for name in files if not (PROJECT / name).exists()] == []
    assert {"Snakefile", "pyproject.toml", "profiles", "spikelib", "workflow"} <= set(files)


def test_containers_are_installed_by_the_same_script_on_the_same_base() -> None:
    docker, apptainer = ((CONTAINERS / name).read_text() for name in ("Dockerfile", "spikelib.def"))
    assert (
        re.search(r"^FROM (\S+)$", docker, re.MULTILINE)[1] == re.search(r"^From: (\S+)$", apptainer, re.MULTILINE)[1]
    )  # type: ignore[index]
    for text in (docker, apptainer):
        assert "containers/install.sh" in text
        assert "/opt/venv/bin:$PATH" in text
        assert "/opt/spikelib/Snakefile" in text
    subprocess.run(["sh", "-n", str(CONTAINERS / "install.sh")], check=True)


def test_catalog_entry_has_the_documented_keys() -> None:
    usage = yaml.safe_load((PROJECT / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    assert set(usage["mandatory-flags"]) == {"desc", "flags"}
    assert set(usage["software-stack-deployment"]) == {"conda", "apptainer", "apptainer+conda", "report"}
    for needed in ("workflow/Snakefile", "config/README.md", "README.md"):
        assert (PROJECT / needed).is_file()
