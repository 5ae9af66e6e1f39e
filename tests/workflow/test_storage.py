"""Simulations that lie in storage: on another file system (`fs`), and in an S3 server that speaks HTTP."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.workflow.conftest import FIGURES, Workflow, write_simulation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

CI = os.environ.get("CI") == "true"
FILES = ["circuit_config.json", "nodes.h5", "spikes.h5"]
REPORT = "report_simulation simulation=far"


def need(*names: str) -> None:
    """Skip, but not in CI, where a package or program is missing."""
    missing = [name for name in names if not (shutil.which(name) or importlib.util.find_spec(name))]
    if missing and not CI:
        pytest.skip(f"not installed: {', '.join(missing)}")
    assert missing == []


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Return a folder with a simulation, outside of the working directory."""
    write_simulation(tmp_path / "store/runs/far")
    return tmp_path / "store/runs/far"


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    """Return a client of an S3 server with an empty bucket `lab`."""
    need("snakemake_storage_plugin_s3", "moto", "boto3")
    import boto3

    # In a process of its own: moto and what it imports warn, and here warnings are errors.
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "moto.server", "--port", "0"], stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        said = next(line for line in server.stderr if "Running on" in line)
        access = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        client = boto3.client("s3", endpoint_url=said.split()[-1], **access)
        client.create_bucket(Bucket="lab")
        yield client
        server.terminate()


def upload(client: Any, folder: Path, prefix: str) -> None:
    for path in folder.iterdir():
        client.upload_file(str(path), "lab", f"{prefix}/{path.name}")


def s3_options(client: Any) -> list[str]:
    settings = {"endpoint-url": client.meta.endpoint_url, "access-key": "key", "secret-key": "secret"}
    return [word for name, value in settings.items() for word in (f"--storage-s3-{name}", value)]


def assert_same_results(workflow: Workflow, finished: Path) -> None:
    """Compare with a run whose simulation lay beside it."""
    made, wanted = workflow.folder / "results/far", finished / "results/small"
    for filter_name in ("all", "late"):
        for name in ("nodes.parquet", "figures/raster.svg"):
            place = f"filters/{filter_name}/{name}"
            assert (made / place).read_bytes() == (wanted / place).read_bytes(), place
        # Statistics state that they were made from the fetched copy.
        place = f"filters/{filter_name}/statistics.json"
        ours, theirs = (json.loads((folder / place).read_text()) for folder in (made, wanted))
        assert ours.pop("made_from") != theirs.pop("made_from")
        assert ours == theirs


def test_fs_delivers_a_simulation(workflow: Workflow, elsewhere: Path, finished_folder: Path) -> None:
    need("snakemake_storage_plugin_fs", "rsync")
    far = {"source": str(elsewhere / "simulation_config.json"), "files": FILES, "storage": "fs"}
    workflow.configure(simulations={"far": far}, figures={})
    assert workflow.plan() == ["assemble_campaign_page", "default", REPORT]
    workflow.run()
    assert_same_results(workflow, finished_folder)
    assert not list((workflow.folder / ".snakemake/storage").rglob("*.h5")), "local copies are deleted after use"
    assert "Nothing to be done" in workflow.run()
    write_simulation(elsewhere, seed=1)
    assert REPORT in workflow.plan()


def test_s3_delivers_a_simulation(workflow: Workflow, elsewhere: Path, finished_folder: Path, s3: Any) -> None:
    upload(s3, elsewhere, "runs/far")
    far = {"source": "s3://lab/runs/far/simulation_config.json", "files": FILES}
    workflow.configure(simulations={"far": far}, figures={})
    options = s3_options(s3)
    assert workflow.plan(*options) == ["assemble_campaign_page", "default", REPORT]
    workflow.run(*options)
    assert_same_results(workflow, finished_folder)
    assert "Nothing to be done" in workflow.run(*options)
    time.sleep(1)  # S3 tells times in whole seconds
    s3.upload_file(str(elsewhere / "spikes.h5"), "lab", "runs/far/spikes.h5")
    assert REPORT in workflow.plan(*options)


def test_s3_delivers_a_folder_and_a_bare_spike_file(workflow: Workflow, elsewhere: Path, s3: Any) -> None:
    upload(s3, elsewhere, "split/parts")
    s3.copy({"Bucket": "lab", "Key": "split/parts/simulation_config.json"}, "lab", "split/config/simulation.json")
    config = (elsewhere / "simulation_config.json").read_text()
    config = config.replace('"circuit_config.json"', '"../parts/circuit_config.json"').replace('"."', '"../parts"')
    s3.put_object(Bucket="lab", Key="split/config/simulation.json", Body=config.encode())
    far = {"source": "s3://lab/split/config/simulation.json", "files": ["../parts"]}
    workflow.configure(
        simulations={"far": far, "bare": "s3://lab/split/parts/spikes.h5"},
        figures=FIGURES,
        filters={"late": {"t_start": 50}},
    )
    workflow.run(*s3_options(s3))
    assert {"far/report.html", "bare/report.html"} <= set(workflow.results())


def test_file_that_storage_does_not_have_is_named(workflow: Workflow, elsewhere: Path, s3: Any) -> None:
    upload(s3, elsewhere, "lost")
    lost = {"source": "s3://lab/lost/simulation_config.json", "files": [*FILES, "node_sets.json"]}
    workflow.configure(simulations={"far": lost})
    assert "s3://lab/lost/node_sets.json" in workflow.run("--dry-run", *s3_options(s3), status=1)


def test_results_in_storage_are_refused(workflow: Workflow) -> None:
    need("snakemake_storage_plugin_fs")
    printed = workflow.run("--dry-run", "--default-storage-provider", "fs", status=1)
    assert "results cannot lie in storage (--default-storage-provider fs)" in printed


def test_query_without_a_plugin_says_what_to_install(workflow: Workflow) -> None:
    workflow.configure(simulations={"far": "nowhere://lab/spikes.h5"})
    printed = workflow.run("--dry-run", status=1)
    assert "No storage provider found for query nowhere://lab/spikes.h5" in printed
