"""Time and memory against the number of spikes."""

from __future__ import annotations

import json
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

_LINES = {
    ("report_dataframe", "spikelib"): ("DataFrame: spikelib", "C0", "o-"),
    ("report_dataframe", "bluepysnap"): ("DataFrame: bluepysnap", "C3", "s-"),
    ("report_dataframe", "careful"): ("DataFrame: h5py and pandas", "C1", "^-"),
    ("chain", "spikelib"): ("Table, statistics, pictures (5 commands): spikelib", "C2", "D--"),
}


def plot(folder: Path) -> list[Path]:
    """Draw ``scaling.png`` and ``.svg`` from the ``comparison.json`` of a folder."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    content = json.loads((folder / "comparison.json").read_text())
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
    _draw(left, content["records"], "seconds", "Time [s]")
    _draw(right, content["records"], "peak_mb", "Peak memory [MiB]")
    handles, labels = left.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, frameon=False)
    machine = content["machine"]
    left.set_title(f"{machine['cpu']}, {machine['cores']} cores, {machine['date']}", fontsize=8, loc="left")
    paths = [folder / f"scaling.{suffix}" for suffix in ("png", "svg")]
    for path in paths:
        figure.savefig(path, dpi=150)
    plt.close(figure)
    return paths


def _draw(axes: Axes, records: list[dict[str, Any]], key: str, label: str) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter

    for (work, side), (name, colour, style) in _LINES.items():
        chosen = [record for record in records if (record["work"], record["side"]) == (work, side)]
        sizes = sorted({record["n_spikes"] for record in chosen})
        values = [median(record[key] for record in chosen if record["n_spikes"] == size) for size in sizes]
        if sizes:
            axes.plot(sizes, values, style, color=colour, label=name, markersize=5)
    axes.set(xscale="log", yscale="log", xlabel="Spikes", ylabel=label)
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(which="major", alpha=0.4)
