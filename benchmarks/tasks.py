"""The comparisons and their goals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Medians = Mapping[str, float]


@dataclass(frozen=True)
class Run:
    """One side of a comparison."""

    work: str
    side: str
    scale: float = 1.0
    """Spikes, as a multiple of those asked for."""
    sorting: str = "by_time"


@dataclass(frozen=True)
class Goal:
    """A number that is to be reached."""

    text: str
    limit: float
    value: Callable[[Medians, Medians], float]
    """From the medians of our side and of the other (our own where there is no other)."""
    at_least: bool = False

    def reached(self, value: float) -> bool:
        """Return whether a value is good enough."""
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True)
class Task:
    """A comparison: what spikelib does, what it is measured against, and the goals."""

    name: str
    title: str
    ours: Run
    theirs: Run | None
    goals: tuple[Goal, ...]
    clock: str = "seconds_process"
    large: bool = False


def faster(limit: float) -> Goal:
    """At least so many times faster."""
    return Goal(f"{limit:g}x faster", limit, lambda ours, theirs: theirs["seconds"] / ours["seconds"], at_least=True)


def at_most(limit: float) -> Goal:
    """At most so many times the other side's time."""
    return Goal(f"at most {limit:g}x the time", limit, lambda ours, theirs: ours["seconds"] / theirs["seconds"])


def memory(limit: float, of: str = "peak_mb") -> Goal:
    """At most this share of the other side's memory: its whole peak, or what it grew by beyond imports."""
    words = {"peak_mb": "peak memory", "grown_mb": "memory beyond imports"}[of]
    return Goal(f"{limit:.2g} of the {words}", limit, lambda ours, theirs: ours[of] / max(theirs[of], 1e-3))


def peak(limit_mb: float) -> Goal:
    """At most so much memory in the largest process, MiB."""
    return Goal(f"peak at most {limit_mb:g} MiB", limit_mb, lambda ours, _: ours["peak_mb"])


def within(limit_s: float) -> Goal:
    """At most so many seconds."""
    return Goal(f"at most {limit_s:g} s", limit_s, lambda ours, _: ours["seconds"])


def beyond(limit_s: float) -> Goal:
    """At most so many seconds more than the other side."""
    return Goal(f"at most {limit_s:g} s more", limit_s, lambda ours, theirs: ours["seconds"] - theirs["seconds"])


def _api(work: str, title: str, *goals: Goal, scale: float = 1.0, name: str | None = None, peer: str = "") -> Task:
    sides = Run(work, "spikelib", scale), Run(work, peer or "bluepysnap", scale)
    return Task(name or work, title, *sides, goals, clock="seconds")


def _command(work: str, title: str, *goals: Goal, peer: str = "", scale: float = 1.0, order: str = "by_time") -> Task:
    theirs = Run(work, peer, scale, order) if peer else None
    return Task(work, title, Run(work, "spikelib", scale, order), theirs, goals)


TASKS = (
    _api("report_dataframe", "`filter().report`", faster(40), memory(1 / 3)),
    _api("get_population", '`spikes["cortex"].get()`', faster(40)),
    _api("window_100_200", "`get(t_start=100, t_stop=200)`, cold process", faster(30), memory(1 / 20, "grown_mb")),
    _api("raster_isi_rate", "raster, ISI and rate to PNG, spikes loaded", faster(15)),
    _api("raster_mtype", '`raster(y_axis="mtype")` to PNG, spikes loaded', faster(30)),
    _api("animation", "animation of 1,000 frames to mp4", faster(20), scale=0.1),
    _api(
        "report_dataframe",
        "DataFrame of all spikes, ties sorted by id",
        faster(10),
        name="careful_dataframe",
        peer="careful",
    ),
    Task(
        "careful_any_ties",
        "DataFrame of all spikes, theirs with ties unsorted",
        Run("report_dataframe", "spikelib"),
        Run("dataframe_any_ties", "careful"),
        (),
        clock="seconds",
    ),
    _command("extract_by_time", "`spikelib extract`, sorted by time", at_most(1), peer="bare", scale=3),
    _command("extract_unsorted", "`spikelib extract`, unsorted", at_most(1.2), peer="bare", scale=3, order="none"),
    _command("workflow_full", "workflow: table, pictures, animation, page", faster(8), peer="bluepysnap"),
    _command("workflow_still", "workflow without the animation", faster(1.5), peer="careful"),
    _command("demo_clean", "demo from clean", within(20)),
    _command("demo_noop", "demo with nothing to do", within(4)),
    _command("help_time", "`spikelib --help`", beyond(0.15), peer="bare"),
    _command("import_time", "`import spikelib`", beyond(0.3), peer="bare"),
    Task(
        "workflow_tenfold",
        "workflow without the animation, ten times the spikes",
        Run("workflow_still", "spikelib", 10),
        Run("workflow_still", "spikelib"),
        (at_most(11), peak(1024)),
        large=True,
    ),
    *(
        Task(
            f"chain_{factor}",
            f"extract, filter, summarise, figures: {factor} times the spikes, against 10 times",
            Run("chain", "spikelib", factor),
            Run("chain", "spikelib", 10),
            (at_most(1.2 * factor / 10), peak(1024)),
            large=True,
        )
        for factor in (30, 100)
    ),
)

CURVE = (
    (Run("report_dataframe", "spikelib"), 100_000_000),
    (Run("report_dataframe", "bluepysnap"), 30_000_000),
    (Run("report_dataframe", "careful"), 30_000_000),
    (Run("chain", "spikelib"), 1_000_000_000),
)
"""The lines of the plot against the number of spikes, each with the most spikes that its memory allows."""
