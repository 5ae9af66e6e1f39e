"""Reading a window of one population into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from spikelib.errors import WindowError
from spikelib.sonata import slab
from spikelib.sonata.audit import RunFacts
from spikelib.sonata.load import check_window, load_spikes
from spikelib.sonata.spikes import SpikeReader, spike_sources
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("t_start", "t_stop", "window"),
    [
        (None, None, (-np.inf, np.inf)),
        (0, None, (0.0, np.inf)),
        (None, 5, (-np.inf, 5.0)),
        (5.0, 5.0, (5.0, 5.0)),
        (-1e-7, np.float32(2.0), (-1e-7, 2.0)),
        (0.0, np.inf, (0.0, np.inf)),
    ],
)
def test_window(t_start: float | None, t_stop: float | None, window: tuple[float, float]) -> None:
    assert check_window(t_start, t_stop) == window


@pytest.mark.parametrize(
    ("t_start", "t_stop", "message"),
    [
        (-0.1, None, "t_start=-0.1: times cannot be negative or NaN; give ms from the start"),
        (None, -1, "t_stop=-1: times cannot be negative"),
        (np.nan, None, "t_start=nan: times cannot be"),
        (3, 2, "t_start=3 is later than t_stop=2; exchange them"),
    ],
    ids=["negative-start", "negative-stop", "NaN", "reversed"],
)
def test_wrong_window(t_start: float | None, t_stop: float | None, message: str) -> None:
    with pytest.raises(WindowError, match=message):
        check_window(t_start, t_stop)


def test_window_of_a_sorted_report_reads_the_ids_of_that_window_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slab, "_LOOK", 64)
    path = write_spikes(tmp_path / "s.h5", {"a": (np.arange(1000.0), np.arange(1000) % 10)})
    stretches = []
    read = SpikeReader.read
    monkeypatch.setattr(SpikeReader, "read", lambda self, *ends: stretches.append(ends) or read(self, *ends))
    (times, ids), audit = load_spikes(spike_sources(path)["a"], RunFacts(), (500.0, 510.0))
    assert times.tolist() == [float(t) for t in range(500, 511)]
    assert ids.tolist() == [*range(10), 0]
    assert (stretches, audit.n_read) == ([(500, 511)], 11)
