"""The network model behind the demo, without NEST."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from spikelib.demo import column, stimulus, writing
from spikelib.demo.run import Run, Spikes

INDEX = {group.name: index for index, group in enumerate(column.GROUPS)}


@pytest.fixture(scope="module")
def cortex():
    return column.place_cortex(np.random.default_rng(1))


@pytest.fixture(scope="module")
def thalamus():
    return column.place_thalamus(np.random.default_rng(2))


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
def test_inhibition_is_negative_and_delays_lie_on_the_grid(cortex, source):
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


def test_the_bar_moves_from_left_to_right():
    x = np.linspace(-500.0, 500.0, 101)
    peaks = [x[np.argmax(stimulus.thalamic_rates(x, time))] for time in (660.0, 750.0, 840.0)]
    assert peaks == sorted(peaks)
    assert peaks[1] == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("time_ms", "on"),
    [(299.9, False), (300.0, True), (319.9, True), (320.0, False)],
    ids=["before", "start", "last", "end"],
)
def test_a_stimulus_includes_its_start_and_not_its_end(time_ms, on):
    rate = stimulus.thalamic_rates(np.array([-250.0]), time_ms)[0]
    assert bool(rate > stimulus.NOISE_HZ) == on


def test_trains_follow_the_rate_and_the_grid():
    trains = stimulus.thalamic_trains(np.zeros(200), (-100.0, 900.0), 0.1, np.random.default_rng(4))
    times = np.concatenate(trains)
    assert times.min() > -100.0
    assert times.max() <= 900.0
    np.testing.assert_allclose(times * 10, np.rint(times * 10), atol=1e-6)
    # 2 Hz of noise, and the bar: 130 Hz * 60 um * sqrt(2 pi) / (1100 um / 0.3 s).
    expected = 200 * (2.0 + 130.0 * 60.0 * np.sqrt(2.0 * np.pi) / 1100.0 * 0.3)
    assert len(times) == pytest.approx(expected, rel=0.1)
    assert all(np.all(np.diff(train) > 0) for train in trains)


def test_a_run_survives_writing(cortex, thalamus, tmp_path):
    spikes = Spikes(np.array([3, 1], dtype=np.uint64), np.array([0.1, 7.5]))
    run = Run(cortex, thalamus, spikes, spikes, 10.0, 0.1, 5.0, 1, "hand")
    writing.write_run(run, tmp_path)
    with h5py.File(tmp_path / "output" / "spikes.h5") as file:
        np.testing.assert_array_equal(file["spikes/cortex/node_ids"], spikes.ids)
        np.testing.assert_array_equal(file["spikes/thalamus/timestamps"], spikes.times_ms)
    with h5py.File(tmp_path / "nodes" / "cortex.h5") as file:
        group = file["nodes/cortex/0"]
        mtype = group["@library/mtype"].asstr()[:][group["mtype"][:]]
        np.testing.assert_array_equal(mtype, cortex.mtype)
        np.testing.assert_array_equal(group["etype"].asstr()[:], cortex.etype)
        np.testing.assert_array_equal(group["dynamics_params/V_th"], cortex.threshold_mv.astype(np.float32))
