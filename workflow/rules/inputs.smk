# What jobs are given: their inputs, their options on the command line, and what they ask a scheduler for.
def await_file(path, awaited):
    """Return the input that another rule makes, or that storage delivers."""
    if awaited.storage is not None:
        return getattr(storage, awaited.storage)(path)
    return storage(path) if "://" in path else path


@cache
def make_again(simulation):
    """Have those results of a simulation made again that state another origin than they would have now.

    Every job of a simulation comes after one that asks for its source. Times of files and Snakemake's records, which
    can be lost, are not enough: a file that replaces another may be older than the results of that.
    """
    found = CAMPAIGN.outdated(simulation, PLACE) if workflow.is_main_process else []
    workflow.dag.forcefiles.update(map(str, found))
    if found:
        told = f"{found[0]} and {len(found) - 1} more" if found[1:] else found[0]
        logger.info(
            f"simulation {simulation}: made again, as missing or made from something else: {told}"
        )


def get_source(wildcards):
    """Return the file that the config names for a simulation."""
    make_again(wildcards.simulation)
    awaited = CAMPAIGN.awaited.get(wildcards.simulation)
    if awaited is not None:
        return await_file(awaited.source, awaited)
    return ask(CAMPAIGN.source_input, wildcards.simulation)


def get_source_path(wildcards, input):
    """Return the file that the config names for a simulation, also where it is no input."""
    return input.source or str(CAMPAIGN.source(wildcards.simulation))


def get_trust(wildcards, input):
    """Return what may be read of files: derived from inputs to Snakemake, so that a change makes no result again."""
    return TRUST


def literally(text):
    """Return a parameter of rules; in one that is a text, `{4}` would be a wildcard."""

    def get(wildcards):
        return text

    return get


def get_files(wildcards):
    """Return the files behind a simulation's results."""
    awaited = CAMPAIGN.awaited.get(wildcards.simulation)
    if awaited is not None:
        return [await_file(path, awaited) for path in awaited.files]
    return CAMPAIGN.files(wildcards.simulation)


def of_simulation(method):
    """Return an input function that asks a method of the campaign about a job's simulation."""

    def get(wildcards):
        return method(wildcards.simulation)

    return get


def get_pages(wildcards):
    """Return the pages of all simulations; have the page of the campaign made again if it shows other results."""
    if workflow.is_main_process:
        found = outdated_campaign_page(PLACE, RECORD, CAMPAIGN.members)
        workflow.dag.forcefiles.update(map(str, found))
    return CAMPAIGN.pages()


get_page_inputs = of_simulation(CAMPAIGN.page_inputs)
get_per_simulation_mark = of_simulation(CAMPAIGN.per_simulation_mark)
get_slab_count = of_simulation(CAMPAIGN.n_slabs)
get_tables = of_simulation(CAMPAIGN.tables)


def get_slab_summaries(wildcards):
    """Return the summaries of all slabs of a filter."""
    return CAMPAIGN.slab_summaries(wildcards.simulation, wildcards.filter)


def get_population_name(wildcards):
    """Return the population's name in the spike file; file names carry it percent-quoted."""
    return CAMPAIGN.populations(wildcards.simulation)[wildcards.population]


def get_counting(wildcards):
    """Return the words that have a filter counted as the config says."""
    return CAMPAIGN.counting_words(wildcards.filter)


def get_merge_options(wildcards):
    """Return the options of `spikelib summarise` for all slabs of a filter."""
    return shlex.join([*COUNTED, *get_counting(wildcards)])


def get_filter_options(wildcards):
    """Return the options of `spikelib filter` for all spikes of a simulation."""
    chosen = filter_words(**config["filters"][wildcards.filter])
    return shlex.join([*chosen, *COUNTED, *get_counting(wildcards)])


def get_slab_options(wildcards):
    """Return the options of `spikelib filter` for one slab; statistics come when all slabs are merged."""
    chosen = filter_words(**config["filters"][wildcards.filter])
    counting = get_counting(wildcards)
    return shlex.join([*chosen, *COUNTED, "--slab", wildcards.slab, *counting])


def get_memory_mb(wildcards, attempt):
    """Return the memory to ask for."""
    return CAMPAIGN.memory_mb(wildcards.simulation, attempt)


def get_runtime(wildcards, attempt):
    """Return the minutes to ask for."""
    return CAMPAIGN.runtime_min(wildcards.simulation, attempt)


# Inputs of the rules that read a simulation, its tables, or one slab of it.
SIMULATED = {"source": get_source, "files": get_files}
FILTERED = {"source": get_source, "tables": get_tables}
SURVEYED = {"source": get_source, "survey": ANY.survey}
STYLE = CAMPAIGN.style_input()

# Parameters. The version is one of every rule, so that an upgrade makes all results again.
VERSION = spikelib.__version__
CHOICES = json.dumps(CAMPAIGN.choices)
COUNTED = ["--figures", json.dumps(CAMPAIGN.counted)]
DRAWN = json.dumps(CAMPAIGN.drawn)
FILMED = json.dumps({"animation": config["figures"]["animation"]})
TRUST = shlex.join(limit_words(config["limits"], config["allow_outside"]))

NEEDS = {"mem_mb": get_memory_mb, "runtime": get_runtime}
LITTLE = {"mem_mb": 2000, "runtime": 10}

# Of the rules that read a simulation: its file, and what it is allowed to.
READ = {"version": VERSION, "source": get_source_path, "trust": get_trust}
STILL_OPTIONS = literally(shlex.join(["--figures", DRAWN, "--only", *CAMPAIGN.stills]))
FILM_OPTIONS = literally(shlex.join(["--figures", FILMED, "--only", "animation"]))
PAGE_OPTIONS = literally(
    shlex.join(["--config", CHOICES, "--filters", *config["filters"]])
)
