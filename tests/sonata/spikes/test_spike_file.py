"""How spike files are stored, and reading stretches of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest

from spikelib.errors import MissingFileError, SpikeFileError, UnknownPopulationError
from spikelib.findings import Finding, Kind
from spikelib.sonata.spikes.spike_file import LEGACY_POPULATION, SpikeSource, select_source, spike_sources
from tests.writing import write_spikes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPIKES = {"a": ([1.0, 2.5, 4.0], [0, 2, 1])}


@pytest.fixture
def describe(tmp_path: Path) -> Callable[..., SpikeSource]:
    """Write a file as `write_spikes` does, and describe its only population."""
    return lambda **options: next(iter(spike_sources(write_spikes(tmp_path / "s.h5", SPIKES, **options)).values()))


def test_description(tmp_path: Path, describe: Callable[..., SpikeSource]) -> None:
    assert describe() == SpikeSource(
        path=tmp_path / "s.h5",
        population="a",
        times_name="/spikes/a/timestamps",
        ids_name="/spikes/a/node_ids",
        n_spikes=3,
        sorting_claim="by_time",
        units="ms",
        to_ms=1.0,
        time_dtype="float64",
        id_dtype="uint64",
        compression=None,
        legacy=False,
        notes=(),
    )


def test_legacy_layout(describe: Callable[..., SpikeSource]) -> None:
    source = describe(layout="legacy", compression="gzip", sorting="by_id")
    assert (source.population, source.legacy) == (LEGACY_POPULATION, True)
    assert (source.times_name, source.ids_name) == ("/spikes/timestamps", "/spikes/gids")
    assert (source.sorting_claim, source.compression) == ("by_id", "gzip")
    assert source.notes == (Finding(Kind.OLD_LAYOUT, "old layout without populations (/spikes/gids)"),)


@pytest.mark.parametrize(
    ("written", "claim"),
    [
        ("by_time", "by_time"),
        ("time", "by_time"),
        (b"by_time", "by_time"),
        (np.array(["by_time"], dtype="S8"), "by_time"),
        (" By_Time ", "by_time"),
        ("by_gid", "by_id"),
        ("node_id", "by_id"),
        ("unknown", "none"),
        ("", "none"),
        (2, "by_time"),
        (np.uint8(1), "by_id"),
        (0, "none"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("place", ["spikes/a", "spikes/a/node_ids"])
def test_spellings_of_sorting(tmp_path: Path, place: str, written: object, claim: str) -> None:
    path = write_spikes(tmp_path / "s.h5", SPIKES, sorting=None)
    with h5py.File(path, "a") as file:
        file[place].attrs["sorting"] = written
    source = spike_sources(path)["a"]
    assert (source.sorting_claim, source.notes) == (claim, ())


@pytest.mark.parametrize(("written", "shown"), [("by_size", "'by_size'"), (7, "7")])
def test_unknown_sorting_is_noted(tmp_path: Path, written: object, shown: str) -> None:
    path = write_spikes(tmp_path / "s.h5", SPIKES, sorting=None)
    with h5py.File(path, "a") as file:
        file["spikes/a"].attrs["sorting"] = written
    source = spike_sources(path)["a"]
    finding = Finding(Kind.SORTING_UNKNOWN, f"unknown sorting {shown}: taken as unsorted")
    assert (source.sorting_claim, source.notes) == ("none", (finding,))


def test_missing_sorting_is_no_claim(describe: Callable[..., SpikeSource]) -> None:
    source = describe(sorting=None)
    assert (source.sorting_claim, source.notes) == (None, ())


def test_population_without_datasets_is_empty(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        file.create_group("spikes/a")
    source = spike_sources(tmp_path / "s.h5")["a"]
    finding = Finding(Kind.NO_DATASETS, "the population has no datasets: taken as empty")
    assert (source.n_spikes, source.notes) == (0, (finding,))
    with source.open() as reader:
        assert [len(column) for column in reader.read(0, 0)] == [0, 0]


def test_times_too_large_for_milliseconds_are_infinite(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", {"a": ([1.0, 1e307], [0, 1])}, units="s")
    times = np.empty(2)
    with spike_sources(path)["a"].open() as reader:
        assert reader.read_times(0, 2).tolist() == [1000.0, np.inf]
        reader.read_times_into(0, times)
    assert times.tolist() == [1000.0, np.inf]


def test_empty_population_need_not_have_units(tmp_path: Path) -> None:
    assert spike_sources(write_spikes(tmp_path / "s.h5", {"a": ([], [])}, units=None))["a"].notes == ()


def test_populations_are_sorted_and_strangers_passed_over(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", {"b": ([], []), "a": ([], [])})
    with h5py.File(path, "a") as file:
        file["spikes/version"] = 1
    assert list(spike_sources(path)) == ["a", "b"]


def test_file_without_population(tmp_path: Path) -> None:
    assert spike_sources(write_spikes(tmp_path / "s.h5", {})) == {}


@pytest.mark.parametrize("compression", [None, "gzip"])
@pytest.mark.parametrize("id_dtype", ["uint64", ">i4", "uint8"])
@pytest.mark.parametrize("time_dtype", ["float64", "float32", ">f8"])
def test_stretches(
    describe: Callable[..., SpikeSource], compression: str | None, id_dtype: str, time_dtype: str
) -> None:
    source = describe(compression=compression, id_dtype=id_dtype, time_dtype=time_dtype, units="s")
    with source.open() as reader:
        times, ids = reader.read(1, 3)
        assert (times.tolist(), ids.tolist()) == ([2500.0, 4000.0], [2, 1])
        assert (times.dtype, ids.dtype) == (np.float64, np.int64)
        assert reader.read_times(0, 2).tolist() == [1000.0, 2500.0]
        into = np.empty(2), np.empty(2, np.int64)
        reader.read_into(1, *into)
        assert [column.tolist() for column in into] == [[2500.0, 4000.0], [2, 1]]


def test_ids_beyond_int64_come_out_negative(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", {"a": ([1.0], np.array([2**63 + 5], np.uint64))})
    with spike_sources(path)["a"].open() as reader:
        assert (reader.read(0, 1)[1] < 0).all()


def test_unknown_population(describe: Callable[..., SpikeSource]) -> None:
    source = describe()
    assert select_source({"a": source}, "a", source.path) is source
    with pytest.raises(UnknownPopulationError, match=r"s\.h5: no population 'b' in this spike report; it has 'a'"):
        select_source({"a": source}, "b", source.path)
    with pytest.raises(UnknownPopulationError, match="it has none at all"):
        select_source({}, "b", source.path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"s\.h5: there is no such spike file; did the simulation run"):
        spike_sources(tmp_path / "s.h5")


def test_file_that_is_no_hdf5(tmp_path: Path) -> None:
    (tmp_path / "s.h5").write_text("times ids\n")
    with pytest.raises(SpikeFileError, match=r"s\.h5: it is not an HDF5 file; give a SONATA spike file \(\.h5\)"):
        spike_sources(tmp_path / "s.h5")
    with pytest.raises(SpikeFileError, match="it is a folder; name the spike file in it, or the simulation config"):
        spike_sources(tmp_path)


def test_hdf5_without_spikes(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        file["nodes"] = 1
    with pytest.raises(SpikeFileError, match=r"s\.h5: it has no group /spikes; is it really a SONATA spike report\?"):
        spike_sources(tmp_path / "s.h5")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"timestamps": [1.0, 2.0], "node_ids": [1]}, r"timestamps and node_ids differ in length \(2 and 1\)"),
        ({"timestamps": [1.0]}, "the dataset node_ids is missing"),
        ({"node_ids": [1]}, "the dataset timestamps is missing"),
        ({"timestamps": [[1.0]], "node_ids": [[1]]}, "timestamps is not a one-dimensional array of numbers"),
        ({"timestamps": [b"1"], "node_ids": [1]}, "timestamps is not a one-dimensional array of numbers"),
        ({"timestamps": [1.0], "node_ids": [1.5]}, "node_ids is not a one-dimensional array of integers"),
    ],
    ids=["lengths", "no-ids", "no-times", "two-dimensions", "texts", "float-ids"],
)
def test_arrays_that_do_not_fit(tmp_path: Path, columns: dict[str, list[object]], message: str) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        for name, values in columns.items():
            file[f"spikes/a/{name}"] = values
    with pytest.raises(SpikeFileError, match=rf"s\.h5, population 'a': {message}"):
        spike_sources(tmp_path / "s.h5")


def test_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", {"a": (np.arange(100_000.0), np.arange(100_000))})
    source = spike_sources(path)["a"]
    with source.open() as reader:
        with path.open("r+b") as file:
            file.truncate(10_000)
        with pytest.raises(SpikeFileError, match="population 'a': the file is damaged or shrank while it was read"):
            reader.read(50_000, 100_000)


def test_numbers_of_other_bits_are_converted(tmp_path: Path) -> None:
    """HDF5 may store a number shifted within its bytes, or with another exponent; its bytes are not numpy's then."""
    from h5py import h5d, h5s, h5t

    shifted, biased = h5t.STD_U64LE.copy(), h5t.IEEE_F64LE.copy()
    shifted.set_precision(40)
    shifted.set_offset(8)
    biased.set_ebias(1000)
    with h5py.File(tmp_path / "s.h5", "w") as file:
        group = file.create_group("spikes/a")
        for name, stored, data in (
            (b"timestamps", biased, np.array([1.5, 2.5, 3.0])),
            (b"node_ids", shifted, np.array([7, 8, 9], np.uint64)),
        ):
            dataset = h5d.create(group.id, name, stored, h5s.create_simple((3,)))
            dataset.write(h5s.ALL, h5s.ALL, data)
    with spike_sources(tmp_path / "s.h5")["a"].open() as reader:
        times, ids = reader.read(0, 3)
    assert times.tolist() == [1.5, 2.5, 3.0]
    assert ids.tolist() == [7, 8, 9]


