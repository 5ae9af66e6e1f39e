"""Works that are commands of their own: spikelib's command line, the workflow, and the start of Python."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.place import PYTHON, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.place import Place

POPULATIONS = ("cortex", "thalamus")


@dataclass(frozen=True)
class Command:
    """A command line with a name; one that only prepares the next is not counted."""

    name: str
    words: tuple[str, ...]
    counted: bool = True


def extract(place: Place) -> list[Command]:
    """Write the table of one population."""
    return [_spikelib(*steps(place, {})[0])]


def chain(place: Place) -> list[Command]:
    """Run the steps of the workflow without animation, one job after the other."""
    return [_spikelib(name, arguments) for name, arguments in steps(place, {"animation": False})]


def steps(place: Place, figures: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """List the names and arguments of the ``spikelib`` commands from a spike file to its figures."""
    config, tables, chosen = str(place.config), place.out / "spikes", place.out / "all"
    options = ("--figures", json.dumps(figures))
    return [
        *((f"extract {name}", _extract(config, name, tables)) for name in POPULATIONS),
        ("filter", ("filter", config, "--tables", str(tables), "--out", str(chosen))),
        ("summarise", ("summarise", config, "--filter", str(chosen), *options)),
        ("figure", ("figure", str(chosen / "summary.npz"), "--out", str(chosen / "figures"), *options)),
    ]


def workflow_full(place: Place) -> list[Command]:
    """Run the workflow with an animation, from clean."""
    return [_workflow(place, {"animation": {"dt": place.frame_ms}})]


def workflow_still(place: Place) -> list[Command]:
    """Run the workflow without an animation, from clean."""
    return [_workflow(place, {"animation": False})]


def demo_clean(place: Place) -> list[Command]:
    """Run the workflow on the embedded demo, from clean."""
    (place.out / "config").mkdir()
    shutil.copy(ROOT / "config/config.yaml", place.out / "config")
    return [Command("demo", _snakemake(place.out))]


def demo_noop(place: Place) -> list[Command]:
    """Run the workflow once more, with nothing to do."""
    (first,) = demo_clean(place)
    return [Command("clean", first.words, counted=False), first]


def import_spikelib(_: Place) -> list[Command]:
    """Import spikelib in a bare Python."""
    return [Command("import", (PYTHON, "-c", "import spikelib"))]


def show_help(_: Place) -> list[Command]:
    """Show the help of the command line."""
    return [_spikelib("help", ("--help",))]


def start_python(_: Place) -> list[Command]:
    """Start Python and nothing else."""
    return [Command("python", (PYTHON, "-c", "pass"))]


COMMANDS: dict[tuple[str, str], Callable[[Place], list[Command]]] = {
    ("extract_by_time", "spikelib"): extract,
    ("extract_unsorted", "spikelib"): extract,
    ("chain", "spikelib"): chain,
    ("workflow_full", "spikelib"): workflow_full,
    ("workflow_still", "spikelib"): workflow_still,
    ("demo_clean", "spikelib"): demo_clean,
    ("demo_noop", "spikelib"): demo_noop,
    ("import_time", "spikelib"): import_spikelib,
    ("import_time", "bare"): start_python,
    ("help_time", "spikelib"): show_help,
    ("help_time", "bare"): start_python,
}


def _extract(config: str, population: str, tables: Path) -> tuple[str, ...]:
    out = str(tables / f"{population}.parquet")
    return ("extract", config, "--population", population, "--out", out, "--memory-limit", "1GB")


def _spikelib(name: str, arguments: tuple[str, ...]) -> Command:
    return Command(name, (PYTHON, "-m", "spikelib", *arguments))


def _workflow(place: Place, figures: dict[str, Any]) -> Command:
    content = {"simulations": {"synthetic": str(place.config)}, "filters": {"all": {}}, "figures": figures}
    config = place.out / "config/config.yaml"
    config.parent.mkdir()
    config.write_text(json.dumps(content))  # JSON is YAML
    return Command("workflow", _snakemake(place.out))


def _snakemake(folder: Path) -> tuple[str, ...]:
    where = ("--snakefile", str(ROOT / "Snakefile"), "--directory", str(folder))
    profile = ("--workflow-profile", str(ROOT / "profiles/default"))
    return (PYTHON, "-m", "snakemake", *where, *profile, "--cores", "2")
