"""The cells and synapses of the demo's network, without NEST."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.demo import column

INDEX = {group.name: index for index, group in enumerate(column.GROUPS)}


def test_cells_are_inside_the_column(cortex):
    x, _, z = cortex.xyz.T
    assert np.hypot(x, z).max() <= column.RADIUS_UM


def test_ids_run_from_left_to_right_in_a_group(cortex):
    for index in range(len(column.GROUPS)):
        assert np.all(np.diff(cortex.xyz[cortex.group == index, 0]) >= 0)


def test_every_cell_gets_its_indegree_from_the_right_group(cortex):
    source, target = INDEX["L4E"], INDEX["L23E"]
    synapses = column.cortical_synapses(cortex, source, target, np.random.default_rng(3))
    expected = round(column.full_indegree(source, target) * column.INDEGREE_SCALE)
    targets, counts = np.unique(synapses.target, return_counts=True)
    np.testing.assert_array_equal(targets, np.flatnonzero(cortex.group == target))
    assert set(counts) == {expected}
    assert set(cortex.group[synapses.source]) == {source}


def test_no_cell_is_connected_to_itself(cortex):
    synapses = column.cortical_synapses(cortex, INDEX["L4E"], INDEX["L4E"], np.random.default_rng(3))
    assert not np.any(synapses.source == synapses.target)


def test_l4e_excites_l23e_twice_as_much(cortex):
    rng = np.random.default_rng(3)
    strong = column.cortical_synapses(cortex, INDEX["L4E"], INDEX["L23E"], rng).weight_pa.mean()
    plain = column.cortical_synapses(cortex, INDEX["L4E"], INDEX["L5E"], rng).weight_pa.mean()
    assert strong / plain == pytest.approx(2.0, rel=0.02)


@pytest.mark.parametrize("source", ["L4E", "L4I"])
def test_inhibition_is_negative_and_delays_are_on_the_grid(cortex, source):
    synapses = column.cortical_synapses(cortex, INDEX[source], INDEX["L4E"], np.random.default_rng(3))
    assert np.all(synapses.weight_pa > 0 if source == "L4E" else synapses.weight_pa < 0)
    steps = synapses.delay_ms / column.DT_MS
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-9)
    assert steps.min() >= 1.0 - 1e-9


def test_synapses_are_local(cortex, thalamus):
    synapses = column.thalamic_synapses(thalamus, cortex, INDEX["L4E"], np.random.default_rng(3))
    offset = thalamus.xyz[synapses.source, 0] - cortex.xyz[synapses.target, 0]
    assert np.median(np.abs(offset)) < column.THALAMIC_REACH_UM


def test_the_current_restores_the_mean_input():
    # Mean input of a cell: sum over sources of synapses * rate * weight * tau_syn; 1 - sqrt(k) of it is lost.
    target = INDEX["L6I"]
    per_second = column.GROUPS[target].n_external * column.EXTERNAL_RATE_HZ
    for source, group in enumerate(column.GROUPS):
        sign = 1.0 if group.synapse_class == "EXC" else column.INHIBITION
        per_second += column.full_indegree(source, target) * group.rate_hz * sign
    mean_pa = per_second * column.WEIGHT_PA * column.TAU_SYN_MS / 1000.0
    expected = mean_pa * (1.0 - np.sqrt(column.INDEGREE_SCALE))
    assert column.compensation_pa(target) == pytest.approx(expected)


@pytest.mark.parametrize("group", column.GROUPS, ids=lambda group: group.name)
def test_groups_have_their_share_of_cells_in_their_layer(cortex, group):
    members = cortex.group == INDEX[group.name]
    assert members.sum() == round(group.n_full * column.CELL_SCALE)
    low, high = column.LAYER_DEPTHS_UM[group.layer]
    depth = -cortex.xyz[members, 1]
    assert low <= depth.min()
    assert depth.max() <= high
    assert set(cortex.mtype[members]) == {mtype for mtype, _, _ in group.types}
    assert sum(share for _, _, share in group.types) == pytest.approx(1.0)


def test_the_thalamus_is_a_sheet_below_the_column(thalamus):
    assert len(thalamus) == column.N_THALAMUS
    assert -thalamus.xyz[:, 1].min() <= column.THALAMUS_DEPTH_UM[1]
    assert -thalamus.xyz[:, 1].max() >= max(high for _, high in column.LAYER_DEPTHS_UM.values())
    assert set(thalamus.group) == {-1}


def test_full_indegrees_are_those_published():
    # K synapses between groups of N and M cells make a pair unconnected with the chance (1 - 1 / (N M))**K.
    source, target = column.GROUPS[INDEX["L4E"]], column.GROUPS[INDEX["L23E"]]
    n_synapses = column.full_indegree(INDEX["L4E"], INDEX["L23E"]) * target.n_full
    connected = 1 - (1 - 1 / (source.n_full * target.n_full)) ** n_synapses
    assert connected == pytest.approx(column.PROBABILITY[INDEX["L23E"], INDEX["L4E"]], rel=1e-4)


def test_scaling_keeps_the_variance_of_the_input():
    # n synapses of weight w: variance n w**2; a share k of them, each 1 / sqrt(k) as strong, has the same.
    assert column.INDEGREE_SCALE * column.synapse_weight_pa() ** 2 == pytest.approx(column.WEIGHT_PA**2)
    group = column.GROUPS[0]
    assert column.external_rate_hz(group) == pytest.approx(1600 * 0.02 * 8.0)


def test_one_seed_gives_one_column():
    again = [column.place_cortex(np.random.default_rng(7)) for _ in range(2)]
    np.testing.assert_array_equal(again[0].xyz, again[1].xyz)
    assert not np.array_equal(again[0].xyz, column.place_cortex(np.random.default_rng(8)).xyz)
