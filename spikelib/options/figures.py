"""The one table of figures, and the ``figures`` section of a config: which of them are drawn, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from spikelib.errors import ConfigError
from spikelib.options.drawing import (
    ANIMATION_FORMATS,
    FORMATS,
    AnimationOptions,
    BoxplotsOptions,
    CorrelationsOptions,
    DepthOptions,
    FileOptions,
    IrregularityOptions,
    IsiOptions,
    PanelOptions,
    RasterOptions,
    RateOptions,
    RatesOptions,
    SpectrumOptions,
)
from spikelib.options.sections import check_keys, is_number

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True)
class FigureOptions:
    """All figures in the order of the page, None for one that is not drawn: the table from which `FIGURES` is made."""

    raster: RasterOptions | None = field(
        default_factory=RasterOptions,
        metadata={
            "title": "Raster",
            "label": "raster",
            "drawn_by": "raster.draw_raster",
            "settled": ("y_axis",),
            "multiples": False,
        },
    )
    rate: RateOptions | None = field(
        default_factory=RateOptions,
        metadata={
            "title": "Firing rate",
            "label": "firing rate over time",
            "drawn_by": "rate.draw_rate",
            "settled": ("time_binsize",),
        },
    )
    spectrum: SpectrumOptions | None = field(
        default_factory=SpectrumOptions,
        metadata={"title": "Power spectrum", "label": "power spectrum", "drawn_by": "spectrum.draw_spectrum"},
    )
    isi: IsiOptions | None = field(
        default_factory=IsiOptions,
        metadata={
            "title": "Interspike intervals",
            "label": "interspike intervals",
            "drawn_by": "isi.draw_isi",
            "counted": ("binsize", "use_frequency"),
        },
    )
    rates: RatesOptions | None = field(
        default_factory=RatesOptions,
        metadata={
            "title": "Firing rates across nodes",
            "label": "firing rates of nodes",
            "drawn_by": "rates.draw_rates",
        },
    )
    boxplots: BoxplotsOptions | None = field(
        default_factory=BoxplotsOptions,
        metadata={
            "title": "Rates and irregularity by class",
            "label": "box plots of rates and CV",
            "drawn_by": "boxplots.draw_boxplots",
            "parts": ("rate", "cv"),
            "multiples": False,
        },
    )
    irregularity: IrregularityOptions | None = field(
        default_factory=IrregularityOptions,
        metadata={
            "title": "Irregularity of spike trains",
            "label": "CV and LV of nodes",
            "drawn_by": "irregularity.draw_irregularity",
            "parts": ("cv", "lv"),
        },
    )
    correlations: CorrelationsOptions | None = field(
        default_factory=CorrelationsOptions,
        metadata={
            "title": "Correlations of pairs",
            "label": "correlations of pairs",
            "drawn_by": "correlations.draw_correlations",
            "costly": True,
        },
    )
    depth: DepthOptions | None = field(
        default_factory=DepthOptions,
        metadata={
            "title": "Firing rate against position",
            "label": "firing rate against position",
            "drawn_by": "depth.draw_depth",
            "settled": ("axis",),
            "needs": "has_positions",
        },
    )
    panel: PanelOptions | None = field(
        default=None,
        metadata={
            "options": PanelOptions,
            "title": "Panel",
            "label": "raster, rates and box plots",
            "drawn_by": "panel.draw_panel",
            "multiples": False,
        },
    )
    animation: AnimationOptions | None = field(
        default_factory=AnimationOptions,
        metadata={
            "title": "Animation",
            "label": "animation",
            "drawn_by": "movie.write_movie",
            "settled": ("x_axis", "y_axis", "dt"),
            "needs": "animated",
            "still": False,
            "multiples": False,
        },
    )
    files: FileOptions = field(default_factory=FileOptions)

    def choices(self) -> dict[str, Any]:
        """Return the options of each figure, None for one that is not drawn; not how files are written."""
        return {name: options for name, options in asdict(self).items() if name != "files"}

    def counted(self) -> dict[str, Any]:
        """Return the options that summaries depend on, whatever is drawn; None for an animation that is not wanted.

        Examples
        --------
        >>> FigureOptions(raster=None, animation=None).counted() == FigureOptions(rates=None, animation=None).counted()
        True
        """
        counted: dict[str, Any] = {}
        for name, options in self.choices().items():
            kind = FIGURES[name]
            # Stills that are not drawn are counted for as usual: they may be wanted later.
            chosen = asdict(kind.options()) if options is None and kind.still else options
            if kind.costly:
                counted[name] = None if options is None else {}
            elif kind.needed:
                counted[name] = None if chosen is None else {key: chosen[key] for key in kind.needed}
        if counted["isi"]["binsize"] is None:  # both histograms have bins of their own then
            counted["isi"]["use_frequency"] = IsiOptions.use_frequency
        return counted


@dataclass(frozen=True)
class FigureKind:
    """A row of the table of figures."""

    name: str
    """Its key in a config, and the stem of its files."""
    options: type[DataclassInstance]
    """What its options are read into."""
    title: str
    """Its heading on the page."""
    label: str
    """What Snakemake's report calls it."""
    drawn_by: str
    """Module and function in `spikelib.figures`; by name, because importing them would import matplotlib."""
    settled: tuple[str, ...] = ()
    """Options that only the making of the summary needs, not the drawing."""
    counted: tuple[str, ...] = ()
    """Options that both need."""
    parts: tuple[str, ...] = ()
    """What its axes show side by side, if it has several: each is given to the drawing as ``part``."""
    multiples: bool = True
    """Whether each of many classes has axes of its own, small multiples; else all are in the same axes."""
    costly: bool = False
    """Whether counting for it reads the spikes once more: it is counted only where it is drawn."""
    needs: str = ""
    """A key of the statistics of a filter: where that is false, the figure has nothing to show."""
    still: bool = True
    """Whether it is a picture; else an animation."""
    by_default: bool = True
    """Whether it is drawn where nobody mentions it."""

    @property
    def needed(self) -> tuple[str, ...]:
        """Options that the making of the summary needs."""
        return (*self.settled, *self.counted)


