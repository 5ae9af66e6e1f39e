"""A run of the demo as SONATA files."""

from __future__ import annotations

import json

import h5py
import numpy as np

from spikelib import open_report
from spikelib.demo import writing


def test_spikes_and_cells_survive_writing(run, tmp_path):
    writing.write_run(run, tmp_path)
    with h5py.File(tmp_path / "output" / "spikes.h5") as file:
        np.testing.assert_array_equal(file["spikes/cortex/node_ids"], run.cortex_spikes.ids)
        np.testing.assert_array_equal(file["spikes/thalamus/timestamps"], run.thalamus_spikes.times_ms)
    with h5py.File(tmp_path / "nodes" / "cortex.h5") as file:
        group = file["nodes/cortex/0"]
        mtype = group["@library/mtype"].asstr()[:][group["mtype"][:]]
        np.testing.assert_array_equal(mtype, run.cortex.mtype)
        np.testing.assert_array_equal(group["etype"].asstr()[:], run.cortex.etype)
        np.testing.assert_array_equal(group["dynamics_params/V_th"], run.cortex.threshold_mv.astype(np.float32))


def test_spikelib_reads_what_was_written(run, tmp_path):
    writing.write_run(run, tmp_path / "new")
    report = open_report(tmp_path / "new" / "simulation_config.json")
    assert report.population_names == ["cortex", "thalamus"]
    assert report["cortex"].get().to_dict() == {0.1: 3, 7.5: 1}
    assert report["cortex"].nodes.size == len(run.cortex)
    assert report["thalamus"].nodes.property_names == {"x", "y", "z", "mtype", "model_type"}


def test_nothing_is_compressed(run, tmp_path):
    writing.write_run(run, tmp_path)
    found = []
    for path in tmp_path.rglob("*.h5"):
        with h5py.File(path) as file:
            file.visititems(lambda _, item: found.append(item.compression) if isinstance(item, h5py.Dataset) else None)
    assert len(found) > 10
    assert set(found) == {None}


def test_old_files_are_replaced(run, tmp_path):
    (tmp_path / "node_sets.json").write_text("{}")
    writing.write_run(run, tmp_path)
    assert "Column" in json.loads((tmp_path / "node_sets.json").read_text())
