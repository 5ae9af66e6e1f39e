"""Folders of results: each file that a later step reads, damaged; what the step makes then is what it made before."""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from spikelib.campaign.record import Member, write_campaign
from spikelib.options.figures import figure_options
from spikelib.options.filters import Filter
from spikelib.page.campaign.write import write_index
from spikelib.results import SimulationResults, find_filters
from spikelib.simulation.simulation import open_report
from spikelib.steps.assemble import write_page
from spikelib.steps.draw import draw_figures
from spikelib.steps.filter import filter_spikes
from spikelib.steps.report import report_simulation
from spikelib.steps.summarise import summarise_filter
from spikelib.summary.store import load_summary
from spikelib.tables.survey import load_survey, survey
from tests import PROJECT
from tests.fuzz.folders import own, place
from tests.fuzz.mutate_bytes import mutate_bytes
from tests.fuzz.mutate_json import mutate_json
from tests.fuzz.server import NotConservedError
from tests.writing import write_simulation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

_FIGURES: dict[str, Any] = {"raster": False, "isi": False, "rates": False, "animation": False, "files": {"dpi": 50}}
_ALL: dict[str, Any] = {"others": False}
_EXPECTED = "expected.json"
_MADE = ("a", "b")


class ResultsFolders:
    """The target."""

    name = "results"

    def prepare(self, folder: Path) -> None:
        origin = folder / "campaign"
        # Tables are written by threads, and only a process without any may be forked from.
        code = (
            "import sys; from pathlib import Path; from tests.fuzz.target_results import make; make(Path(sys.argv[1]))"
        )
        subprocess.run([sys.executable, "-c", code, origin], cwd=PROJECT, check=True)
        open_report(_source(origin)).filter().isi()  # loads the compiled kernels
        self._origin = origin
        files = (path for path in sorted(origin.rglob("*")) if path.is_file())
        self._files = [path.relative_to(origin) for path in files if _readers(path.relative_to(origin))]

    def place(self, rng: Random, folder: Path) -> str:
        place(self._origin, folder / "run")
        self._file = rng.choice(self._files)
        return self._file.as_posix()

    def change(self, rng: Random, folder: Path) -> str:
        path = own(folder / "run" / self._file)
        change = mutate_json if path.suffix == ".json" else mutate_bytes
        content, words = change(rng, path.read_bytes())
        path.write_bytes(content)
        return words

    def read(self, rng: Random, folder: Path) -> dict[str, Any]:
        run = folder / "run"
        names = _readers(self._file)
        if "index" not in names and _READERS["index"](run) != list(_MADE):  # one bad result must not end it
            message = "the page of the campaign does not show all simulations"
            raise NotConservedError(message)
        name = rng.choice(names)
        return {name: _READERS[name](run)}

    def check(self, folder: Path, facts: Any) -> bool:
        """Compare with the undamaged; a number that was changed in a JSON file cannot be told from a right one."""
        if self._file.suffix == ".json":
            return False
        expected = json.loads((self._origin / _EXPECTED).read_text())
        for name, found in facts.items():
            if json.loads(json.dumps(found)) != expected[name]:
                message = f"{name} of {self._file}: another result than that of undamaged files"
                raise NotConservedError(message)
        return True


def make(origin: Path) -> None:
    """Make the results of two small simulations, and note what each reader finds in them."""
    results = origin / "results"
    rng = np.random.default_rng(3)
    times = np.round(np.sort(rng.uniform(0, 100, 80)), 1)
    spikes = {"cortex": (times, rng.integers(0, 6, 80)), "thalamus": (times[::4], rng.integers(0, 3, 20))}
    nodes = {"cortex": {"layer": ["1", "2", "2", "1", "2", "3"], "x": np.arange(6.0), "y": np.ones(6)}, "thalamus": 3}
    for name in _MADE:
        source = write_simulation(origin / "runs" / name, spikes, nodes)
        page = SimulationResults(results / name).page
        page.parent.mkdir(parents=True)
        report_simulation(source, page, {"figures": _FIGURES}, keep=page.parent)
    SimulationResults(results / "a").survey.write_text(survey(open_report(_source(origin)).sources, 2).to_json())
    write_campaign(
        origin / "campaign.json", {}, [Member(name, f"runs/{name}/simulation_config.json") for name in _MADE]
    )
    expected = {name: read(origin) for name, read in _READERS.items()}
    (origin / _EXPECTED).write_text(json.dumps(expected))


def _source(run: Path) -> Path:
    return run / "runs" / "a" / "simulation_config.json"


def _filter(run: Path) -> Any:
    new = run / "new"
    tables = SimulationResults(run / "results" / "a").tables
    filter_spikes(_source(run), tables, new, Filter("all"), figures=figure_options(_ALL))
    return [_columns(new / "spikes.parquet"), _numbers(new / "statistics.json"), _arrays(new / "summary.npz")]


def _summarise(run: Path) -> Any:
    folder = SimulationResults(run / "results" / "a").filter("all").folder
    summarise_filter(_source(run), folder, figure_options(_ALL))
    return [_numbers(folder / "statistics.json"), _arrays(folder / "summary.npz")]


def _draw(run: Path) -> Any:
    summary = SimulationResults(run / "results" / "a").filter("all").summary
    written = draw_figures(summary, run / "figures", figure_options(_FIGURES), ["rate"])
    return sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in written if path.suffix == ".png")


def _load(run: Path) -> Any:
    return _arrays(SimulationResults(run / "results" / "a").filter("all").summary)


def _page(run: Path) -> Any:
    results = SimulationResults(run / "results" / "a")
    write_page(_source(run), results.folder, results.page, config={"figures": _FIGURES})
    find_filters(results.folder)
    return _numbers(results.overview)


def _survey(run: Path) -> Any:
    found = load_survey(SimulationResults(run / "results" / "a").survey)
    for name in ("cortex", "thalamus"):
        found.slab(name, 0), found.slab(name, 1)
    return found.to_json()


def _index(run: Path) -> Any:
    page = run / "index.html"
    write_index(run / "results", page, run / "campaign.json")
    text = page.read_text(encoding="utf-8")
    return [name for name in _MADE if f"{name}/report.html" in text]


_READERS: dict[str, Callable[[Path], Any]] = {
    "filter": _filter,
    "summarise": _summarise,
    "draw": _draw,
    "load": _load,
    "page": _page,
    "survey": _survey,
    "index": _index,
}


def _readers(file: Path) -> tuple[str, ...]:
    """Return the steps that read a file of the results, none for files that nothing reads."""
    if file.parts[:2] == ("results", "a") and file.suffix == ".parquet" and file.stem.startswith("part-"):
        return "filter", "filter", "page"
    if file.parts[:2] != ("results", "a"):
        return ("index",) if file.name == "campaign.json" else ()
    return {
        "spikes.parquet": ("summarise",),
        "summary.npz": ("load", "load", "draw", "page"),
        "statistics.json": ("page", "index"),
        "overview.json": ("index",),
        "description.json": ("index",),
        "slabs.json": ("survey",),
    }.get(file.name, ())


def _columns(path: Path) -> list[Any]:
    table = pq.read_table(path)
    return [column.to_pylist() for column in table.columns]


def _arrays(path: Path) -> str:
    return hashlib.sha256(pickle.dumps(load_summary(path))).hexdigest()


def _numbers(path: Path) -> Any:
    """Return the content of a JSON file without what differs from run to run."""
    content = json.loads(path.read_text())
    return {
        key: value for key, value in content.items() if key not in {"source", "made", "date", "inputs", "made_from"}
    }
