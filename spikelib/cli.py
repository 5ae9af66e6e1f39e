"""The command line: ``spikelib COMMAND``, each command one call of the library."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.errors import ConfigError, SpikelibError
from spikelib.progress import progress_bar
from spikelib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORKFLOW_KEYS = ("simulations", "sheet", "quiet_minutes", "jobs", "max_spikes_per_job")
"""Keys of a workflow's config that say nothing of one page."""
FIGURES = ("raster", "rate", "isi", "rates", "animation")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments
        The words after ``spikelib``; by default those of the process.

    Returns
    -------
    int
        Exit status: 0 if all went well, 1 for bad data (2, for bad usage, leaves through SystemExit).
    """
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # names and paths may hold what the terminal cannot show
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (SpikelibError, OSError, MemoryError) as error:
        if options.debug:
            raise
        _say("error", _describe_error(error))
        return 1
    except KeyboardInterrupt:
        print("spikelib: interrupted", file=sys.stderr)
        return 130
    return 0


def _inspect(options: argparse.Namespace) -> None:
    if options.slabs is not None:
        from spikelib.slabs import survey  # noqa: PLC0415
        from spikelib.spike_report import open_report  # noqa: PLC0415

        print(survey(open_report(options.source), options.slabs).to_json())
        return
    from spikelib.inspection import inspect  # noqa: PLC0415 - a command imports what it needs

    with progress_bar("inspect", unit="spikes") as progress:
        description = inspect(options.source, strict=options.strict, progress=progress)
    if options.json:
        print(json.dumps(description, indent=1, default=str))
    else:
        from spikelib.inspection_text import inspection_text  # noqa: PLC0415

        print(inspection_text(description))


def _extract(options: argparse.Namespace) -> None:
    if (options.survey is None) != (options.slab is None):
        options.usage("--survey and --slab go together")
    from spikelib.pipeline import extract_table  # noqa: PLC0415

    with progress_bar(f"extract {options.population}", unit="spikes") as progress:
        choices = _extract_options(options, progress)
        if options.survey is not None:
            from spikelib.slabs import load_survey  # noqa: PLC0415

            slab = load_survey(options.survey).slab(options.population, options.slab)
            choices = replace(choices, slab=slab)
        extract_table(options.source, options.population, options.out, choices)


def _filter(options: argparse.Namespace) -> None:
    from spikelib.figure_options import figure_options  # noqa: PLC0415
    from spikelib.filter_options import Filter  # noqa: PLC0415
    from spikelib.filtering import filter_spikes  # noqa: PLC0415

    name = options.name or options.out.absolute().name
    chosen = Filter(name, _json(options.group, "--group"), options.t_start, options.t_stop)
    figures = figure_options(_json(options.figures, "--figures")) if options.summarise else None
    choices = {"figures": figures, "properties": options.properties, "slab": options.slab}
    filter_spikes(options.source, options.tables, options.out, chosen, **choices)


def _summarise(options: argparse.Namespace) -> None:
    from spikelib.figure_options import figure_options  # noqa: PLC0415
    from spikelib.filtering import merge_slabs, summarise_filter  # noqa: PLC0415

    step = merge_slabs if options.merge else summarise_filter
    step(options.source, options.filter, figure_options(_json(options.figures, "--figures")), options.properties)


def _figure(options: argparse.Namespace) -> None:
    from spikelib.figure_options import figure_options  # noqa: PLC0415
    from spikelib.pipeline import draw_figures  # noqa: PLC0415

    figures = figure_options(_json(options.figures, "--figures"))
    for path in draw_figures(options.summary, options.out, figures, options.only):
        print(path)


def _report(options: argparse.Namespace) -> None:
    if options.index is not None:
        from spikelib.page.index import write_index  # noqa: PLC0415

        write_index(options.index, options.out, options.campaign, options.logs, options.run_log)
        return
    from spikelib.pipeline import report_simulation, write_page  # noqa: PLC0415

    config = _config(options.config)
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


def _demo(options: argparse.Namespace) -> None:
    from spikelib.demo import write_demo  # noqa: PLC0415

    print(write_demo(options.folder))


def _extract_options(options: argparse.Namespace, progress: Any) -> Any:
    from spikelib.tables.extract import ExtractOptions  # noqa: PLC0415
    from spikelib.tables.sort import SortOptions  # noqa: PLC0415

    return ExtractOptions(options.strict, SortOptions(options.memory_limit, options.tmp), progress)


def _size(text: str) -> str:
    if not re.fullmatch(r"\d+(\.\d+)?\s*[KMGT]i?B", text, flags=re.IGNORECASE):
        msg = f"{text!r} is not a size such as 512MB or 2GB"
        raise argparse.ArgumentTypeError(msg)
    return text


def _count(text: str) -> int:
    """Read a whole number that is not negative."""
    number = int(text)
    if number < 0:
        msg = f"{text} is negative"
        raise argparse.ArgumentTypeError(msg)
    return number


def _json(text: str | None, option: str) -> Any:
    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError) as error:
        hint = "a node set's name is given as '\"Name\"'" if option == "--group" else "quote it from the shell by '...'"
        msg = f"{option}: {text!r:.60} is not JSON ({error}); {hint}"
        raise ConfigError(msg) from error


def _config(given: str | None) -> Any:
    """Read filters and figures from a YAML or JSON file, or from the JSON itself, as the workflow gives them."""
    if given is None:
        return {}
    import yaml  # noqa: PLC0415

    from spikelib.pipeline import read_config  # noqa: PLC0415

    is_text = given.lstrip().startswith("{")
    where = "--config" if is_text else given
    try:
        content = _yaml_or_json(given if is_text else Path(given).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        reason = error.strerror if isinstance(error, OSError) else " ".join(str(error).split())
        msg = f"{where}: cannot be read as YAML or JSON ({reason}); --config takes a file with filters and figures"
        raise ConfigError(msg) from error
    if content is not None and not isinstance(content, dict):
        msg = f"{where}: expected the keys filters and figures, got {content!r:.60}"
        raise ConfigError(msg)
    config = {key: value for key, value in (content or {}).items() if key not in _WORKFLOW_KEYS}
    try:
        read_config(config)
    except SpikelibError as error:
        msg = f"{where}: {error}"
        raise ConfigError(msg) from error
    return config


def _yaml_or_json(text: str) -> Any:
    """Parse a text; not all JSON means the same as YAML (1e5 would be a word)."""
    import yaml  # noqa: PLC0415

    try:
        return json.loads(text)
    except ValueError:
        return yaml.safe_load(text)


def _show_warning(message: Any, category: type[Warning], *_: Any, **__: Any) -> None:
    _say(category.__name__.removeprefix("Spikelib").lower(), str(message))


def _describe_error(error: Exception) -> str:
    if isinstance(error, OSError) and not isinstance(error, SpikelibError):
        return (
            f"{error.filename or 'the system'}: {error.strerror or error}; check the path, its permissions and the disk"
        )
    if isinstance(error, MemoryError):
        return f"there is not enough memory ({error}); give the job more, or choose fewer nodes and coarser figures"
    return str(error)


def _say(kind: str, text: str) -> None:
    """Print one line on stderr; a name in the text may hold what would break it."""
    print(f"spikelib: {kind}: {' '.join(text.splitlines())}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="spikelib",
        description="Spike reports of neural simulators: tables, statistics, pictures and a page.",
    )
    parser.add_argument("--version", action="version", version=f"spikelib {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_reading(commands)
    _add_showing(commands)
    return parser


def _add_reading(commands: Any) -> None:
    inspect = _command(commands, "inspect", _inspect, "say what a simulation holds and how sound its spikes are")
    inspect.add_argument("--json", action="store_true", help="print the whole description as JSON")
    inspect.add_argument(
        "--slabs", type=_count, metavar="N", help="print where N slabs of about equal size begin, as JSON"
    )
    inspect.add_argument("--strict", action="store_true", help="fail if any spike has to be set aside")
    extract = _command(commands, "extract", _extract, "write the verified, sorted Parquet table of one population")
    extract.add_argument("--population", required=True, metavar="NAME", help="a population of the spike file")
    extract.add_argument("--out", required=True, type=Path, metavar="DIR", help="the table's folder")
    extract.add_argument(
        "--survey", type=Path, metavar="FILE", help="extract one slab of what `inspect --slabs` surveyed"
    )
    extract.add_argument("--slab", type=_count, metavar="K", help="with --survey: the slab, from 0 on")
    _add_extract_options(extract)
    chosen = _command(commands, "filter", _filter, "write the spikes of chosen nodes and times of all populations")
    chosen.add_argument("--tables", required=True, type=Path, metavar="DIR", help="folder of the extracted tables")
    chosen.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the filter")
    chosen.add_argument("--name", help="name of the filter (default: that of its folder)")
    chosen.add_argument("--group", metavar="JSON", help="node set's name, ids or query, as JSON (default: all nodes)")
    chosen.add_argument("--t-start", type=float, metavar="MS", help="start of the window, included")
    chosen.add_argument("--t-stop", type=float, metavar="MS", help="end of the window, included")
    chosen.add_argument("--summarise", action="store_true", help="do what `summarise` does in the same pass")
    chosen.add_argument("--figures", metavar="JSON", help="with --summarise: the figures and their options, as JSON")
    _add_properties(chosen, "with --summarise: ")
    chosen.add_argument("--slab", type=_count, metavar="K", help="only this slab of tables extracted in slabs")
    summarise = _command(commands, "summarise", _summarise, "summarise a filter's spikes in one pass")
    summarise.add_argument("--filter", required=True, type=Path, metavar="DIR", help="folder of the filter")
    summarise.add_argument("--figures", metavar="JSON", help="the figures and their options, as JSON")
    _add_properties(summarise)
    summarise.add_argument("--merge", action="store_true", help="merge what `filter --summarise` made of all slabs")


def _add_showing(commands: Any) -> None:
    figure = _command(commands, "figure", _figure, "draw the figures of a summary", source=False)
    figure.add_argument("summary", type=Path, metavar="SUMMARY", help="a summary.npz")
    figure.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the figures")
    figure.add_argument("--figures", metavar="JSON", help="the figures and their options, as JSON")
    figure.add_argument("--only", nargs="+", choices=FIGURES, default=list(FIGURES), help="which to draw")
    report = _command(commands, "report", _report, "make the HTML page of a simulation", source=False)
    source = report.add_mutually_exclusive_group(required=True)
    source.add_argument("source", nargs="?", metavar="SOURCE", help="a simulation config or a spike file")
    source.add_argument("--index", type=Path, metavar="DIR", help="page of a folder of results: all simulations")
    report.add_argument("--out", required=True, type=Path, metavar="HTML", help="the page")
    report.add_argument(
        "--config", metavar="YAML", help="file with filters and figures, or JSON of them (default: all, every figure)"
    )
    places = report.add_mutually_exclusive_group()
    places.add_argument("--from", dest="results", type=Path, metavar="DIR", help="only assemble prepared results")
    places.add_argument("--keep", type=Path, metavar="DIR", help="keep tables, statistics and figures there")
    report.add_argument("--campaign", type=Path, metavar="JSON", help="with --index: what the campaign should hold")
    report.add_argument("--logs", type=Path, metavar="DIR", help="with --index: the logs, which tell what failed")
    report.add_argument(
        "--run-log", type=Path, nargs="+", default=(), metavar="FILE", help="with --logs: the workflow's log of a run"
    )
    report.add_argument("--filters", nargs="+", metavar="NAME", help="with --from: the filters to show (default: all)")
    _add_extract_options(report)
    demo = _command(commands, "demo", _demo, "write out the embedded demo simulation", source=False)
    demo.add_argument("folder", type=Path, metavar="DIR", help="the folder to write it into")


def _add_properties(parser: argparse.ArgumentParser, when: str = "") -> None:
    parser.add_argument(
        "--properties",
        nargs="*",
        metavar="NAME",
        help=f"{when}node properties to tell statistics by (default: those with few values; no name: none)",
    )


def _add_extract_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--strict", action="store_true", help="fail if any spike has to be set aside")
    parser.add_argument(
        "--memory-limit", type=_size, default="512MB", metavar="SIZE", help="memory for sorting unsorted reports"
    )
    parser.add_argument("--tmp", type=Path, metavar="DIR", help="folder for sorting (default: the system's)")


def _command(commands: Any, name: str, run: Any, text: str, *, source: bool = True) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=f"{text.capitalize()}.")
    parser.add_argument("--debug", action="store_true", help="show a traceback when something fails")
    if source:
        parser.add_argument("source", metavar="SOURCE", help="a simulation config or a spike file")
    parser.set_defaults(run=run, usage=parser.error)
    return parser
