"""What the campaign page says of itself: its states, its definitions, what had to be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from spikelib.page.campaign.digest import ISI_EDGES_MS, MOST_POINTS
from spikelib.statistics.distributions.rate_distribution import MOST_STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spikelib.page.measures import Measure

__all__ = ["LEFT_OUT", "SIGNS", "STATES", "glossary"]

STATES: dict[State, str] = {
    "failed": "Failed",
    "unfinished": "Not finished",
    "waiting": "Waiting",
    "warning": "Warning",
    "note": "Note",
    "ok": "OK",
}
"""States, the most severe first."""

SIGNS: dict[State, str] = {"failed": "×", "unfinished": "?", "waiting": "…", "warning": "!", "note": "i", "ok": "✓"}

LEFT_OUT = {
    "thumbnails": "the thumbnails of other filters than the first",
    "curves": "the curves and comparisons of other filters than the first",
    "pictures": "thumbnails",
    "comparison": "comparisons",
    "sparklines": "curves of the firing rate",
}
"""What can be left out to make the page smaller, in this order -> what the page says of it."""

_STATE = (
    "OK, note and warning: the most severe finding of the checks of the data in the simulation’s report. Failed: a job "
    "ended in the error shown. Waiting: the simulation has not written its spikes yet. Not finished: there is no "
    "report, and no error is known."
)
_CURVE = (
    f"Spikes of all nodes of the filter in at most {MOST_POINTS} bins of time / (nodes × true width of the bin). "
    "Silent nodes count. Each curve runs from the start to the end of its simulation’s window. The number is its "
    "highest bin; it may be lower than “Peak rate”, which is that of the narrower bins of the report."
)
_THUMBNAIL = (
    "Time runs to the right, nodes upwards. White is no spike, the darkest blue are the highest rates of that "
    "simulation, grey is no node: thumbnails show patterns; their colours do not compare rates of simulations."
)
_ISI = (
    "Of all interspike intervals of the filter together. Density is the share of the intervals per decade (a factor of "
    "ten), so that the area under a curve is 1 on the logarithmic axis and simulations of any size compare."
)
_DISTANCE = (
    "The largest difference of two cumulative distributions: 0 if they are alike, 1 if they have nothing in common. Of "
    "rates: over the nodes of the filter, silent ones included, exact while a simulation has at most "
    f"{MOST_STEPS} different rates, else (marked ≈) from {MOST_STEPS} quantiles. Of ISIs: all interspike intervals of "
    f"the filter together, compared at {ISI_EDGES_MS.size} intervals from {ISI_EDGES_MS[0]:g} ms to "
    f"{ISI_EDGES_MS[-1] / 1000:g} s, 20 a decade. It is a distance and no test: nodes of a network are not "
    "independent, and of many thousand even the smallest difference would be “significant”."
)


_COMPARED = (
    ("isi", "Distribution of the interspike intervals", _ISI),
    ("ks", "Kolmogorov–Smirnov (KS) distance", _DISTANCE),
)


def glossary(measures: Sequence[Measure], *, comparable: bool) -> list[dict[str, str]]:
    """Return key, title and text of each definition, in the order of the columns."""
    entries = [
        ("state", "State", _STATE),
        ("curve", "Rate over time, peak [Hz]", _CURVE),
        ("thumbnail", "Raster", _THUMBNAIL),
        *((measure.key, measure.title, measure.meaning) for measure in measures),
        *(_COMPARED if comparable else ()),
    ]
    return [{"key": key, "title": title, "text": text} for key, title, text in entries]


State: TypeAlias = Literal["ok", "note", "warning", "failed", "waiting", "unfinished"]
