"""The four plots of the API: what they draw, against bluepysnap and against numpy by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bluepysnap
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from spikelib import Simulation
from spikelib.errors import PlotError
from tests.drawn import axes, bars, corners_lit, frames, marks, rate_steps
from tests.writing import write_simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from matplotlib.axes import Axes

    from spikelib import FilteredSpikeReport

N_EXC, N_INH = 8, 5
NODES: dict[str, Any] = {
    "exc": {
        "mtype": ["L4", "L2", "L4", "L6", "L2", "L4", "L6", "L6"],
        "layer": [4, 2, 4, 6, 2, 4, 6, 6],
        "depth": np.linspace(-1.0, 7.0, N_EXC),
        "x": np.linspace(0.0, 70.0, N_EXC),
        "y": np.linspace(0.0, 35.0, N_EXC),
        "z": np.full(N_EXC, 3.0),
    },
    "inh": {"mtype": ["L1", "L4", "L4", "L2", "L1"], "layer": [1, 4, 4, 2, 1]},
}
PLOTS = {
    "raster": ("Time [ms]", "nodes, by id"),
    "firing_rate_histogram": ("Time [ms]", "Firing rate [Hz]"),
    "isi": ("Interspike interval [ms]", "Density [1/ms]"),
    "firing_animation": ("x [µm]", "y [µm]"),
}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 100 ms of two populations of different properties, nodes 7 of "exc" and 4 of "inh" silent."""
    random = np.random.default_rng(5)
    spikes = {
        name: (np.sort(np.round(random.uniform(3, 97, 200), 1)), random.integers(0, size - 1, 200))
        for name, size in (("exc", N_EXC), ("inh", N_INH))
    }
    return write_simulation(tmp_path_factory.mktemp("plots"), spikes, NODES)


@pytest.fixture(scope="module")
def theirs(config: Path) -> Any:
    return bluepysnap.Simulation(str(config)).spikes.filter()


@pytest.fixture(scope="module")
def ours(config: Path) -> FilteredSpikeReport:
    return Simulation(config).spikes.filter()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., FilteredSpikeReport]:
    """Write a simulation as `write_simulation` does and give all of its spikes."""
    return lambda *args, **options: Simulation(write_simulation(tmp_path, *args, **options)).spikes.filter()


@pytest.fixture
def pyplot() -> Iterator[None]:
    plt.switch_backend("agg")
    yield
    plt.close("all")


def draw(report: FilteredSpikeReport, plot: str, ax: Axes | None = None) -> Axes:
    drawn = getattr(report, plot)(ax=ax)
    if plot != "firing_animation":
        return drawn
    film, ax = drawn
    next(frames(film))
    return ax


# --- where it is drawn -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("pyplot")
@pytest.mark.parametrize("plot", PLOTS)
def test_axes_of_pyplot_are_labelled(ours, plot):
    ax = draw(ours, plot)
    assert (ax.get_xlabel(), ax.get_ylabel()) == PLOTS[plot]
    assert ax is plt.gca()


@pytest.mark.parametrize("plot", PLOTS)
def test_given_axes_are_used_and_not_labelled(ours, plot):
    given = axes()
    given.set(xlabel="mine", ylabel="too")
    assert draw(ours, plot, given) is given
    assert (given.get_xlabel(), given.get_ylabel()) == ("mine", "too")
    assert plot == "firing_animation" or given.get_title(loc="left") + given.get_title() == ""


@pytest.mark.usefixtures("pyplot")
def test_current_axes_are_used_but_an_animation_makes_its_own_figure(ours):
    figure, (_, current) = plt.subplots(1, 2)
    plt.sca(current)
    assert ours.raster() is ours.isi() is current
    assert draw(ours, "firing_animation").figure is not figure


# --- raster ----------------------------------------------------------------------------------------------------------


def their_marks(theirs: Any, **options: Any) -> np.ndarray:
    places = np.asarray(theirs.raster(ax=axes(), **options).collections[0].get_offsets())
    return places[np.lexsort(places.T[::-1])]


