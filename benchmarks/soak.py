"""A campaign that people change: each run has to give what a run from scratch gives, and end at rest."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import time
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmarks.generate import Recipe, generate
from benchmarks.kill import DifferenceError, command, contents, environment, run_workflow

if TYPE_CHECKING:
    from collections.abc import Callable

_EARLIER = 1_500_000_000
"""A time before anything that this machine makes, s."""
_SETTINGS = ("filters", "figures", "properties")
_CHECKED = ("spikes.parquet", "statistics.json", "summary.npz", "raster.png", "report.html")


@dataclass
class Soak:
    """A folder with a campaign, and what is kept of its earlier states."""

    folder: Path
    chance: random.Random
    config: dict[str, Any] = field(default_factory=dict)
    backups: list[Path] = field(default_factory=list)

    def write(self) -> None:
        """Write the config."""
        (self.folder / "config").mkdir(parents=True, exist_ok=True)
        (self.folder / "config/config.yaml").write_text(json.dumps(self.config))

    def simulation(self) -> Path:
        """Return the folder of one of the simulations."""
        return self.folder / "runs" / self.chance.choice(list(self.config["simulations"]))

    def result(self) -> Path | None:
        """Return one of the files of the results, if there are any."""
        files = sorted(path for path in (self.folder / "results").rglob("*") if path.is_file())
        return self.chance.choice(files) if files else None


def prepare(folder: Path, seed: int) -> Soak:
    """Begin a campaign of two simulations."""
    shutil.rmtree(folder, ignore_errors=True)
    soak = Soak(folder, random.Random(seed))
    soak.config = {
        "simulations": {},
        "filters": {"all": {}, "late": {"t_start": 50}},
        "figures": {"animation": False, "rate": {}, "isi": {}, "rates": {}, "raster": {}},
        "properties": None,
        "jobs": "per_step",
        "max_spikes_per_job": 10**9,
    }
    for _ in range(2):
        add_simulation(soak)
    soak.write()
    return soak


def disturb(soak: Soak, number: int) -> str:
    """Change the campaign in up to three ways, run it, and compare with a run from scratch.

    Returns
    -------
    str
        What was done, for people.

    Raises
    ------
    DifferenceError
        The results are not those of a run from scratch, the next run would do something, or something was left.
    """
    done = [act.__name__.replace("_", " ") for act in soak.chance.sample(ACTS, soak.chance.randint(1, 3)) if act(soak)]
    soak.write()
    told = f"{number}: {', '.join(done) or 'nothing'}"
    status, printed = run_workflow(soak.folder)
    if status:
        msg = f"{told}: status {status}\n{printed[-3000:]}"
        raise DifferenceError(msg)
    n_files = _compare(soak, told)
    if number % 3 == 0:
        soak.backups.append(soak.folder.parent / f"backup_{number}")
        shutil.rmtree(soak.backups[-1], ignore_errors=True)
        shutil.copytree(soak.folder / "results", soak.backups[-1], symlinks=True)
    return f"{told}; {printed.count('localrule ') + printed.count(chr(10) + 'rule ')} jobs, {n_files} files as expected"


def _compare(soak: Soak, told: str) -> int:
    """Compare the results with those of a run from scratch; return the number of files that were compared."""
    again = subprocess.run(
        [*command(soak.folder), "--dry-run"], env=environment(soak.folder), capture_output=True, text=True, check=False
    )
    if "Nothing to be done" not in again.stdout + again.stderr:
        msg = f"{told}: the next run would do something\n{again.stdout[-2000:]}"
        raise DifferenceError(msg)
    found, expected = contents(soak.folder), _from_scratch(soak)
    split = soak.config["max_spikes_per_job"] < 10**9 and soak.config["jobs"] == "per_step"
    # Slabs are parts of tables, and pages name the commands: what was counted and drawn is the same.
    same = re.compile(r"statistics\.json|.*\.(png|svg)" if split else ".*")
    wrong = sorted(n for n, made in expected.items() if same.fullmatch(Path(n).name) and found.get(n) != made)
    left = [path.name for path in soak.folder.rglob(".*.tmp")]
    if wrong or left:
        msg = f"{told}: {len(wrong)} files differ: {wrong[:5]}; left: {left[:5]}"
        raise DifferenceError(msg)
    return len(expected)


def _from_scratch(soak: Soak) -> dict[str, bytes]:
    """Return the results that one process makes of the campaign as it is now, without Snakemake."""
    from spikelib.page.campaign.write import write_index
    from spikelib.steps.report import report_simulation

    settings = {key: soak.config[key] for key in _SETTINGS}
    with chdir(soak.folder):
        kept = Path("results").rename("kept")
        try:
            for name, source in soak.config["simulations"].items():
                report_simulation(source, Path("results", name, "report.html"), settings, keep=Path("results", name))
            expected = contents(soak.folder)
        finally:
            shutil.rmtree("results", ignore_errors=True)
            kept.rename("results")
        write_index(Path("results"), Path("results/again.html"), Path("resources/campaign.json"), Path("logs"))
        expected["index.html"] = Path("results/again.html").read_bytes()
        Path("results/again.html").unlink()
        for name in soak.config["simulations"]:
            for chosen in soak.config["filters"]:
                _check_spikes(Path("results", name), chosen, soak.config["filters"][chosen])
    return expected


def _check_spikes(results: Path, name: str, chosen: dict[str, Any]) -> None:
    """Raise unless a filter holds the spikes of all tables that are in its window."""
    tables = [pd.read_parquet(path) for path in sorted((results / "spikes").glob("*.parquet"))]
    times = pd.concat(tables)["times"]
    start, stop = chosen.get("t_start", 0.0), chosen.get("t_stop", float("inf"))
    expected = int(((times >= start - 1e-6) & (times <= stop + 1e-6)).sum())
    found = len(pd.read_parquet(results / "filters" / name / "spikes.parquet"))
    if found != expected:
        msg = f"{results}, filter {name}: {found} spikes, not {expected}"
        raise DifferenceError(msg)


def add_simulation(soak: Soak) -> bool:
    """Add a simulation, or bring one back."""
    name = f"seed_{soak.chance.randint(1, 4)}"
    generate(Recipe(2000, 100, seed=soak.chance.randint(1, 100)), soak.folder / "runs" / name)
    soak.config["simulations"][name] = f"runs/{name}/simulation_config.json"
    return True


def remove_simulation(soak: Soak) -> bool:
    """Leave a simulation out; its files and results stay."""
    if len(soak.config["simulations"]) < 2:
        return False
    del soak.config["simulations"][soak.chance.choice(list(soak.config["simulations"]))]
    return True


def replace_simulation(soak: Soak) -> bool:
    """Simulate again, with as many spikes or others."""
    seed, spikes = soak.chance.randint(1, 10**6), soak.chance.choice([2000, 2000, 2500])
    return generate(Recipe(spikes, 100, seed=seed), soak.simulation())


def replace_by_older_files(soak: Soak) -> bool:
    """Put another simulation in its place, dated before all results, as rsync does."""
    folder, spikes = soak.simulation(), soak.chance.choice([600, 2000, 2500])
    generate(Recipe(spikes, 100, seed=soak.chance.randint(1, 10**6)), folder)
    for path in folder.rglob("*.*"):
        os.utime(path, (_EARLIER, _EARLIER + soak.chance.randint(0, 10**6)))
    return True


def lose_circuit(soak: Soak) -> bool:
    """Move the circuit away, or bring it back, as a file server does that is not mounted for a while."""
    folder = soak.simulation()
    here, away = folder / "circuit_config.json", folder / "circuit_config.away"
    if here.exists():
        here.replace(away)
        soak.config["properties"] = None  # without a circuit, asking for a property is an error
    elif away.exists():
        away.replace(here)
    return True


def touch_inputs(soak: Soak) -> bool:
    """Give the files of a simulation the time of now."""
    for path in soak.simulation().rglob("*.*"):
        path.touch()
    return True


def change_filter(soak: Soak) -> bool:
    """Choose another window, or other nodes of the same window."""
    name = soak.chance.choice(list(soak.config["filters"]))
    soak.config["filters"][name] = {"t_start": soak.chance.randint(0, 90), "t_stop": soak.chance.randint(100, 160)}
    return True


def add_or_remove_filter(soak: Soak) -> bool:
    """Ask for another filter, or for one less."""
    name = soak.chance.choice(["early", "middle", "late"])
    if name in soak.config["filters"] and len(soak.config["filters"]) > 1:
        del soak.config["filters"][name]
    else:
        soak.config["filters"][name] = {"t_stop": soak.chance.randint(20, 80)}
    return True


def reorder_filters(soak: Soak) -> bool:
    """Show the filters in another order."""
    soak.config["filters"] = dict(reversed(soak.config["filters"].items()))
    return True


def change_looks(soak: Soak) -> bool:
    """Change what no number depends on."""
    figures, chance = soak.config["figures"], soak.chance
    figures["rates"] = chance.choice([{"log": True}, {"log": False}, False])
    figures["isi"] = {**(figures["isi"] or {}), "use_frequency": chance.choice([True, False])}
    figures["files"] = {"dpi": chance.choice([80, 150]), "formats": chance.choice([["png"], ["svg", "pdf"]])}
    return True


def change_bins(soak: Soak) -> bool:
    """Change what is counted."""
    soak.config["figures"]["rate"] = {"time_binsize": soak.chance.choice([2, 5, 7.5])}
    lost = any((soak.folder / "runs").rglob("*.away"))
    soak.config["properties"] = soak.chance.choice([None, [], None if lost else ["layer"]])
    return True


def lose_records(soak: Soak) -> bool:
    """Remove what Snakemake or the workflow has written down."""
    shutil.rmtree(soak.folder / soak.chance.choice([".snakemake", "resources", "logs"]), ignore_errors=True)
    return True


def remove_result(soak: Soak) -> bool:
    """Remove a file of the results, or its folder."""
    path = soak.result()
    if path is None:
        return False
    if soak.chance.random() < 0.3 and path.parent.name != "results":
        shutil.rmtree(path.parent)
    else:
        path.unlink()
    return True


def cut_result(soak: Soak) -> bool:
    """Cut a result short without a new time, as a disk that was full might."""
    paths = sorted(path for name in _CHECKED for path in (soak.folder / "results").rglob(name) if path.is_file())
    if not paths:
        return False
    path = soak.chance.choice(paths)
    status = path.stat()
    path.write_bytes(path.read_bytes()[:50])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    return True


def date_result(soak: Soak) -> bool:
    """Give a result another time, earlier or now."""
    path = soak.result()
    if path is None:
        return False
    when = soak.chance.choice([_EARLIER, time.time()])
    os.utime(path, (when, when))
    return True


def copy_results_back(soak: Soak) -> bool:
    """Bring the results of a simulation back as they were, with or without their times."""
    folders = [path for backup in soak.backups for path in backup.glob("seed_*")]
    if not folders:
        return False
    folder = soak.chance.choice(sorted(folders))
    place = soak.folder / "results" / folder.name
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder, place, copy_function=soak.chance.choice([shutil.copy, shutil.copy2]))
    return True


def work_otherwise(soak: Soak) -> bool:
    """Cut the work into other jobs."""
    soak.config["jobs"] = soak.chance.choice(["per_step", "per_simulation"])
    soak.config["max_spikes_per_job"] = soak.chance.choice([10**9, 700])
    return True


ACTS: list[Callable[[Soak], bool]] = [
    add_simulation,
    remove_simulation,
    replace_simulation,
    replace_by_older_files,
    lose_circuit,
    touch_inputs,
    change_filter,
    add_or_remove_filter,
    reorder_filters,
    change_looks,
    change_bins,
    lose_records,
    remove_result,
    cut_result,
    date_result,
    copy_results_back,
    work_otherwise,
]
"""Ways in which people, disks and file servers change a campaign; each says whether it did."""
