"""Make the demo: simulate the column with NEST and write it as SONATA.

Run ``python -m spikelib.demo.make OUT`` where ``nest-simulator`` (made with 3.10.0) is installed. The
seed is fixed and NEST runs in one thread, so that the same version of NEST gives the same files.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.demo.column import (
    DT_MS,
    GROUPS,
    REFRACTORY_MS,
    TAU_SYN_MS,
    Cells,
    Synapses,
    compensation_pa,
    cortical_synapses,
    external_rate_hz,
    place_cortex,
    place_thalamus,
    synapse_weight_pa,
    thalamic_synapses,
)
from spikelib.demo.run import Run, Spikes
from spikelib.demo.stimulus import thalamic_trains
from spikelib.demo.writing import write_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["main", "simulate"]

SEED = 20140301
WARM_UP_MS = 500.0  # the potentials are drawn at random; what the network does until they settle is no resting state
DURATION_MS = 1500.0


def simulate(seed: int = SEED) -> Run:
    """Build the column, run it, and return its cells and its spikes from the end of the warm-up on."""
    import nest  # noqa: PLC0415 - not a dependency: only who makes the demo anew needs it

    rng = np.random.default_rng(seed)
    cortex, thalamus = place_cortex(rng), place_thalamus(rng)
    trains = thalamic_trains(thalamus.xyz[:, 0], (-WARM_UP_MS, DURATION_MS), DT_MS, rng)
    nest.ResetKernel()
    nest.set(resolution=DT_MS, rng_seed=seed, local_num_threads=1)
    neurons = _create_neurons(nest, cortex, rng)
    relays = [_create_relay(nest, train) for train in trains]
    _connect(nest, neurons, relays, cortex, thalamus, rng)
    recorder = nest.Create("spike_recorder")
    nest.Connect(neurons, recorder)
    nest.Simulate(WARM_UP_MS + DURATION_MS)
    ids = np.asarray(recorder.events["senders"]) - neurons[0].global_id
    return Run(
        cortex=cortex,
        thalamus=thalamus,
        cortex_spikes=_cut(ids, np.asarray(recorder.events["times"]) - WARM_UP_MS),
        thalamus_spikes=_cut(
            np.repeat(np.arange(len(trains)), [len(train) for train in trains]), np.concatenate(trains)
        ),
        duration_ms=DURATION_MS,
        dt_ms=DT_MS,
        warm_up_ms=WARM_UP_MS,
        seed=seed,
        simulator=f"NEST {nest.__version__}",
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the script: simulate, write all files into the folder named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write the demo into")
    out = parser.parse_args(arguments).out  # before the simulation: a wrong call should not cost minutes
    write_run(simulate(), out)


def _create_neurons(nest: Any, cells: Cells, rng: np.random.Generator) -> Any:
    """Create the cortical cells, in the order of their node ids, and their external input."""
    neurons = nest.Create("iaf_psc_exp", len(cells))
    # C_m in pF, tau in ms, potentials in mV: the cell of Potjans and Diesmann.
    neurons.set(C_m=250.0, tau_m=10.0, E_L=-65.0, V_reset=-65.0, tau_syn_ex=TAU_SYN_MS, tau_syn_in=TAU_SYN_MS)
    neurons.set(
        V_th=cells.threshold_mv,
        t_ref=[REFRACTORY_MS[etype] for etype in cells.etype],
        I_e=[compensation_pa(group) for group in cells.group],
        V_m=rng.normal(-58.0, 5.0, len(cells)),
    )
    for index, group in enumerate(GROUPS):
        noise = nest.Create("poisson_generator", params={"rate": external_rate_hz(group)})
        members = neurons[np.flatnonzero(cells.group == index).tolist()]
        nest.Connect(noise, members, syn_spec={"weight": synapse_weight_pa(), "delay": 1.0})
    return neurons


def _create_relay(nest: Any, train_ms: NDArray[np.float64]) -> Any:
    """Create one thalamic cell that fires at the given times of the report."""
    return nest.Create("spike_generator", params={"spike_times": np.round(train_ms + WARM_UP_MS, 4)})


def _connect(
    nest: Any, neurons: Any, relays: list[Any], cortex: Cells, thalamus: Cells, rng: np.random.Generator
) -> None:
    """Connect thalamus and cortex to the cortex."""
    first_neuron, first_relay = neurons[0].global_id, relays[0].global_id
    for target in range(len(GROUPS)):
        for source in range(len(GROUPS)):
            synapses = cortical_synapses(cortex, source, target, rng)
            _add(nest, synapses, first_neuron, first_neuron)
        _add(nest, thalamic_synapses(thalamus, cortex, target, rng), first_relay, first_neuron)


def _add(nest: Any, synapses: Synapses, first_source: int, first_target: int) -> None:
    """Make the synapses in NEST, whose ids count all populations together."""
    if synapses.source.size:
        nest.Connect(
            synapses.source + first_source,
            synapses.target + first_target,
            "one_to_one",
            {"weight": synapses.weight_pa, "delay": synapses.delay_ms},
        )


def _cut(ids: NDArray[np.int64], times_ms: NDArray[np.float64]) -> Spikes:
    """Keep the spikes of the report, sorted by time and then by id."""
    times_ms = np.round(times_ms, 4)
    kept = (times_ms >= 0.0) & (times_ms <= DURATION_MS)
    ids, times_ms = ids[kept], times_ms[kept]
    order = np.lexsort((ids, times_ms))
    return Spikes(ids[order].astype(np.uint64), times_ms[order])


if __name__ == "__main__":
    main()
