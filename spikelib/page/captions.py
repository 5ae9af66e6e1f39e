"""What a figure shows, in words: its title, its alternative text and its caption."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spikelib.options.figures import FIGURES
from spikelib.page.format import as_json, counted, integer, milliseconds, number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["alternative_text", "caption", "group_text", "live_caption", "window_text"]


def group_text(group: Any) -> str:
    """Write a group as JSON; no group means all nodes."""
    return "all nodes" if group is None else as_json(group)


def window_text(window: Mapping[str, Any]) -> str:
    """Write a time window, both ends of which are included.

    Examples
    --------
    >>> window_text({"start": 0.0, "stop": 1500.0})
    '0 ms to 1,500 ms'
    """
    return f"{milliseconds(window['start'])} to {milliseconds(window['stop'])}"


def caption(stem: str, statistics: Mapping[str, Any]) -> str:
    """Return a sentence on what a figure draws, divides by and is made of; `stem` is a key of `FIGURES`."""
    # Statistics that do not hold the options of their figures give the general sentence.
    options = (statistics.get("figures") or {}).get(stem) or {}
    return _CAPTIONS[stem](statistics, options)


def live_caption(stem: str, live: Mapping[str, Any]) -> str:
    """Return a sentence on where the live plot shows less than the spikes; "" where it does not."""
    raster = live.get("raster")
    if stem != "raster":
        return ""
    if raster is None:
        return "This page has no room for the data of a live raster." if live.get("rate") else ""
    if raster["kind"] == "density":
        coarse = ", fewer than in the picture, to keep this page small" if raster["halved"] else ""
        return f"The live plot has {raster['rows']:,} x {raster['columns']:,} cells{coarse}."
    if raster["rounded"]:
        return f"In the live plot, times are rounded to {raster['tick_ms']:g} ms."
    return ""


def only_fired(values: Mapping[str, Any]) -> bool:
    """Return whether the nodes of some statistics are those that fired, since nothing is known of silent ones."""
    return bool(values["n_nodes"]) and values.get("active_fraction", 0.0) is None


def alternative_text(stem: str, statistics: Mapping[str, Any]) -> str:
    """Describe a figure to those who cannot see it, with the numbers that it makes visible."""
    overall = statistics["overall"]
    drawn = _drawn(statistics)
    spikes = counted(drawn["n_spikes"] - _n_left_out(stem, statistics), "spike")
    nodes = counted(drawn["n_nodes"] or 0, "node")
    nodes += " that fired" if only_fired(overall) else ""
    shown = {
        "rate": (("Mean", "rate_mean_hz", "Hz"), ("highest", "peak_rate_hz", "Hz"), ("at", "peak_time_ms", "ms")),
        "isi": (("Median", "isi_median_ms", "ms"), ("mean", "isi_mean_ms", "ms")),
        "rates": (("Median", "rate_median_hz", "Hz"), ("95th percentile", "rate_p95_hz", "Hz")),
    }.get(stem, ())
    numbers = ", ".join(f"{word} {number(overall[key])} {unit}" for word, key, unit in shown if overall.get(key))
    text = f"{FIGURES[stem].title} of {spikes} of {nodes}, {window_text(statistics['window'])}."
    return f"{text} {numbers[0].upper()}{numbers[1:]}." if numbers else text


def _drawn(statistics: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the counts of all that is drawn: inputs are no part of the overall numbers, but figures show them."""
    overall: Mapping[str, Any] = statistics["overall"]
    if not statistics.get("inputs"):
        return overall
    parts = statistics["populations"].values()
    keys = ("n_spikes", "n_nodes", "n_active", "n_isi")
    return {**overall, **{key: sum(values.get(key) or 0 for values in parts) for key in keys}}


