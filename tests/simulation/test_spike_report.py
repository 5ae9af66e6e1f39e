"""The three report classes: their members, and what they make of every kind of file."""

from __future__ import annotations

import inspect
import json
import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib.animation import FuncAnimation
from pandas.testing import assert_frame_equal, assert_series_equal

from spikelib import FilteredSpikeReport, PopulationSpikeReport, Simulation, SpikeReport, open_report
from spikelib.errors import (
    MissingFileError,
    SpikeFileError,
    SpikelibWarning,
    UnknownPopulationError,
    UnknownPropertyError,
)
from tests.drawn import frames, marks
from tests.writing import write_simulation, write_spikes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


SPIKES = {"exc": ([0.5, 1.0, 1.0, 7.25], [3, 0, 1, 3]), "inh": ([1.0, 2.0], [0, 1])}
NODES = {"exc": {"mtype": ["p", "q", "p", "q"], "x": [0.0, 1.0, 2.0, 3.0], "y": [0.0] * 4}, "inh": 2}


@pytest.fixture
def report(tmp_path: Path) -> SpikeReport:
    return Simulation(write_simulation(tmp_path, SPIKES, NODES, node_sets={"P": {"mtype": "p"}})).spikes


# --- the interface ---------------------------------------------------------------------------------------------------

PLOTS = {
    "raster": "(y_axis=None, ax=None)",
    "firing_rate_histogram": "(time_binsize=None, ax=None, *, nodes='active')",
    "isi": "(use_frequency=False, binsize=None, ax=None)",
    "firing_animation": "(x_axis='x', y_axis='y', dt=20, ax=None)",
}
SIGNATURES = {
    SpikeReport: {"__init__": "(simulation)", "log": "()", "filter": "(group=None, t_start=None, t_stop=None)"},
    PopulationSpikeReport: {
        "__init__": "(spike_report, population_name)",
        "resolve_nodes": "(group, raise_missing_property=True)",
        "get": "(group=None, t_start=None, t_stop=None)",
        **PLOTS,
    },
    FilteredSpikeReport: {
        "__init__": "(spike_report, group=None, t_start=None, t_stop=None, *, populations=None)",
        **PLOTS,
    },
}


@pytest.mark.parametrize(
    ("kind", "member", "wanted"),
    [(kind, member, wanted) for kind, members in SIGNATURES.items() for member, wanted in members.items()],
    ids=[f"{kind.__name__}.{member}" for kind, members in SIGNATURES.items() for member in members],
)
def test_signatures(kind: type, member: str, wanted: str) -> None:
    signature = inspect.signature(getattr(kind, member))
    parameters = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for name, parameter in signature.parameters.items()
        if name != "self"
    ]
    assert str(inspect.Signature(parameters)) == wanted


def test_report_tells_about_its_simulation(report: SpikeReport) -> None:
    assert (report.time_start, report.time_stop, report.dt, report.time_units) == (0.0, 100.0, 0.1, "ms")
    assert report.config is report.simulation.output
    assert report.config.spikes_file.name == "spikes.h5"


def test_populations(report: SpikeReport) -> None:
    assert report.population_names == list(report) == ["exc", "inh"]
    assert report["exc"].name == "exc"
    assert report["exc"] is report["exc"]
    assert report["exc"].nodes.size == 4


def test_unknown_population(report: SpikeReport) -> None:
    says = r"^.*spikes\.h5: no population 'ex' in this spike report; it has 'exc', 'inh'; did you mean 'exc'\?$"
    with pytest.raises(KeyError, match=says):
        report["ex"]
    with pytest.raises(UnknownPopulationError, match="no population 'ex'"):
        PopulationSpikeReport(report, "ex")


def test_ids_that_fired(report: SpikeReport) -> None:
    ids = report["exc"].node_ids
    assert (ids.tolist(), ids.dtype) == ([0, 1, 3], np.int64)
    assert report["exc"].node_ids is ids


def test_ids_of_a_group(report: SpikeReport) -> None:
    part = report["exc"]
    assert part.resolve_nodes("P").tolist() == part.resolve_nodes({"mtype": "p"}).tolist() == [0, 2]
    assert part.resolve_nodes([2, 0, 2]).tolist() == [2, 0, 2]
    assert part.resolve_nodes({"nothing": 1}, raise_missing_property=False).tolist() == []
    with pytest.raises(ValueError, match=r"Unknown node properties: \['nothing'\]"):
        part.resolve_nodes({"nothing": 1})


