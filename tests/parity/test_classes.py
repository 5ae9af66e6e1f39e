"""Classes of real networks: numbers that others have found in them, and that numpy finds by the definition."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spikelib.simulation.simulation import Simulation
from spikelib.steps.report import report_simulation

if TYPE_CHECKING:
    from pathlib import Path

NOTHING_DRAWN = {"others": False}


def statistics_of(source: Path, results: Path, **config: Any) -> dict[str, Any]:
    report_simulation(source, results / "report.html", {"figures": NOTHING_DRAWN, **config}, keep=results)
    content: dict[str, Any] = json.loads((results / "filters/all/statistics.json").read_text())
    return content


@pytest.fixture(scope="module")
def microcircuit(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    source = real_data / "pd_microcircuit_nest/simulation_config.json"
    return statistics_of(source, tmp_path_factory.mktemp("pd"), classes=["pd_population"])


@pytest.fixture(scope="module")
def trains(real_data: Path) -> dict[str, dict[int, np.ndarray]]:
    """Return the trains of the cortex by class, silent nodes included."""
    simulation = Simulation(real_data / "pd_microcircuit_nest/simulation_config.json")
    series = simulation.spikes["cortex"].get()
    times, ids = series.index.to_numpy(), series.to_numpy()
    kinds = simulation.circuit.nodes["cortex"].get(properties="pd_population").to_numpy().astype(str)
    order = np.argsort(ids, kind="stable")
    parts = np.split(times[order], np.searchsorted(ids[order], np.arange(1, len(kinds))))
    found: dict[str, dict[int, np.ndarray]] = {}
    for node, (kind, train) in enumerate(zip(kinds, parts, strict=True)):
        found.setdefault(kind, {})[node] = np.sort(train)
    return found


def of_class(content: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (each for each in content["classes"] if each["class"] == name)
    return found


def test_pairs_of_l5i_are_those_of_the_definition(microcircuit: dict[str, Any]) -> None:
    found = of_class(microcircuit, "L5I")
    assert found["pair_covariance"] == pytest.approx(5.1292528e-05, rel=1e-7)
    assert found["pair_correlation"] == pytest.approx(0.00333, abs=5e-6)


def test_rhythm_of_the_microcircuit(microcircuit: dict[str, Any]) -> None:
    for name in ("L4E", "L4I", "L5E"):
        assert of_class(microcircuit, name)["rhythm_hz"] == pytest.approx(45.0, abs=1.0)


@pytest.mark.parametrize("name", ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"])
def test_every_class_equals_numpy(
    microcircuit: dict[str, Any], trains: dict[str, dict[int, np.ndarray]], name: str
) -> None:
    found, members = of_class(microcircuit, name), trains[name]
    start, stop = microcircuit["window"]["start"], microcircuit["window"]["stop"]
    times = np.concatenate(list(members.values()))

    def counts(values: np.ndarray, width: float) -> np.ndarray:
        n_full = int((stop - start + 1e-6) / width)
        index = np.floor((values - start + 1e-6) / width).astype(int)
        index[(index == n_full) & (start + n_full * width >= stop - 1e-6)] = n_full - 1
        return np.bincount(index[index < n_full], minlength=n_full)

    assert (found["n_nodes"], found["n_spikes"]) == (len(members), len(times))
    three, one, five = (counts(times, width) for width in (3.0, 1.0, 5.0))
    assert found["sync_fano"] == pytest.approx(three.var() / three.mean(), rel=1e-9)
    assert found["sync_cv"] == pytest.approx(one.std() / one.mean(), rel=1e-9)
    assert found["peak_rate_hz"] == pytest.approx(five.max() / len(members) / 0.005, rel=1e-9)
    active = [counts(train, 2.0) for train in members.values() if len(train)]
    variances, together = sum(c.var() for c in active), sum(active).var()
    n = len(active)
    assert found["pair_covariance"] == pytest.approx((together - variances) / (n * (n - 1)), rel=1e-9)
    cvs = [np.diff(t).std() / np.diff(t).mean() for t in members.values() if len(t) > 10]
    assert (found["n_cv"], found["cv_mean"]) == (len(cvs), pytest.approx(np.mean(cvs), rel=1e-6))
    rates = np.sort([len(t) / ((stop - start) / 1000) for t in members.values()])
    sparse = (1 - rates.mean() ** 2 / (rates**2).mean()) / (1 - 1 / len(rates))
    assert found["sparseness"] == pytest.approx(sparse, rel=1e-9)
    gini = 2 * (np.arange(1, len(rates) + 1) * rates).sum() / (len(rates) * rates.sum()) - (len(rates) + 1) / len(rates)
    assert found["gini"] == pytest.approx(gini, rel=1e-9)
    intervals = np.concatenate([np.diff(t) for t in members.values()])
    assert found["isi_median_ms"] == pytest.approx(np.median(intervals), abs=microcircuit["bins"]["isi_ms"] / 2 + 1e-9)


@pytest.mark.parametrize(("run", "low", "high"), [("AI_s3", 85.5, 109.5), ("SIslow", 38.0, 40.0)])
def test_brunel_networks_oscillate(real_data: Path, tmp_path: Path, run: str, low: float, high: float) -> None:
    source = real_data / f"brunel_campaign_nest/sims/{run}/simulation_config.json"
    found = statistics_of(source, tmp_path)["overall"]
    assert low <= found["rhythm_hz"] <= high
