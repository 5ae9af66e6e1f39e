"""Reading tables back: windows, members, and several populations merged."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.errors import MissingFileError, TableError
from spikelib.sonata.spikes.chosen_ids import ChosenIds
from spikelib.tables import writer
from spikelib.tables.scan import merged, scan, scan_mixed, time_range
from spikelib.tables.schema import CHECKSUM_KEY, METADATA_KEY, ROW_GROUPS, SCHEMA, checksum_of, read_info
from spikelib.tables.writer import open_writer
from tests.tables.spikes import canonical, extracted, random_spikes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.tables.spikes import Arrays


def joined(chunks: Iterator[Any], n_columns: int) -> list[np.ndarray[Any, Any]]:
    parts = list(chunks)
    return [np.concatenate([np.empty(0), *(part[k] for part in parts)]) for k in range(n_columns)]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a table of 500 spikes at 0.0, 0.1, ... 4.9 ms in row groups of 100."""
    folder = tmp_path_factory.mktemp("scan") / "t.parquet"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "ROW_GROUP", 100)
        extracted(folder, *random_spikes(500), sorting="none")
    return folder


WINDOWS = {
    "everything": (-np.inf, np.inf),
    "inside": (1.0, 2.0),
    "one moment": (2.5, 2.5),
    "before": (-5.0, -1.0),
    "behind": (5.0, 9.0),
    "open start": (-np.inf, 0.3),
    "open end": (4.8, np.inf),
    "an end just short": (1.0000005, 1.9999995),
    "an end too short": (1.00001, 1.99999),
}


@pytest.mark.parametrize("members", [None, np.arange(20) % 3 == 0, np.zeros(20, np.bool_), np.ones(5, np.bool_)])
@pytest.mark.parametrize("name", WINDOWS)
def test_window_and_members_are_those_of_a_mask(table: Path, name: str, members: np.ndarray[Any, Any] | None) -> None:
    low, high = WINDOWS[name]
    times, ids = canonical(*random_spikes(500))
    kept = (times >= low - 1e-6) & (times <= high + 1e-6)
    if members is not None:
        kept &= np.isin(ids, np.flatnonzero(members))
    chosen = None if members is None else ChosenIds(np.flatnonzero(members))
    found_times, found_ids = joined(scan(table, (low, high), chosen), 2)
    np.testing.assert_array_equal(found_times, times[kept])
    np.testing.assert_array_equal(found_ids, ids[kept])


@pytest.mark.parametrize(
    ("window", "n_groups"),
    [((-np.inf, np.inf), 5), ((-1.0, -0.5), 0), ((0.0, 0.1), 1), ((4.9, 4.9), 1), ((6.0, 7.0), 0)],
)
def test_only_row_groups_of_the_window_are_read(
    monkeypatch: pytest.MonkeyPatch, table: Path, window: tuple[float, float], n_groups: int
) -> None:
    read: list[int] = []
    original = pq.ParquetFile.read_row_group

    def watched(self: pq.ParquetFile, group: int, **options: Any) -> Any:
        read.append(group)
        return original(self, group, **options)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", watched)
    list(scan(table, window))
    assert len(read) == n_groups


def test_time_range_is_in_the_metadata(table: Path, tmp_path: Path) -> None:
    times = random_spikes(500)[0]
    assert time_range(table) == (times.min(), times.max())
    extracted(tmp_path / "empty", [], [])
    assert time_range(tmp_path / "empty") == (np.inf, -np.inf)


def test_missing_table(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="absent: there is no such table; run `spikelib extract`"):
        next(scan(tmp_path / "absent"))


def pieces(spikes: Arrays, size: int) -> Iterator[Arrays]:
    """Cut spikes into chunks of `size`, ties as they fall."""
    for begin in range(0, len(spikes[0]), size):
        yield spikes[0][begin : begin + size], spikes[1][begin : begin + size]


@settings(max_examples=150, deadline=None)
@given(
    populations=st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=20), max_size=4),
    sizes=st.lists(st.integers(1, 7), min_size=4, max_size=4),
)
def test_merge_is_that_of_lexsort(populations: list[list[tuple[int, int]]], sizes: list[int]) -> None:
    arrays = []
    for spikes in populations:
        pairs = np.array(spikes, np.int64).reshape(-1, 2)
        arrays.append(canonical(pairs[:, 0].astype(float), pairs[:, 1]))
    chunks = list(merged([pieces(spikes, size) for spikes, size in zip(arrays, sizes, strict=False)]))
    for before, after in pairwise(chunks):
        assert before[0][-1] < after[0][0]  # spikes of one time are never split
    codes = np.repeat(np.arange(len(arrays)), [len(spikes[0]) for spikes in arrays])
    times, ids = (np.concatenate([np.empty(0), *(spikes[k] for spikes in arrays)]) for k in range(2))
    order = np.lexsort((codes, ids, times))
    for found, expected in zip(joined(iter(chunks), 3), (times, ids, codes), strict=True):
        np.testing.assert_array_equal(found, expected[order])


def test_merge_holds_only_what_it_needs() -> None:
    """Two long streams are taken in step, chunk by chunk."""
    taken = [0, 0]

    def stream(k: int) -> Iterator[Arrays]:
        for begin in range(100):
            taken[k] += 1
            yield np.arange(10.0) + 10 * begin, np.full(10, k)

    for number, chunk in enumerate(merged([stream(0), stream(1)])):
        assert len(chunk[0]) <= 20
        assert max(taken) <= number + 2


