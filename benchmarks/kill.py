"""Killing runs of the workflow at random moments: the next run has to give what an undisturbed one gives."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.generate import Recipe, generate
from benchmarks.place import PYTHON, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

VICTIMS = ("snakemake", "job", "group", "asked job", "asked group")
"""Snakemake alone (its jobs go on as orphans), one job, or the whole process group; the last two are asked to end by
SIGTERM, which has to leave no temporary file."""

FILTERS = {"all": {}, "late": {"t_start": 50}}
FIGURES: dict[str, Any] = {"others": False, "raster": {}, "rate": {}, "rates": {}, "correlations": {}, "animation": {}}


class DifferenceError(Exception):
    """The results of a disturbed run are not those of an undisturbed one."""


@dataclass(frozen=True)
class Arena:
    """A folder with two small simulations, the results of an undisturbed run and how long it took."""

    folder: Path
    jobs: str
    expected: dict[str, bytes]
    seconds: float


def prepare(folder: Path, jobs: str) -> Arena:
    """Write simulations and config, and run the workflow undisturbed; `jobs` is the key of the config."""
    for seed in (1, 2):
        generate(Recipe(2000, 100, seed=seed), folder / f"runs/seed_{seed}")
    simulations = {"campaign": "runs/*/simulation_config.json"}
    config = {"simulations": simulations, "jobs": jobs, "filters": FILTERS, "figures": FIGURES}
    (folder / "config").mkdir(exist_ok=True)
    (folder / "config/config.yaml").write_text(json.dumps(config))
    _clean(folder)
    start = time.perf_counter()
    _finish(folder)
    return Arena(folder, jobs, contents(folder), time.perf_counter() - start)


def disturb(arena: Arena, victim: str, seed: int) -> str:
    """Kill a run from scratch at a random moment, run again, and compare.

    Returns
    -------
    str
        What was done, for people.

    Raises
    ------
    DifferenceError
        The results differ.
    """
    delay = random.Random(f"{victim} {seed}").uniform(0.1, 0.9) * arena.seconds
    while (done := _start_and_kill(arena.folder, victim, delay)) is None:
        delay *= 0.7  # the run was over, or had no job any more
    left = [path.name for path in arena.folder.rglob(".*.tmp")] + [path.name for path in _temporary(arena.folder)]
    if left and victim.startswith("asked"):
        msg = f"{arena.jobs}, {victim} after {delay:.2f} s ({done}): {left[:5]} are left"
        raise DifferenceError(msg)
    _finish(arena.folder)
    found = contents(arena.folder)
    wrong = sorted(name for name in {*found, *arena.expected} if found.get(name) != arena.expected.get(name))
    if wrong:
        msg = f"{arena.jobs}, {victim} killed after {delay:.2f} s ({done}): {len(wrong)} files differ: {wrong[:5]}"
        raise DifferenceError(msg)
    return f"{arena.jobs}: {victim} after {delay:.2f} s ({done}), {len(found)} files as expected"


def _start_and_kill(folder: Path, victim: str, delay: float) -> str | None:
    """Run from scratch and kill after so many seconds; return what was going on, or None if nothing was."""
    _clean(folder)
    with subprocess.Popen(
        command(folder),
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # a process group of its own, or killing the group would kill this process as well
    ) as process:
        time.sleep(delay)
        return _kill(process, victim)


def _kill(process: subprocess.Popen[bytes], victim: str) -> str | None:
    number = signal.SIGTERM if victim.startswith("asked") else signal.SIGKILL
    if victim.endswith("job"):
        while process.poll() is None:
            jobs = [(pid, command) for pid, command in _descendants(process.pid) if "bin/spikelib" in command]
            if jobs:
                os.kill(jobs[0][0], number)
                process.wait()
                return " ".join(jobs[0][1].split()[1:3]).rpartition("/")[2]
            time.sleep(0.01)
        return None
    if process.poll() is not None:
        return None
    if victim.endswith("group"):
        os.killpg(process.pid, number)
        process.wait()
        return "with all jobs"
    orphans = len([command for _, command in _descendants(process.pid) if "bin/spikelib" in command])
    process.kill()
    return f"{orphans} processes of jobs went on"


def _descendants(pid: int) -> Iterator[tuple[int, str]]:
    """Yield process ids and command lines of all processes below one, from /proc."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = [int(word) for word in children.read_text().split()]
        except OSError:
            continue
        for child in found:
            try:
                command = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            yield child, command
            yield from _descendants(child)


def _clean(folder: Path) -> None:
    for name in ("results", "logs", ".snakemake", "resources"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _finish(folder: Path) -> None:
    """Run the workflow to its end; a run that was killed leaves work for one run and none for two."""
    status, printed = run_workflow(folder)
    if status:
        raise DifferenceError(printed[-3000:])


def run_workflow(folder: Path) -> tuple[int, str]:
    """Run the workflow in a folder; return its exit status and what it printed."""
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(command(folder), env=environment(folder), text=True, check=False, **output)
    return done.returncode, done.stdout


def command(folder: Path) -> list[str]:
    """Return the command line of the workflow in a folder."""
    place = ["--snakefile", str(ROOT / "Snakefile"), "--directory", str(folder)]
    return [PYTHON, "-m", "snakemake", *place, "--workflow-profile", str(ROOT / "profiles/default"), "--cores", "2"]


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a run, with a folder for temporary files beside the given one."""
    temporary = folder.with_name(f"{folder.name}.tmp")
    temporary.mkdir(exist_ok=True)
    return {**os.environ, "SLURM_CONF": os.devnull, "MPLBACKEND": "agg", "TMPDIR": str(temporary)}


def _temporary(folder: Path) -> list[Path]:
    """Return what spikelib has left in the folder of temporary files."""
    return list(folder.with_name(f"{folder.name}.tmp").glob("spikelib-*"))


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of the results: path -> bytes."""
    results = folder / "results"
    return {str(path.relative_to(results)): path.read_bytes() for path in results.rglob("*") if path.is_file()}
