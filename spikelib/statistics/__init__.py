"""From a merged summary to numbers: rates, intervals and irregularity, by population, property and node.

A figure never bins: it draws the edges and heights that these pure functions return. The pictures that are grids
(raster, animation) have theirs in `spikelib.summary.grids`.
"""
