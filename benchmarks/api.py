"""Works of the report API, which spikelib and bluepysnap share: the same code runs on either `Simulation`.

Each function imports and loads what is not to be timed, and gives the work itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.place import Place

    Work = Callable[[], Any]
    Importer = Callable[[], Any]
    """Imports a library and gives its `Simulation`."""

POPULATION = "cortex"


def report_dataframe(importer: Importer, place: Place) -> Work:
    """Read all spikes of all populations as a DataFrame."""
    simulation = importer()
    return lambda: simulation(str(place.config)).spikes.filter().report


def get_population(importer: Importer, place: Place) -> Work:
    """Read all spikes of one population as a Series."""
    simulation = importer()

    def work() -> Any:
        return simulation(str(place.config)).spikes[POPULATION].get()

    return work


def window_100_200(importer: Importer, place: Place) -> Work:
    """Read a window of 100 ms of one population."""
    simulation = importer()
    return lambda: simulation(str(place.config)).spikes[POPULATION].get(t_start=100, t_stop=200)


def raster_isi_rate(importer: Importer, place: Place) -> Work:
    """Draw three pictures of spikes that are loaded already."""
    filtered = _loaded(importer, place)

    def work() -> list[Path]:
        return [save_plot(filtered, name, place.out) for name in ("raster", "isi", "firing_rate_histogram")]

    return work


def raster_mtype(importer: Importer, place: Place) -> Work:
    """Draw a raster against a categorical property, of spikes that are loaded already."""
    filtered = _loaded(importer, place)
    return lambda: save_plot(filtered, "raster", place.out, y_axis="mtype")


def save_plot(filtered: Any, name: str, folder: Path, **options: Any) -> Path:
    """Draw one of the plots of a filtered report and write it as PNG."""
    import matplotlib.pyplot as plt

    path = folder / f"{name}.png"
    figure = plt.figure()
    getattr(filtered, name)(**options)
    plt.savefig(path)
    plt.close(figure)
    return path


def _loaded(importer: Importer, place: Place) -> Any:
    import matplotlib.pyplot  # noqa: F401, ICN001 - imported before the clock starts

    filtered = importer()(str(place.config)).spikes.filter()
    _ = filtered.report
    return filtered
