"""`allow_outside` and `limits` of the config reach every command, and make no result again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import pytest

if TYPE_CHECKING:
    from tests.workflow.conftest import Workflow


@pytest.mark.slow
def test_folders_and_limits_reach_the_jobs_and_make_nothing_again(workflow: Workflow) -> None:
    spikes = workflow.folder / "runs/small/spikes.h5"
    outside = workflow.folder.parent / "parts {1} of it"
    outside.mkdir()
    with h5py.File(spikes, "a") as here, h5py.File(outside / "part.h5", "w") as there:
        name = next(iter(here["spikes"]))
        here.copy(f"spikes/{name}", there, "moved")
        del here[f"spikes/{name}"]
        here[f"spikes/{name}"] = h5py.ExternalLink(str(outside / "part.h5"), "moved")
    simulations = {"small": "runs/small/simulation_config.json"}
    workflow.configure(simulations=simulations, figures={"raster": {}}, quiet_minutes=0)
    assert "--allow-outside" in workflow.run("--dry-run")
    choices = {"simulations": simulations, "figures": {"raster": {}}, "jobs": "per_step", "quiet_minutes": 0}
    workflow.configure(**choices, allow_outside="../parts {1} of it", limits={"json_depth": 90})
    workflow.run()
    workflow.configure(**choices, allow_outside=["../parts {1} of it", ".."], limits={})
    assert workflow.plan() == []
