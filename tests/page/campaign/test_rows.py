"""The state of a simulation's row, from its state in the campaign, its jobs and its results."""

from __future__ import annotations

from pathlib import Path

import pytest

from spikelib.campaign.logs import Failure, Jobs
from spikelib.campaign.record import Member
from spikelib.page.campaign.rows import SPARK_HEIGHT, read_row, row_context, spark_path, state_counts

FAILED = Jobs((Failure("filter_spikes late", "it is truncated", Path("logs/filter_spikes/a/late.log")),))
BEGUN = Jobs(last_log=Path("logs/extract_population/a/x.log"))


@pytest.mark.parametrize(
    ("member", "jobs", "state", "remarks"),
    [
        (Member("a"), Jobs(), "unfinished", ("not run yet",)),
        (Member("a", state="deferred"), Jobs(), "unfinished", ("not run yet",)),
        (Member("a"), BEGUN, "unfinished", ("a job was begun, but there is no page yet",)),
        (Member("a", state="waiting", problem="no spikes yet"), Jobs(), "waiting", ("no spikes yet",)),
        (Member("a", state="broken", problem="no HDF5 file"), Jobs(), "failed", ("no HDF5 file",)),
        (Member("a", state="broken", problem="no HDF5 file"), FAILED, "failed", ()),
        (Member("a", state="waiting", problem="no spikes yet"), FAILED, "failed", ()),
    ],
    ids=["ready", "deferred", "begun", "waiting", "broken", "broken-and-failed", "waiting-and-failed"],
)
def test_state_without_results(tmp_path, member, jobs, state, remarks):
    row = read_row(0, member, jobs, tmp_path)
    assert (row.state, row.remarks) == (state, remarks)
    assert (row.report, row.drawn) == (None, False)


def test_text_of_a_problem_decides_nothing(tmp_path):
    row = read_row(0, Member("a", state="broken", problem="waiting rooms are no simulations"), Jobs(), tmp_path)
    assert row.state == "failed"


def test_failures_are_shown_with_their_logs(tmp_path):
    row = read_row(3, Member("a", metadata={"g": "5"}), FAILED, tmp_path)
    context = row_context(row, "all", ["g", "seed"], Path("results/index.html"), frozenset())
    assert context["failures"] == [
        {"job": "filter_spikes late", "error": "it is truncated", "url": "../logs/filter_spikes/a/late.log"}
    ]
    assert context["told"] == "Failed: it is truncated"
    assert (context["number"], context["metadata"]) == (3, ["5", ""])


def test_states_are_counted_with_the_most_severe_first(tmp_path):
    members = [Member("a"), Member("b", state="broken", problem="no HDF5 file"), Member("c")]
    counts = state_counts([read_row(0, member, Jobs(), tmp_path) for member in members])
    assert [(count["state"], count["count"]) for count in counts] == [("failed", 1), ("unfinished", 2)]


def test_path_of_a_silent_curve_is_flat():
    assert spark_path([0, 0, 0], 0) == f"M0 {SPARK_HEIGHT}V{SPARK_HEIGHT}h3V{SPARK_HEIGHT}z"