def test_raster_of_ids_has_the_marks_of_bluepysnap(theirs, ours):
    ax = ours.raster(ax=axes())
    np.testing.assert_array_equal(marks(ax), their_marks(theirs))
    assert ax.get_xlim() == (0.0, 100.0)
    assert ax.get_ylim() == (-0.5, N_EXC + N_INH - 0.5)
    lines = [line.get_ydata()[0] for line in ax.lines if line.get_marker() != "|" and len(line.get_ydata())]
    assert lines == [N_EXC - 0.5]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["exc", "inh"]


def test_raster_of_a_group_keeps_the_room_of_all_nodes(config):
    ax = Simulation(config).spikes.filter([1, 2], t_start=10.0, t_stop=20.0).raster(ax=axes())
    assert set(marks(ax)[:, 1]) <= {1.0, 2.0, N_EXC + 1.0, N_EXC + 2.0}
    assert (ax.get_xlim(), ax.get_ylim()) == ((0.0, 100.0), (-0.5, N_EXC + N_INH - 0.5))


def test_raster_of_one_population(config):
    ax = Simulation(config).spikes["inh"].raster(ax=axes())
    assert ax.get_ylim() == (-0.5, N_INH - 0.5)
    assert not any(line.get_marker() != "|" for line in ax.lines)


@pytest.mark.parametrize(("prop", "limits"), [("layer", (1.0, 6.0)), ("depth", (-1.0, 7.0))])
def test_raster_of_a_number_has_the_marks_of_bluepysnap_and_the_range_of_all_nodes(theirs, ours, prop, limits):
    ax = ours.raster(prop, ax=axes())
    np.testing.assert_array_equal(marks(ax), their_marks(theirs, y_axis=prop))
    assert ax.get_ylim() == limits


def test_raster_of_a_text_gives_each_value_a_band_in_sorted_order(theirs, ours):
    ax = ours.raster("mtype", ax=axes())
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["L1 (2)", "L2 (3)", "L4 (5)", "L6 (3)"]
    assert ax.get_yticks().tolist() == [0.0, 1.0, 2.0, 3.0]
    assert ax.get_ylim() == (-0.5, 3.5)
    their_axes = theirs.raster("mtype", ax=axes())
    values = [label.get_text() for label in their_axes.get_xticklabels()]  # matplotlib's categories, unsorted
    assert values
    places = marks(ax)
    np.testing.assert_array_equal(places[:, 0], their_marks(theirs, y_axis="mtype")[:, 0])
    bands = np.round(places[:, 1]).astype(int)
    wanted = [NODES[name]["mtype"][node] for _, node, name in ours.report.itertuples(name=None)]
    assert sorted(np.array(["L1", "L2", "L4", "L6"])[bands]) == sorted(wanted)


def test_raster_says_how_many_spikes_it_shows(ours):
    plt.close("all")
    ax = ours.raster()
    titles = ax.get_title(loc="left") + ax.get_title()
    plt.close("all")
    assert titles == "every spike: 400 spikes"


@pytest.mark.usefixtures("pyplot")
def test_raster_says_that_it_is_a_density(write):
    random = np.random.default_rng(1)
    report = write({"a": (np.sort(random.uniform(0, 100, 120_000)), random.integers(0, 10, 120_000))})
    ax = report.raster()
    assert (ax.get_title(loc="left") + ax.get_title()).startswith("density of 120,000 spikes, cells of ")
    rates = ax.images[0].get_array()
    # 12,000 spikes per node in 0.1 s; cells of equal size, so their mean is the mean rate.
    assert float(np.mean(rates)) == pytest.approx(120_000.0)
    assert (ax.get_xlim(), ax.get_ylim()) == ((0.0, 100.0), (-0.5, 9.5))


def test_window_of_the_raster_holds_spikes_outside_of_the_run(write):
    assert write({"a": ([1.0, 130.0], [0, 1])}).raster(ax=axes()).get_xlim() == (0.0, 130.0)


# --- rate ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("binsize", [10.03, 7.31, 0.513, None, 1000.0])
def test_rates_are_those_of_numpy(theirs, ours, binsize):
    times = ours.spikes[0]
    width = binsize or min(50.0, np.ptp(times) / (len(times) / 100.0 + 1.0))
    edges = np.append(np.arange(times[0], times[-1], width), times[-1])
    steps = rate_steps(ours.firing_rate_histogram(binsize, axes()))[0]  # all populations together
    np.testing.assert_allclose(steps.edges, edges)
    counts = np.histogram(times, edges)[0]  # times are multiples of 0.1, so none is near an inner edge
    np.testing.assert_allclose(steps.values, counts / (np.diff(edges) / 1000.0) / 11)
    their_rates = theirs.firing_rate_histogram(binsize, axes()).lines[0].get_ydata()
    np.testing.assert_allclose(steps.values * np.diff(edges) / width, their_rates)


