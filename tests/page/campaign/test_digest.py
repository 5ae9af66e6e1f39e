"""The digest of a simulation."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from spikelib.errors import MissingFileError, TableError
from spikelib.page.campaign.digest import ISI_EDGES_MS, KEYS, overview, read_overview, write_overview
from spikelib.summary.store import save_summary
from tests.figures.builders import build_summary
from tests.page.builders import add_filter, statistics, stats
from tests.page.campaign.test_thumbnail import WHITE, pixels


def digest_of(summary, content=None):
    return overview("a", [(content or statistics(), summary)])["filters"][0]


def test_edges_of_intervals_lie_on_the_fine_bins_of_summaries():
    tenths = ISI_EDGES_MS * 10
    assert np.array_equal(tenths, np.rint(tenths))
    assert (np.diff(ISI_EDGES_MS) > 0).all()
    assert (ISI_EDGES_MS[0], ISI_EDGES_MS[-1]) == (0.1, 100_000.0)
    assert (ISI_EDGES_MS[1:] / ISI_EDGES_MS[:-1])[ISI_EDGES_MS[1:] > 10].max() < 1.15


def test_numbers_are_those_of_the_statistics():
    content = statistics(overall=stats(rate_mean_hz=31.32333333), populations={"E": stats(cv_mean=None)})
    found = digest_of(None, content)
    assert found["statistics"] == {key: pytest.approx(stats()[key], rel=1e-6) for key in KEYS}
    assert found["populations"] == {"E": {"n_nodes": 400, "n_spikes": 18794, "rate_mean_hz": 31.32333, "cv_mean": None}}
    assert (found["name"], found["group"], found["window"]) == ("all", "all nodes", [0.0, 1500.0])
    assert "curve" not in found


def test_curve_is_the_rate_of_all_nodes_in_at_most_120_bins():
    summary = build_summary(
        {"a": (50, np.sort(np.random.default_rng(1).uniform(0, 100, 999)), [7] * 999)}, rate_bin=0.5
    )
    curve = digest_of(summary)["curve"]
    counts, _ = np.histogram(summary.times, bins=100, range=(0, 100))
    assert (curve["start"], curve["stop"], curve["bin"]) == (0, 100, 1)
    assert curve["hz"] == pytest.approx(counts / 50 / 0.001, rel=1e-3)


def test_last_bin_of_the_curve_has_its_true_width():
    summary = build_summary({"a": (1, [99.9], [0])}, stop=100.0, rate_bin=0.7)
    curve = digest_of(summary)["curve"]
    assert len(curve["hz"]) == 72
    assert curve["hz"][-1] == pytest.approx(1000 / (100 - 71 * 1.4), rel=1e-3)


def test_rates_count_silent_nodes_and_are_exact():
    summary = build_summary({"a": (10, [1, 2, 3, 4, 5], [0, 0, 0, 1, 1]), "b": (2, [1.0, 2.0], [0, 0])})
    rates = digest_of(summary)["rates"]
    assert rates == {"seconds": 0.1, "n_nodes": 12, "spikes": [0, 2, 3], "nodes": [9, 11, 12], "exact": True}


def test_shares_of_intervals_are_exact_at_the_edges():
    times = np.cumsum([1.0, 0.3, 0.5, 2.0, 2.2, 30.0])
    shares = np.array(digest_of(build_summary({"a": (1, times, [0] * 6)}))["isi"])
    gaps = np.array([0.3, 0.5, 2.0, 2.2, 30.0])
    assert shares == pytest.approx([(gaps < edge - 1e-6).mean() for edge in ISI_EDGES_MS], abs=5e-5)


def test_nothing_fired():
    found = digest_of(build_summary({"a": (3, [], [])}))
    assert set(found["curve"]["hz"]) == {0}
    assert found["rates"]["nodes"] == [3]
    assert found["isi"] == []
    assert (pixels(base64.b64decode(found["thumbnail"])) == WHITE).all()


def test_written_and_read(tmp_path):
    save_summary(
        build_summary({"a": (9, [1.0, 7.5, 60.0], [2, 2, 8])}),
        add_filter(tmp_path / "run 1", statistics()) / "summary.npz",
    )
    add_filter(tmp_path / "run 1", statistics("old"))
    write_overview(tmp_path / "run 1", ["all", "old"])
    digest = read_overview(tmp_path / "run 1/overview.json")
    assert (digest["name"], [found["name"] for found in digest["filters"]]) == ("run 1", ["all", "old"])
    assert ["curve" in found for found in digest["filters"]] == [True, False]
    assert (tmp_path / "run 1/overview.json").stat().st_size < 8_000


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (None, MissingFileError, r"overview\.json: no such file"),
        ("{", TableError, r"overview\.json: not JSON"),
        (json.dumps({"schema": 99}), TableError, r"a digest of schema 99, but this spikelib reads 2"),
        (json.dumps({"schema": 2}), TableError, r"overview\.json: this digest is damaged; make the page again"),
        (json.dumps({"schema": 2, "filters": [[]]}), TableError, "this digest is damaged"),
        (json.dumps({"schema": 2, "filters": [{"name": "a", "warnings": 5}]}), TableError, "this digest is damaged"),
    ],
    ids=["missing", "damaged", "foreign", "no filters", "no filter", "no warnings"],
)
def test_unreadable_digest(tmp_path, text, error, message):
    path = tmp_path / "overview.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(error, match=message):
        read_overview(path)
