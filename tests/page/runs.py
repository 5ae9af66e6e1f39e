"""Pages of simulations that plain numpy made up, with everything that a browser needs to draw their charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spikelib.page.report.write import write_report
from spikelib.summary.model import RasterAxis, Summary
from spikelib.summary.store import save_summary
from tests.figures.builders import build_summary
from tests.page.builders import PROVENANCE, add_filter, audit, description, statistics, stats

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KINDS = ("raster", "rate", "isi", "rates")
SIZES = {"cortex": 40, "thalamus": 10}
STOP = 1000.0
TICK = 0.1


def by_id(sizes: Mapping[str, int]) -> RasterAxis:
    """Return the axis that the workflow gives a raster by default: nodes by id, population above population."""
    ends = np.cumsum([0, *sizes.values()])
    middles = (ends[:-1] + ends[1:] - 1) / 2
    several = len(sizes) > 1
    return RasterAxis(
        label="nodes, by id" if several else "node id",
        y=np.arange(float(ends[-1])),
        limits=(-0.5, ends[-1] - 0.5),
        ticks=tuple(zip(middles.tolist(), sizes, strict=True)) if several else (),
        separators=tuple((ends[1:-1] - 0.5).tolist()),
    )


def random_run(n_spikes: int = 900, sizes: Mapping[str, int] = SIZES, seed: int = 3, **options: object) -> Summary:
    """Summarise spikes at random times, multiples of `TICK`; the last node of each population never fires."""
    random = np.random.default_rng(seed)
    trains = {}
    for name, size in sizes.items():
        # Two spikes of a node at the same moment would be an interval of zero.
        moments = random.choice(round(STOP / TICK) * (size - 1), n_spikes // len(sizes), replace=False)
        ids, steps = np.divmod(moments, round(STOP / TICK))
        order = np.argsort(steps, kind="stable")
        trains[name] = (size, steps[order] * TICK, ids[order])
    settings = {"stop": STOP, "rate_bin": 10.0, "rate_parts": 10, "axis": by_id(sizes)}
    return build_summary(trains, **{**settings, **options})


def with_axis(label, y, limits, ticks=(), separators=(), **options):
    """Summarise the spikes of `random_run` on another vertical axis."""
    return random_run(axis=RasterAxis(label, np.asarray(y, float), limits, ticks, separators), **options)


def write_page(folder: Path, summaries: Mapping[str, Summary], name: str = "run", **told: object) -> Path:
    """Write the report of a simulation with these filters; its pictures are small and of one colour.

    `told` is what the statistics of each filter say besides, for example the options of its figures.
    """
    audits = {}
    for filter_name, summary in summaries.items():
        populations = dict.fromkeys(summary.nodes.populations, stats())
        audits |= {population: audit(population) for population in populations}
        added = add_filter(folder, statistics(filter_name, populations=populations, **told), figures=KINDS)
        save_summary(summary, added / "summary.npz")
    page = folder / "report.html"
    write_report(description(*audits.values()), folder, page, provenance=PROVENANCE, name=name)
    return page
