"""Figures: a `Summary` in, axes, pictures and animations out. Nothing here bins or counts."""

from spikelib.figures.animation import animate
from spikelib.figures.isi import draw_isi
from spikelib.figures.movie import write_movie
from spikelib.figures.raster import draw_raster
from spikelib.figures.rate import draw_rate
from spikelib.figures.rates import draw_rates
from spikelib.figures.save import KINDS, save_figure

__all__ = ["KINDS", "animate", "draw_isi", "draw_raster", "draw_rate", "draw_rates", "save_figure", "write_movie"]
