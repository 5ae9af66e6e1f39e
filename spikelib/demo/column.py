"""The cells of the demo and their synapses: a small cortical column over a sheet of thalamic cells.

Cell numbers, connection probabilities and external input are those that Potjans and Diesmann published
for one square millimetre of early sensory cortex (Cerebral Cortex 24:785, 2014); the resting rates are
those that the full model is known to have in NEST. The column
holds `CELL_SCALE` of the cells. A cell keeps `INDEGREE_SCALE` of its synapses, each stronger by
``1 / sqrt(INDEGREE_SCALE)``; a constant current restores the mean input that this takes away (van
Albada, Helias and Diesmann, PLoS Comput Biol 11:e1004490, 2015). Unlike the original, the cells have
places: a synapse comes from a nearby cell more often than from a distant one, and its delay grows with
the distance, so that a local stimulus has a local answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "CELL_SCALE",
    "DT_MS",
    "GROUPS",
    "INDEGREE_SCALE",
    "REFRACTORY_MS",
    "TAU_SYN_MS",
    "Cells",
    "Group",
    "Synapses",
    "compensation_pa",
    "cortical_synapses",
    "external_rate_hz",
    "full_indegree",
    "place_cortex",
    "place_thalamus",
    "synapse_weight_pa",
    "thalamic_synapses",
]

# 3.5 % of the cells: enough for layers and classes to be seen, and a package that stays below 1 MB.
CELL_SCALE = 0.035
# 2 % of the synapses: a cell of the full model has more of them than the demo has cells.
INDEGREE_SCALE = 0.02
N_THALAMUS = 120

RADIUS_UM = 500.0
THALAMUS_DEPTH_UM = (1900.0, 1960.0)
LAYER_DEPTHS_UM = {
    "L2/3": (150.0, 630.0),
    "L4": (650.0, 930.0),
    "L5": (950.0, 1230.0),
    "L6": (1250.0, 1650.0),
}

WEIGHT_PA = 87.8  # peak current of an excitatory synapse: a potential of 0.15 mV
WEIGHT_SPREAD = 0.1
INHIBITION = -4.0  # times as strong as excitation, to balance four times as many excitatory cells
TAU_SYN_MS = 0.5
# Standard deviations of lateral distance: small beside the radius, so that a local stimulus has a local answer.
REACH_UM = {"EXC": 200.0, "INH": 150.0}
THALAMIC_REACH_UM = 70.0
DELAY_MS = {"EXC": 1.0, "INH": 0.5}
SPEED_UM_PER_MS = 300.0
DELAY_SPREAD = 0.25
DT_MS = 0.1

# Mean and standard deviation. In the original all cells have one threshold; here the cells of a group differ in rate.
THRESHOLD_MV = (-50.5, 1.5)
REFRACTORY_MS = {"RS": 2.0, "FS": 1.0, "LTS": 2.0}


@dataclass(frozen=True)
class Group:
    """One cell group of the column, with the published numbers for the full square millimetre.

    Attributes
    ----------
    name
        The node set of the group, such as ``L4E``.
    layer, synapse_class
        The node properties of its cells.
    n_full
        Its number of cells before scaling.
    n_external, n_thalamic
        Synapses that one cell gets from outside the model, and from the thalamus of the demo.
    rate_hz
        Its resting rate in the full model, which the compensation needs.
    types
        ``(mtype, etype, share)``; the shares add up to one.
    """

    name: str
    layer: str
    synapse_class: str
    n_full: int
    n_external: int
    n_thalamic: int
    rate_hz: float
    types: tuple[tuple[str, str, float], ...]


GROUPS = (
    Group("L23E", "L2/3", "EXC", 20683, 1600, 0, 0.90, (("L23_PC", "RS", 1.0),)),
    Group("L23I", "L2/3", "INH", 5834, 1500, 0, 2.97, (("L23_BC", "FS", 0.6), ("L23_MC", "LTS", 0.4))),
    Group("L4E", "L4", "EXC", 21915, 2100, 10, 4.41, (("L4_SSC", "RS", 0.7), ("L4_PC", "RS", 0.3))),
    Group("L4I", "L4", "INH", 5479, 1900, 6, 5.88, (("L4_BC", "FS", 0.7), ("L4_MC", "LTS", 0.3))),
    Group("L5E", "L5", "EXC", 4850, 2000, 0, 7.57, (("L5_PC", "RS", 1.0),)),
    Group("L5I", "L5", "INH", 1065, 1900, 0, 8.63, (("L5_BC", "FS", 0.5), ("L5_MC", "LTS", 0.5))),
    Group("L6E", "L6", "EXC", 14395, 2900, 5, 1.11, (("L6_PC", "RS", 1.0),)),
    Group("L6I", "L6", "INH", 2948, 2100, 2, 7.83, (("L6_BC", "FS", 0.5), ("L6_MC", "LTS", 0.5))),
)

# Probability that a pair of cells is connected: a row per target group, a column per source group.
PROBABILITY = np.array([
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0000, 0.0076, 0.0000],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0000, 0.0042, 0.0000],
    [0.0077, 0.0059, 0.0497, 0.1350, 0.0067, 0.0003, 0.0453, 0.0000],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0000, 0.1057, 0.0000],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0000],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.0600, 0.3158, 0.0086, 0.0000],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.0010, 0.0034, 0.0005, 0.0277, 0.0080, 0.0658, 0.1443],
])  # fmt: skip
EXTERNAL_RATE_HZ = 8.0


@dataclass(frozen=True)
class Cells:
    """The cells of one population; all arrays have shape (n,) and are ordered by node id.

    Attributes
    ----------
    xyz
        Positions in um, shape (n, 3), float32. y is minus the depth below the pia.
    group
        Index into `GROUPS`, or -1 for thalamic cells.
    mtype, etype
        Names of the cell's morphological and electrical type.
    threshold_mv
        Spike threshold.
    """

    xyz: NDArray[np.float32]
    group: NDArray[np.int64]
    mtype: NDArray[np.object_]
    etype: NDArray[np.object_]
    threshold_mv: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.xyz)


@dataclass(frozen=True)
class Synapses:
    """Synapses from one group to another, one per element: arrays of shape (n,).

    Attributes
    ----------
    source, target
        Node ids in the populations of the source and of the target.
    weight_pa, delay_ms
        Peak current, negative for inhibition, and delay, a multiple of `DT_MS`.
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    weight_pa: NDArray[np.float64]
    delay_ms: NDArray[np.float64]


