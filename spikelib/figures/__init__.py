"""Figures: a `Summary` in, axes, pictures and animations out. Nothing here bins or counts."""

from spikelib.figures.animation import animate
from spikelib.figures.boxplots import draw_boxplots
from spikelib.figures.correlations import draw_correlations
from spikelib.figures.depth import draw_depth
from spikelib.figures.irregularity import draw_irregularity
from spikelib.figures.isi import draw_isi
from spikelib.figures.movie import write_movie
from spikelib.figures.panel import draw_panel
from spikelib.figures.raster import draw_raster
from spikelib.figures.rate import draw_rate
from spikelib.figures.rates import draw_rates
from spikelib.figures.save import KINDS, save_figure
from spikelib.figures.spectrum import draw_spectrum

__all__ = [
    "KINDS",
    "animate",
    "draw_boxplots",
    "draw_correlations",
    "draw_depth",
    "draw_irregularity",
    "draw_isi",
    "draw_panel",
    "draw_raster",
    "draw_rate",
    "draw_rates",
    "draw_spectrum",
    "save_figure",
    "write_movie",
]
