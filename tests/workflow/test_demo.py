"""The workflow on the demo, as the first command of README.md runs it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests import PROJECT

if TYPE_CHECKING:
    from tests.workflow.conftest import Workflow


@pytest.mark.slow
def test_default_config_makes_the_page_of_the_demo(workflow: Workflow) -> None:
    shutil.copytree(PROJECT / "config", workflow.folder / "config", dirs_exist_ok=True)
    workflow.run()
    demo = workflow.folder / "results/demo"
    assert (demo / "report.html").stat().st_size > 100_000
    statistics = json.loads((demo / "filters/all/statistics.json").read_text())
    assert statistics["populations"]["cortex"]["n_nodes"] == 2701
    assert statistics["populations"]["thalamus"]["n_nodes"] == 120
    assert (demo / "filters/moving_bar/figures/animation.mp4").stat().st_size > 1000
    assert "Nothing to be done" in workflow.run()
