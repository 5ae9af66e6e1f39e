"""How long Snakemake takes to find out what there is to do in a campaign: everything, or nothing."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.commands import Command
from benchmarks.generate import Recipe, generate
from benchmarks.measure import run_command
from benchmarks.place import PYTHON, ROOT
from spikelib.campaign.campaign import Campaign
from spikelib.campaign.inventory import read_inventories
from spikelib.campaign.record import Member
from spikelib.provenance.outdated import expected
from spikelib.results import SimulationResults

if TYPE_CHECKING:
    from collections.abc import Callable

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
    """Make the results of one simulation, and copies of them for all others, with what Snakemake notes of each file.

    Each copy states that it was made from its own simulation.
    """
    run_command(Command("first", _words(place, "results/run_0000/report.html")), place)
    notes = place / ".snakemake/metadata"
    stated, pages = _stated(place), [f"results/run_{number:04d}/report.html" for number in range(simulations)]
    known = {base64.urlsafe_b64decode(file.name).decode(): file.read_text() for file in notes.iterdir()}
    for number in range(1, simulations):
        name = f"run_{number:04d}"
        shutil.copytree(place / "results/run_0000", place / "results" / name, dirs_exist_ok=True)
        _restate(place / "results", stated("run_0000"), stated(name))
        for path, note in known.items():
            key = base64.urlsafe_b64encode(path.replace("run_0000", name).encode()).decode()
            (notes / key).write_text(note.replace("run_0000", name))
    run_command(Command("touch", _words(place, "--touch", "--quiet", "all", "--", *pages)), place)
    # The campaign's own page is left to one job, which makes Snakemake note that as well.
    run_command(Command("last", _words(place, "--quiet", "all")), place)


def _stated(place: Path) -> Callable[[str], dict[Path, str]]:
    """Return a function that tells what each result of a simulation, by its path in the folder, should state."""
    config = json.loads((place / "config/config.yaml").read_text())
    defaults = {"figures": {}, "properties": None, "max_spikes_per_job": 10**9}
    contents = read_inventories(place / "resources/plans.json")
    campaign = Campaign({**defaults, **config}, {name: Member(name) for name in contents}, contents)

    def stated(name: str) -> dict[Path, str]:
        wanted = campaign.wanted(name)
        assert wanted is not None
        jobs = expected(SimulationResults(Path(name)), wanted)
        return {path: text for files in jobs for path, text in files.items() if text is not None}

    return stated


def _restate(results: Path, before: dict[Path, str], after: dict[Path, str]) -> None:
    """Put other texts of the same length into copies of results; a PNG has a checksum of each of its texts."""
    for (_, old), (path, new) in zip(before.items(), after.items(), strict=True):
        file = results / path
        if not file.exists():
            continue
        content = file.read_bytes().replace(old.encode(), new.encode())
        if file.suffix == ".png":
            start = content.index(b"tEXt")
            (length,) = struct.unpack(">I", content[start - 4 : start])
            end = start + 4 + length
            content = content[:end] + struct.pack(">I", zlib.crc32(content[start:end])) + content[end + 4 :]
        file.write_bytes(content)


def _words(place: Path, *options: str) -> tuple[str, ...]:
    where = ("--snakefile", str(ROOT / "Snakefile"), "--directory", str(place))
    profile = ("--workflow-profile", str(ROOT / "profiles/default"))
    return (PYTHON, "-m", "snakemake", *where, *profile, "--cores", str(os.cpu_count()), *options)


def _cell(job: dict[str, Any]) -> str:
    return f"{job['seconds']:.1f} s, {job['peak_mb']:.0f} MiB"
