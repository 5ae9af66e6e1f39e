"""The simulations that a run of the workflow works on: which jobs each of them needs, and what these make."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.campaign.job_resources import memory_mb, runtime_min
from spikelib.campaign.members import plain_name
from spikelib.errors import ConfigError
from spikelib.options.counting import KEYS, counting_options, counting_words
from spikelib.options.figures import STILLS, figure_options
from spikelib.options.filters import filter_options
from spikelib.provenance.outdated import Wanted, outdated
from spikelib.results import CAMPAIGN_RECORD, FilterResults, SimulationResults, part_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from spikelib.campaign.deferred import Awaited
    from spikelib.campaign.record import Member
    from spikelib.options.counting import Counting
    from spikelib.options.figures import FigureOptions

__all__ = ["Campaign"]

_SHOWN = 10
_EXTENSION = ".parquet"


@dataclass(frozen=True)
class Campaign:
    """The simulations of a config, and what is known of each before any job runs.

    A simulation has one of three ways: one job makes everything ("per simulation"); or a job makes each step, for
    all its spikes ("unsplit") or, with more spikes than a job may have, for one slab of time after the other ("split").

    Examples
    --------
    >>> from spikelib.campaign.record import Member
    >>> config = {"jobs": "per_step", "max_spikes_per_job": 100, "filters": {"all": {}}, "figures": {}}
    >>> known = {"populations": [{"name": "a;b", "file": "a%3Bb.parquet", "n_spikes": 250}], "properties": {}}
    >>> campaign = Campaign(config, {"weak": Member("weak", "runs/1/spikes.h5")}, {"weak": known})
    >>> campaign.split, campaign.n_slabs("weak"), campaign.populations("weak")
    (['weak'], 3, {'a%3Bb': 'a;b'})
    >>> campaign.statistics("weak")[0].as_posix()
    'results/weak/filters/all/statistics.json'
    """

    config: Mapping[str, Any]
    """The config of the workflow, checked and with its defaults."""
    members: Mapping[str, Member]
    """All simulations of the config by name, the deferred ones first."""
    contents: Mapping[str, Mapping[str, Any]]
    """What `spikelib.campaign.inventory.take_inventory` found in the ready ones; `NOTHING` of the broken ones."""
    awaited: Mapping[str, Awaited] = field(default_factory=dict)
    """The files of the deferred ones."""
    results: Path = Path("results")
    """Folder of all results."""

    @cached_property
    def simulations(self) -> list[str]:
        """Names of those that have jobs: all but the waiting ones."""
        return [name for name, member in self.members.items() if member.state != "waiting"]

    @property
    def per_simulation(self) -> list[str]:
        """Names of those of which one job makes everything."""
        return [name for name in self.simulations if self._is_per_simulation(name)]

    @property
    def per_step(self) -> list[str]:
        """Names of those that have a job for each step."""
        return [name for name in self.simulations if not self._is_per_simulation(name)]

    @property
    def unsplit(self) -> list[str]:
        """Names of those that have a job for each step, and one slab."""
        return [name for name in self.per_step if self.n_slabs(name) == 1]

    @property
    def split(self) -> list[str]:
        """Names of those that have a job for each step of each of several slabs."""
        return [name for name in self.per_step if self.n_slabs(name) > 1]

    @cached_property
    def figure_options(self) -> FigureOptions:
        """Which figures are drawn, and how."""
        return figure_options(self.config["figures"])

    @property
    def stills(self) -> list[str]:
        """Names of the figures that are drawn, without the animation."""
        return [name for name in STILLS if getattr(self.figure_options, name) is not None]

    @property
    def animation(self) -> str | None:
        """Suffix of the animation, None if there is none."""
        options = self.figure_options.animation
        return None if options is None else options.format

    @property
    def counted(self) -> dict[str, Any]:
        """The figures as far as summaries depend on them, as a config has it: how they look matters to nobody else."""
        counted = self.figure_options.counted()
        return {name: False if options is None else options for name, options in counted.items()}

    @property
    def drawn(self) -> dict[str, Any]:
        """What the stills depend on, as a config has it."""
        names = (*STILLS, "others", "files")
        return {name: self.config["figures"][name] for name in names if name in self.config["figures"]}

    @cached_property
    def counting(self) -> Counting:
        """What is counted beside what figures show."""
        return counting_options(self.config)

    @property
    def choices(self) -> dict[str, Any]:
        """What the config chooses for every simulation, as ``spikelib report --config`` reads it."""
        return {key: self.config[key] for key in ("filters", "figures", *KEYS) if key in self.config}

    def counting_words(self, filter_name: str) -> list[str]:
        """Return the words of a command line that have a filter counted as the config says."""
        (chosen,) = filter_options({filter_name: self.config["filters"][filter_name]})
        return counting_words(self.counting.of(chosen))

    @property
    def population_files(self) -> list[str]:
        """Stems of the tables of all populations, sorted."""
        return sorted({stem for name in self.contents for stem in self.populations(name)})

    def populations(self, simulation: str) -> dict[str, str]:
        """Return the populations of a simulation: stem of the table -> name in the spike file."""
        known = self.contents[simulation]["populations"]
        return {population["file"].removesuffix(_EXTENSION): population["name"] for population in known}

    def n_slabs(self, simulation: str) -> int:
        """Return into how many slabs of time the jobs of a simulation share its spikes."""
        limit = int(self.config["max_spikes_per_job"])  # to the schema, 1e9 is a whole number
        sizes: list[int] = [known["n_spikes"] for known in self.contents[simulation]["populations"]]
        return max(1, -(-max(sizes, default=0) // limit))

    def is_filmed(self, simulation: str) -> bool:
        """Return whether an animation is wanted and any population has the coordinates that it shows."""
        options = self.figure_options.animation
        if options is None:
            return False
        axes = {options.x_axis, options.y_axis}
        return any(axes <= set(names) for names in self.contents[simulation]["properties"].values())

    def source(self, simulation: str) -> Path:
        """Return the file that the config names for a simulation that is not deferred.

        Raises
        ------
        ConfigError
            No job can work on it: the config names none such, or it is waiting.
        """
        member = self.members.get(simulation)
        if member is None:
            msg = f"simulation {simulation}: the config names none such; it names {self._some_names()}"
            raise ConfigError(msg)
        if member.state == "waiting":
            msg = f"simulation {simulation} is waiting: {member.problem}"
            raise ConfigError(msg)
        return Path(member.source)

    def source_input(self, simulation: str) -> list[Path]:
        """Return the source where it can be an input of jobs, as `files`; ConfigError as `source`."""
        source = self.source(simulation)
        return [source] if self._is_input(simulation, source) else []

    def files(self, simulation: str) -> list[Path]:
        """Return the files behind a simulation's results, relative where they lie in the working directory.

        Without those that cannot be inputs of jobs: Snakemake takes ``{4}`` in a path for a wildcard, and results that
        are older than an input, which is dated in the future, for those of a failed job. `outdated` looks at all files.
        """
        here = Path.cwd()
        found = map(Path, self.contents[simulation]["files"])
        files = [file for file in found if self._is_input(simulation, file)]
        # Snakemake takes a file for another rule's output only if both spell its path in the same way.
        return [file.relative_to(here) if file.is_relative_to(here) else file for file in files]

    def per_simulation_mark(self, simulation: str) -> list[Path]:
        """Return the mark of one job having made everything, if there is one.

        Its tables look finished to the jobs of steps, but no step has made them: where the mark is, it is an input.
        """
        mark = self._files(simulation).per_simulation_mark
        return [mark] if mark.exists() else []

    def outdated(self, simulation: str, results: Path) -> list[Path]:
        """Return the results of a simulation that were made from something else than they would be now.

        Parameters
        ----------
        simulation
            Its name.
        results
            Where all results lie.

        Returns
        -------
        For each such job one of its outputs at least; the page where one job makes everything. Nothing of a deferred
        simulation, whose files nobody has looked at.
        """
        wanted, files = self.wanted(simulation), SimulationResults(results / simulation)
        found = [] if wanted is None else outdated(files, wanted)
        return [files.page] if found and self._is_per_simulation(simulation) else found

    def wanted(self, simulation: str) -> Wanted | None:
        """Return what results of a simulation would be made from now; None where nobody has looked at its files."""
        made_from = self.contents.get(simulation, {}).get("made_from")
        if made_from is None:
            return None
        n_slabs = 1 if self._is_per_simulation(simulation) else self.n_slabs(simulation)
        filters = filter_options(self.config["filters"])
        return Wanted(
            made_from,
            self.populations(simulation),
            n_slabs,
            filters,
            self.figure_options,
            self.counting,
            self.is_filmed(simulation),
        )

    def tables(self, simulation: str) -> list[Path]:
        """Return the Parquet tables of a simulation: for each population a part for each slab."""
        folder, slabs = self._files(simulation).tables, range(self.n_slabs(simulation))
        tables = [folder / f"{stem}{_EXTENSION}" for stem in self.populations(simulation)]
        return [part_path(table, slab) for table in tables for slab in slabs]

    def slab_summaries(self, simulation: str, filter_name: str) -> list[Path]:
        """Return the summaries of all slabs of a filter."""
        files = self._files(simulation).filter(filter_name)
        return [files.slab_summary(slab) for slab in range(self.n_slabs(simulation))]

    def statistics(self, simulation: str) -> list[Path]:
        """Return the statistics of every filter of a simulation."""
        return [files.statistics for files in self._filters(simulation)]

    def figures(self, simulation: str) -> list[Path]:
        """Return a figure of each job that draws for a simulation: its first still, and the animation, of every filter.

        The still in every format: Snakemake does not see new parameters of a job that has got new files by them.
        """
        suffixes = self.figure_options.files.suffixes
        drawn = [(name, suffix) for name in self.stills[:1] for suffix in suffixes]
        if self.animation is not None and self.is_filmed(simulation):
            drawn.append(("animation", self.animation))
        return [files.figure(name, suffix) for files in self._filters(simulation) for name, suffix in drawn]

    def page_inputs(self, simulation: str) -> list[Path]:
        """Return what the page of a simulation is made from, where a job makes each step."""
        summaries = [files.summary for files in self._filters(simulation)]
        return [*self.tables(simulation), *self.statistics(simulation), *summaries, *self.figures(simulation)]

    def products(self, simulation: str) -> list[Path]:
        """Return a file of each job that works on a simulation, where a job makes each step."""
        made = [*self.tables(simulation), *self.statistics(simulation), *self.figures(simulation)]
        return [self._files(simulation).page, *made]

    def pages(self) -> list[Path]:
        """Return the pages of all simulations that have jobs."""
        return [self._files(simulation).page for simulation in self.simulations]

    def targets(self, ask: Callable[[str], Sequence[Path]]) -> list[Path]:
        """Return what a method answers for all simulations; where one job makes everything, its page and mark.

        The mark too: Snakemake does not see that another rule makes the page now, unless it knows all files of a job.
        """
        one_job = [self._files(simulation) for simulation in self.per_simulation]
        made = [path for files in one_job for path in (files.page, files.per_simulation_mark)]
        return [*made, *(path for simulation in self.per_step for path in ask(simulation))]

    def memory_mb(self, simulation: str, attempt: int) -> int:
        """Return the memory to ask for, MB; twice as much after a failure."""
        return memory_mb(self.contents.get(simulation), attempt)

    def runtime_min(self, simulation: str, attempt: int) -> int:
        """Return the minutes to ask for; twice as many after a failure."""
        # One job for everything passes over the spikes for the tables, and for the steps of each filter.
        steps = 1 + 3 * len(self.config["filters"]) if self._is_per_simulation(simulation) else 1
        return runtime_min(self.contents.get(simulation), attempt, steps)

    def style_input(self) -> list[str]:
        """Return the style file of the figures where it can be an input of jobs."""
        style = self.figure_options.files.style
        return [] if style is None or "{" in style else [style]

    def link_results(self) -> None:
        """Let results be found under the name of their simulation's folder where Snakemake cannot write that name."""
        for name, member in self.members.items():
            folder = Path(member.source).absolute().parent.name
            link = self.results / folder
            if "{" in folder and plain_name(folder) == name and not link.is_symlink():
                with suppress(OSError):  # not all file systems have links, and nothing depends on this one
                    self.results.mkdir(parents=True, exist_ok=True)
                    link.symlink_to(name)

    def notices(self) -> list[str]:
        """Return lines about the waiting and the broken simulations; of many only the first ones."""
        waiting = [member for member in self.members.values() if member.state == "waiting"]
        broken = [member for member in self.members.values() if member.state == "broken"]
        return [*_first(waiting, "is left for the next run"), *_first(broken, "cannot be read")]

    def _is_per_simulation(self, simulation: str) -> bool:
        # The steps of a deferred one cannot be planned: its populations are not known yet.
        return self.config["jobs"] == "per_simulation" or simulation in self.awaited

    def _is_input(self, simulation: str, path: Path) -> bool:
        # As it was when the simulation was looked at: an input that appears with time would make all results again.
        ahead = self.contents.get(simulation, {}).get("ahead", ())
        return "{" not in str(path) and str(path.absolute()) not in ahead

    def _files(self, simulation: str) -> SimulationResults:
        return SimulationResults(self.results / simulation)

    def _filters(self, simulation: str) -> list[FilterResults]:
        return [self._files(simulation).filter(name) for name in self.config["filters"]]

    def _some_names(self) -> str:
        names = list(self.members)
        return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _first(members: Sequence[Member], text: str) -> list[str]:
    shown = [f"simulation {member.name} {text}: {member.problem}" for member in members[:_SHOWN]]
    more = len(members) - _SHOWN
    return [*shown, f"and {more} more, see resources/{CAMPAIGN_RECORD}"] if more > 0 else shown
