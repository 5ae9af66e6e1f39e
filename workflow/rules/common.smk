# The config, the simulations that it names, and the helpers of the rules. Every cluster job reads this file again,
# so nothing here is slow: what the first process found out lies in resources/, and jobs believe it.
import json
import os
import re
import shlex
from pathlib import Path
from types import SimpleNamespace

import spikelib
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake.utils import validate
from spikelib.errors import SpikelibError
from spikelib.options.figures import figure_options
from spikelib.campaign.lock import hold_lock
from spikelib.campaign.job_resources import memory_mb, runtime_min
from spikelib.campaign.prepare import prepare_campaign
from spikelib.campaign.job_environment import prepare_process
from spikelib.campaign.sheet import NAME

# No shell.prefix for this: it would also be put before the commands of a workflow that has this one as a module.
prepare_process()


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
    if "simulations" not in config and config["sheet"] is None:
        message = "simulations: the config names none, and no sheet; config/README.md explains both"
        raise WorkflowError(message)


def check_storage():
    """Refuse to put results into storage: steps find files of each other there that are no inputs of theirs."""
    provider = workflow.storage_settings.default_storage_provider
    if provider is not None:
        option = f"--default-storage-provider {provider}"
        message = f"results cannot lie in storage ({option}), only simulations can; see docs/storage.md"
        raise WorkflowError(message)


def find_campaign():
    """Return the simulations of the config, and tell of those that are left out or will fail."""
    first = workflow.is_main_process
    try:
        found = prepare_campaign(config, Path("resources"), first=first)
    except SpikelibError as error:
        raise WorkflowError(str(error)) from None
    for notice in found.notices() if first else []:
        logger.warning(notice)
    return found


def lock_results():
    """Keep other runs out of this folder until this process ends."""
    try:
        hold_lock(Path("results.lock"))
    except SpikelibError as error:
        raise WorkflowError(str(error)) from None


check_config()
check_storage()
VERSION = spikelib.__version__
CAMPAIGN = find_campaign()
AWAITED, SOURCES, PLANS = CAMPAIGN.awaited, CAMPAIGN.sources, CAMPAIGN.plans
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
SIMULATIONS = [*AWAITED, *SOURCES]
NAMES = set(SIMULATIONS)
# Simulations of which one job makes everything; of the others those of one slab, and those of several.
AT_ONCE = SIMULATIONS if config["jobs"] == "per_simulation" else list(AWAITED)
STEPWISE = [] if config["jobs"] == "per_simulation" else list(SOURCES)
WHOLE = [simulation for simulation in STEPWISE if SLABS[simulation] == 1]
SPLIT = [simulation for simulation in STEPWISE if SLABS[simulation] > 1]
CHOICES = {
    key: config[key] for key in ("filters", "figures", "properties") if key in config
}
FIGURES = config["figures"]
FILES = figure_options(FIGURES).files
# What the summary of a filter depends on: other files of the same figures need no other summary.
COUNTED = {name: options for name, options in FIGURES.items() if name != "files"}
STILLS = [
    name for name in ("raster", "rate", "isi", "rates") if FIGURES[name] is not False
]
FILM = FIGURES["animation"] and f"animation.{FIGURES['animation']['format']}"


def any_of(names):
    """Return a pattern that matches these names only, and nothing if there are none."""
    # Snakemake carries patterns through every path that it forms: a thousand names in them would double its start.
    # So all simulations together are any name, and `get_source` refuses those that there are not.
    if names and len(names) == len(NAMES) and set(names) == NAMES:
        return NAME.pattern
    return "|".join(map(re.escape, names)) or "(?!)"


wildcard_constraints:
    simulation=NAME.pattern,
    population=any_of(sorted(set().union(*POPULATIONS.values()))),
    filter=any_of(config["filters"]),
    slab="[0-9]{5}",


def await_file(path, awaited):
    """Return the input that another rule makes, or that storage delivers."""
    if awaited.storage is not None:
        return getattr(storage, awaited.storage)(path)
    return storage(path) if "://" in path else path


def get_source(wildcards):
    """Return the file that the config names for a simulation."""
    if wildcards.simulation not in NAMES:
        problem = CAMPAIGN.problems.get(
            wildcards.simulation, "the config names none such"
        )
        raise WorkflowError(f"simulation {wildcards.simulation}: {problem}")
    if wildcards.simulation in AWAITED:
        awaited = AWAITED[wildcards.simulation]
        return await_file(awaited.source, awaited)
    return SOURCES[wildcards.simulation]


def get_files(wildcards):
    """Return the files behind a simulation's results, relative where they lie in the working directory."""
    if wildcards.simulation in AWAITED:
        awaited = AWAITED[wildcards.simulation]
        return [await_file(path, awaited) for path in awaited.files]
    files = [Path(file) for file in PLANS[wildcards.simulation]["files"]]
    here = Path.cwd()
    return [
        file.relative_to(here) if file.is_relative_to(here) else file for file in files
    ]


def get_mark(wildcards):
    """Return the mark of one job having made everything: its tables look finished, but no step has made them."""
    mark = f"results/{wildcards.simulation}/.whole"
    return [mark] if os.path.exists(mark) else []


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


def get_properties(wildcards):
    """Return the option that names the node properties to tell statistics by; nothing where spikelib is to choose."""
    names = config["properties"]
    return "" if names is None else shlex.join(["--properties", *names])


def get_slab_count(wildcards):
    """Return the number of slabs of a simulation."""
    return SLABS[wildcards.simulation]


def get_memory_mb(wildcards, attempt):
    """Return the memory to ask for, from what is known of the simulation; twice as much after a failure."""
    return memory_mb(PLANS.get(wildcards.get("simulation")), attempt)


def get_runtime(wildcards, attempt):
    """Return the minutes to ask for, from what is known of the simulation; twice as many after a failure."""
    return runtime_min(PLANS.get(wildcards.get("simulation")), attempt)


def get_whole_runtime(wildcards, attempt):
    """Return the minutes for a job that does everything: tables, and the steps of each filter."""
    steps = 1 + 3 * len(config["filters"])
    return runtime_min(PLANS.get(wildcards.simulation), attempt, steps)


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
    """Return a figure of each job that draws for a simulation: its first still, and the film, of every filter."""
    # In every format: Snakemake does not see new parameters of a job that has got new files by them.
    names = [f"{name}.{suffix}" for name in STILLS[:1] for suffix in FILES.suffixes]
    if is_filmed(wildcards.simulation):
        names.append(FILM)
    return expand(
        "results/{simulation}/filters/{filter}/figures/{name}",
        simulation=wildcards.simulation,
        filter=config["filters"],
        name=names,
    )


def get_products(wildcards):
    """Return a file of each job that works on a simulation."""
    return [
        f"results/{wildcards.simulation}/report.html",
        *get_tables(wildcards),
        *get_statistics(wildcards),
        *get_figures(wildcards),
    ]


def get_style():
    """Return the style file of the figures, if there is one."""
    return [] if FILES.style is None else FILES.style


def collect_all(get):
    """Return what an input function gives for all simulations; where one job makes everything, its page and mark."""
    # The mark too: Snakemake does not see that another rule makes the page now, unless all files of a job are known to it.
    pages = expand(
        "results/{simulation}/{file}",
        simulation=AT_ONCE,
        file=["report.html", ".whole"],
    )
    return pages + [
        path
        for simulation in STEPWISE
        for path in get(SimpleNamespace(simulation=simulation))
    ]