def test_rates_of_each_population(ours):
    ax = ours.firing_rate_histogram(10.0, axes())
    labels, _, (total, exc, inh) = zip(*rate_steps(ax), strict=True)
    np.testing.assert_allclose(exc * 7 + inh * 4, total * 11)
    assert labels == ("all (11 nodes)", "exc (7 nodes)", "inh (4 nodes)")
    everything = [steps.values for steps in rate_steps(ours.firing_rate_histogram(10.0, axes(), nodes="all"))]
    np.testing.assert_allclose(everything, [total * 11 / 13, exc * 7 / 8, inh * 4 / 5])


def test_spikes_with_float_dust_stay_in_their_bin(write):
    dusty = np.array([0.0, 9.999999999999964, 19.999999999999964, 30.0])
    steps = rate_steps(write({"a": (dusty, [0] * 4)}).firing_rate_histogram(10.0, axes()))[0]
    np.testing.assert_allclose(steps.values, [100.0, 100.0, 200.0])


@pytest.mark.parametrize("times", [[5.0], [5.0, 5.0]], ids=["one-spike", "one-moment"])
def test_rate_of_one_moment_is_one_bin(write, times):
    report = write({"a": (times, [0] * len(times))})
    assert rate_steps(report.firing_rate_histogram(10.0, axes()))[0].edges.tolist() == [5.0, 15.0]
    steps = rate_steps(report.firing_rate_histogram(ax=axes()))[0]
    assert (steps.edges.tolist(), steps.values.tolist()) == ([5.0, 6.0], [1000.0 * len(times)])


# --- intervals -------------------------------------------------------------------------------------------------------


def intervals(report: FilteredSpikeReport) -> np.ndarray:
    trains = report.report.reset_index().groupby(["ids", "population"], observed=True)["times"]
    return np.concatenate([np.diff(train) for _, train in trains])


@pytest.mark.parametrize("use_frequency", [False, True], ids=["intervals", "frequencies"])
@pytest.mark.parametrize("binsize", [None, 1.0, 3.0, 20_000.0])
def test_interval_bins_cover_all_and_integrate_to_one(ours, binsize, use_frequency):
    values = intervals(ours)
    if use_frequency:
        values = 1000.0 / values[values > 0]
    found = bars(ours.isi(use_frequency, binsize, axes()))
    widths = np.diff(found.edges)
    assert found.edges[0] == 0.0
    assert found.edges[-2] <= values.max() < found.edges[-1]
    assert (found.values * widths).sum() == pytest.approx(1.0)
    np.testing.assert_allclose(widths, widths[0] if binsize is None else binsize)


def test_interval_bins_are_those_of_numpy_and_of_bluepysnap(theirs, ours):
    values = intervals(ours)
    width = 2.473  # intervals are multiples of 0.1, so none is near an edge
    found = bars(ours.isi(binsize=width, ax=axes()))
    counts = np.histogram(values, found.edges)[0]
    np.testing.assert_allclose(found.values, counts / len(values) / width)
    heights = np.array([bar.get_height() for bar in theirs.isi(binsize=width, ax=axes()).patches])[:-1]
    np.testing.assert_allclose(found.values[: len(heights)] / found.values[0], heights / heights[0])


def test_intervals_do_not_reach_from_node_to_node(write):
    report = write({"a": ([0.0, 1.0, 9.0], [0, 1, 0]), "b": ([2.0, 5.0], [0, 0])})
    assert np.flatnonzero(bars(report.isi(binsize=1.0, ax=axes())).values).tolist() == [3, 9]


def test_frequency_leaves_out_intervals_of_zero(write):
    report = write({"a": ([0.0, 0.0, 10.0], [0, 0, 0])})
    assert bars(report.isi(True, 50.0, axes())).values.tolist() == [0.0, 0.0, 1 / 50]


