"""The script that made the demo: what surrounds NEST here, the whole of it where NEST is installed."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.demo import make, write_demo
from spikelib.demo.column import Synapses
from tests.demo.test_packaged import contents


class Recorder:
    """Takes the calls that would build synapses in NEST."""

    def __init__(self) -> None:
        self.calls: list[tuple] = []

    def Connect(self, *arguments):
        self.calls.append(arguments)


def synapses(n: int) -> Synapses:
    return Synapses(np.arange(n), np.arange(n) + 1, np.full(n, -2.0), np.full(n, 1.5))


def test_the_report_is_cut_and_sorted():
    ids = np.array([4, 9, 2, 7, 1])
    times = np.array([1500.0, 1500.1, 0.0, -0.1, 0.0000001])
    spikes = make._cut(ids, times)
    assert spikes.times_ms.tolist() == [0.0, 0.0, 1500.0], "both ends are in; times are rounded to the grid"
    assert spikes.ids.tolist() == [1, 2, 4], "ties by id"
    assert spikes.ids.dtype == np.uint64


def test_ids_of_a_population_become_ids_of_nest():
    nest = Recorder()
    make._add(nest, synapses(2), first_source=10, first_target=100)
    ((source, target, rule, properties),) = nest.calls
    assert (source.tolist(), target.tolist(), rule) == ([10, 11], [101, 102], "one_to_one")
    assert (properties["weight"].tolist(), properties["delay"].tolist()) == ([-2.0, -2.0], [1.5, 1.5])


def test_groups_without_synapses_are_not_connected():
    nest = Recorder()
    make._add(nest, synapses(0), first_source=10, first_target=100)
    assert nest.calls == []


def test_a_folder_must_be_named(capsys):
    with pytest.raises(SystemExit, match="2"):
        make.main([])
    assert "the following arguments are required: out" in capsys.readouterr().err


@pytest.mark.slow
def test_the_script_makes_the_packaged_files(tmp_path):
    pytest.importorskip("nest")
    make.main([str(tmp_path / "made")])
    assert contents(tmp_path / "made") == contents(write_demo(tmp_path / "packaged").parent)
