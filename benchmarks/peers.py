"""What bluepysnap does inside one process."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks import api

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.place import Place


def import_bluepysnap() -> Any:
    """Import bluepysnap."""
    from bluepysnap import Simulation  # type: ignore[import-untyped, unused-ignore]

    return Simulation


report_dataframe = partial(api.report_dataframe, import_bluepysnap)
get_population = partial(api.get_population, import_bluepysnap)
window_100_200 = partial(api.window_100_200, import_bluepysnap)
raster_isi_rate = partial(api.raster_isi_rate, import_bluepysnap)
raster_mtype = partial(api.raster_mtype, import_bluepysnap)


def animation(place: Place) -> api.Work:
    """Make an animation from the spike file: DataFrame, FuncAnimation, ffmpeg."""
    simulation = import_bluepysnap()
    _use_ffmpeg()
    return lambda: _save_film(simulation(str(place.config)).spikes.filter(), place)


def workflow_full(place: Place) -> api.Work:
    """Write the table, three pictures and the animation, as a plain script."""

    def work() -> list[Path]:
        filtered = import_bluepysnap()(str(place.config)).spikes.filter()
        table = place.out / "spikes.parquet"
        filtered.report.to_parquet(table, compression="zstd")
        pictures = [api.save_plot(filtered, name, place.out) for name in ("raster", "isi", "firing_rate_histogram")]
        _use_ffmpeg()
        return [table, *pictures, _save_film(filtered, place)]

    return work


def _use_ffmpeg() -> None:
    import imageio_ffmpeg
    import matplotlib.pyplot as plt

    plt.rcParams["animation.ffmpeg_path"] = imageio_ffmpeg.get_ffmpeg_exe()


def _save_film(filtered: Any, place: Place) -> Path:
    import matplotlib.pyplot as plt
    from matplotlib.animation import FFMpegWriter

    path = place.out / "animation.mp4"
    animation, axes = filtered.firing_animation(dt=place.frame_ms)
    animation.save(path, writer=FFMpegWriter(fps=25))
    plt.close(axes.figure)
    return path