def test_user_block_is_passed_over(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "s.h5", "w", userblock_size=1024) as file:
        file["spikes/a/timestamps"] = [1.5, 2.5]
        file["spikes/a/node_ids"] = [7, 8]
    with spike_sources(tmp_path / "s.h5")["a"].open() as reader:
        times, ids = reader.read(0, 2)
    assert (times.tolist(), ids.tolist()) == ([1.5, 2.5], [7, 8])


def test_name_that_is_not_utf8_is_escaped(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        group = file.create_group("spikes").create_group(b"caf\xe9")
        group["timestamps"], group["node_ids"] = [1.5], [7]
    source = spike_sources(tmp_path / "s.h5")[r"caf\xe9"]
    with source.open() as reader:
        assert reader.read(0, 1)[1].tolist() == [7]


def test_file_that_changes_after_it_was_looked_at(tmp_path: Path, describe: Callable[..., SpikeSource]) -> None:
    """Reading on past the new end would give the bytes of something else."""
    source = describe()
    with h5py.File(source.path, "w") as file:
        file["spikes/a/timestamps"] = [1.5]
        file["spikes/a/node_ids"] = [7]
    with (
        pytest.raises(SpikeFileError, match="'a': the file has changed since it was looked at; run again"),
        source.open(),
    ):
        pytest.fail("the file must not be read")


def test_nothing_is_read_beyond_the_end(describe: Callable[..., SpikeSource]) -> None:
    """What follows the data in the file would look like spikes."""
    with (
        pytest.raises(SpikeFileError, match=r"'a': .* \(4 values are wanted, 3 are there\)"),
        describe().open() as reader,
    ):
        reader.read(1, 4)


# --- what is under /spikes and is no population, or one of another kind ---


def test_population_of_arrays_per_node_is_refused(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", SPIKES)
    with h5py.File(path, "a") as file:
        for node in range(5):
            file[f"spikes/b/{node}"] = [1.0]
    with pytest.raises(
        SpikeFileError, match=r"'b': /spikes/b holds 0, 1, 2, \.\.\. in the place of timestamps and node_ids"
    ):
        spike_sources(path)


@pytest.mark.parametrize("name", ["more", "deeper/still/times"])
def test_array_that_belongs_to_no_population_is_refused(tmp_path: Path, name: str) -> None:
    path = write_spikes(tmp_path / "s.h5", SPIKES)
    with h5py.File(path, "a") as file:
        file[f"spikes/{name}"] = [1.0, 2.0]
    with pytest.raises(SpikeFileError, match=rf"holds (what is no population: )?{name.split('/')[-2:][0]}"):
        spike_sources(path)


def test_populations_beside_the_old_layout_are_refused(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", SPIKES, layout="legacy")
    with h5py.File(path, "a") as file:
        file["spikes/b/timestamps"] = [1.0]
    with pytest.raises(SpikeFileError, match="/spikes holds b beside the timestamps of the old layout"):
        spike_sources(path)


@pytest.mark.parametrize(
    "empty", [[], np.zeros((0, 2)), np.array([], "S3"), h5py.Empty("f8"), h5py.Empty("S1")], ids=repr
)
def test_nothing_is_empty_whatever_its_type(tmp_path: Path, empty: object) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        file["spikes/a/timestamps"] = empty
        file["spikes/a/node_ids"] = empty
        file["spikes/b/timestamps"] = empty
        file["spikes/b/node_ids"] = np.array([], "u8")
        file.create_group("spikes/c")
    for source in spike_sources(tmp_path / "s.h5").values():
        with source.open() as reader:
            assert [len(part) for part in reader.read(0, 0)] == [0, 0]
    with h5py.File(tmp_path / "s.h5", "a") as file:
        del file["spikes/a/node_ids"]
        file["spikes/a/node_ids"] = [1]
    with pytest.raises(SpikeFileError, match=r"differ in length \(0 and 1\)"):
        spike_sources(tmp_path / "s.h5")


def test_linked_population_is_read_from_where_it_leads(tmp_path: Path) -> None:
    write_spikes(tmp_path / "other.h5", {"b": ([4.0, 5.0], [41, 42])})
    path = write_spikes(tmp_path / "s.h5", {"b": ([100.0, 200.0], [1, 2])})
    with h5py.File(path, "a") as file:
        file["spikes/a"] = h5py.ExternalLink("other.h5", "/spikes/b")
        file["spikes/c"] = h5py.SoftLink("/spikes/b")
        file["spikes/d/timestamps"] = h5py.ExternalLink("other.h5", "/spikes/b/timestamps")
        file["spikes/d/node_ids"] = file["spikes/b/node_ids"]
    found = {}
    for name, source in spike_sources(path).items():
        with source.open() as reader:
            found[name] = [part.tolist() for part in reader.read(0, 2)]
    assert found == {
        "a": [[4.0, 5.0], [41, 42]],
        "b": [[100.0, 200.0], [1, 2]],
        "c": [[100.0, 200.0], [1, 2]],
        "d": [[4.0, 5.0], [1, 2]],
    }


def test_linked_population_that_is_missing_is_named(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", SPIKES)
    with h5py.File(path, "a") as file:
        file["spikes/b"] = h5py.ExternalLink("gone.h5", "/spikes/b")
    with pytest.raises(
        SpikeFileError, match=r"the link /spikes/b, to /spikes/b of gone\.h5, leads to .*gone\.h5, which"
    ):
        spike_sources(path)


def test_names_that_differ_in_a_byte_are_two(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "s.h5", "w") as file:
        root = file.create_group("spikes")
        for number, name in enumerate((b"a\xff", b"a\\xff")):
            group = h5py.Group(h5py.h5g.create(root.id, name))
            group["timestamps"], group["node_ids"] = [float(number)], np.array([number], "u8")
    found = {}
    for name, source in spike_sources(tmp_path / "s.h5").items():
        with source.open() as reader:
            found[name] = reader.read(0, 1)[1].tolist()
    assert found == {r"a\xff": [1], r"\a\xff": [0]}


def test_units_of_another_type_are_unknown_and_not_read(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", SPIKES)
    with h5py.File(path, "a") as file:
        file["spikes/a/timestamps"].attrs["units"] = 0.5
        file["spikes/a"].attrs["sorting"] = np.zeros(1, [("a", "f8")])
    assert [note.kind for note in spike_sources(path)["a"].notes] == [Kind.UNITS_UNKNOWN, Kind.SORTING_UNKNOWN]


def test_nwb_is_called_nwb(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "s.nwb", "w") as file:
        file.attrs["nwb_version"] = "2.6.0"
        file.create_group("spikes")
    with pytest.raises(SpikeFileError, match="this is a file in the format NWB; only SONATA spike reports can be read"):
        spike_sources(tmp_path / "s.nwb")
