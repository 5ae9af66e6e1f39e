"""What the steps of a filter share: its record in the tables, the set-up of its summary, and its name in errors."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from spikelib.errors import GroupError, NodeSetsError, PlotError, TableError, WindowError
from spikelib.options.counting import Counting
from spikelib.options.drawing import DepthOptions
from spikelib.options.figures import FigureOptions
from spikelib.selection.bins import analysis_bins, choose_spec, with_widths
from spikelib.selection.classes import classify
from spikelib.selection.summary_setup import SummarySetup, run_window, select
from spikelib.tables.schema import read_info

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from spikelib.options.filters import Filter
    from spikelib.simulation.spike_report import SpikeReport


@dataclass(frozen=True)
class FilterRecord:
    """A filter and what the tables that it was made from hold: the metadata of its ``spikes.parquet``."""

    name: str
    group: Any
    t_start: float | None
    t_stop: float | None
    id_max: Mapping[str, int | None]
    """Population -> highest id in its table, None for an empty one."""
    time_range: Sequence[float] | None
    """Times of the first and last spike of all tables, ms; None if all are empty."""
    made_from: str = ""
    """What the table states that it was made from."""

    @classmethod
    def of(cls, chosen: Filter, audits: Sequence[Mapping[str, Any]], made_from: str) -> FilterRecord:
        """Record a filter of tables with these audits."""
        times = [audit[key] for audit in audits for key in ("time_first", "time_last") if audit[key] is not None]
        id_max = {audit["population"]: audit["id_max"] for audit in audits}
        time_range = [min(times), max(times)] if times else None
        return cls(chosen.name, chosen.group, chosen.t_start, chosen.t_stop, id_max, time_range, made_from)

    @classmethod
    def read(cls, spikes: Path) -> FilterRecord:
        """Read the record of a ``spikes.parquet``; TableError if it is no table of a filter."""
        values = read_info(spikes).metadata.get("filter")
        if values is None:
            msg = f"{spikes}: this is no table of a filter; make it with `spikelib filter`"
            raise TableError(msg)
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as it is written."""
        return asdict(self)

    @property
    def choice(self) -> dict[str, Any]:
        """What the user chose: name, group, t_start and t_stop."""
        return {"name": self.name, "group": self.group, "t_start": self.t_start, "t_stop": self.t_stop}


def set_up(
    report: SpikeReport, record: FilterRecord, figures: FigureOptions | None, counting: Counting | None = None
) -> SummarySetup:
    """Choose nodes, classes, bins and positions for a filter; TableError if its tables are of another report.

    Without figures, spikes are filtered and nothing is counted.
    """
    counting = counting or Counting()
    wanted = None if figures is None else counting.classes
    figures = figures or FigureOptions(raster=None, animation=None)
    _check_highest(report, record.id_max)
    fired = None if record.time_range is None else (record.time_range[0], record.time_range[1])
    window = run_window(report.simulation, fired, record.t_start, record.t_stop)
    selection = select(report.simulation, record.group, with_silent(report, record.id_max))
    selection.group_by(classify(report.simulation, selection, wanted))
    spec = with_widths(choose_spec(window, figures), counting.statistics)
    return SummarySetup.of(
        selection,
        analysis_bins(spec, len(selection.nodes.classes.names), report.simulation.dt),
        y_axis=None if figures.raster is None else figures.raster.y_axis,
        compact=True,
        animation=_axes_of_film(report, figures),
        depth=(figures.depth or DepthOptions()).axis,
    )


def with_silent(report: SpikeReport, highest: Mapping[str, int | None]) -> dict[str, int | None]:
    """Add the populations of which no node fired: they come last, since tables number those that they hold."""
    return {**highest, **dict.fromkeys(report.simulation.silent_populations)}


def _axes_of_film(report: SpikeReport, figures: FigureOptions) -> tuple[str, str] | None:
    """Return the axes of the animation; None where no population that can fire in it has them."""
    if figures.animation is None:
        return None
    axes = figures.animation.x_axis, figures.animation.y_axis
    described = report.simulation.described(report).values()
    return axes if any(set(axes) <= nodes.property_names for nodes in described) else None


def _check_highest(report: SpikeReport, id_max: Mapping[str, int | None]) -> None:
    """Raise TableError if the highest ids in the tables do not fit the report."""
    for name in report:
        if name not in id_max or (id_max[name] or 0) >= max(report[name].facts.id_limit, 1):
            msg = f"{report.path}, population {name!r}: the tables are of another report; extract and filter again"
            raise TableError(msg)


@contextmanager
def naming(report: SpikeReport, name: str) -> Iterator[None]:
    """Name the simulation and the filter in the errors about a filter's choice of nodes, times and figures."""
    try:
        yield
    except (GroupError, NodeSetsError, PlotError, WindowError) as error:
        msg = f"{report.simulation.config.path or report.path}: filter {name!r}: {error}"
        raise type(error)(msg) from error