def figure_kinds(table: type[FigureOptions]) -> dict[str, FigureKind]:
    """Return the figures of a table by name, in the order of the page.

    Parameters
    ----------
    table
        `FigureOptions`, or a class of more figures that derives from it.

    Examples
    --------
    >>> figure_kinds(FigureOptions)["isi"].title
    'Interspike intervals'
    """
    kinds = {}
    for row in (row for row in fields(table) if row.metadata):
        facts = dict(row.metadata)
        options = facts.pop("options", row.default_factory)
        kinds[row.name] = FigureKind(row.name, options, by_default="options" not in row.metadata, **facts)
    return kinds


FIGURES = figure_kinds(FigureOptions)
"""Every figure by name, in the order of the page."""

STILLS = tuple(name for name, kind in FIGURES.items() if kind.still)
"""Names of the figures that are pictures, in the order of the page."""

LIMITS = {"width_mm": (50.0, 1000.0), "height_mm": (40.0, 1000.0), "dpi": (50.0, 1200.0)}
"""Smallest and largest size of a figure, mm, and resolution, pixels per inch."""

_CHOICES = {
    "nodes": ("all", "active"),
    "format": ANIMATION_FORMATS,
    "x_axis": ("x", "y", "z"),
    "y_axis": ("x", "y", "z"),
    "axis": ("x", "y", "z"),
}
_POSITIVE = ("binsize", "time_binsize", "dt", "fps", "bin_um")
_SWITCHES = ("use_frequency", "log", "cumulative", "letters", "titles")
T = TypeVar("T")


def figure_options(config: Mapping[str, Any] | None) -> FigureOptions:
    """Read the ``figures`` section of a config.

    Parameters
    ----------
    config
        Name of a figure to its options, or to False for a figure that is not drawn; what is left out has its default.
        The key ``files`` has the options of the files; ``others: false`` leaves out all figures that are not named.

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
    check_keys("figures", config, [*FIGURES, "others", "files"])
    others = config.get("others", True)
    if not isinstance(others, bool):
        msg = f"figures.others: {others!r} is neither true nor false"
        raise ConfigError(msg)
    unnamed: dict[str, Any] = {name: {} if others and kind.by_default else False for name, kind in FIGURES.items()}
    chosen: dict[str, Any] = {
        name: _one(name, kind.options, config.get(name, unnamed[name])) for name, kind in FIGURES.items()
    }
    return FigureOptions(**chosen, files=_file_options(config.get("files", {})))


def _one(name: str, kind: type[T], values: Any) -> T | None:
    if values is False:
        return None
    if not isinstance(values, Mapping):
        msg = f"figures.{name}: expected options or false, got {values!r}"
        raise ConfigError(msg)
    check_keys(f"figures.{name}", values, [option.name for option in fields(kind)])  # type: ignore[arg-type]
    for key, value in values.items():
        if (name, key) == ("raster", "y_axis"):
            if value is not None and not isinstance(value, str):
                msg = f"figures.raster.y_axis: {value!r} is not the name of a node property"
                raise ConfigError(msg)
        elif key in _SWITCHES and not isinstance(value, bool):
            msg = f"figures.{name}.{key}: {value!r} is neither true nor false"
            raise ConfigError(msg)
        elif key in _CHOICES and value not in _CHOICES[key]:
            msg = f"figures.{name}.{key}: {value!r} is none of {', '.join(map(repr, _CHOICES[key]))}"
            raise ConfigError(msg)
        is_free = value is None and getattr(kind, key) is None
        if key in _POSITIVE and not is_free and not (is_number(value) and value > 0):
            msg = f"figures.{name}.{key}: {value!r} is not a positive number"
            raise ConfigError(msg)
    return kind(**values)


def _file_options(values: Any) -> FileOptions:
    check_keys("figures.files", values, [option.name for option in fields(FileOptions)])
    chosen = dict(values)
    formats = chosen.get("formats", FileOptions.formats)
    # Compared as texts: a list in the list cannot be hashed, and has to end in our error.
    if not isinstance(formats, (list, tuple)) or not formats or not set(map(str, formats)) <= set(FORMATS):
        msg = f"figures.files.formats: {formats!r} is no list of {', '.join(map(repr, FORMATS))}"
        raise ConfigError(msg)
    chosen["formats"] = tuple(formats)
    for key, (low, high) in LIMITS.items():
        value = chosen.get(key, low)
        if not (is_number(value) and low <= value <= high) and (value is not None or key == "dpi"):
            msg = f"figures.files.{key}: {value!r} is not a number from {low:g} to {high:g}"
            raise ConfigError(msg)
    style = chosen.get("style")
    if style is not None and (not isinstance(style, str) or not style):
        msg = f"figures.files.style: {style!r} is not the path of a matplotlib style file"
        raise ConfigError(msg)
    return FileOptions(**chosen)
