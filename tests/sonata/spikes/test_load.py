"""Reading a window of one population into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.sonata.spikes import find_window
from spikelib.sonata.spikes.arrays import RunFacts
from spikelib.sonata.spikes.load import load_spikes
from spikelib.sonata.spikes.spike_file import SpikeReader, spike_sources
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_window_of_a_sorted_report_reads_the_ids_of_that_window_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find_window, "_LOOK", 64)
    path = write_spikes(tmp_path / "s.h5", {"a": (np.arange(1000.0), np.arange(1000) % 10)})
    stretches = []
    read = SpikeReader.read
    monkeypatch.setattr(SpikeReader, "read", lambda self, *ends: stretches.append(ends) or read(self, *ends))
    (times, ids), audit = load_spikes(spike_sources(path)["a"], RunFacts(), (500.0, 510.0))
    assert times.tolist() == [float(t) for t in range(500, 511)]
    assert ids.tolist() == [*range(10), 0]
    assert (stretches, audit.n_read) == ([(500, 511)], 11)
