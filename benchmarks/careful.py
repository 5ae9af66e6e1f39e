"""What a careful user would write without a library for spike reports: h5py, numpy, pandas and matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.api import Work
    from benchmarks.place import Place


def report_dataframe(place: Place) -> Work:
    """Read all spikes of all populations as a DataFrame, in spikelib's order: by time, then id."""
    _import()
    return lambda: _read(place).sort_values(["times", "ids"], kind="stable")


def dataframe_any_ties(place: Place) -> Work:
    """Read the same with ties in the order of the file, which spares most of the sorting."""
    _import()
    return lambda: _read(place).sort_index(kind="stable")


def workflow_still(place: Place) -> Work:
    """Write the table and three pictures, as a script."""

    def work() -> list[Path]:
        spikes = _read(place).sort_values(["times", "ids"], kind="stable")
        table = place.out / "spikes.parquet"
        spikes.to_parquet(table, compression="zstd")
        times, node = spikes.index.to_numpy(), _rows(spikes)
        draw = {"raster": _draw_raster, "isi": _draw_isi, "rate": _draw_rate}
        return [table, *(_save(function, place.out / f"{name}.png", times, node) for name, function in draw.items())]

    return work


def _import() -> None:
    import h5py  # noqa: F401
    import pandas  # noqa: F401, ICN001


def _read(place: Place) -> Any:
    import h5py
    import numpy as np
    import pandas as pd

    parts = []
    with h5py.File(place.spikes_file) as file:
        names = sorted(file["spikes"])
        for code, name in enumerate(names):
            group = file["spikes"][name]
            ids = group["node_ids"][:].astype(np.int64)
            population = pd.Categorical.from_codes(np.full(len(ids), code, np.int8), categories=pd.Index(names))
            index = pd.Index(group["timestamps"][:], name="times")
            parts.append(pd.DataFrame({"ids": ids, "population": population}, index=index))
    return pd.concat(parts)


def _rows(spikes: Any) -> Any:
    """Return a row for each spike: the nodes of all populations are numbered one after the other."""
    import numpy as np

    codes = spikes["population"].cat.codes.to_numpy()
    ids = spikes["ids"].to_numpy()
    sizes = [int(ids[codes == code].max()) + 1 for code in range(codes.max() + 1)]
    return ids + np.concatenate([[0], np.cumsum(sizes)[:-1]])[codes]


def _draw_raster(axes: Any, times: Any, node: Any) -> None:
    axes.plot(times, node, ",", alpha=0.3)
    axes.set(xlabel="Time [ms]", ylabel="Node")


def _draw_isi(axes: Any, times: Any, node: Any) -> None:
    import numpy as np

    order = np.argsort(node, kind="stable")
    gaps = np.diff(times[order])[np.diff(node[order]) == 0]
    axes.hist(gaps, bins=100, density=True)
    axes.set(xlabel="Interspike interval [ms]", ylabel="Density [1/ms]")


def _draw_rate(axes: Any, times: Any, node: Any) -> None:
    import numpy as np

    counts, edges = np.histogram(times, bins=200)
    axes.stairs(counts / np.diff(edges) * 1000 / len(np.unique(node)), edges)
    axes.set(xlabel="Time [ms]", ylabel="Rate [Hz]")


def _save(draw: Any, path: Path, times: Any, node: Any) -> Path:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    draw(axes, times, node)
    figure.savefig(path)
    plt.close(figure)
    return path
