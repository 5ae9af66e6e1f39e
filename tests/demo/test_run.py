"""What a run leaves behind."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spikelib.demo.run import Spikes


@pytest.mark.parametrize("n_spikes", [0, 3])
def test_length_is_the_number_of_spikes(n_spikes):
    assert len(Spikes(np.zeros(n_spikes, np.uint64), np.zeros(n_spikes))) == n_spikes


def test_a_run_cannot_be_changed_afterwards(run):
    with pytest.raises(dataclasses.FrozenInstanceError, match="seed"):
        run.seed = 2
    assert dataclasses.replace(run, seed=2).cortex is run.cortex
