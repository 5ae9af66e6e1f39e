"""Where spikelib leaves bluepysnap on purpose: each row of docs/departures.md, bluepysnap's behaviour beside ours."""

from __future__ import annotations

import json
import warnings
from contextlib import nullcontext
from typing import TYPE_CHECKING

import bluepysnap
import h5py
import numpy as np
import pytest
from bluepysnap.exceptions import BluepySnapError

from spikelib import CircuitNodeId, Simulation
from spikelib.errors import GroupError, MissingFileError, SpikelibWarning, UnknownPopulationError, WindowError
from spikelib.findings import Finding, Kind
from spikelib.sonata.spikes.full_audit import audit_population
from tests.drawn import axes, bars, corners_lit, frames, marks, rate_steps
from tests.writing import number_nodes, write_simulation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TIMES, IDS = [1.0, 2.0, 3.0, 50.0], [0, 1, 0, 2]
SPIKES = {"a": (TIMES, IDS)}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a simulation as `write_simulation` does."""
    return lambda *args, **options: write_simulation(tmp_path, *args, **options)


def snap(config: Path) -> bluepysnap.Simulation:
    return bluepysnap.Simulation(str(config))


# --- what simulators write -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [{"sorting_form": "text"}, {"sorting_form": "number"}, {"compression": "gzip"}, {"layout": "legacy"}],
    ids=["text-sorting", "number-sorting", "gzip", "legacy"],
)
def test_storage_that_libsonata_cannot_read(write, options):
    config = write(SPIKES, **options)
    with pytest.raises(RuntimeError, match="Unable to"):
        snap(config).spikes.filter().report  # noqa: B018
    assert Simulation(config).spikes.filter().report["ids"].tolist() == IDS


@pytest.mark.parametrize(
    ("units", "factor", "note"),
    [
        (None, 1.0, "units are missing: taken as ms"),
        ("milliseconds", 1.0, None),
        ("s", 1000.0, "times are stored in 's': converted to ms"),
        ("furlong", 1.0, "unknown units 'furlong': taken as ms"),
    ],
    ids=["missing", "milliseconds", "s", "unknown"],
)
def test_units(write, units, factor, note):
    config = write(SPIKES, units=units)
    report = Simulation(config).spikes
    unknown = note is not None and note.startswith("unknown")
    with pytest.warns(SpikelibWarning, match="furlong") if unknown else nullcontext():
        assert report.filter().report.index.tolist() == [time * factor for time in TIMES]
    found = audit_population(report["a"].source, report["a"].facts).notes
    assert [finding.text for finding in found] == ([note] if note else [])
    assert report.time_units == "ms"
    if units is None:
        with pytest.raises(RuntimeError, match="units"):
            snap(config).spikes.filter().report  # noqa: B018
    else:
        assert snap(config).spikes.filter().report.index.tolist() == TIMES


@pytest.mark.parametrize(
    ("claim", "times", "ids", "wanted"),
    [("by_time", [3.0, 1.0, 50.0, 2.0], [0, 1, 2, 0], [2.0, 3.0]), ("by_id", [1.0, 3.0, 2.0], [0, 2, 0], [2.0])],
    ids=["by_time", "by_id"],
)
def test_false_sorting_claim(write, claim, times, ids, wanted):
    config = write({"a": (times, ids)}, sorting=claim)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # bluepysnap's use of pandas
        assert snap(config).spikes["a"].get([0], 1.5, 10.0).index.tolist() != wanted
    ours = Simulation(config).spikes["a"]
    assert ours.get([0], 1.5, 10.0).index.tolist() == wanted
    assert ours.get().index.tolist() == sorted(times)
    text = f"the file claims sorting '{claim}', which is false: sorted here"
    assert audit_population(ours.source, ours.facts).notes == [Finding(Kind.SORTING_CLAIM_FALSE, text)]


def test_population_missing_from_the_circuit(write):
    config = write({"a": (TIMES, IDS), "ghost": (TIMES, IDS)}, {"a": {"layer": [1, 2, 2]}})
    with pytest.raises(BluepySnapError, match="ghost"):
        snap(config).spikes.filter(0).report  # noqa: B018
    report = Simulation(config).spikes
    with pytest.warns(SpikelibWarning, match="population 'ghost' is not in the circuit; its ids can be chosen"):
        assert report.filter([0]).report["population"].tolist() == ["a", "ghost", "a", "ghost"]
    with pytest.warns(SpikelibWarning, match="queries of properties match none"):
        assert report.filter({"layer": 2}).report["population"].tolist() == ["a", "a"]
    with pytest.warns(SpikelibWarning, match="ghost"):
        assert report.filter({"population": "ghost"}).report["population"].tolist() == ["ghost"] * 4
    with pytest.warns(SpikelibWarning, match="ghost"):
        assert report["ghost"].get(CircuitNodeId("ghost", 1)).tolist() == [1]
    assert report["ghost"].get().tolist() == IDS
    assert report.filter().report["population"].tolist() == ["a", "ghost"] * 4
    with pytest.raises(UnknownPopulationError, match="no node population 'ghost'; its populations are: a"):
        report["ghost"].nodes  # noqa: B018


def test_node_types_and_several_groups_and_the_node_set_of_the_run(tmp_path, write):
    config = write({"a": ([1.0, 5.0, 11.0], [0, 1, 3])}, content={"node_set": "Run"}, node_sets={"Run": {"layer": 4}})
    write_grouped_nodes(tmp_path)
    with pytest.raises(BluepySnapError, match="a not a"):
        snap(config).spikes.filter({"ei": "e"}).report  # noqa: B018
    simulation = Simulation(config)
    nodes = simulation.circuit.nodes["a"]
    assert (nodes.values("ei").tolist(), nodes.values("layer").tolist()) == (["e", "i", "e", "i"], [4, 4, 5, 4])
    assert simulation.spikes.filter({"ei": "i"}).report["ids"].tolist() == [1, 3]
    assert simulation.simulated_ids("a").tolist() == [0, 1, 3]
    drawn = simulation.spikes.filter([0, 2, 3]).firing_rate_histogram(10.0, axes(), nodes="all")
    # Of the three chosen nodes, two were simulated: one spike of two nodes in 10 ms.
    assert rate_steps(drawn)[0].values.tolist() == pytest.approx([100.0])


def write_grouped_nodes(folder: Path) -> None:
    """Replace the ten plain nodes of population "a" by four in two groups, with a node_types.csv."""
    with h5py.File(folder / "a_nodes.h5", "w") as file:
        nodes = file.create_group("nodes/a")
        nodes["node_type_id"] = [100, 101, 100, 101]
        nodes["node_group_id"] = [0, 1, 0, 1]
        nodes["node_group_index"] = [0, 0, 1, 1]
        nodes["0/layer"] = [4, 5]
        nodes["1/layer"] = [4, 4]
    (folder / "types.csv").write_text('node_type_id ei\n100 "e"\n101 "i"\n')
    path = folder / "circuit_config.json"
    circuit = json.loads(path.read_text())
    circuit["networks"]["nodes"][0] = {"nodes_file": "a_nodes.h5", "node_types_file": "types.csv"}
    path.write_text(json.dumps(circuit))


# --- what is asked for -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [(60.0, None), (None, 0.5)], ids=["after-the-last", "before-the-first"])
def test_window_beyond_the_spikes(write, window):
    config = write(SPIKES)
    for ask in (snap(config).spikes["a"].get, snap(config).spikes.filter):
        with pytest.raises(BluepySnapError, match="tstart should be <= to tstop"):
            ask(None, *window).report  # noqa: B018
    spikes = Simulation(config).spikes
    assert len(spikes["a"].get(None, *window)) == len(spikes.filter(None, *window).report) == 0


def test_open_window_where_one_population_is_silent(write):
    config = write({"a": (TIMES, IDS), "silent": ([], [])})
    with pytest.raises(BluepySnapError, match="tstart should be <= to tstop"):
        snap(config).spikes.filter(t_start=2.0).report  # noqa: B018
    assert Simulation(config).spikes.filter(t_start=2.0).report.index.tolist() == [2.0, 3.0, 50.0]


@pytest.mark.parametrize(
    ("window", "message"),
    [
        ((-1.0, None), r"t_start=-1: times cannot be negative or NaN; give ms from the start of the simulation"),
        ((None, -1.0), "t_stop=-1: times cannot be negative or NaN"),
        ((None, float("nan")), "t_stop=nan: times cannot be negative or NaN"),
        ((float("nan"), None), "t_start=nan: times cannot be negative or NaN"),
        ((3.0, 2.0), r"t_start=3 is later than t_stop=2; exchange them"),
    ],
    ids=["negative-start", "negative-stop", "NaN-stop", "NaN-start", "reversed"],
)
def test_windows_that_stay_errors(write, window, message):
    spikes = Simulation(write(SPIKES)).spikes
    with pytest.raises(WindowError, match=message):
        spikes["a"].get(None, *window)
    with pytest.raises(WindowError, match=message):
        spikes.filter(None, *window).report  # noqa: B018


def test_id_that_a_smaller_population_lacks(write):
    config = write({"large": ([1.0, 2.0], [5, 0]), "small": ([1.5], [0])}, {"large": 10, "small": 3})
    with pytest.raises(BluepySnapError, match="All node IDs must be >= 0 and < 3 for population 'small'"):
        snap(config).spikes.filter(5).report  # noqa: B018
    spikes = Simulation(config).spikes
    assert spikes.filter(5).report["population"].tolist() == ["large"]
    assert spikes.filter([0, 5]).report["ids"].tolist() == [5, 0, 0]
    with pytest.raises(GroupError, match="node 10 is in none of the populations; the largest has 10 nodes"):
        spikes.filter([0, 10]).report  # noqa: B018
    with pytest.raises(GroupError, match=r"must be >= 0 and < 3 for population 'small', but one is 5"):
        spikes["small"].get(5)


@pytest.mark.parametrize("query", [{"mtpye": "p"}, {"$or": [{"mtype": "p"}, {"mtpye": "p"}]}], ids=["plain", "nested"])
def test_misspelt_property(write, query):
    config = write({"a": (TIMES, IDS), "b": (TIMES, IDS)}, {"a": {"mtype": ["p", "q", "p"]}, "b": 3})
    assert len(snap(config).spikes.filter({"mtpye": "p"}).report) == 0
    spikes = Simulation(config).spikes
    with pytest.raises(GroupError, match=r"Unknown node properties: \['mtpye'\]; .*spikes\.h5 has: mtype"):
        spikes.filter(query).report  # noqa: B018
    assert spikes.filter({"mtype": "q"}).report["population"].tolist() == ["a"]


def test_mask(write):
    config = write(SPIKES, {"a": 3})
    mask = np.array([True, False, True])
    assert snap(config).spikes["a"].get(mask).tolist() == [0, 1, 0]
    spikes = Simulation(config).spikes
    for group in (mask, mask.tolist()):
        assert spikes["a"].get(group).tolist() == spikes.filter(group).report["ids"].tolist() == [0, 0, 2]
    with pytest.raises(GroupError, match="population 'a': a mask must have its size, 3, not 2"):
        spikes["a"].get(mask[:2])


@pytest.mark.parametrize("group", [1.7, [1.7], np.array([1.7]), True], ids=["float", "list", "array", "bool"])
def test_ids_that_are_no_whole_numbers(write, group):
    config = write(SPIKES)
    assert snap(config).spikes["a"].get(group).tolist() == [1]
    spikes = Simulation(config).spikes
    with pytest.raises(GroupError, match=r"not a node id|ids must be whole numbers, not float64"):
        spikes["a"].get(group)
    with pytest.raises(GroupError, match=r"not a node id|ids must be whole numbers, not float64"):
        spikes.filter(group).report  # noqa: B018


def test_iterator_is_asked_of_every_population(write):
    config = write({"a": (TIMES, IDS), "b": (TIMES, IDS)})
    assert snap(config).spikes.filter(iter([1])).report["population"].tolist() == ["a"]
    assert Simulation(config).spikes.filter(iter([1])).report["population"].tolist() == ["a", "b"]


def test_numpy_number_as_node_id_of_a_query(write):
    config = write(SPIKES)
    with pytest.raises(TypeError, match="no len"):
        snap(config).spikes["a"].get({"node_id": np.int64(1)})
    assert Simulation(config).spikes["a"].get({"node_id": np.int64(1)}).tolist() == [1]


# --- what is answered ------------------------------------------------------------------------------------------------


def test_start_of_the_run(write):
    config = write({"a": ([1010.0], [0])}, run={"tstart": 1000.0, "tstop": 2000.0})
    assert snap(config).spikes.time_start == 0
    assert Simulation(config).spikes.time_start == 1000.0
    assert Simulation(config).spikes.filter().raster(ax=axes()).get_xlim() == (1000.0, 2000.0)


def test_time_units(write):
    config = write(SPIKES)
    with pytest.raises(NotImplementedError, match=r"^$"):
        snap(config).spikes.time_units  # noqa: B018
    assert Simulation(config).spikes.time_units == "ms"


def test_empty_answers_have_the_dtypes_of_full_ones(write):
    config = write(SPIKES)
    assert snap(config).spikes["a"].get([]).index.dtype == object
    for spikes in (Simulation(config).spikes["a"].get([]), Simulation(config).spikes.filter([]).report):
        assert (spikes.index.dtype, spikes.index.name) == (np.float64, "times")


def test_report_without_populations(write):
    config = write({}, {"a": 3})
    with pytest.raises(IndexError, match="list index out of range"):
        snap(config).spikes.filter().report  # noqa: B018
    report = Simulation(config).spikes.filter().report
    assert report.reset_index().dtypes.astype(str).to_dict() == {
        "times": "float64",
        "ids": "int64",
        "population": "category",
    }


def test_missing_spike_file(write):
    config = write(SPIKES)
    (config.parent / "output/spikes.h5").unlink()
    with pytest.raises(RuntimeError, match="Unable to open file"):
        snap(config).spikes.population_names  # noqa: B018
    with pytest.raises(MissingFileError, match=r"spikes\.h5: there is no such spike file; did the simulation run"):
        Simulation(config).spikes.population_names  # noqa: B018


# --- what is drawn ---------------------------------------------------------------------------------------------------


def test_rate_of_a_narrow_last_bin(write):
    times = np.arange(0.0, 27.0)  # one node at 1 kHz; the last of three bins of 10 ms has 6 ms
    config = write({"a": (times, np.zeros(27, int))})
    theirs = snap(config).spikes.filter().firing_rate_histogram(10.0, axes()).lines[0].get_ydata()
    assert theirs.tolist() == pytest.approx([1000.0, 1000.0, 700.0])
    steps = rate_steps(Simulation(config).spikes.filter().firing_rate_histogram(10.0, axes()))[0]
    assert steps.edges.tolist() == [0.0, 10.0, 20.0, 26.0]
    assert steps.values.tolist() == pytest.approx([1000.0, 1000.0, 7 / 0.006])  # both ends of the last bin count


def test_denominators_of_the_rate(write):
    config = write({"a": ([0.0, 5.0, 10.0], [0, 1, 0])}, {"a": 6})
    theirs = snap(config).spikes.filter().firing_rate_histogram(10.0, axes()).lines[0].get_ydata()
    ours = Simulation(config).spikes.filter()
    active = rate_steps(ours.firing_rate_histogram(10.0, axes()))[0].values
    everything = rate_steps(ours.firing_rate_histogram(10.0, axes(), nodes="all"))[0].values
    assert theirs.tolist() == active.tolist() == pytest.approx([150.0])
    assert everything.tolist() == pytest.approx([50.0])


def test_intervals_at_the_tail(write):
    config = write({"a": ([0.0, 1.0, 3.0, 13.0], [0] * 4)})  # intervals of 1, 2 and 10 ms
    theirs = snap(config).spikes.filter().isi(binsize=4.0, ax=axes())
    assert [bar.get_height() for bar in theirs.patches] == pytest.approx([1 / 4, 0.0])  # 10 ms is beyond 8 ms
    assert len(snap(config).spikes.filter().isi(binsize=20.0, ax=axes()).patches) == 0
    for binsize, densities in ((4.0, [2 / 12, 0.0, 1 / 12]), (20.0, [1 / 20])):
        found = bars(Simulation(config).spikes.filter().isi(binsize=binsize, ax=axes()))
        assert found.values.tolist() == pytest.approx(densities)
        assert found.edges.tolist() == pytest.approx(np.arange(len(densities) + 1) * binsize)


def test_frames_of_the_animation(write):
    places = {"x": np.array([0.0, 1.0], np.float32), "y": np.array([0.0, 1.0], np.float32)}
    config = write({"a": ([0.0, 20.0, 20.0, 45.0], [0, 0, 1, 1])}, {"a": places})
    film, _ = snap(config).spikes.filter().firing_animation(ax=axes())
    assert [len(dots[0].get_xdata()) for dots in frames(film)] == [3, 2]  # those at 20 ms twice, that at 45 ms never
    assert corners_lit(*Simulation(config).spikes.filter().firing_animation(ax=axes())) == [[0], [0, 1], [1]]


def test_animation_of_positions_in_double_precision(write):
    config = write({"a": ([0.1, 20.0, 45.0], [0, 1, 1])}, {"a": {"x": [0.0, 1.0], "y": [0.0, 1.0]}})
    assert corners_lit(*Simulation(config).spikes.filter().firing_animation(ax=axes())) == [[0], [1], [1]]


@pytest.mark.parametrize("n_spikes", [1000, 120_000], ids="{} spikes".format)
def test_raster_of_many_spikes(write, n_spikes):
    random = np.random.default_rng(1)
    config = write({"a": (np.sort(random.uniform(0, 100, n_spikes)), random.integers(0, 10, n_spikes))})
    assert len(snap(config).spikes.filter().raster(ax=axes()).collections[0].get_offsets()) == n_spikes
    ax = Simulation(config).spikes.filter().raster(ax=axes())
    assert (len(ax.images), len(marks(ax))) == ((0, n_spikes) if n_spikes == 1000 else (1, 0))


@pytest.mark.parametrize("plot", ["raster", "firing_rate_histogram", "isi"])
@pytest.mark.parametrize("times", [[], [5.0]], ids=["no-spikes", "one-spike"])
def test_few_spikes(write, times, plot):
    config = write({"a": (times, [0] * len(times))})
    if plot == "isi" or (plot == "firing_rate_histogram" and times):
        message = "need at least one array|No data to display|cannot compute length"
        with pytest.raises((ValueError, BluepySnapError), match=message), np.errstate(invalid="ignore"):
            getattr(snap(config).spikes.filter(), plot)(ax=axes())
    ax = getattr(Simulation(config).spikes.filter(), plot)(ax=axes())
    said = [text.get_text() for text in ax.texts]
    if plot == "isi":
        assert said == ["no interspike intervals: no node fired twice in 0 to 100 ms"]
    else:
        assert said == ([] if times else ["no spikes in 0 to 100 ms"])


def test_animation_of_no_spikes(write):
    config = write({"a": ([], [])}, {"a": {"x": [0.0, 1.0], "y": [0.0, 1.0]}})
    with pytest.raises((ValueError, IndexError), match=r"NaN|out of bounds"):
        snap(config).spikes.filter().firing_animation(ax=axes())
    assert corners_lit(*Simulation(config).spikes.filter().firing_animation(ax=axes())) == [[]] * 5


def test_plots_of_one_population(write):
    config = write({"a": (TIMES, IDS), "b": (TIMES, IDS)}, {"a": 3, "b": 3})
    assert not hasattr(snap(config).spikes["a"], "firing_animation")
    part = Simulation(config).spikes["a"]
    assert marks(part.raster(ax=axes())).tolist() == [[1.0, 0.0], [2.0, 1.0], [3.0, 0.0], [50.0, 2.0]]


def test_value_of_another_kind_than_the_property(write):
    config = write(SPIKES, nodes={"a": {"layer": ["4", "5", "4", "5"]}})
    assert len(snap(config).spikes.filter({"layer": 4}).report) == 0
    for ask in (Simulation(config).spikes.filter({"layer": 4}), Simulation(config).spikes["a"]):
        with pytest.raises(GroupError, match="'layer' of 'a' holds text values: it cannot be compared with 4"):
            _ = ask.report if hasattr(ask, "report") else ask.get({"layer": 4})


def test_node_id_of_the_nodes_file(write: Callable[..., Path]) -> None:
    config = write({"a": ([1.0, 2.0], [10, 12])}, {"a": {"layer": ["4", "5", "5"]}})
    number_nodes(config.parent / "a_nodes.h5", "a", [10, 11, 12])
    assert snap(config).spikes["a"].get({"layer": "5"}).empty
    assert Simulation(config).spikes["a"].get({"layer": "5"}).tolist() == [12]
