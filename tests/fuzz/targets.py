"""The targets by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fuzz.target_configs import Configs
from tests.fuzz.target_groups import Groups
from tests.fuzz.target_node_types import NodeTypesTables
from tests.fuzz.target_nodes import NodesFiles
from tests.fuzz.target_results import ResultsFolders
from tests.fuzz.target_spikes import SpikeFiles
from tests.fuzz.target_workflow import WorkflowConfigs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fuzz.target import Target

TARGETS: dict[str, Callable[[], Target]] = {
    each.name: each
    for each in (SpikeFiles, Configs, Groups, NodesFiles, NodeTypesTables, ResultsFolders, WorkflowConfigs)
}
