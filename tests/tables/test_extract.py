"""Extraction: the same spikes give the same table however they are stored, and none is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import spikelib
from spikelib.errors import ConservationError, OutputError, RejectedSpikesError, SpikeFileError
from spikelib.findings import Kind
from spikelib.sonata.spikes import audit as audit_module
from spikelib.sonata.spikes.arrays import RunFacts
from spikelib.sonata.spikes.spike_file import SpikeReader, spike_sources
from spikelib.tables import extract as extract_module
from spikelib.tables import sort, writer
from spikelib.tables.extract import ExtractOptions, extract
from spikelib.tables.scan import scan
from spikelib.tables.schema import read_info, spike_schema
from spikelib.tables.sort import SortOptions
from tests.tables.spikes import canonical, extracted, random_spikes, rows
from tests.writing import write_spikes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TIMES, IDS = random_spikes(500)
PART = "part-00000.parquet"


def by_time() -> np.ndarray[Any, Any]:
    """Order by time, ties of time as they come."""
    return np.argsort(TIMES, kind="stable")


ORDERS = {
    "by_time": (by_time(), "by_time", "by_time"),
    "by_time, ties turned": (np.lexsort((-IDS, TIMES)), "by_time", "by_time"),
    "by_id": (np.lexsort((TIMES, IDS)), "by_id", "by_id"),
    "unsorted": (np.arange(500), "none", "none"),
    "unsorted, nothing claimed": (np.arange(500), None, "none"),
    "unsorted, time claimed": (np.arange(500), "by_time", "none"),
    "unsorted, id claimed": (np.arange(500), "by_id", "none"),
    "by_time, id claimed": (by_time(), "by_id", "by_time"),
    "by_id, time claimed": (np.lexsort((TIMES, IDS)), "by_time", "by_id"),
}


@pytest.mark.parametrize("in_memory", [True, False], ids=["in memory", "by DuckDB"])
@pytest.mark.parametrize("chunk", [1, 7, 1000], ids=lambda chunk: f"chunks of {chunk}")
@pytest.mark.parametrize("name", ORDERS)
def test_any_order_gives_the_same_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, chunk: int, in_memory: bool
) -> None:
    monkeypatch.setattr(audit_module, "CHUNK", chunk)
    monkeypatch.setattr(sort, "CHUNK", 64)
    monkeypatch.setattr(writer, "ROW_GROUP", 100)
    if not in_memory:
        monkeypatch.setattr(sort, "IN_MEMORY", 10)
    order, claim, found = ORDERS[name]
    audit = extracted(tmp_path / "t", TIMES[order], IDS[order], sorting=claim)
    times, ids = rows(tmp_path / "t")
    expected = canonical(TIMES, IDS)
    np.testing.assert_array_equal(times, expected[0])
    np.testing.assert_array_equal(ids, expected[1])
    assert (audit.sorting_claim, audit.sorting_found) == (claim, found)
    assert audit.n_duplicates == np.count_nonzero(pd.DataFrame({"t": TIMES, "i": IDS}).duplicated())
    assert any(note.kind is Kind.SORTING_CLAIM_FALSE for note in audit.notes) == (
        claim in {"by_time", "by_id"} and claim != found
    )
    metadata = pq.read_metadata(tmp_path / "t" / PART)
    assert [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)] == [100] * 5


def test_order_in_the_file_leaves_no_trace_in_the_data(tmp_path: Path) -> None:
    """Everything but the metadata, which name the source, is the same to the byte."""
    contents = set()
    for number, (order, claim, _) in enumerate(ORDERS.values()):
        folder = tmp_path / str(number)
        extracted(folder, TIMES[order], IDS[order], sorting=claim)
        metadata = pq.read_metadata(folder / PART)
        end = max(
            metadata.row_group(0).column(k).data_page_offset + metadata.row_group(0).column(k).total_compressed_size
            for k in range(2)
        )
        contents.add((folder / PART).read_bytes()[:end])
    assert len(contents) == 1


@pytest.mark.parametrize("position", range(8))
def test_ties_parted_by_a_rejected_spike_stay_in_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, position: int
) -> None:
    """Two threads write a part each; where the seam falls must not show."""
    monkeypatch.setattr(extract_module, "_PARALLEL", 2)
    times, ids = [1.0] + [2.0] * 6, [0, 6, 5, 4, 6, 5, 4]
    times.insert(position, float("nan"))
    ids.insert(position, 9)
    audit = extracted(tmp_path / "t", times, ids)
    assert [column.tolist() for column in rows(tmp_path / "t")] == [[1.0] + [2.0] * 6, [0, 4, 4, 5, 5, 6, 6]]
    assert (audit.n_duplicates, audit.n_rejected) == (3, 1)


@pytest.mark.parametrize("in_memory", [True, False], ids=["in memory", "by DuckDB"])
@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]], ids=str)
def test_zero_has_no_sign(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, order: list[int], in_memory: bool) -> None:
    """-0.0 and 0.0 are the same time, so their order must not show in the bits."""
    if not in_memory:
        monkeypatch.setattr(sort, "IN_MEMORY", 1)
    times, ids = np.array([0.0, -0.0, 0.0, -0.0])[order], np.array([1, 2, 3, 4])[order]
    extracted(tmp_path / "t", times, ids, sorting="none")
    found_times, found_ids = rows(tmp_path / "t")
    assert found_ids.tolist() == [1, 2, 3, 4]
    assert not np.signbit(found_times).any()


@settings(max_examples=40, deadline=None)
@given(
    times=st.lists(st.integers(0, 6).map(float), max_size=30),
    seed=st.integers(0, 5),
    chunk=st.integers(1, 9),
    claim=st.sampled_from(["by_time", "by_id", "none", None]),
)
def test_tables_are_canonical_for_any_spikes(
    tmp_path_factory: pytest.TempPathFactory, times: list[float], seed: int, chunk: int, claim: str | None
) -> None:
    ids = np.random.default_rng(seed).integers(0, 4, len(times))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit_module, "CHUNK", chunk)
        patch.setattr(writer, "ROW_GROUP", 4)
        folder = tmp_path_factory.mktemp("any") / "t"
        audit = extracted(folder, times, ids, sorting=claim)
    expected = canonical(np.array(times, float), ids)
    assert [column.tolist() for column in rows(folder)] == [column.tolist() for column in expected]
    assert audit.n_duplicates == len(times) - len(set(zip(times, ids.tolist(), strict=True)))


def test_metadata(tmp_path: Path) -> None:
    audit = extracted(tmp_path / "t", [1.0, 2.0, float("nan"), 5.0], [4, 4, 1, 2], units=None)
    info = read_info(tmp_path / "t")
    assert info.n_spikes == 3
    assert dict(info.metadata) == {
        "schema": 2,
        "row_groups": [[3, 1.0, 5.0]],
        "writer": f"spikelib {spikelib.__version__}",
        "units": {"times": "ms"},
        "source": {"file": str(tmp_path / "t.h5"), "population": "a"},
        "made_from": "",
        "parts": 1,
        "counts": {"read": 4, "written": 3, "rejected": audit.rejected},
        "audit": audit.to_dict(),
    }
    assert audit.to_dict() == {
        "population": "a", "n_nodes": None, "in_circuit": False, "type": None, "sorting_claim": "by_time",
        "units": None, "to_ms": 1.0, "id_dtype": "uint64", "time_dtype": "float64", "compression": None,
        "n_read": 4, "n_kept": 3,
        "rejected": {"not_a_number": 1, "infinite": 0, "negative_time": 0, "id_out_of_range": 0},
        "sorting_found": "by_time", "time_first": 1.0, "time_last": 5.0, "id_min": 2, "id_max": 4, "n_after_end": 1,
        "n_before_start": 0, "n_duplicates": 0,
        "notes": [{"kind": "units_missing", "text": "units are missing: taken as ms"}],
    }  # fmt: skip


def test_storage(tmp_path: Path) -> None:
    extracted(tmp_path / "t", [1.0, 2.0], [4, 4])
    file = pq.ParquetFile(tmp_path / "t" / PART)
    assert file.schema_arrow.remove_metadata() == spike_schema()
    for k in range(2):
        column = file.metadata.row_group(0).column(k)
        assert column.compression == "ZSTD"
        assert "BYTE_STREAM_SPLIT" in column.encodings
        assert column.statistics.has_min_max


@pytest.mark.parametrize("sorting", ["by_time", "by_id", "none"])
def test_population_without_spikes(tmp_path: Path, sorting: str) -> None:
    audit = extracted(tmp_path / "t", [], [], sorting=sorting)
    assert (audit.n_read, audit.time_first, audit.id_max) == (0, None, None)
    assert pd.read_parquet(tmp_path / "t").dtypes.astype(str).to_dict() == {"times": "float64", "ids": "int64"}
    assert read_info(tmp_path / "t").n_spikes == 0


def test_other_readers_see_the_same(tmp_path: Path) -> None:
    import duckdb

    times, ids = canonical(TIMES, IDS)
    extracted(tmp_path / "t.parquet", TIMES, IDS, sorting="none")
    frame = pd.read_parquet(tmp_path / "t.parquet")
    np.testing.assert_array_equal(frame["times"], times)
    np.testing.assert_array_equal(frame["ids"], ids)
    counted = duckdb.sql(f"SELECT count(*), min(times), max(ids) FROM '{tmp_path}/t.parquet/*.parquet'").fetchall()
    assert counted == [(500, times.min(), ids.max())]


def test_polars_sees_the_same(tmp_path: Path) -> None:
    import polars as pl

    extracted(tmp_path / "t.parquet", TIMES, IDS, sorting="none")
    np.testing.assert_array_equal(pl.read_parquet(tmp_path / "t.parquet")["ids"], canonical(TIMES, IDS)[1])


def test_lost_spikes_are_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def lossy(chunks: Iterator[Any]) -> Iterator[Any]:
        for times, ids in chunks:
            yield times[1:], ids[1:]

    monkeypatch.setattr("spikelib.tables.extract.canonical_chunks", lossy)
    with pytest.raises(ConservationError, match="population 'a': 3 spikes kept, 2 written"):
        extracted(tmp_path / "t", [1.0, 2.0, 3.0], [0, 1, 2])
    assert not (tmp_path / "t").exists()


def test_spikes_that_are_not_read_are_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    read = SpikeReader.read
    monkeypatch.setattr(SpikeReader, "read", lambda self, start, stop: read(self, start, stop - 1))
    with pytest.raises(ConservationError, match="population 'a': 3 spikes in the file, 2 read; please report this bug"):
        extracted(tmp_path / "t", [1.0, 2.0, 3.0], [0, 1, 2])
    assert not (tmp_path / "t").exists()


def test_spikes_that_are_not_counted_are_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(audit_module, "_reject", lambda times, ids, *_: (times[1:], ids[1:]))
    with pytest.raises(ConservationError, match="population 'a': 3 spikes read, but 2 kept and 0 rejected"):
        extracted(tmp_path / "t", [1.0, 2.0, 3.0], [0, 1, 2])
    assert not (tmp_path / "t").exists()


def test_rows_that_do_not_arrive_are_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Forgetful:
        num_rows = 1

    monkeypatch.setattr(writer.pq, "read_metadata", lambda _: Forgetful)
    with pytest.raises(ConservationError, match=r"part-00000.parquet: 3 spikes were given, 1 are in the file"):
        extracted(tmp_path / "t", [1.0, 2.0, 3.0], [0, 1, 2])
    assert not (tmp_path / "t").exists()


def test_report_that_shrinks_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", {"a": (np.arange(1000.0), np.zeros(1000, int))})
    source = spike_sources(path)["a"]
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(SpikeFileError, match=r"s.h5: the HDF5 file is truncated; copy or simulate it again"):
        extract(source, RunFacts(), tmp_path / "t")
    assert not (tmp_path / "t").exists()


def test_report_replaced_by_a_shorter_one_is_refused(tmp_path: Path) -> None:
    source = spike_sources(write_spikes(tmp_path / "s.h5", {"a": (np.arange(1000.0), np.zeros(1000, int))}))["a"]
    write_spikes(tmp_path / "s.h5", {"a": ([1.0], [0])})
    with pytest.raises(
        SpikeFileError, match=r"s.h5, population 'a': the file has changed since it was looked at; run again"
    ):
        extract(source, RunFacts(), tmp_path / "t")
    assert not (tmp_path / "t").exists()


def test_failure_midway_leaves_the_old_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    extracted(tmp_path / "t", [1.0], [7])
    before = (tmp_path / "t" / PART).read_bytes()
    monkeypatch.setattr(audit_module, "CHUNK", 10)
    read = SpikeReader.read

    def fail_later(self: SpikeReader, start: int, stop: int) -> Any:
        assert [path.name for path in (tmp_path / "t").glob("*.parquet")] == [PART]
        assert (tmp_path / "t" / PART).read_bytes() == before
        if start >= 50:
            message = "disk on fire"
            raise OSError(message)
        return read(self, start, stop)

    monkeypatch.setattr(SpikeReader, "read", fail_later)
    with pytest.raises(OutputError, match="disk on fire"):
        extracted(tmp_path / "t", np.arange(100.0), np.zeros(100))
    assert (tmp_path / "t" / PART).read_bytes() == before
    assert [path.name for path in (tmp_path / "t").iterdir()] == [PART]


def test_strict_writes_nothing_if_a_spike_is_unsound(tmp_path: Path) -> None:
    strict = ExtractOptions(strict=True)
    with pytest.raises(RejectedSpikesError, match="population 'a': 1 spike rejected: 1 infinite; correct the file"):
        extracted(tmp_path / "t", [1.0, float("inf")], [0, 1], options=strict)
    assert not (tmp_path / "t").exists()
    assert extracted(tmp_path / "t", [1.0, 2.0], [0, 1], options=strict).n_kept == 2


def test_progress_adds_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(audit_module, "CHUNK", 64)
    seen: list[int] = []
    extracted(tmp_path / "t", *canonical(TIMES, IDS), options=ExtractOptions(progress=seen.append))
    assert sum(seen) == 500
    assert len(seen) > 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (SortOptions("banana"), "sorting there within banana failed .*; change --tmp or --memory-limit"),
        (SortOptions("1kB"), "sorting there within 1kB failed .*Memory.*; change --tmp or --memory-limit"),
    ],
    ids=["nonsense", "too little"],
)
def test_sort_without_memory_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: SortOptions, says: str
) -> None:
    monkeypatch.setattr(sort, "IN_MEMORY", 10)
    with pytest.raises(OutputError, match=says):
        extracted(tmp_path / "t", TIMES, IDS, sorting="none", options=ExtractOptions(sort=options))
    assert not (tmp_path / "t").exists()


def test_sort_without_a_folder_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sort, "IN_MEMORY", 10)
    options = ExtractOptions(sort=SortOptions(folder=tmp_path / "absent"))
    with pytest.raises(OutputError, match=r"absent: sorting there .* \(.*No such file"):
        extracted(tmp_path / "t", TIMES, IDS, sorting="none", options=options)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.h5"]


def test_bad_spikes_are_told_though_duckdb_reads_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sort, "IN_MEMORY", 10)
    with pytest.raises(SpikeFileError, match="population 'a': 1 negative node ids, the first is -3"):
        extracted(tmp_path / "t", TIMES, np.where(np.arange(500) == 400, -3, IDS), sorting="by_id", id_dtype="int64")
    assert not (tmp_path / "t").exists()


# --- tables in several parts, each written by a thread of its own, are the same tables ---


def table_of(
    folder: Path, times: np.ndarray, ids: np.ndarray, *, parallel: int, sorting: str | None = "by_time"
) -> tuple:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extract_module, "_PARALLEL", parallel)
        patch.setattr(extract_module, "_LOOK", 3)
        file = write_spikes(folder / "spikes.h5", {"a": (times, ids)}, sorting=sorting)
        audit = extract(spike_sources(file)["a"], RunFacts(n_nodes=5, stop=4.0), folder / "table")
    chunks = list(scan(folder / "table"))
    columns = [np.concatenate([np.empty(0), *(chunk[k] for chunk in chunks)]).tolist() for k in range(2)]
    return columns, audit.to_dict()


@settings(max_examples=60, deadline=None)
@given(
    times=st.lists(st.one_of(st.integers(0, 5).map(float), st.just(np.nan)), max_size=20),
    seed=st.integers(0, 9),
    claim=st.sampled_from(["by_time", "none", None]),
    sort=st.booleans(),
)
def test_two_parts_hold_what_one_part_holds(tmp_path_factory, times, seed, claim, sort):
    times = np.array(sorted(times) if sort else times, np.float64)
    ids = np.random.default_rng(seed).integers(0, 6, len(times))
    one = table_of(tmp_path_factory.mktemp("one"), times, ids, parallel=10**9, sorting=claim)
    two = table_of(tmp_path_factory.mktemp("two"), times, ids, parallel=0 if len(times) > 1 else 10**9, sorting=claim)
    assert two[0] == one[0]
    assert two[1] == one[1]


def test_parts_are_cut_between_times(tmp_path):
    table_of(tmp_path, np.array([0.0, 1, 1, 1, 1, 1, 1, 1, 2, 3]), np.zeros(10, int), parallel=2)
    parts = [pq.read_table(part)["times"].to_pylist() for part in sorted((tmp_path / "table").glob("*"))]
    assert parts == [[0.0, 1, 1, 1, 1, 1, 1, 1], [2.0, 3.0]]


def test_a_missing_part_is_an_error(tmp_path):
    table_of(tmp_path, np.arange(4.0), np.zeros(4, int), parallel=2)
    (tmp_path / "table" / "part-00001.parquet").unlink()
    with pytest.raises(spikelib.errors.TableError, match="should have 2 parts, but has 1; extract it again"):
        read_info(tmp_path / "table")


def test_parts_of_an_older_table_go_away(tmp_path):
    table_of(tmp_path, np.arange(4.0), np.zeros(4, int), parallel=2)
    columns, _ = table_of(tmp_path, np.arange(3.0), np.zeros(3, int), parallel=10**9)
    assert columns == [[0.0, 1.0, 2.0], [0, 0, 0]]
    assert read_info(tmp_path / "table").n_spikes == 3
