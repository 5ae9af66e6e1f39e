"""What spikelib does inside one process."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from benchmarks import api
from benchmarks.commands import steps

if TYPE_CHECKING:
    from benchmarks.place import Place


def import_reading() -> Any:
    """Import what reading spikes into pandas needs."""
    import pandas  # noqa: F401, ICN001

    import spikelib.simulation.spike_report

    return spikelib.Simulation


def import_plots() -> Any:
    """Import also all that the plots need."""
    import spikelib.figures
    import spikelib.simulation.plots
    import spikelib.summary.accumulate  # noqa: F401

    return import_reading()


report_dataframe = partial(api.report_dataframe, import_reading)
get_population = partial(api.get_population, import_reading)
window_100_200 = partial(api.window_100_200, import_reading)
raster_isi_rate = partial(api.raster_isi_rate, import_plots)
raster_mtype = partial(api.raster_mtype, import_plots)


def animation(place: Place) -> api.Work:
    """Make an animation from the spike file: tables, filter, summary and frames, as the workflow does."""
    import_plots()
    for module in ("pipeline", "tables.extract", "tables.filter", "summary.statistics", "summary.store"):
        import_module(f"spikelib.{module}")
    from spikelib.cli.main import main

    stills = dict.fromkeys(("raster", "isi", "rate"), False)
    jobs = steps(place, {**stills, "animation": {"dt": place.frame_ms}})

    def work() -> None:
        for name, arguments in jobs:
            if main(arguments) != 0:
                raise SystemExit(name)

    return work
