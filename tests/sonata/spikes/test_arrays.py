"""What is known of a population from outside, and the sizes that other modules count on."""

from __future__ import annotations

import numpy as np

from spikelib.sonata.spikes.arrays import CHUNK, LARGEST_ID, RunFacts
from spikelib.sonata.spikes.audit import Audit, count_spikes


def test_chunk_of_times_and_ids_takes_16_mib() -> None:
    assert CHUNK * (np.dtype(np.float64).itemsize + np.dtype(np.int64).itemsize) == 16 << 20


def test_largest_id_leaves_room_for_millions_of_populations_in_one_integer() -> None:
    assert LARGEST_ID << 22 < 2**63


def test_where_nothing_is_known_no_spike_is_outside_of_the_run_but_negative_ones() -> None:
    audit = Audit("a", None, False, None, None, None, 1.0, "uint64", "float64", None)
    count_spikes(np.array([-1.0, 0.0, 1e12]), np.array([0, 1, 2]), RunFacts(), audit)
    assert (audit.n_before_start, audit.n_after_end) == (1, 0)
