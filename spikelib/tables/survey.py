"""Dividing a simulation that is too large for one job into slabs of time, for several jobs.

A survey reads all time stamps once and says where each slab begins, in time for all populations and, for those that are
sorted, as an index of the spike file. After that every job reads its own slab only (a population that is not sorted
has to be read to its end by each job, which then keeps and sorts its slab).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spikelib.errors import ConfigError, MissingFileError, UnknownPopulationError
from spikelib.sonata.names import did_you_mean
from spikelib.sonata.spikes.arrays import CHUNK
from spikelib.sonata.spikes.find_window import first_from
from spikelib.tables.slab import Slab

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from spikelib.sonata.spikes.spike_file import SpikeSource

_SAMPLE = 1 << 16


@dataclass(frozen=True)
class Survey:
    """Where the slabs of a simulation begin."""

    starts: tuple[float, ...]
    """Start of each slab but the first, ms, ascending."""
    cuts: Mapping[str, tuple[int, ...] | None]
    """For each population the indices where slabs begin and where the last one ends; None if it is not sorted."""

    @property
    def count(self) -> int:
        """Number of slabs."""
        return len(self.starts) + 1

    def slab(self, population: str, index: int) -> Slab:
        """Return one slab of a population.

        Raises
        ------
        UnknownPopulationError
            The survey knows no such population.
        ConfigError
            There is no slab of that number, or the survey is incomplete.
        """
        if population not in self.cuts:
            known = ", ".join(map(repr, self.cuts)) or "none"
            msg = f"no population {population!r} in this survey; it has {known}" + did_you_mean(population, self.cuts)
            raise UnknownPopulationError(msg)
        edges = (-np.inf, *self.starts, np.inf)
        cuts = self.cuts[population]
        if not 0 <= index < self.count or (cuts is not None and len(cuts) != self.count + 1):
            msg = f"no slab {index} in this survey; it has {self.count} slabs, from 0 on; or survey again"
            raise ConfigError(msg)
        ends = None if cuts is None else (cuts[index], cuts[index + 1])
        return Slab(index, self.count, edges[index], edges[index + 1], ends)

    def to_json(self, made_from: str = "") -> str:
        """Write the survey as JSON, with what it states that it was made from."""
        return json.dumps({"starts": self.starts, "cuts": dict(self.cuts), "made_from": made_from})


def load_survey(path: Path) -> Survey:
    """Read a survey that ``spikelib inspect --slabs`` wrote.

    Raises
    ------
    MissingFileError
        There is no such file.
    ConfigError
        It is no survey.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        cuts = {name: None if cut is None else tuple(cut) for name, cut in content["cuts"].items()}
        return Survey(tuple(content["starts"]), cuts)
    except FileNotFoundError as error:
        msg = f"{path}: there is no such survey; make it with `spikelib inspect SOURCE --slabs N`"
        raise MissingFileError(msg) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        msg = f"{path}: this is no survey of slabs; make it with `spikelib inspect SOURCE --slabs N`"
        raise ConfigError(msg) from error


def survey(sources: Mapping[str, SpikeSource], count: int) -> Survey:
    """Divide a simulation into slabs of about equal numbers of spikes, reading all time stamps once.

    Parameters
    ----------
    sources
        How each population is stored in the spike file, by name.
    count
        Number of slabs, at least one; some may turn out empty.

    Raises
    ------
    SpikeFileError
        The file cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> from spikelib.sonata.spikes.spike_file import spike_sources
    >>> with TemporaryDirectory() as folder:
    ...     found = survey(spike_sources(write_demo(folder).with_name("output") / "spikes.h5"), 2)
    >>> found.starts, found.cuts["cortex"]
    ((762.4,), (0, 7330, 14667))
    """
    looks = {name: _look(name, sources[name]) for name in sorted(sources)}
    largest = max(looks.values(), key=lambda look: sources[look.name].n_spikes, default=None)
    # One set of starts for all populations, or their slabs could not be merged by time; the largest decides, as its
    # jobs take longest. A sample is enough: slabs need only be of about equal size.
    sample = np.empty(0) if largest is None else np.sort(largest.sample)
    starts = tuple(float(sample[len(sample) * k // count]) if len(sample) else 0.0 for k in range(1, count))
    cuts = {name: _cuts(sources[name], starts) if look.ordered else None for name, look in looks.items()}
    return Survey(starts, cuts)


@dataclass(frozen=True)
class _Look:
    name: str
    ordered: bool
    sample: np.ndarray[tuple[int], np.dtype[np.float64]]


def _look(name: str, source: SpikeSource) -> _Look:
    """Look at all time stamps of a population; those that will be rejected do not count."""
    ordered, last, samples = True, -np.inf, [np.empty(0)]
    with source.open() as reader:
        for begin in range(0, source.n_spikes, CHUNK):
            times = reader.read_times(begin, min(begin + CHUNK, source.n_spikes))
            ordered = ordered and bool(times[0] >= last and (times[1:] >= times[:-1]).all())
            last = times[-1]
            if not (times.min() >= 0.0 and times.max() < np.inf):
                times = times[np.isfinite(times) & (times >= 0.0)]
            if len(times):
                samples.append(times[:: max(1, source.n_spikes // _SAMPLE)])
    return _Look(name, ordered, np.concatenate(samples))


def _cuts(source: SpikeSource, starts: tuple[float, ...]) -> tuple[int, ...]:
    with source.open() as reader:
        inner = [first_from(reader, start) if source.n_spikes else 0 for start in starts]
    return (0, *inner, source.n_spikes)
