"""The commands and their options."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from spikelib.cli.commands import (
    run_demo,
    run_extract,
    run_figure,
    run_filter,
    run_inspect,
    run_report,
    run_stats,
    run_summarise,
)
from spikelib.options.figures import FIGURES
from spikelib.version import __version__


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


def _limit(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        msg = f"{text!r} is not NAME=VALUE, such as json_depth=150"
        raise argparse.ArgumentTypeError(msg)
    return name, value


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; the option `run` of its answer is what a command does."""
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
    inspect = _command(commands, "inspect", run_inspect, "show what a simulation holds and which spikes are valid")
    inspect.add_argument("--json", action="store_true", help="print the whole description as JSON")
    inspect.add_argument(
        "--slabs", type=_count, metavar="N", help="print where N slabs of about equal size begin, as JSON"
    )
    inspect.add_argument("--strict", action="store_true", help="fail if any spike has to be rejected")
    stats = _command(
        commands, "stats", run_stats, "print rates, irregularity, synchrony and rhythm of classes of nodes"
    )
    stats.add_argument("--group", metavar="GROUP", help="a node set's name, or ids or a query as JSON (default: all)")
    stats.add_argument("--from", dest="start", type=float, metavar="MS", help="start of the window, included")
    stats.add_argument("--to", dest="stop", type=float, metavar="MS", help="end of the window, included")
    stats.add_argument(
        "--by",
        default="auto",
        metavar="NAMES",
        help="node properties, as layer,synapse_class; auto or none (default: auto)",
    )
    form = stats.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print every number as JSON")
    form.add_argument("--csv", action="store_true", help="print every number as CSV")
    extract = _command(commands, "extract", run_extract, "write the verified, sorted Parquet table of one population")
    extract.add_argument("--population", required=True, metavar="NAME", help="a population of the spike file")
    extract.add_argument("--out", required=True, type=Path, metavar="DIR", help="the table's folder")
    extract.add_argument(
        "--survey", type=Path, metavar="FILE", help="extract one slab of what `inspect --slabs` surveyed"
    )
    extract.add_argument("--slab", type=_count, metavar="K", help="with --survey: the slab, from 0 on")
    _add_extract_options(extract)
    chosen = _command(commands, "filter", run_filter, "write the spikes of chosen nodes and times of all populations")
    chosen.add_argument("--tables", required=True, type=Path, metavar="DIR", help="folder of the extracted tables")
    chosen.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the filter")
    chosen.add_argument("--name", help="name of the filter (default: that of its folder)")
    chosen.add_argument("--group", metavar="JSON", help="node set's name, ids or query, as JSON (default: all nodes)")
    chosen.add_argument("--t-start", type=float, metavar="MS", help="start of the window, included")
    chosen.add_argument("--t-stop", type=float, metavar="MS", help="end of the window, included")
    chosen.add_argument("--summarise", action="store_true", help="do what `summarise` does in the same pass")
    chosen.add_argument("--figures", metavar="JSON", help="with --summarise: the figures and their options, as JSON")
    _add_counting(chosen, "with --summarise: ")
    chosen.add_argument("--slab", type=_count, metavar="K", help="only this slab of tables extracted in slabs")
    summarise = _command(commands, "summarise", run_summarise, "summarise a filter's spikes in one pass")
    summarise.add_argument("--filter", required=True, type=Path, metavar="DIR", help="folder of the filter")
    summarise.add_argument("--figures", metavar="JSON", help="the figures and their options, as JSON")
    _add_counting(summarise)
    summarise.add_argument("--merge", action="store_true", help="merge what `filter --summarise` made of all slabs")


def _add_showing(commands: Any) -> None:
    figure = _command(commands, "figure", run_figure, "draw the figures of a summary", source=False)
    figure.add_argument("summary", type=Path, metavar="SUMMARY", help="a summary.npz")
    figure.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the figures")
    figure.add_argument("--figures", metavar="JSON", help="the figures and their options, as JSON")
    figure.add_argument("--only", nargs="+", choices=FIGURES, default=list(FIGURES), help="which to draw")
    report = _command(commands, "report", run_report, "make the HTML page of a simulation", source=False)
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
    report.add_argument("--logs", type=Path, metavar="DIR", help="with --index: the logs, which show what failed")
    report.add_argument(
        "--run-log", type=Path, nargs="+", default=(), metavar="FILE", help="with --logs: the workflow's log of a run"
    )
    report.add_argument("--filters", nargs="+", metavar="NAME", help="with --from: the filters to show (default: all)")
    _add_extract_options(report)
    _add_trust(report)
    demo = _command(commands, "demo", run_demo, "write out the embedded demo simulation", source=False)
    demo.add_argument("folder", type=Path, metavar="DIR", help="the folder to write it into")


def _add_counting(parser: argparse.ArgumentParser, when: str = "") -> None:
    parser.add_argument(
        "--classes",
        metavar="JSON",
        help=f"{when}nodes to count together, as JSON: names of properties, groups by name, or null (default: auto)",
    )
    parser.add_argument("--statistics", metavar="JSON", help=f"{when}widths and limits of statistics, as JSON")
    parser.add_argument(
        "--properties",
        nargs="*",
        metavar="NAME",
        help=f"{when}node properties to group statistics by (default: those with few values; no name: none)",
    )


def _add_extract_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--strict", action="store_true", help="fail if any spike has to be rejected")
    parser.add_argument(
        "--memory-limit", type=_size, default="512MB", metavar="SIZE", help="memory for sorting unsorted reports"
    )
    parser.add_argument("--tmp", type=Path, metavar="DIR", help="folder for sorting (default: the system's)")


def _add_trust(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-outside",
        action="append",
        type=Path,
        default=[],
        metavar="DIR",
        help="let links of HDF5 files lead into this folder too; may be given several times",
    )
    parser.add_argument(
        "--limit",
        action="append",
        type=_limit,
        default=[],
        metavar="NAME=VALUE",
        help="another limit of what files may ask for (docs/formats.md); may be given several times",
    )


def _command(commands: Any, name: str, run: Any, text: str, *, source: bool = True) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=f"{text.capitalize()}.")
    parser.add_argument("--debug", action="store_true", help="show a traceback when something fails")
    if source:
        parser.add_argument("source", metavar="SOURCE", help="a simulation config or a spike file")
        _add_trust(parser)
    parser.set_defaults(run=run, usage=parser.error)
    return parser
