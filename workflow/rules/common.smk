# The config, the simulations that it names, and the places of their results. Every cluster job reads this file again,
# so nothing here is slow: what the first process found out lies in resources/, and jobs believe it.
import json
import re
import shlex
import sys
from functools import cache
from pathlib import Path

import spikelib
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake.utils import validate
from spikelib.campaign.job_environment import prepare_process
from spikelib.campaign.lock import hold_lock
from spikelib.campaign.prepare import prepare_campaign
from spikelib.errors import SpikelibError, one_line
from spikelib.options.figures import FIGURES
from spikelib.options.filters import NAME, filter_words
from spikelib.options.written import workflow_config
from spikelib.provenance.outdated import outdated_campaign_page
from spikelib.results import CAMPAIGN_RECORD, SimulationResults
from spikelib.sonata.limits import limit_words, read_limits, set_limits

# No shell.prefix for this: it would also be put before the commands of a workflow that has this one as a module.
prepare_process()


def stop(message):
    """End before anything was planned, with one line: an exception would add lines of this file."""
    logger.error(f"spikelib: error: {one_line(message)}")
    sys.exit(1)


def read_config():
    """Understand names and nested values of the config as they were written."""
    files = [*workflow.configfiles, *workflow.overwrite_configfiles]
    # Options are those of the whole: a workflow that has this one as a module gives it a section of its own config.
    own = not workflow.modifier.skip_configfile
    words = (own and workflow.config_settings.config_args) or []
    found = prepare(workflow_config, config, files, words)
    config.clear()
    config.update(found)


def check_config():
    """Refuse a wrong config in one line that names the key; fill in the defaults of a right one."""
    schema = "../schemas/config.schema.yaml"
    try:
        # Snakemake trips over values of the wrong type while it fills in defaults, so it first only checks.
        validate(config, schema=schema, set_default=False)
    except WorkflowError as error:
        problem = error.__context__
        key = ".".join(str(part) for part in problem.absolute_path) or "config"
        stop(f"{key}: {problem.message}; config/README.md explains every key")
    if not config.get("figures", {}).get("others", True):
        # Before defaults are filled in: they would name every figure.
        config["figures"] = {**dict.fromkeys(FIGURES, False), **config["figures"]}
    validate(config, schema=schema)
    if "simulations" not in config and config["sheet"] is None:
        stop(
            "simulations: the config names none, and no sheet; config/README.md explains both"
        )


def check_storage():
    """Refuse to put results into storage: steps find files of each other there that are no inputs of theirs."""
    provider = workflow.storage_settings.default_storage_provider
    if provider is not None:
        option = f"--default-storage-provider {provider}"
        stop(
            f"results cannot lie in storage ({option}), only simulations can; see docs/storage.md"
        )


def ask(function, *arguments, **options):
    """Return what a function of spikelib answers; its errors in one line."""
    try:
        return function(*arguments, **options)
    except SpikelibError as error:
        raise WorkflowError(str(error)) from None


def prepare(function, *arguments, **options):
    """Return what a function of spikelib answers; its errors end the run in one line."""
    try:
        return function(*arguments, **options)
    except SpikelibError as error:
        stop(str(error))


read_config()
check_config()
check_storage()
# This process looks at the files of all simulations.
set_limits(prepare(read_limits, config["limits"], config["allow_outside"]))
RESOURCES = Path("resources")
CAMPAIGN = prepare(prepare_campaign, config, RESOURCES, first=workflow.is_main_process)
for notice in CAMPAIGN.notices() if workflow.is_main_process else []:
    logger.warning(notice)


def any_of(names):
    """Return a pattern that matches these names only, and nothing if there are none."""
    return "|".join(map(re.escape, names)) or "(?!)"


def results_of(names):
    """Return the results that a rule makes of these simulations only, as patterns of paths."""
    # Snakemake carries patterns through every path that it forms: a thousand names in them would double its start.
    # So all simulations together are any name, and `get_source` refuses those that there are not.
    every = bool(names) and len(names) == len(CAMPAIGN.simulations)
    pattern = NAME.pattern if every else any_of(names)
    return SimulationResults(Path(f"results/{{simulation,{pattern}}}"))


# Where results lie: a workflow that has this one as a module may have put them elsewhere.
RECORD = RESOURCES / CAMPAIGN_RECORD
PLACE = Path(str(workflow.modifier.path_modifier.modify("results/", "output")))


wildcard_constraints:
    simulation=NAME.pattern,
    population=any_of(CAMPAIGN.population_files),
    filter=any_of(config["filters"]),
    slab="[0-9]{5}",


# Results as inputs, and as outputs of the rules for each of the ways that a simulation may go.
ANY = SimulationResults(Path("results/{simulation}"))
PER_SIMULATION, PER_STEP = map(results_of, (CAMPAIGN.per_simulation, CAMPAIGN.per_step))
UNSPLIT, SPLIT = map(results_of, (CAMPAIGN.unsplit, CAMPAIGN.split))