def test_get_is_a_series(report: SpikeReport) -> None:
    spikes = report["exc"].get()
    assert (spikes.name, spikes.dtype, spikes.index.name, spikes.index.dtype) == ("ids", np.int64, "times", np.float64)
    assert list(spikes.items()) == [(0.5, 3), (1.0, 0), (1.0, 1), (7.25, 3)]


def test_filter_is_read_once_and_late(report: SpikeReport) -> None:
    chosen = report.filter("P", 0.6, t_stop=5.0)
    assert (chosen.spike_report, chosen.group, chosen.t_start, chosen.t_stop) == (report, "P", 0.6, 5.0)
    assert "report" not in vars(chosen)
    frame = chosen.report
    assert chosen.report is frame
    assert list(frame.itertuples(name=None)) == [(1.0, 0, "exc")]
    assert frame["population"].cat.categories.tolist() == ["exc"]


def test_order_of_ties_is_time_then_id_then_population(report: SpikeReport) -> None:
    assert list(report.filter().report.itertuples(name=None)) == [
        (0.5, 3, "exc"),
        (1.0, 0, "exc"),
        (1.0, 0, "inh"),
        (1.0, 1, "exc"),
        (2.0, 1, "inh"),
        (7.25, 3, "exc"),
    ]


def test_result_may_be_changed_without_harm(report: SpikeReport) -> None:
    first = report["exc"].get()
    first.iloc[:] = 99
    assert report["exc"].get().tolist() == [3, 0, 1, 3]


def test_representations_name_file_and_population(report: SpikeReport) -> None:
    assert repr(report) == f"<SpikeReport {report.path}>"
    assert repr(report["exc"]) == f"<PopulationSpikeReport 'exc' of {report.path}>"
    assert repr(report.filter("P", 1)) == f"<FilteredSpikeReport group='P', t_start=1, t_stop=None of {report.path}>"


def test_log(tmp_path: Path, report: SpikeReport) -> None:
    with pytest.raises(MissingFileError, match=r"cannot find the log file of the spike report; is output\.log_file"):
        report.log().__enter__()
    config = tmp_path / "simulation_config.json"
    content = json.loads(config.read_text())
    content["output"]["log_file"] = "log.txt"
    config.write_text(json.dumps(content))
    (tmp_path / "output/log.txt").write_text("µ-simulation\n", encoding="utf-8")
    with Simulation(config).spikes.log() as log:
        assert log.read() == "µ-simulation\n"
    assert log.closed


def test_pickle(report: SpikeReport) -> None:
    copy = pickle.loads(pickle.dumps(report.simulation))
    assert_series_equal(copy.spikes["exc"].get("P"), report["exc"].get("P"))
    assert_series_equal(pickle.loads(pickle.dumps(report))["exc"].get(), report["exc"].get())
    assert_series_equal(pickle.loads(pickle.dumps(report["exc"])).get(), report["exc"].get())
    chosen = report.filter("P")
    assert_frame_equal(pickle.loads(pickle.dumps(chosen)).report, chosen.report)
    assert_frame_equal(pickle.loads(pickle.dumps(chosen)).report, chosen.report)  # once more, now that it was read


# --- what files hold -------------------------------------------------------------------------------------------------


