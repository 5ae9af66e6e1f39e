"""What bare libraries need to bring the same bytes to the same place, without looking at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.api import Work
    from benchmarks.place import Place

ROW_GROUP = 1 << 20
MEMORY_LIMIT = "1GB"


def extract_by_time(place: Place) -> Work:
    """One thread: h5py reads a population a row group at a time, pyarrow writes it with spikelib's encodings."""

    def work() -> Path:
        import h5py
        import pyarrow as pa
        import pyarrow.parquet as pq

        pa.set_cpu_count(1)
        path = place.out / "spikes.parquet"
        schema = pa.schema([("times", pa.float64()), ("ids", pa.int64())])
        split = dict.fromkeys(schema.names, "BYTE_STREAM_SPLIT")
        options: dict[str, Any] = {"compression": "zstd", "use_dictionary": False, "column_encoding": split}
        with h5py.File(place.spikes_file) as file, pq.ParquetWriter(path, schema, **options) as writer:
            times, ids = _datasets(file)
            for begin in range(0, len(times), ROW_GROUP):
                part = slice(begin, begin + ROW_GROUP)
                arrays = [pa.array(times[part]), pa.array(ids[part].view("i8"))]
                writer.write_table(pa.table(arrays, schema=schema), row_group_size=ROW_GROUP)
        return path

    return work


def extract_unsorted(place: Place) -> Work:
    """DuckDB sorts the arrays of a population by time and id into Parquet, with spikelib's memory limit."""

    def work() -> Path:
        import duckdb
        import h5py
        import pyarrow as pa

        path = place.out / "spikes.parquet"
        with h5py.File(place.spikes_file) as file:
            times, ids = _datasets(file)
            spikes = pa.table({"times": times[:], "ids": ids[:].view("i8")})
        with duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(place.out)}) as connection:
            connection.register("spikes", spikes)
            options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}"
            connection.execute(f"COPY (SELECT times, ids FROM spikes ORDER BY times, ids) TO '{path}' ({options})")
        return path

    return work


def _datasets(file: Any) -> tuple[Any, Any]:
    group = file["spikes/cortex"]
    return group["timestamps"], group["node_ids"]
