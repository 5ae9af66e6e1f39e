"""`get` and `filter` give what bluepysnap gives, frame for frame.

Spikes of one time have no order that bluepysnap promises, so both sides are brought to (time, population, id)
first. What differs on purpose is in test_departures.py.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle
from typing import TYPE_CHECKING, Any

import bluepysnap
import numpy as np
import pandas as pd
import pytest
from bluepysnap import circuit_ids as snap_ids
from pandas.testing import assert_frame_equal, assert_series_equal

import spikelib
from spikelib.errors import SpikelibError
from spikelib.sonata.nodes import node_ids as our_ids
from tests.parity.group_forms import Facts, groups, wrong_groups
from tests.real_data import DATA, simulation_configs
from tests.writing import write_simulation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Window = tuple[float | None, float | None]

ORDERS = ("by_time", "by_id", "none")
CANNOT_BE_ASKED_TWICE = {"iterator", "generator"}
"""In a filter, bluepysnap spends these on the first population."""


def windows(pair: Pair) -> dict[str, Window]:
    """Make time windows about the spikes of a report, ms."""
    times = pair.ours.spikes.filter().spikes[0]
    middle, last = float(times[len(times) // 2]), float(times[-1])
    return {
        "all": (None, None),
        "inner": (0.3 * last, 0.6 * last),
        "from": (middle, None),
        "to": (None, middle),
        "at-a-spike": (middle, middle),
        "within-tolerance": (middle + 5e-7, middle + 5e-7),
        "tolerance-at-both-ends": (middle + 9e-7, middle + 1.0 - 9e-7),
        "beyond-tolerance": (middle + 2e-6, middle + 3e-6),
        "within-tolerance-of-zero": (-5e-7, middle),
        "whole-numbers": (0, int(last)),
        "empty-after-the-end": (last + 1.0, last + 2.0),
    }


WRONG_WINDOWS: dict[str, Window] = {
    "negative-start": (-1.0, None),
    "negative-stop": (None, -1.0),
    "reversed": (40.0, 30.0),
}


@dataclass(frozen=True)
class Pair:
    """One simulation, opened by both libraries."""

    snap: bluepysnap.Simulation
    ours: spikelib.Simulation

    @classmethod
    def open(cls, config: Path) -> Pair:
        return cls(bluepysnap.Simulation(str(config)), spikelib.Simulation(config))

    @property
    def populations(self) -> list[str]:
        return self.snap.spikes.population_names

    @cached_property
    def facts(self) -> dict[str, Facts]:
        """What to ask about, by population."""
        nodes = self.snap.circuit.nodes
        smallest = min(nodes[name].size for name in self.populations)
        node_sets = tuple(sorted(self.snap.node_sets))
        return {name: Facts(name, smallest, node_sets, columns(nodes[name])) for name in self.populations}

    def check_get(self, population: str, make: Callable[[Any], Any], window: Window) -> None:
        theirs = outcome(lambda: self.snap.spikes[population].get(make(snap_ids), *window))
        ours = outcome(lambda: self.ours.spikes[population].get(make(our_ids), *window))
        same(theirs, ours, window, f"{population}.get({make(our_ids)})")

    def check_filter(self, make: Callable[[Any], Any], window: Window) -> None:
        theirs = outcome(lambda: self.snap.spikes.filter(make(snap_ids), *window).report)
        ours = outcome(lambda: self.ours.spikes.filter(make(our_ids), *window).report)
        same(theirs, ours, window, f"filter({make(our_ids)})")


def columns(nodes: Any) -> dict[str, tuple[str, list[Any]]]:
    """Find the first property of each kind."""
    found: dict[str, tuple[str, list[Any]]] = {}
    for key, dtype in nodes.property_dtypes.items():
        kind = {"i": "integer", "u": "integer", "f": "float"}.get(dtype.kind, "text")
        if kind not in found:
            found[kind] = (str(key), nodes.get(properties=key).tolist())
    return found


def outcome(ask: Callable[[], Any]) -> Any:
    """Return what is answered, or the error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # bluepysnap's use of pandas
            return ask()
    except Exception as error:
        return error


def same(theirs: Any, ours: Any, window: Window, what: str) -> None:
    """Compare two answers; where bluepysnap raises anything, we raise a SpikelibError.

    Except where it refuses a window with an open end since one population has no spikes there, see test_departures.py.
    """
    try:
        if "tstart should be <= to tstop" in str(theirs) and None in window:
            assert isinstance(ours, pd.Series | pd.DataFrame)
        elif isinstance(theirs, Exception):
            assert isinstance(ours, SpikelibError), (theirs, ours)
        elif isinstance(ours, Exception):
            raise ours
        elif isinstance(theirs, pd.Series):
            assert_series_equal(
                canonical(ours.to_frame())["ids"], canonical(theirs.to_frame())["ids"], check_exact=True
            )
            assert (np.diff(ours.index) >= 0).all()
        else:
            assert_frame_equal(canonical(ours), canonical(theirs), check_exact=True)
            assert (np.diff(ours.index) >= 0).all()
    except Exception as error:
        error.add_note(f"{what} in {window}")
        raise