def test_interval_bins_that_are_too_many_are_made_wider_and_the_title_says_so(ours):
    plt.close("all")
    ax = ours.isi(True, 0.5)
    title = ax.get_title(loc="left") + ax.get_title()
    plt.close("all")
    assert title.endswith("bins of 1 Hz instead of 0.5 Hz, to hold the largest value")


def test_axes_of_intervals_name_the_unit(ours):
    plt.close("all")
    ax = ours.isi(use_frequency=True)
    label = ax.get_xlabel()
    plt.close("all")
    assert label == "Frequency [Hz]"


# --- animation -------------------------------------------------------------------------------------------------------


def test_animation_frames_begin_at_a_multiple_of_dt(ours):
    plt.close("all")
    film, ax = ours.firing_animation(dt=10)
    times = [ax.get_title().replace(".0", "") for _ in frames(film)]
    plt.close("all")
    assert [text.split("–")[0] for text in times] == [f"t = {10 * k}" for k in range(10)]


def test_animation_on_other_axes(config):
    film, ax = Simulation(config).spikes["exc"].firing_animation("z", "y", dt=50)
    next(frames(film))
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_xlim()) == ("z [µm]", "y [µm]", (2.5, 3.5))
    plt.close("all")


def test_animation_of_one_spike(write):
    report = write({"a": ([45.0], [1])}, {"a": {"x": [0.0, 1.0], "y": [0.0, 1.0]}})
    assert corners_lit(*report.firing_animation(ax=axes())) == [[1]]


# --- wrong options ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plot", "options", "message"),
    [
        (
            "raster",
            {"y_axis": "size"},
            "no population has the node property 'size' for the raster; there are depth",
        ),
        ("firing_rate_histogram", {"time_binsize": 0}, "time_binsize=0 must be a positive number"),
        ("firing_rate_histogram", {"time_binsize": -2.0}, "time_binsize=-2 must be a positive number"),
        ("firing_rate_histogram", {"time_binsize": float("nan")}, "time_binsize=nan must be a positive number"),
        ("firing_rate_histogram", {"time_binsize": float("inf")}, "time_binsize=inf must be a positive number"),
        ("firing_rate_histogram", {"time_binsize": 1e-6}, "time_binsize=1e-06 ms gives over a million bins"),
        ("firing_rate_histogram", {"nodes": "some"}, "nodes must be 'active' or 'all'"),
        ("isi", {"binsize": 0}, "binsize=0 must be a positive number"),
        ("isi", {"binsize": -1.0}, "binsize=-1 must be a positive number"),
        ("isi", {"binsize": float("nan")}, "binsize=nan must be a positive number"),
        ("isi", {"binsize": float("inf")}, "binsize=inf must be a positive number"),
        ("isi", {"use_frequency": True, "binsize": -1.0}, "binsize=-1 must be a positive number"),
        ("isi", {"use_frequency": True, "binsize": float("nan")}, "binsize=nan must be a positive number"),
        ("isi", {"binsize": 1e-12}, "binsize=1e-12 is too narrow; choose a wider bin"),
        ("firing_animation", {"x_axis": "depth"}, "'depth' is no axis of an animation; choose two of 'x', 'y', 'z'"),
        ("firing_animation", {"dt": 0}, "dt=0 must be a positive number"),
        ("firing_animation", {"dt": float("nan")}, "dt=nan must be a positive number"),
        ("firing_animation", {"dt": float("inf")}, "dt=inf must be a positive number"),
        ("firing_animation", {"dt": 1e-3}, "dt=0.001 ms gives over .* frames in .* ms; choose at least dt="),
    ],
    ids=lambda value: "-".join(map(str, value.items())) if isinstance(value, dict) else "",
)
def test_wrong_options(ours, plot, options, message):
    with pytest.raises(PlotError, match=message):
        getattr(ours, plot)(ax=axes(), **options)


def test_animation_of_nodes_without_positions(config):
    with pytest.raises(PlotError, match="no population has positions 'x' and 'y', so there is nothing to animate"):
        Simulation(config).spikes["inh"].firing_animation(ax=axes())


def test_colours_tell_the_populations_apart(ours):
    colours = {to_hex(line.get_color()) for line in ours.raster(ax=axes()).lines if line.get_marker() == "|"}
    assert len(colours) == 2