def _raster(statistics: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    n_spikes = _drawn(statistics)["n_spikes"] - _n_left_out("raster", statistics)
    left_out = _left_out("raster", statistics, str(options.get("y_axis")))
    place = f"ordered by {options['y_axis']}" if options.get("y_axis") else "in rows"
    if statistics["raster"] == "density":
        return (
            f"Density of {counted(n_spikes, 'spike')}: too many to tell apart, so the colour of each cell is "
            f"the firing rate per node in it; time runs to the right, nodes are {place}.{left_out}"
        )
    return f"Each mark is one of {counted(n_spikes, 'spike')}; time runs to the right, nodes are {place}.{left_out}"


def _n_left_out(stem: str, statistics: Mapping[str, Any]) -> int:
    """Return how many spikes a figure has no place for; results of older versions do not tell."""
    return statistics.get(f"{stem}_left_out") or 0


def _left_out(stem: str, statistics: Mapping[str, Any], lacking: str) -> str:
    """Return a sentence on the spikes of nodes that lack what a figure places them by."""
    n_spikes = _n_left_out(stem, statistics)
    return f" {counted(n_spikes, 'spike')} of nodes without {lacking} left out." if n_spikes else ""


def _rate(statistics: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    overall = _drawn(statistics)
    every = f"all {counted(overall['n_nodes'] or 0, 'selected node')}, silent ones included"
    if only_fired(overall):
        every = f"the {counted(overall['n_nodes'], 'node')} that fired, since nothing is known of silent ones"
    divisor = {
        "all": every,
        "active": f"the {counted(overall['n_active'], 'node')} that fired",
    }.get(options.get("nodes", ""), "the number of nodes that its title names")
    return f"Spikes in each bin of time, divided by the true width of the bin and by {divisor}."


def _rates(statistics: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    overall = _drawn(statistics)
    nodes = counted(overall["n_nodes"] or 0, "node")
    silent = (overall["n_nodes"] or 0) - overall["n_active"]
    axis = " on a logarithmic axis, where silent nodes have no place" if options.get("log") else ""
    if only_fired(overall):
        nodes, silent_text = f"{nodes} that fired", "nothing is known of silent ones"
    else:
        silent_text = f"{counted(silent, 'node')} silent"
    own = " Each curve is 100 % of its own nodes." if _several(statistics) else ""
    fired = f"How many of the {nodes} fired at which rate over the whole window{axis}"
    return f"{fired}; {silent_text}.{own}"


def _spectrum(statistics: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    del options, statistics
    return (
        "Power spectral density of the rate per node, by Welch's method in bins of 1 ms. Dotted lines are the levels "
        "of independent Poisson trains of the same rates; a triangle marks a rhythm that stands out of the spectrum."
    )


def _boxplots(statistics: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    del options
    least = (statistics.get("bins") or {}).get("cv_min_intervals", 10)
    return (
        "Rates of all nodes, silent ones included, and CVs of nodes with at least "
        f"{counted(least, 'interval')}: quartiles, median (line) and mean (diamond). Whiskers reach to the last node "
        "within 1.5 times the length of the box; nodes beyond are counted, not drawn."
    )


def _irregularity(statistics: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    least = (statistics.get("bins") or {}).get("cv_min_intervals", 10)
    share = "Share of the nodes up to each CV and LV" if options.get("cumulative") else "Share of nodes by CV and LV"
    return (
        f"{share} of their intervals: CV of nodes with at least {counted(least, 'interval')}, LV of nodes with at "
        "least two. The dotted line is what a Poisson process has; a clock has 0."
    )


def _correlations(statistics: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    del options
    told = statistics.get("correlations") or {}
    width = f" in bins of {milliseconds(told['bin_ms'])}" if "bin_ms" in told else ""
    return (
        f"Pearson's correlations of the spike counts{width} of pairs of nodes, for at most "
        f"{told.get('most_nodes', 200)} active nodes of each class, chosen by a hash of their ids. Their mean is not "
        "the pair correlation of the tables, which is a ratio of means over all pairs of active nodes."
    )


def _depth(statistics: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    del statistics
    axis, width = options.get("axis", "y"), options.get("bin_um", 50.0)
    return f"Mean rate of the nodes in bins of {width:g} µm of their position {axis}, silent nodes included."


def _panel(statistics: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    del statistics, options
    return (
        "A: mean firing rate per node over time. B: raster. C: mean rate along the vertical axis of the raster. "
        "D, E: rates and CVs of nodes by class."
    )


def _isi(statistics: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    intervals = f"{integer(_drawn(statistics)['n_isi'])} intervals between successive spikes of one node"
    never = "spikes of different nodes are never paired"
    if options.get("use_frequency"):
        quantity = f"instantaneous frequency, 1000 / interval, of the {intervals}"
    else:
        quantity = intervals
    parts = " The curves are parts of it: they add up to the area." if _several(statistics) else ""
    return f"Density (its area is 1) of the {quantity}; {never}.{parts}"


def _several(statistics: Mapping[str, Any]) -> bool:
    """Return whether a figure has more than one curve: of classes, or of populations in older results."""
    groups = statistics.get("classes") or statistics["populations"].values()
    return len([values for values in groups if values["n_nodes"] != 0]) > 1


def _animation(statistics: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    axes = f"{options.get('x_axis', 'x')} and {options.get('y_axis', 'y')}"
    frame = f", {milliseconds(options['dt'])} per frame" if options.get("dt") else ""
    left_out = _left_out("animation", statistics, "a position")
    every = "every other spike" if left_out else "every spike"
    return f"Spikes where their nodes lie ({axes}){frame}; {every} is in exactly one frame.{left_out}"


_CAPTIONS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], str]] = {
    "raster": _raster,
    "rate": _rate,
    "spectrum": _spectrum,
    "isi": _isi,
    "rates": _rates,
    "boxplots": _boxplots,
    "irregularity": _irregularity,
    "correlations": _correlations,
    "depth": _depth,
    "panel": _panel,
    "animation": _animation,
}