def place_cortex(rng: np.random.Generator) -> Cells:
    """Place the cortical cells: group by group, from left to right inside a group."""
    blocks = [_place_group(index, rng) for index in range(len(GROUPS))]
    return Cells(
        xyz=np.concatenate([block.xyz for block in blocks]),
        group=np.concatenate([block.group for block in blocks]),
        mtype=np.concatenate([block.mtype for block in blocks]),
        etype=np.concatenate([block.etype for block in blocks]),
        threshold_mv=np.concatenate([block.threshold_mv for block in blocks]),
    )


def place_thalamus(rng: np.random.Generator) -> Cells:
    """Place the thalamic cells in a thin sheet under the column, from left to right."""
    return Cells(
        xyz=_place(N_THALAMUS, THALAMUS_DEPTH_UM, rng),
        group=np.full(N_THALAMUS, -1),
        mtype=np.full(N_THALAMUS, "TC", dtype=object),
        etype=np.full(N_THALAMUS, "none", dtype=object),
        threshold_mv=np.full(N_THALAMUS, np.nan),
    )


def external_rate_hz(group: Group) -> float:
    """Return the summed rate of the external synapses of one cell, in Hz."""
    return group.n_external * INDEGREE_SCALE * EXTERNAL_RATE_HZ


def synapse_weight_pa() -> float:
    """Return the mean weight of an excitatory synapse after scaling, in pA."""
    return float(WEIGHT_PA / np.sqrt(INDEGREE_SCALE))


def compensation_pa(target: int) -> float:
    """Return the constant current in pA that replaces the mean input which scaling takes from a cell.

    Scaling leaves ``sqrt(INDEGREE_SCALE)`` of the mean; its variance stays as it was.
    """
    group = GROUPS[target]
    total = group.n_external * EXTERNAL_RATE_HZ * WEIGHT_PA
    for source, other in enumerate(GROUPS):
        total += full_indegree(source, target) * other.rate_hz * WEIGHT_PA * _strength(source, target)
    per_ms = total / 1000.0  # rates are in Hz, the time constant of the synapses in ms: pA * 1/s / 1000 * ms is pA
    return float(TAU_SYN_MS * per_ms * (1.0 - np.sqrt(INDEGREE_SCALE)))


def full_indegree(source: int, target: int) -> float:
    """Return how many synapses a cell of group `target` gets from group `source` in the full model."""
    # The table gives the chance that a pair has at least one synapse, 1 - (1 - 1/(N M))**K of K synapses, and not K.
    return float(-np.log1p(-PROBABILITY[target, source]) * GROUPS[source].n_full)


