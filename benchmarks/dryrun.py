"""How long Snakemake takes to find out what there is to do in a campaign: everything, or nothing."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
from typing import TYPE_CHECKING, Any

from benchmarks.commands import Command
from benchmarks.generate import Recipe, generate
from benchmarks.measure import run_command
from benchmarks.place import PYTHON, ROOT

if TYPE_CHECKING:
    from pathlib import Path

CHOICES: tuple[dict[str, Any], ...] = (
    {},
    {"group": "Excitatory"},
    {"group": "Inhibitory"},
    {"group": {"layer": "L4"}},
    {"t_start": 50},
)
MODES = ("per_step", "per_simulation")


def measure_dry_runs(simulations: int, filters: int, folder: Path) -> str:
    """Measure both ways of cutting a campaign into jobs; gives a table in Markdown."""
    rows = [
        "| `jobs` | simulations | filters | jobs | dry run | nothing to do |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for mode in MODES:
        place = folder / f"{mode}-{simulations}-{filters}"
        _write_campaign(place, simulations, filters, mode)
        planned, printed = run_command(Command("dry run", _words(place, "--dry-run", "--quiet", "rules")), place)
        jobs = re.findall(r"^total +(\d+)$", printed, flags=re.MULTILINE)[0]
        _pretend_results(place, simulations)
        idle, printed = run_command(Command("nothing to do", _words(place)), place)
        rows.append(f"| `{mode}` | {simulations} | {filters} | {jobs} | {_cell(planned)} | {_cell(idle)} |")
    return "\n".join(rows)


def _write_campaign(place: Path, simulations: int, filters: int, mode: str) -> None:
    first = place / "runs/run_0000"
    if generate(Recipe(1000, 100), first):
        shutil.rmtree(place / "results", ignore_errors=True)
        shutil.rmtree(place / ".snakemake", ignore_errors=True)
    for number in range(1, simulations):
        shutil.copytree(first, place / f"runs/run_{number:04d}", dirs_exist_ok=True)
    config = {
        "simulations": {"campaign": "runs/*/simulation_config.json"},
        "jobs": mode,
        "filters": {f"filter_{number}": CHOICES[number % len(CHOICES)] for number in range(filters)},
    }
    (place / "config").mkdir(exist_ok=True)
    (place / "config/config.yaml").write_text(json.dumps(config))


def _pretend_results(place: Path, simulations: int) -> None:
    """Make the results of one simulation, and copies of them for all others, with what Snakemake notes of each file."""
    run_command(Command("first", _words(place, "results/run_0000/report.html")), place)
    notes = place / ".snakemake/metadata"
    known = {base64.urlsafe_b64decode(file.name).decode(): file.read_text() for file in notes.iterdir()}
    for number in range(1, simulations):
        name = f"run_{number:04d}"
        shutil.copytree(place / "results/run_0000", place / "results" / name, dirs_exist_ok=True)
        for path, note in known.items():
            key = base64.urlsafe_b64encode(path.replace("run_0000", name).encode()).decode()
            (notes / key).write_text(note.replace("run_0000", name))
    # The campaign's own page is left to one job, which makes Snakemake note that as well.
    (place / "results/index.html").touch()
    run_command(Command("touch", _words(place, "--touch", "--quiet", "all", "--", "results/index.html")), place)


def _words(place: Path, *options: str) -> tuple[str, ...]:
    where = ("--snakefile", str(ROOT / "Snakefile"), "--directory", str(place))
    profile = ("--workflow-profile", str(ROOT / "profiles/default"))
    return (PYTHON, "-m", "snakemake", *where, *profile, "--cores", str(os.cpu_count()), *options)


def _cell(job: dict[str, Any]) -> str:
    return f"{job['seconds']:.1f} s, {job['peak_mb']:.0f} MiB"
