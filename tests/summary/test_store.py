"""A summary comes back from its file bit for bit, and anything else is refused."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.errors import MissingFileError, OutputError, TableError
from spikelib.summary.accumulate import summarise
from spikelib.summary.model import RasterAxis
from spikelib.summary.store import load_summary, save_summary
from tests.summary.same import assert_same, slabs

SPIKES = st.lists(st.tuples(st.floats(0.0, 95.0, allow_subnormal=False), st.integers(0, 6)), max_size=60)


@settings(deadline=None, max_examples=40)
@given(spikes=SPIKES, intervals=st.booleans())
def test_every_summary_comes_back_equal(tmp_path_factory, spec, nodes, axis, spots, spikes, intervals):
    summary = summarise(slabs(spikes, []), replace(spec, intervals=intervals), nodes, axis, spots)
    path = tmp_path_factory.mktemp("store") / "summary.npz"
    save_summary(summary, path)
    assert_same(load_summary(path), summary)


def test_summary_without_animation_comes_back_equal(tmp_path, spec, nodes, axis):
    summary = summarise([], spec, nodes, axis)
    save_summary(summary, tmp_path / "summary.npz")
    loaded = load_summary(tmp_path / "summary.npz")
    assert loaded.frames is None
    assert loaded.places is None
    assert_same(loaded, summary)


def test_ticks_and_widened_histograms_come_back(tmp_path, spec, nodes):
    axis = RasterAxis("layer", np.arange(7.0), (0.0, 6.0), ((1.0, "L4"), (2.5, "L5")), (2.0, 4.5))
    summary = summarise([(np.array([0.0, 90.0]), np.zeros(2, np.int32))], spec, nodes, axis)
    assert summary.isi.doublings == 3
    save_summary(summary, tmp_path / "summary.npz")
    assert_same(load_summary(tmp_path / "summary.npz"), summary)


def test_numpy_reads_the_file_without_spikelib(tmp_path, spec, nodes, axis, spots):
    save_summary(summarise([(np.array([5.0]), np.array([2], np.int32))], spec, nodes, axis, spots), tmp_path / "s.npz")
    with np.load(tmp_path / "s.npz") as file:
        assert json.loads(str(file["header"]))["schema"] == 5
        assert file["counters.count"].tolist() == [0, 0, 1, 0, 0, 0, 0]
        assert file["frames.counts"].tolist() == [1], "only what is not zero is stored"


def test_a_missing_summary_is_named(tmp_path):
    with pytest.raises(MissingFileError, match=r"none\.npz: there is no such summary; run `spikelib summarise` first"):
        load_summary(tmp_path / "none.npz")


def saved(tmp_path, spec, nodes, axis) -> bytes:
    save_summary(summarise([], spec, nodes, axis), tmp_path / "whole.npz")
    return (tmp_path / "whole.npz").read_bytes()


def other_archive() -> bytes:
    content = io.BytesIO()
    np.savez(content, counts=np.arange(3))
    return content.getvalue()


@pytest.mark.parametrize("kind", ["empty", "text", "truncated", "damaged", "other archive", "npy"])
def test_what_is_no_summary_is_refused(tmp_path, spec, nodes, axis, kind):
    whole = saved(tmp_path, spec, nodes, axis)
    npy = io.BytesIO()
    np.save(npy, np.arange(3))
    middle = len(whole) // 2
    contents = {
        "empty": b"",
        "text": b"time,id\n1,2\n",
        "truncated": whole[:middle],
        "damaged": whole[:60] + b"\xff" * 40 + whole[100:],
        "other archive": other_archive(),
        "npy": npy.getvalue(),
    }
    (tmp_path / "bad.npz").write_bytes(contents[kind])
    with pytest.raises(
        TableError, match=r"bad\.npz: this is not a summary of spikelib; run `spikelib summarise` again"
    ):
        load_summary(tmp_path / "bad.npz")


def test_a_member_that_says_it_is_encrypted_is_damage(tmp_path, spec, nodes, axis):
    whole = bytearray(saved(tmp_path, spec, nodes, axis))
    entry = whole.index(b"PK\x01\x02")  # the first entry of the directory: its flags are at 8
    whole[entry + 8] |= 1
    (tmp_path / "bad.npz").write_bytes(whole)
    with pytest.raises(TableError, match=r"bad\.npz: this is not a summary of spikelib"):
        load_summary(tmp_path / "bad.npz")


def test_an_array_that_is_gone_is_damage(tmp_path, spec, nodes, axis):
    saved(tmp_path, spec, nodes, axis)
    with ZipFile(tmp_path / "whole.npz") as old, ZipFile(tmp_path / "less.npz", "w") as new:
        for name in old.namelist():
            if name != "times.npy":  # absent where a raster is a density
                new.writestr(name, old.read(name))
    with pytest.raises(TableError, match=r"less\.npz: this summary is damaged \(arrays are missing\)"):
        load_summary(tmp_path / "less.npz")


def test_two_origins_are_damage(tmp_path, spec, nodes, axis):
    save_summary(summarise([], spec, nodes, axis), tmp_path / "s.npz", "ab12")
    content = (tmp_path / "s.npz").read_bytes()
    (tmp_path / "s.npz").write_bytes(content[:-1] + b"3")
    with pytest.raises(TableError, match=r"s\.npz: this summary is damaged \(it states two origins\)"):
        load_summary(tmp_path / "s.npz")


def test_another_schema_is_refused(tmp_path, spec, nodes, axis):
    saved(tmp_path, spec, nodes, axis)
    with ZipFile(tmp_path / "whole.npz") as old, ZipFile(tmp_path / "old.npz", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "header.npy":
                header = json.loads(str(np.load(io.BytesIO(content))))
                buffer = io.BytesIO()
                np.save(buffer, np.array(json.dumps({**header, "schema": 1})))
                content = buffer.getvalue()
            new.writestr(name, content)
    with pytest.raises(TableError, match="a summary of schema 1, but this spikelib reads 5; summarise again"):
        load_summary(tmp_path / "old.npz")


def test_a_place_that_cannot_be_written_is_named(tmp_path, spec, nodes, axis):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"summary\.npz: cannot be written"):
        save_summary(summarise([], spec, nodes, axis), tmp_path / "file" / "summary.npz")
