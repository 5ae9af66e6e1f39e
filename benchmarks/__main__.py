"""The command line: ``python -m benchmarks generate | run | compare | plot | campaign``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.inside import MODULES
from benchmarks.place import ROOT
from benchmarks.sizes import parse_count
from benchmarks.tasks import TASKS

NAMES = [task.name for task in TASKS]
WORKS = sorted({run.work for task in TASKS for run in (task.ours, task.theirs) if run is not None})


def main() -> None:
    """Run a command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_generate(commands)
    _add_run(commands)
    _add_compare(commands)
    _add_cluster(commands)
    _add_campaign(commands)
    plot = commands.add_parser("plot", help="draw time and memory against spikes from a comparison")
    plot.add_argument("results", type=Path, metavar="DIR", help="folder of comparison.json")
    plot.set_defaults(run=_plot)
    options = parser.parse_args()
    options.run(options)


def _generate(options: argparse.Namespace) -> None:
    from benchmarks.generate import Recipe, default_nodes, generate

    recipe = Recipe(options.spikes, options.nodes or default_nodes(options.spikes), options.sorting, options.seed)
    written = generate(recipe, options.out)
    print(f"{options.out}: {'written' if written else 'there already'}")


def _run(options: argparse.Namespace) -> None:
    from benchmarks.measure import measure

    print(json.dumps(measure(options.work, options.side, options.data), indent=1))


def _compare(options: argparse.Namespace) -> None:
    from benchmarks.compare import Comparison, compare
    from benchmarks.table import insert

    names = options.only or [task.name for task in TASKS if options.large or not task.large]
    text = compare(Comparison(options.data, options.spikes, options.repeat), names, options.curve, options.out)
    print(text)
    if options.page:
        insert(text, options.page)


def _kill(options: argparse.Namespace) -> None:
    from benchmarks.kill import VICTIMS, disturb, prepare

    for jobs in ("per_step", "per_simulation"):
        arena = prepare(options.out / jobs, jobs)
        print(f"{jobs}: undisturbed {arena.seconds:.1f} s, {len(arena.expected)} files", flush=True)
        for seed in range(options.times):
            for victim in VICTIMS:
                print(disturb(arena, victim, seed), flush=True)


def _soak(options: argparse.Namespace) -> None:
    from benchmarks.soak import disturb, prepare

    soak = prepare(options.out / "soak", options.seed)
    for number in range(options.times):
        print(disturb(soak, number), flush=True)


def _calibrate(options: argparse.Namespace) -> None:
    from benchmarks.calibrate import calibrate

    print(calibrate(options.runs, options.seed))


def _fill(options: argparse.Namespace) -> None:
    from benchmarks.full import fill, prepare_small

    small = prepare_small(options.out)
    print(f"with room: {small.n_bytes} bytes, {len(small.expected)} files", flush=True)
    for k in range(options.sizes):
        print(fill(small, small.n_bytes * (k + 1) // (options.sizes + 1)), flush=True)


def _dry_run(options: argparse.Namespace) -> None:
    from benchmarks.dryrun import measure_dry_runs

    print(measure_dry_runs(options.simulations, options.filters, options.out))


def _plot(options: argparse.Namespace) -> None:
    from benchmarks.plot import plot

    for path in plot(options.results):
        print(path)


def _campaign(options: argparse.Namespace) -> None:
    from benchmarks.campaign import measure_campaign

    print(json.dumps(measure_campaign(options.data.resolve(), options.simulations), indent=1))


def _add_generate(commands: Any) -> None:
    parser = commands.add_parser("generate", help="write a synthetic simulation")
    parser.add_argument("--spikes", type=parse_count, required=True, help="of both populations: 10k, 10M, 1G")
    parser.add_argument("--nodes", type=parse_count, help="of both populations (default: 100k, fewer below 1M spikes)")
    parser.add_argument("--sorting", choices=("by_time", "by_id", "none"), default="by_time")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.set_defaults(run=_generate)


def _add_run(commands: Any) -> None:
    parser = commands.add_parser("run", help="run one side of a work once, in a fresh process, and print JSON")
    parser.add_argument("work", metavar="NAME", choices=WORKS, help=", ".join(WORKS))
    parser.add_argument("--side", choices=MODULES, default="spikelib")
    parser.add_argument("data", type=Path, metavar="DIR", help="a folder made by generate")
    parser.set_defaults(run=_run)


def _add_campaign(commands: Any) -> None:
    parser = commands.add_parser("campaign", help="build the page of a campaign and use it in Chromium; print JSON")
    parser.add_argument("--simulations", type=int, default=1000, help="small ones, made once; default: 1000")
    parser.add_argument("--data", type=Path, default=ROOT / "benchmarks/data/campaign", metavar="DIR")
    parser.set_defaults(run=_campaign)


def _add_compare(commands: Any) -> None:
    parser = commands.add_parser("compare", help="run both sides in turn and print a table")
    parser.add_argument("--spikes", type=parse_count, default=parse_count("10M"), help="default: 10M")
    parser.add_argument("--repeat", type=int, default=3, help="default: 3")
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--large", action="store_true", help="also tasks of up to 100 times the spikes")
    parser.add_argument("--curve", nargs="+", type=parse_count, default=[], metavar="SPIKES", help="sizes to plot")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results", metavar="DIR")
    parser.add_argument("--data", type=Path, default=ROOT / "benchmarks/data", metavar="DIR")
    parser.add_argument(
        "--page", type=Path, metavar="MD", help="also put the table into this page, docs/performance.md"
    )
    parser.set_defaults(run=_compare)


def _add_cluster(commands: Any) -> None:
    kill = commands.add_parser("kill", help="kill runs of the workflow at random moments, and compare")
    kill.add_argument("--times", type=int, default=10, help="of each victim and each kind of jobs (default: 10)")
    kill.add_argument("--out", type=Path, default=ROOT / "benchmarks/data/kill", metavar="DIR")
    kill.set_defaults(run=_kill)
    soak = commands.add_parser("soak", help="change a campaign at random, run it, and compare with a run from scratch")
    soak.add_argument("--times", type=int, default=50, help="changes (default: 50)")
    soak.add_argument("--seed", type=int, default=0, help="of the changes (default: 0)")
    soak.add_argument("--out", type=Path, default=ROOT / "benchmarks/data", metavar="DIR")
    soak.set_defaults(run=_soak)
    calibrated = commands.add_parser("calibrate", help="count false alarms and hits of detectors in made-up networks")
    calibrated.add_argument("--runs", type=int, default=1000, help="runs of 16 classes (default: 1000)")
    calibrated.add_argument("--seed", type=int, default=0, help="of the spikes (default: 0)")
    calibrated.set_defaults(run=_calibrate)
    full = commands.add_parser(
        "full", help="run the workflow on disks that are too small, and again with room (as root)"
    )
    full.add_argument("--sizes", type=int, default=20, help="number of sizes (default: 20)")
    full.add_argument("--out", type=Path, default=ROOT / "benchmarks/data/full", metavar="DIR")
    full.set_defaults(run=_fill)
    dry_run = commands.add_parser("dryrun", help="measure a dry run and a run with nothing to do over a large campaign")
    dry_run.add_argument("--simulations", type=parse_count, default=1000, help="default: 1000")
    dry_run.add_argument("--filters", type=int, default=5, help="default: 5")
    dry_run.add_argument("--out", type=Path, default=ROOT / "benchmarks/data/dryrun", metavar="DIR")
    dry_run.set_defaults(run=_dry_run)


if __name__ == "__main__":
    main()
