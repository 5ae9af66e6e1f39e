"""A small selection of nodes to summarise."""

from __future__ import annotations

import numpy as np

from spikelib.summary.model import Nodes, RasterAxis


def two_populations() -> Nodes:
    """Return four nodes of "exc" and three of "inh"."""
    return Nodes(("exc", "inh"), np.array([0, 4, 7]), np.array([0, 1, 2, 3, 0, 1, 2]), np.ones(7, np.bool_))


def id_axis() -> RasterAxis:
    """Return the axis of their ids."""
    return RasterAxis("node id", np.arange(7.0), (-0.5, 6.5), (), (3.5,))