def cortical_synapses(cells: Cells, source: int, target: int, rng: np.random.Generator) -> Synapses:
    """Draw the synapses from group `source` to group `target` (indices into `GROUPS`)."""
    kind = GROUPS[source].synapse_class
    sources, targets = np.flatnonzero(cells.group == source), np.flatnonzero(cells.group == target)
    pre, post = _draw_pairs(cells.xyz[sources], cells.xyz[targets], _indegree(source, target), REACH_UM[kind], rng)
    distance = np.linalg.norm(cells.xyz[sources[pre]] - cells.xyz[targets[post]], axis=1)
    mean = synapse_weight_pa() * _strength(source, target)
    return Synapses(sources[pre], targets[post], _weights(mean, pre.size, rng), _delays(distance, kind, rng))


def thalamic_synapses(thalamus: Cells, cells: Cells, target: int, rng: np.random.Generator) -> Synapses:
    """Draw the synapses of the thalamus on group `target`; each cell sees the sheet right under it."""
    targets = np.flatnonzero(cells.group == target)
    pre, post = _draw_pairs(thalamus.xyz, cells.xyz[targets], GROUPS[target].n_thalamic, THALAMIC_REACH_UM, rng)
    distance = np.linalg.norm(thalamus.xyz[pre] - cells.xyz[targets[post]], axis=1)
    return Synapses(pre, targets[post], _weights(synapse_weight_pa(), pre.size, rng), _delays(distance, "EXC", rng))


def _place_group(index: int, rng: np.random.Generator) -> Cells:
    group = GROUPS[index]
    n = round(group.n_full * CELL_SCALE)
    kind = rng.choice(len(group.types), size=n, p=[share for _, _, share in group.types])
    return Cells(
        xyz=_place(n, LAYER_DEPTHS_UM[group.layer], rng),
        group=np.full(n, index),
        mtype=np.array([mtype for mtype, _, _ in group.types], dtype=object)[kind],
        etype=np.array([etype for _, etype, _ in group.types], dtype=object)[kind],
        threshold_mv=rng.normal(*THRESHOLD_MV, size=n).round(3),
    )


def _place(n: int, depth_um: tuple[float, float], rng: np.random.Generator) -> NDArray[np.float32]:
    """Place `n` cells evenly in a cylinder around the y axis, sorted by x."""
    radius = RADIUS_UM * np.sqrt(rng.random(n))
    angle = rng.uniform(0.0, 2.0 * np.pi, n)
    xyz = np.column_stack([radius * np.cos(angle), -rng.uniform(*depth_um, n), radius * np.sin(angle)])
    return np.asarray(xyz[np.argsort(xyz[:, 0], kind="stable")], dtype=np.float32)


def _indegree(source: int, target: int) -> int:
    return round(full_indegree(source, target) * INDEGREE_SCALE)


def _strength(source: int, target: int) -> float:
    """Return the weight of a connection relative to `WEIGHT_PA`; L4E to L23E is twice as strong."""
    if GROUPS[source].synapse_class == "INH":
        return INHIBITION
    return 2.0 if (GROUPS[source].name, GROUPS[target].name) == ("L4E", "L23E") else 1.0


def _draw_pairs(
    sources: NDArray[np.float32],
    targets: NDArray[np.float32],
    indegree: int,
    reach_um: float,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw `indegree` sources for each target, Gaussian in lateral distance; a pair may be drawn again.

    Positions have shape (n, 3) in um; the two index arrays returned have shape (n_targets * indegree,).
    """
    lateral = targets[:, None, ::2].astype(float) - sources[None, :, ::2]
    squared = (lateral**2).sum(axis=2)
    # A pair at distance 0 is a cell and itself: no two cells share a place.
    chance = np.where(squared > 0.0, np.exp(-0.5 * squared / reach_um**2), 0.0)
    cumulative = np.cumsum(chance, axis=1)
    draws = rng.random((len(targets), indegree)) * cumulative[:, -1:]
    rows = [np.searchsorted(row, draw, side="right") for row, draw in zip(cumulative, draws, strict=True)]
    post = np.repeat(np.arange(len(targets)), indegree)
    return np.concatenate(rows).astype(np.int64), post


def _weights(mean_pa: float, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw weights around `mean_pa` that keep its sign."""
    # Never across zero: a cell is excitatory or inhibitory at all of its synapses (Dale's principle).
    return mean_pa * np.maximum(rng.normal(1.0, WEIGHT_SPREAD, n), 0.0)


def _delays(distance_um: NDArray[np.float32], kind: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw delays on the time grid, at least one step."""
    # NEST needs delays of at least one step, and keeps them in whole steps.
    mean = DELAY_MS[kind] + distance_um / SPEED_UM_PER_MS
    steps = np.rint(mean * rng.normal(1.0, DELAY_SPREAD, len(mean)) / DT_MS)
    return np.round(np.maximum(steps, 1.0) * DT_MS, 1)
