"""The ``figures`` section of a config: which figures are drawn, and how."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from spikelib.errors import ConfigError

if TYPE_CHECKING:
    from spikelib.summary.model import SummarySpec

FRAMES = 250
"""About as many frames has an animation whose `dt` is not given."""

RATE_BINS = 200
"""About as many bins has a rate histogram whose `time_binsize` is not given."""


@dataclass(frozen=True)
class RasterOptions:
    """Options of the raster."""

    y_axis: str | None = None
    """A node property for the vertical axis; None for the ids."""


@dataclass(frozen=True)
class IsiOptions:
    """Options of the interval histogram."""

    use_frequency: bool = False
    """Show 1000 / interval in Hz."""
    binsize: float | None = None
    """Width of the bins, ms or Hz; None to choose it from the data."""


@dataclass(frozen=True)
class RateOptions:
    """Options of the rate histogram."""

    time_binsize: float | None = None
    """Width of the bins, ms; None for about 200 bins."""
    nodes: str = "all"
    """The denominator: "all" chosen nodes that were simulated, or the "active" ones that fired."""


@dataclass(frozen=True)
class AnimationOptions:
    """Options of the animation."""

    x_axis: str = "x"
    y_axis: str = "y"
    dt: float | None = None
    """Duration of a frame, ms; None for about 250 frames."""
    fps: float = 25
    """Frames per second of the film."""
    format: str = "mp4"
    """"mp4" or "gif"."""


@dataclass(frozen=True)
class FigureOptions:
    """All figures; None for one that is not drawn."""

    raster: RasterOptions | None = field(default_factory=RasterOptions)
    isi: IsiOptions | None = field(default_factory=IsiOptions)
    rate: RateOptions | None = field(default_factory=RateOptions)
    animation: AnimationOptions | None = field(default_factory=AnimationOptions)


_KINDS = {"raster": RasterOptions, "isi": IsiOptions, "rate": RateOptions, "animation": AnimationOptions}
_CHOICES = {
    "nodes": ("all", "active"),
    "format": ("mp4", "gif"),
    "x_axis": ("x", "y", "z"),
    "y_axis": ("x", "y", "z"),
}
_POSITIVE = ("binsize", "time_binsize", "dt", "fps")
T = TypeVar("T")


def figure_options(config: Mapping[str, Any] | None) -> FigureOptions:
    """Read the ``figures`` section of a config.

    Parameters
    ----------
    config
        Name of a figure to its options, or to False for a figure that is not drawn; what is left out has its default.

    Raises
    ------
    ConfigError
        A key is unknown or a value makes no sense; the text names the key.

    Examples
    --------
    >>> figure_options({"raster": {"y_axis": "layer"}, "animation": False}).raster.y_axis
    'layer'
    """
    config = {} if config is None else config
    _check_keys("figures", config, _KINDS)
    options = {name: _one(name, kind, config.get(name, {})) for name, kind in _KINDS.items()}
    return FigureOptions(**options)


def nice_bin(span: float, n_bins: int) -> float:
    """Choose a bin width of 1, 2 or 5 times a power of ten that gives at most about `n_bins` bins in `span`.

    >>> nice_bin(1500, 200), nice_bin(1500, 250)
    (10.0, 10.0)
    """
    if span <= 0:
        return 1.0
    raw = span / n_bins
    power = 10.0 ** math.floor(math.log10(raw))
    return float(next(f for f in (1.0, 2.0, 5.0, 10.0) if f * power >= raw * (1 - 1e-9)) * power)


def choose_spec(window: tuple[float, float], options: FigureOptions) -> SummarySpec:
    """Choose the bins of a summary for a window (ms, both ends included) and the figures to be drawn."""
    from spikelib.summary.model import SummarySpec  # noqa: PLC0415

    start, stop = window
    rate = options.rate or RateOptions()
    isi = options.isi or IsiOptions()
    widths: dict[str, Any] = {}
    if isi.binsize is not None:
        widths["frequency_bin" if isi.use_frequency else "isi_bin"] = float(isi.binsize)
    frame = None
    if options.animation is not None:
        frame = float(options.animation.dt or nice_bin(stop - start, FRAMES))
    rate_bin = float(rate.time_binsize or nice_bin(stop - start, RATE_BINS))
    return SummarySpec(start=start, stop=stop, rate_bin=rate_bin, frame=frame, **widths)


def _one(name: str, kind: type[T], values: Any) -> T | None:
    if values is False:
        return None
    if not isinstance(values, Mapping):
        msg = f"figures.{name}: expected options or false, got {values!r}"
        raise ConfigError(msg)
    _check_keys(f"figures.{name}", values, [option.name for option in fields(kind)])  # type: ignore[arg-type]
    for key, value in values.items():
        if (name, key) == ("raster", "y_axis"):
            if value is not None and not isinstance(value, str):
                msg = f"figures.raster.y_axis: {value!r} is not the name of a node property"
                raise ConfigError(msg)
        elif key == "use_frequency" and not isinstance(value, bool):
            msg = f"figures.{name}.{key}: {value!r} is neither true nor false"
            raise ConfigError(msg)
        elif key in _CHOICES and value not in _CHOICES[key]:
            msg = f"figures.{name}.{key}: {value!r} is none of {', '.join(map(repr, _CHOICES[key]))}"
            raise ConfigError(msg)
        if key in _POSITIVE and value is not None and not (_is_number(value) and value > 0):
            msg = f"figures.{name}.{key}: {value!r} is not a positive number"
            raise ConfigError(msg)
    return kind(**values)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _check_keys(where: str, values: Any, known: Any) -> None:
    if not isinstance(values, Mapping):
        msg = f"{where}: expected a mapping, got {values!r}"
        raise ConfigError(msg)
    unknown = sorted(set(map(str, values)) - set(known))
    if unknown:
        msg = f"{where}.{unknown[0]}: unknown key; there are {', '.join(known)}"
        raise ConfigError(msg)