@pytest.fixture(params=[False, True], ids=["small", "large"])
def size_class(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the path of large reports for small ones, too."""
    if request.param:
        for module in ("load", "merge"):
            monkeypatch.setattr(f"spikelib.sonata.spikes.{module}.LARGE", 1)


def spikes_of(path: Path, population: str = "a") -> list[tuple[float, int]]:
    return list(open_report(path)[population].get().items())


def test_bare_spike_file(tmp_path: Path) -> None:
    report = open_report(write_spikes(tmp_path / "spikes.h5", SPIKES))
    assert (report.time_start, report.time_stop, report.dt) == (0.0, None, None)
    assert report["exc"].get([3, 3, 100]).tolist() == [3, 3]
    assert report.filter(0).report["population"].tolist() == ["exc", "inh"]
    assert report.filter({"population": "inh"}).report["ids"].tolist() == [0, 1]
    assert report.filter({"node_id": [1]}).report["ids"].tolist() == [1, 1]


@pytest.mark.usefixtures("size_class")
@pytest.mark.parametrize(
    ("times", "ids"), [([], []), ([4.5], [2]), ([4.5, 4.5], [2, 2])], ids=["none", "one", "one-twice"]
)
def test_few_spikes(tmp_path: Path, times: list[float], ids: list[int]) -> None:
    report = Simulation(write_simulation(tmp_path, {"a": (times, ids)})).spikes
    assert spikes_of(report.path) == list(zip(times, ids, strict=True))
    assert report["a"].node_ids.tolist() == sorted(set(ids))
    frame = report.filter().report
    assert frame.index.tolist() == times
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {"ids": "int64", "population": "category"}


@pytest.mark.usefixtures("size_class")
@pytest.mark.parametrize(
    "options",
    [
        {"compression": "gzip"},
        {"layout": "legacy"},
        {"layout": "legacy", "sorting_form": "text", "units": None},
        {"time_dtype": "float32"},
        {"time_dtype": ">f8"},
        {"id_dtype": "uint8"},
        {"id_dtype": "uint32"},
        {"id_dtype": "int32"},
        {"id_dtype": "int64"},
        {"sorting": None},
        {"sorting_form": "text"},
        {"sorting_form": "number"},
        {"sorting_on": "node_ids"},
        {"units": "milliseconds"},
        {"units": None},
    ],
    ids=lambda options: "-".join(f"{key}={value}" for key, value in options.items()),
)
def test_forms_of_storage(tmp_path: Path, options: dict[str, str]) -> None:
    path = write_spikes(tmp_path / "spikes.h5", {"a": ([0.5, 1.0, 7.25], [3, 0, 255])}, **options)
    name = "<sonata:none>" if options.get("layout") == "legacy" else "a"
    assert spikes_of(path, name) == [(0.5, 3), (1.0, 0), (7.25, 255)]
    spikes = open_report(path)[name].get(None, 0.6)
    assert (spikes.tolist(), spikes.dtype, spikes.index.dtype) == ([0, 255], np.int64, np.float64)


@pytest.mark.usefixtures("size_class")
@pytest.mark.parametrize(
    ("units", "factor"),
    [("s", 1000.0), ("SEC", 1000.0), ("µs", 0.001), ("microseconds", 0.001), ("ms ", 1.0)],
)
def test_units_are_converted_before_windows_are_cut(tmp_path: Path, units: str, factor: float) -> None:
    path = write_spikes(tmp_path / "spikes.h5", {"a": ([1.0, 2.0, 3.0], [0, 1, 2])}, units=units)
    assert open_report(path)["a"].get(None, 2.0 * factor, 2.0 * factor).to_dict() == {2.0 * factor: 1}


def test_unknown_unit_is_taken_as_ms_with_a_warning(tmp_path: Path) -> None:
    report = open_report(write_spikes(tmp_path / "spikes.h5", {"a": ([1.0, 2.0], [0, 1])}, units="fortnight"))
    with pytest.warns(SpikelibWarning, match=r"spikes\.h5, population 'a': unknown units 'fortnight': taken as ms"):
        assert report["a"].get().index.tolist() == [1.0, 2.0]
    # Once for each population of a report.
    assert len(report["a"].get()) == len(report.filter().report) == 2


def test_times_in_single_precision_are_the_decimals_that_were_meant(tmp_path: Path) -> None:
    times = np.arange(1, 20_001) / 10.0
    path = write_spikes(tmp_path / "spikes.h5", {"a": (times, np.arange(20_000) % 50)}, time_dtype="float32")
    assert open_report(path)["a"].get(None, 1000.1, 1000.3).index.tolist() == [1000.1, 1000.2, 1000.3]
    assert open_report(path)["a"].get().index.tolist() == times.tolist()


def test_property_is_an_error_where_no_circuit_is_known(tmp_path: Path) -> None:
    report = open_report(write_spikes(tmp_path / "spikes.h5", {"a": ([1.0], [0])}))
    for ask in (lambda: report["a"].get({"layer": "1"}), lambda: report.filter({"layer": "1"}).report):
        with pytest.raises(UnknownPropertyError, match=r"Unknown node properties: \['layer'\]"):
            ask()


@pytest.mark.usefixtures("size_class")
@pytest.mark.parametrize(
    ("times", "ids", "message"),
    [
        ([1.0, np.nan], [0, 1], "1 spike rejected: 1 not a number"),
        ([1.0, np.inf, -np.inf], [0, 1, 1], "2 spikes rejected: 2 infinite"),
        ([-0.5, 1.0], [1, 0], "1 spike rejected: 1 negative time"),
        ([1.0, 2.0, 3.0], [0, 10, 11], "2 spikes rejected: 2 id out of range"),
        ([1.0, np.nan, 2.0], [0, 1, 99], "2 spikes rejected: 1 not a number, 1 id out of range"),
    ],
    ids=["NaN", "infinite", "negative", "id-beyond-population", "two-reasons"],
)
def test_invalid_spikes_are_rejected_with_a_warning(
    tmp_path: Path, times: list[float], ids: list[int], message: str
) -> None:
    report = Simulation(write_simulation(tmp_path, {"a": (times, ids)}, {"a": 10})).spikes
    with pytest.warns(SpikelibWarning, match=rf"spikes\.h5, population 'a': {message}$"):
        assert list(report["a"].get().items()) == [(1.0, 0)]
    with pytest.warns(SpikelibWarning, match=message):
        assert report.filter().report.index.tolist() == [1.0]


@pytest.mark.usefixtures("size_class")
def test_negative_id_is_an_error(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "spikes.h5", {"a": ([1.0, 2.0], [0, -3])}, id_dtype="int64")
    with pytest.raises(SpikeFileError, match="population 'a': 1 negative node ids, the first is -3; the file is damag"):
        open_report(path)["a"].get()


# --- order -----------------------------------------------------------------------------------------------------------

GRID = st.one_of(st.integers(0, 20).map(lambda k: k * 5.0), st.floats(0.0, 100.0, allow_subnormal=False))
TRAINS = st.lists(st.tuples(GRID, st.integers(0, 9)), max_size=40)
COARSE = st.integers(0, 4).map(lambda k: k * 5.0)
NEARBY = st.sampled_from([0.0, 9e-7, -9e-7, 2e-6])
END = st.one_of(st.none(), st.builds(lambda time, shift: time + shift, COARSE, NEARBY))
ORDERS = ("by_time", "by_id", "none")


def in_order(spikes: list[tuple[float, int]], order: str) -> tuple[list[float], list[int]]:
    """Sort spikes as a file that claims this would hold them; in no order for "none"."""
    if order == "none":
        spikes = list(np.random.default_rng(len(spikes)).permutation(np.array(spikes).reshape(-1, 2)))
    else:
        spikes = sorted(spikes, key=(lambda spike: spike[0]) if order == "by_time" else (lambda spike: spike[::-1]))
    return [float(time) for time, _ in spikes], [int(node) for _, node in spikes]


def write_in_order(folder: Path, trains: dict[str, list[tuple[float, int]]], order: str) -> SpikeReport:
    spikes = {name: in_order(train, order) for name, train in trains.items()}
    return Simulation(write_simulation(folder, spikes, sorting=order)).spikes


HYPOTHESIS = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.slow
@HYPOTHESIS
@given(first=TRAINS, second=TRAINS)
def test_storage_order_does_not_matter(tmp_path_factory, size_class, first, second):
    reports = [write_in_order(tmp_path_factory.mktemp(order), {"a": first, "b": second}, order) for order in ORDERS]
    frame = reports[0].filter().report
    wanted = sorted([(*spike, "a") for spike in first] + [(*spike, "b") for spike in second])
    assert list(frame.itertuples(name=None)) == wanted
    for report in reports[1:]:
        assert_frame_equal(report.filter().report, frame)
        assert_series_equal(report["b"].get(), reports[0]["b"].get())


@settings(HYPOTHESIS, max_examples=120)
@given(
    train=st.lists(st.tuples(COARSE, st.integers(0, 9))),
    ends=st.tuples(END, END),
    order=st.sampled_from(ORDERS),
    claim=st.sampled_from(ORDERS),
)
def test_window_is_a_mask(tmp_path_factory, train, ends, order, claim):
    start, stop = sorted(ends) if None not in ends else ends
    times, ids = in_order(train, order)
    folder = tmp_path_factory.mktemp("window")
    report = open_report(write_spikes(folder / "spikes.h5", {"a": (times, ids)}, sorting=claim))
    everything = report["a"].get()
    inside = np.ones(len(everything), bool)
    if start is not None:
        inside &= everything.index >= start - 1e-6
    if stop is not None:
        inside &= everything.index <= stop + 1e-6
    assert_series_equal(report["a"].get(None, start, stop), everything[inside])
    chosen = inside & np.isin(everything, [1, 4])
    assert_series_equal(report["a"].get([4, 1, 4], start, stop), everything[chosen])


def displaced(times: np.ndarray) -> np.ndarray:
    """Move one early spike far back: all neighbours but these stay in order."""
    return np.insert(np.delete(times, 300), 18_000, times[300])


DISORDERS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "reversed": lambda times: times[::-1],
    "two-blocks": lambda times: np.roll(times, 7000),
    "locally-shuffled": lambda times: np.random.default_rng(3).permuted(times.reshape(-1, 10), axis=1).ravel(),
    "last-spike-first": lambda times: np.roll(times, 1),
    "one-spike-displaced": displaced,
    "NaN-within": lambda times: np.where(np.arange(len(times)) == 9999, np.nan, times),
}


@pytest.mark.filterwarnings("ignore:.*1 not a number:spikelib.errors.SpikelibWarning")
@pytest.mark.parametrize("disorder", DISORDERS)
def test_false_claim_of_a_long_report(tmp_path, size_class, monkeypatch, disorder):
    monkeypatch.setattr("spikelib.sonata.spikes.find_window._LOOK", 1000)
    times = DISORDERS[disorder](np.arange(20_000) * 0.5)
    path = write_spikes(tmp_path / "spikes.h5", {"a": (times, np.arange(20_000) % 7)}, sorting="by_time")
    part = open_report(path)["a"]
    for start, stop in ((None, None), (140.0, 160.0), (None, 3500.0), (8990.0, None), (4999.5, 4999.5)):
        inside = (times >= (start or 0.0)) & (times <= (stop or 1e9))
        spikes = part.get(None, start, stop)
        np.testing.assert_array_equal(spikes.index, np.sort(times[inside]))
        assert spikes.sum() == (np.arange(20_000) % 7)[inside].sum()


@pytest.mark.parametrize("disorder", sorted(set(DISORDERS) - {"one-spike-displaced", "NaN-within"}))
def test_false_claim_of_a_report_too_long_to_look_at_all_of_it(tmp_path, monkeypatch, disorder):
    for name, value in (("CHECK_ALL", 0), ("PROBES", 50), ("MARGIN", 100)):
        monkeypatch.setattr(f"spikelib.sonata.spikes.find_window.{name}", value)
    times = DISORDERS[disorder](np.arange(20_000) * 0.5)
    path = write_spikes(tmp_path / "spikes.h5", {"a": (times, np.arange(20_000) % 7)}, sorting="by_time")
    for start, stop in ((140.0, 160.0), (None, 3500.0), (8990.0, None), (4999.5, 4999.5)):
        inside = (times >= (start or 0.0)) & (times <= (stop or 1e9))
        np.testing.assert_array_equal(open_report(path)["a"].get(None, start, stop).index, np.sort(times[inside]))


def test_window_of_a_report_too_long_to_look_at_all_of_it(tmp_path, monkeypatch):
    for name, value in (("CHECK_ALL", 0), ("PROBES", 50), ("MARGIN", 100)):
        monkeypatch.setattr(f"spikelib.sonata.spikes.find_window.{name}", value)
    times = np.repeat(np.arange(2000) * 0.5, 10)
    part = open_report(write_spikes(tmp_path / "spikes.h5", {"a": (times, np.arange(20_000) % 7)}))["a"]
    for start, stop in ((140.0, 160.0), (None, 350.0), (899.0, None), (499.5, 499.5), (2e3, None), (0.2, 0.3)):
        inside = (times >= (start or 0.0)) & (times <= (stop or 1e9))
        np.testing.assert_array_equal(part.get(None, start, stop).index, times[inside])


# --- the examples of bluepysnap's manual -----------------------------------------------------------------------------


@pytest.fixture
def clean_pyplot() -> Iterator[None]:
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.mark.usefixtures("clean_pyplot")
@pytest.mark.parametrize("of", ["population", "filter", "all"])
def test_examples_of_the_manual(report: SpikeReport, of: str) -> None:
    part = {"population": report["exc"], "filter": report.filter("P"), "all": report.filter()}[of]
    n_spikes = {"population": 4, "filter": 1, "all": 6}[of]
    assert len(marks(part.raster())) == n_spikes
    plt.close("all")
    assert part.firing_rate_histogram().get_ylabel() == "Firing rate [Hz]"
    plt.close("all")
    assert part.isi().get_xlabel() == "Interspike interval [ms]"
    plt.close("all")
    film, ax = part.firing_animation()
    assert isinstance(film, FuncAnimation)
    assert [ax.get_xlabel(), len(list(frames(film)))] == ["x [µm]", 1]
