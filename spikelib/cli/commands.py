"""What each command does: one call of a step or of the library."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spikelib.cli.progress import progress_bar
from spikelib.errors import ConfigError
from spikelib.options.config import load_config
from spikelib.sonata.configs.json_file import parse_json
from spikelib.sonata.limits import raise_it, read_limits, set_limits

if TYPE_CHECKING:
    import argparse


def run_inspect(options: argparse.Namespace) -> None:
    """Describe a simulation, or survey it for slabs."""
    if options.slabs is not None:
        from spikelib.provenance.made_from import simulation_text, survey_text  # noqa: PLC0415
        from spikelib.simulation.simulation import open_report  # noqa: PLC0415
        from spikelib.tables.survey import survey  # noqa: PLC0415

        report = open_report(options.source)
        made_from = survey_text(simulation_text(report.simulation), options.slabs)
        print(survey(report.sources, options.slabs).to_json(made_from))
        return
    from spikelib.steps.inspect import inspect  # noqa: PLC0415 - a command imports what it needs

    with progress_bar("inspect", unit="spikes") as progress:
        description = inspect(options.source, strict=options.strict, progress=progress)
    if options.json:
        print(json.dumps(description, indent=1, default=str))
    else:
        from spikelib.cli.inspection_text import inspection_text  # noqa: PLC0415

        print(inspection_text(description))


def run_stats(options: argparse.Namespace) -> None:
    """Print the statistics of classes of nodes."""
    from spikelib.simulation.simulation import open_report  # noqa: PLC0415

    # A name needs no quotes; what begins as JSON does is JSON.
    is_json = options.group is not None and options.group.lstrip()[:1] in ("{", "[", '"', *"0123456789")
    group = _json(options.group, "--group") if is_json else options.group
    classes = {"auto": "auto", "none": None}.get(options.by, options.by.split(","))
    frame = open_report(options.source).filter(group, options.start, options.stop).statistics(classes)
    if options.csv:
        print(frame.to_csv(), end="")
        return
    numbers = frame.reset_index().astype(object)
    rows: Any = numbers.where(numbers.notna(), None).to_dict(orient="records")
    if options.json:
        print(json.dumps(rows, indent=1, default=int))
    else:
        from spikelib.cli.stats_text import stats_text  # noqa: PLC0415

        print(stats_text(rows, shutil.get_terminal_size().columns))


def run_extract(options: argparse.Namespace) -> None:
    """Write the table of one population."""
    if (options.survey is None) != (options.slab is None):
        options.usage("--survey and --slab go together")
    from spikelib.steps.extract import extract_table  # noqa: PLC0415

    with progress_bar(f"extract {options.population}", unit="spikes") as progress:
        choices = _extract_options(options, progress)
        if options.survey is not None:
            from spikelib.tables.survey import load_survey  # noqa: PLC0415

            slab = load_survey(options.survey).slab(options.population, options.slab)
            choices = replace(choices, slab=slab)
        extract_table(options.source, options.population, options.out, choices)


def run_filter(options: argparse.Namespace) -> None:
    """Write the spikes that a filter keeps, and summarise them."""
    counted = (options.figures, options.properties, options.classes, options.statistics)
    if not options.summarise and any(given is not None for given in counted):
        words = "--figures, --properties, --classes and --statistics"
        options.usage(f"{words} go with --summarise: the spikes of a filter do not depend on them")
    from spikelib.options.figures import figure_options  # noqa: PLC0415
    from spikelib.options.filters import Filter  # noqa: PLC0415
    from spikelib.steps.filter import filter_spikes  # noqa: PLC0415

    name = options.name or options.out.absolute().name
    chosen = Filter(name, _json(options.group, "--group"), options.t_start, options.t_stop)
    figures = figure_options(_json(options.figures, "--figures")) if options.summarise else None
    choices = {"figures": figures, "counting": _counting(options), "slab": options.slab}
    filter_spikes(options.source, options.tables, options.out, chosen, **choices)


def run_summarise(options: argparse.Namespace) -> None:
    """Summarise a filter, or merge the summaries of its slabs."""
    from spikelib.options.figures import figure_options  # noqa: PLC0415
    from spikelib.steps.summarise import merge_slabs, summarise_filter  # noqa: PLC0415

    step = merge_slabs if options.merge else summarise_filter
    step(options.source, options.filter, figure_options(_json(options.figures, "--figures")), _counting(options))


def run_figure(options: argparse.Namespace) -> None:
    """Draw the figures of a summary."""
    from spikelib.options.figures import figure_options  # noqa: PLC0415
    from spikelib.steps.draw import draw_figures  # noqa: PLC0415

    asked = _json(options.figures, "--figures")
    for path in draw_figures(options.summary, options.out, figure_options(asked), options.only, asked):
        print(path)


def run_report(options: argparse.Namespace) -> None:
    """Make the page of a simulation, assemble it from results, or make the page of a campaign."""
    _check_report_options(options)
    if options.index is not None:
        from spikelib.page.campaign.write import write_index  # noqa: PLC0415

        write_index(options.index, options.out, options.campaign, options.logs, options.run_log)
        return
    from spikelib.steps.assemble import write_page  # noqa: PLC0415
    from spikelib.steps.report import report_simulation  # noqa: PLC0415

    config = load_config(options.config)
    # An option beats the config.
    limits = {**(config.pop("limits", None) or {}), **dict(options.limit)}
    outside = config.pop("allow_outside", ())
    set_limits(read_limits(limits, options.allow_outside or outside))
    if options.results is not None:
        write_page(options.source, options.results, options.out, filters=options.filters, config=config)
        return
    with progress_bar("report", unit="steps") as progress:
        report_simulation(
            options.source,
            options.out,
            config,
            options=_extract_options(options, None),
            keep=options.keep,
            step=lambda _: progress(1),
        )


def _check_report_options(options: argparse.Namespace) -> None:
    """Refuse options that would have no effect: what they ask for was settled before, or belongs to another page."""
    of_campaign = {"--campaign": options.campaign, "--logs": options.logs, "--run-log": options.run_log}
    making = {"--strict": options.strict, "--tmp": options.tmp}
    if options.index is not None:
        where = "a page of a campaign shows results as they are"
        refused = {"--config": options.config, "--keep": options.keep, "--filters": options.filters, **making}
    elif options.results is not None:
        where = "with --from, spikes are not read again"
        refused = {**of_campaign, **making}
    else:
        where = "it goes with --index or --from"
        refused = {**of_campaign, "--filters": options.filters}
    given = [name for name, value in refused.items() if value]
    if given:
        options.usage(f"{given[0]} has no effect here: {where}")


def run_demo(options: argparse.Namespace) -> None:
    """Write out the demo."""
    from spikelib.demo import write_demo  # noqa: PLC0415

    print(write_demo(options.folder))


def _extract_options(options: argparse.Namespace, progress: Any) -> Any:
    from spikelib.tables.extract import ExtractOptions  # noqa: PLC0415
    from spikelib.tables.sort import SortOptions  # noqa: PLC0415

    return ExtractOptions(options.strict, SortOptions(options.memory_limit, options.tmp), progress)


def _counting(options: argparse.Namespace) -> Any:
    from spikelib.options.counting import counting_options  # noqa: PLC0415

    given = {"properties": options.properties, "statistics": _json(options.statistics, "--statistics")}
    if options.classes is not None:
        given["classes"] = _json(options.classes, "--classes")
    return counting_options(given)


def _json(text: str | None, option: str) -> Any:
    try:
        return None if text is None else parse_json(text)
    except RecursionError as error:
        msg = f"{option}: {text!r:.60} is nested too deeply ({raise_it('json_depth')})"
        raise ConfigError(msg) from error
    except ValueError as error:
        if not isinstance(error, json.JSONDecodeError):
            msg = f"{option}: {text!r:.60} {error}"
            raise ConfigError(msg) from error
        hint = "a node set's name is given as '\"Name\"'" if option == "--group" else "quote it from the shell by '...'"
        msg = f"{option}: {text!r:.60} is not JSON ({error}); {hint}"
        raise ConfigError(msg) from error