def canonical(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort by time, population and id; the index of bluepysnap's empty frames is of objects, ours always of floats."""
    frame = frame.set_axis(frame.index.astype(np.float64), axis="index")
    keys = [frame["ids"].to_numpy(), frame.index.to_numpy()]
    if "population" in frame:
        keys.insert(1, frame["population"].astype(str).to_numpy())
    return frame.iloc[np.lexsort(keys)]


def two_populations(order: str) -> dict[str, tuple[list[float], list[int]]]:
    """Make spikes of two populations with ties, some of them between the populations, in one of the orders."""
    random = np.random.default_rng(7)
    spikes = {}
    for name, n_nodes in (("exc", 8), ("inh", 5)):
        times = np.append(np.round(random.uniform(0, 90, 60) / 2.5) * 2.5, [0.0, 44.40000000009962, 90.0])
        ids = random.integers(0, n_nodes, len(times))
        keys = {"by_time": (ids, times), "by_id": (times, ids)}.get(order)
        places = random.permutation(len(times)) if keys is None else np.lexsort(keys)
        spikes[name] = (times[places].tolist(), ids[places].tolist())
    return spikes


NODES: dict[str, Any] = {
    "exc": {
        "mtype": ["L2_PC", "L4_PC", "L4_PC", "L5_PC", "L2_PC", "L6_PC", "L4_PC", "L5_PC"],
        "@library/etype": ["cADpyr", "cAC", "cAC", "cADpyr", "cAC", "cAC", "cADpyr", "cAC"],
        "layer": [2, 4, 4, 5, 2, 6, 4, 5],
        "x": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
    },
    "inh": {
        "mtype": ["L2_BC", "L4_PC", "L4_BC", "L5_BC", "L2_BC"],
        "@library/etype": ["cAC", "bAC", "cAC", "bAC", "cAC"],
        "layer": [2, 4, 4, 5, 2],
        "x": [0.5, 1.5, 2.5, 3.5, 4.5],
    },
}
NODE_SETS = {
    "L4": {"layer": 4},
    "Pyramidal": {"mtype": ["L2_PC", "L4_PC"]},
    "Both": ["L4", "Pyramidal"],
    "Firsts": {"node_id": [0, 1, 99]},
    "Inhibitory": {"population": "inh"},
}
SMALL = Facts(
    "exc",
    5,
    tuple(sorted(NODE_SETS)),
    {
        "text": ("etype", NODES["exc"]["@library/etype"]),
        "integer": ("layer", NODES["exc"]["layer"]),
        "float": ("x", NODES["exc"]["x"]),
    },
)


@pytest.fixture(scope="module", params=ORDERS)
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Open a small simulation whose spikes are stored in each of the orders."""
    folder = tmp_path_factory.mktemp(request.param)
    spikes = two_populations(request.param)
    return Pair.open(write_simulation(folder, spikes, NODES, node_sets=NODE_SETS, sorting=request.param))


@pytest.mark.parametrize("form", groups(SMALL, our_ids))
def test_groups_and_windows_of_a_small_report(small, form):
    assert small.facts["exc"] == SMALL

    def make(ids: Any) -> Any:
        return groups(SMALL, ids)[form]

    small.check_get("inh", make, (None, None))
    for name, window in windows(small).items():
        small.check_get("exc", make, window)
        if form not in CANNOT_BE_ASKED_TWICE and name in {"all", "inner", "to", "within-tolerance"}:
            small.check_filter(make, window)


@pytest.mark.parametrize("form", wrong_groups(SMALL, our_ids))
def test_wrong_groups(small, form):
    for window in ((None, None), (10.0, 20.0)):
        small.check_get("exc", lambda ids: wrong_groups(SMALL, ids)[form], window)
        small.check_filter(lambda ids: wrong_groups(SMALL, ids)[form], window)


@pytest.mark.parametrize("window", WRONG_WINDOWS.values(), ids=WRONG_WINDOWS)
@pytest.mark.parametrize("group", [None, [0, 1]], ids=["all", "ids"])
def test_wrong_windows(small, group, window):
    small.check_get("exc", lambda _: group, window)
    small.check_filter(lambda _: group, window)


@pytest.mark.parametrize(
    "query", [{"nothing": 1}, {"$or": [{"layer": 4}, {"nothing": 1}]}, {"$not": {}}], ids=["plain", "nested", "$not"]
)
def test_property_that_a_population_lacks_is_an_error_of_get(small, query):
    small.check_get("exc", lambda _: query, (None, None))


def opens_in_bluepysnap(name: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            spikes = bluepysnap.Simulation(str(DATA / name)).spikes
            spikes.filter([], t_start=0.0, t_stop=0.0).report  # noqa: B018
        except Exception:
            return False
    return True


READABLE = [name for name in simulation_configs() if opens_in_bluepysnap(name)]


@pytest.fixture(scope="module", params=READABLE)
def real(request: pytest.FixtureRequest, real_data: Path) -> Pair:
    """Open each real simulation that bluepysnap can open."""
    return Pair.open(real_data / request.param)


def test_bluepysnap_opens_some_of_the_real_reports():
    assert {f"brunel_campaign_nest/sims/{run}/simulation_config.json" for run in ("AI_s3", "SIslow")} < set(READABLE)
    assert "pd_microcircuit_nest/simulation_config.json" in READABLE


def test_groups_of_a_real_report(real):
    choices = cycle(windows(real).values())
    population, facts = next(iter(real.facts.items()))
    for form in groups(facts, our_ids):

        def make(ids: Any, form: str = form) -> Any:
            return groups(facts, ids)[form]

        real.check_get(population, make, next(choices))
        if form not in CANNOT_BE_ASKED_TWICE:
            real.check_filter(make, next(choices))


def test_windows_of_a_real_report(real):
    for window in windows(real).values():
        for group in (None, [0, 1]):
            real.check_filter(lambda _, group=group: group, window)
            for population in real.populations:
                real.check_get(population, lambda _, group=group: group, window)


def test_facts_of_a_real_report(real):
    for population in real.populations:
        theirs = outcome(lambda name=population: real.snap.spikes[name].node_ids)
        ours = real.ours.spikes[population].node_ids
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype == np.int64
    assert real.ours.spikes.population_names == real.populations
    assert (real.ours.spikes.time_stop, real.ours.spikes.dt) == (real.snap.spikes.time_stop, real.snap.spikes.dt)
