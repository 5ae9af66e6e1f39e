# The config, the simulations that it names, and the helpers of the rules. Every cluster job reads this file again,
# so nothing here is slow: what must be known of a spike file beforehand is kept in a small JSON under resources/.
import json
import re
import shlex
import sys
from pathlib import Path
from types import SimpleNamespace

import spikelib
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake.utils import validate
from spikelib.campaign import find_simulations
from spikelib.errors import SpikelibError
from spikelib.plan import plan

# Rules find the `spikelib` of the environment that runs Snakemake, even where nobody has activated it.
shell.prefix(f"export PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH; ")


def check_config():
    """Refuse a wrong config in one line that names the key; fill in the defaults of a right one."""
    schema = "../schemas/config.schema.yaml"
    try:
        # Snakemake trips over values of the wrong type while it fills in defaults, so it first only checks.
        validate(config, schema=schema, set_default=False)
    except WorkflowError as error:
        problem = error.__context__
        key = ".".join(str(part) for part in problem.absolute_path) or "config"
        message = f"{key}: {problem.message}; config/README.md explains every key"
        raise WorkflowError(message) from None
    validate(config, schema=schema)


def find_sources():
    """Return the source file of each simulation."""
    try:
        return find_simulations(config["simulations"], Path("resources/demo"))
    except SpikelibError as error:
        raise WorkflowError(str(error)) from None


def make_plan(simulation):
    """Return what is known of a simulation beforehand; a broken one is left to its first job, which will fail."""
    cache = Path("resources/plans", f"{simulation}.json")
    try:
        # The absolute path tells a copy of a whole working directory from its original.
        return plan(SOURCES[simulation].absolute(), cache=cache)
    except SpikelibError as error:
        logger.warning(f"simulation {simulation} cannot be planned: {error}")
        return {"populations": [], "properties": {}, "files": []}


check_config()
VERSION = spikelib.__version__
SOURCES = find_sources()
PLANS = {simulation: make_plan(simulation) for simulation in SOURCES}
POPULATIONS = {
    simulation: {
        population["file"].removesuffix(".parquet"): population["name"]
        for population in known["populations"]
    }
    for simulation, known in PLANS.items()
}
SLABS = {
    simulation: max(
        [1]
        + [
            -(-population["n_spikes"] // config["max_spikes_per_job"])
            for population in known["populations"]
        ]
    )
    for simulation, known in PLANS.items()
}
WHOLE = [simulation for simulation in SOURCES if SLABS[simulation] == 1]
SPLIT = [simulation for simulation in SOURCES if SLABS[simulation] > 1]
FIGURES = config["figures"]
STILLS = [name for name in ("raster", "isi", "rate") if FIGURES[name] is not False]
FILM = FIGURES["animation"] and f"animation.{FIGURES['animation']['format']}"


def any_of(names):
    """Return a pattern that matches these names only, and nothing if there are none."""
    return "|".join(map(re.escape, names)) or "(?!)"


wildcard_constraints:
    simulation=any_of(SOURCES),
    population=any_of(sorted(set().union(*POPULATIONS.values()))),
    filter=any_of(config["filters"]),
    slab="[0-9]{5}",


def get_source(wildcards):
    """Return the file that the config names for a simulation."""
    return SOURCES[wildcards.simulation]


def get_files(wildcards):
    """Return the files behind a simulation's results, relative where they lie in the working directory."""
    files = [Path(file) for file in PLANS[wildcards.simulation]["files"]]
    here = Path.cwd()
    return [
        file.relative_to(here) if file.is_relative_to(here) else file for file in files
    ]


def get_population_name(wildcards):
    """Return the population's name in the spike file; file names carry it percent-quoted."""
    return POPULATIONS[wildcards.simulation][wildcards.population]


def get_selection(wildcards):
    """Return the options of `spikelib filter` that choose nodes and times."""
    chosen = config["filters"][wildcards.filter]
    group = None if chosen["group"] is None else json.dumps(chosen["group"])
    values = {
        "--group": group,
        "--t-start": chosen["t_start"],
        "--t-stop": chosen["t_stop"],
    }
    return shlex.join(
        f"{option}={value}" for option, value in values.items() if value is not None
    )


def get_slab_count(wildcards):
    """Return the number of slabs of a simulation."""
    return SLABS[wildcards.simulation]


def get_memory_mb(wildcards, attempt):
    """Return the memory to ask for: spikes are read in chunks, so more only where a first attempt failed."""
    return 2000 * attempt


def is_filmed(simulation):
    """Return whether a film is wanted, and any population has the positions that it shows."""
    if not FILM:
        return False
    axes = {FIGURES["animation"]["x_axis"], FIGURES["animation"]["y_axis"]}
    return any(axes <= set(names) for names in PLANS[simulation]["properties"].values())


def get_slab_names(wildcards):
    """Return the numbers of a simulation's slabs as file names have them."""
    return [f"{slab:05d}" for slab in range(SLABS[wildcards.simulation])]


def get_tables(wildcards):
    """Return the Parquet tables of a simulation: for each population a part for each slab."""
    return expand(
        "results/{simulation}/spikes/{population}.parquet/part-{slab}.parquet",
        simulation=wildcards.simulation,
        population=POPULATIONS[wildcards.simulation],
        slab=get_slab_names(wildcards),
    )


def get_slab_summaries(wildcards):
    """Return the summaries of all slabs of a filter."""
    return expand(
        "results/{simulation}/filters/{filter}/slabs/summary-{slab}.npz",
        simulation=wildcards.simulation,
        filter=wildcards.filter,
        slab=get_slab_names(wildcards),
    )


def get_statistics(wildcards):
    """Return the statistics of every filter of a simulation."""
    return expand(
        "results/{simulation}/filters/{filter}/statistics.json",
        simulation=wildcards.simulation,
        filter=config["filters"],
    )


def get_figures(wildcards):
    """Return the figures and films of every filter of a simulation."""
    names = [f"{name}.{suffix}" for name in STILLS for suffix in ("png", "svg")]
    if is_filmed(wildcards.simulation):
        names.append(FILM)
    return expand(
        "results/{simulation}/filters/{filter}/figures/{name}",
        simulation=wildcards.simulation,
        filter=config["filters"],
        name=names,
    )


def collect_all(get):
    """Return what an input function gives for all simulations together."""
    return [
        path
        for simulation in SOURCES
        for path in get(SimpleNamespace(simulation=simulation))
    ]