def write_mixed(path: Path, times: list[float], ids: list[int], codes: list[int], names: list[str]) -> Path:
    with open_writer(path, {}, names) as file:
        file.write(np.array(times, float), np.array(ids, np.int64), np.array(codes, np.int32))
    return path


@pytest.mark.parametrize("asked", [("a", "b", "c"), ("c", "b", "a"), ("x", "b", "a", "c")], ids="-".join)
def test_codes_are_those_of_the_names_asked_for(tmp_path: Path, asked: tuple[str, ...]) -> None:
    path = write_mixed(tmp_path / "m.parquet", [1.0, 2.0, 3.0], [5, 6, 7], [2, 0, 1], ["a", "b", "c"])
    times, ids, codes = joined(scan_mixed(path, asked), 3)
    assert times.tolist() == [1.0, 2.0, 3.0]
    assert ids.tolist() == [5, 6, 7]
    assert [asked[int(code)] for code in codes] == ["c", "a", "b"]


def test_row_groups_hold_their_own_dictionaries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(writer, "ROW_GROUP", 2)
    path = write_mixed(tmp_path / "m.parquet", [1.0, 2.0, 3.0, 4.0, 5.0], [1] * 5, [1, 1, 0, 1, 0], ["a", "b"])
    assert [codes.tolist() for _, _, codes in scan_mixed(path, ("a", "b"))] == [[1, 1], [0, 1], [0]]


def test_mixed_table_without_spikes(tmp_path: Path) -> None:
    path = write_mixed(tmp_path / "m.parquet", [], [], [], ["a", "b"])
    assert joined(scan_mixed(path, ("a", "b")), 3)[0].size == 0
    assert pq.read_table(path).schema.names == ["times", "ids", "population"]


def written(path: Path, times: list[float], populations: list[str] | None = None) -> Path:
    codes = None if populations is None else np.zeros(len(times), np.int32)
    with open_writer(path, {}, populations) as table:
        table.write(np.array(times), np.arange(len(times)), codes)
    return path


@pytest.mark.parametrize("populations", [None, ["a"]], ids=["one", "mixed"])
def test_damaged_pages_are_seen(tmp_path: Path, populations: list[str] | None) -> None:
    path = written(tmp_path / "t.parquet", np.random.default_rng(0).random(500).cumsum().tolist(), populations)
    content = bytearray(path.read_bytes())
    begin = pq.read_metadata(path).row_group(0).column(0).data_page_offset
    content[begin + 1000] ^= 1
    path.write_bytes(content)
    with pytest.raises(TableError, match=r"t\.parquet: the table is damaged \(.*extract or filter it again"):
        list(scan(path) if populations is None else scan_mixed(path, ("a",)))


@pytest.mark.parametrize("populations", [None, ["a"]], ids=["one", "mixed"])
def test_times_that_go_back_are_damage(tmp_path: Path, populations: list[str] | None) -> None:
    path = written(tmp_path / "t.parquet", [1.0, 3.0, 2.0, 4.0], populations)
    with pytest.raises(TableError, match="its times are not in order"):
        list(scan(path) if populations is None else scan_mixed(path, ("a",)))


def test_row_groups_that_go_back_are_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "ROW_GROUP", 2)
    path = written(tmp_path / "t.parquet", [5.0, 6.0, 1.0, 2.0])
    with pytest.raises(TableError, match="the extremes of its times are not in order"):
        list(scan(path, (0.0, 2.0)))


def test_population_that_nobody_asked_for_is_damage(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="the table is damaged"):
        list(scan_mixed(written(tmp_path / "t.parquet", [1.0], ["a"]), ("b",)))


def test_type_that_was_changed_does_not_end_the_process(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    content = json.dumps({"schema": SCHEMA, ROW_GROUPS: [[2, 1, 2]]}).encode()
    metadata = {METADATA_KEY: content, CHECKSUM_KEY: checksum_of(content)}
    pq.write_table(pa.table({"times": [1, 2], "ids": [0, 1]}).replace_schema_metadata(metadata), path)
    for read in (lambda: list(scan(path)), lambda: time_range(path)):
        with pytest.raises(TableError, match=r"the table is damaged \(its times are of the type INT64"):
            read()


@pytest.mark.parametrize("populations", [None, ["a"]], ids=["one", "mixed"])
def test_footer_that_tells_of_fewer_spikes_or_other_times_is_damage(
    tmp_path: Path, populations: list[str] | None
) -> None:
    path = written(tmp_path / "t.parquet", [1.0, 2.0, 3.0], populations)
    whole, told = pq.read_table(path), pq.read_metadata(path).metadata
    metadata = {key: told[key] for key in (METADATA_KEY, CHECKSUM_KEY)}
    for kept in (whole.slice(0, 2), whole.slice(1, 2), whole.slice(0, 0)):
        pq.write_table(kept.replace_schema_metadata(metadata), path)
        for read in (
            lambda: list(scan(path) if populations is None else scan_mixed(path, ("a",))),
            lambda: read_info(path),
        ):
            with pytest.raises(
                TableError, match=r"t\.parquet: its footer does not tell of the spikes that were written"
            ):
                read()
