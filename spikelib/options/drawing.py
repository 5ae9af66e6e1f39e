"""The options of each figure, and of the files that figures are written to; the table of figures lists them."""

from __future__ import annotations

from dataclasses import dataclass

FORMATS = ("png", "svg", "pdf")
"""Kinds of picture files, the one that the page shows first."""

ANIMATION_FORMATS = ("mp4", "gif")
"""Kinds of files of an animation, the preferred one first."""


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
class RatesOptions:
    """Options of the distribution of rates across nodes."""

    log: bool = False
    """Show the rates of the nodes that fired on a logarithmic axis."""


@dataclass(frozen=True)
class SpectrumOptions:
    """Options of the power spectrum."""

    log: bool = True
    """Show frequencies on a logarithmic axis."""


@dataclass(frozen=True)
class BoxplotsOptions:
    """Options of the box plots of rates and CVs: none."""


@dataclass(frozen=True)
class IrregularityOptions:
    """Options of the distributions of CV and LV."""

    cumulative: bool = False
    """Show the share of nodes up to each value."""


@dataclass(frozen=True)
class CorrelationsOptions:
    """Options of the distribution of pairwise correlations."""

    binsize: float | None = None
    """Width of the bins of the coefficient; None to choose it from the data."""


@dataclass(frozen=True)
class DepthOptions:
    """Options of the rate against the position of nodes."""

    axis: str = "y"
    """The axis of positions: "x", "y" or "z"."""
    bin_um: float = 50.0
    """Width of the bins, µm."""


@dataclass(frozen=True)
class PanelOptions:
    """Options of the panel: raster, rate over time and against the raster's axis, and box plots."""

    letters: bool = True
    """Letter its parts."""
    titles: bool = False
    """Give its parts their titles."""


@dataclass(frozen=True)
class AnimationOptions:
    """Options of the animation."""

    x_axis: str = "x"
    y_axis: str = "y"
    dt: float | None = None
    """Duration of a frame, ms; None for about 250 frames."""
    fps: float = 25
    """Frames per second of the animation."""
    format: str = "mp4"
    """"mp4" or "gif"."""


@dataclass(frozen=True)
class FileOptions:
    """As which files figures are saved."""

    formats: tuple[str, ...] = ("png", "svg")
    """Some of "png", "svg" and "pdf"; a PNG is always written, since the page shows it."""
    width_mm: float | None = None
    """Width of a figure, mm; None for 229 mm, or what `style` says."""
    height_mm: float | None = None
    """Height, mm; None for half of the default width, or what `style` says, and more for a raster with many names or
    for small multiples. A panel is never lower than 0.85 of its width."""
    dpi: float = 150
    """Pixels per inch of a PNG, and of what are pixels in SVG and PDF."""
    style: str | None = None
    """A matplotlib style file, which is laid over spikelib's own style."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The formats that are written, PNG first."""
        return tuple(name for name in FORMATS if name == "png" or name in self.formats)
