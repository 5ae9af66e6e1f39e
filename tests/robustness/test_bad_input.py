"""What spikelib does about bad input, seen from the command line.

Fatal: one line on stderr that names the file, the population if there is one, and a remedy; exit status 1; no file
left. Rejected: invalid spikes, counted by reason wherever the data are shown, and fatal with --strict. Kept and
reported: what is odd but may be right.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from spikelib.cli.main import main
from spikelib.demo import write_demo
from spikelib.results import safe_name
from spikelib.simulation.simulation import open_report
from spikelib.tables.schema import read_info
from tests.writing import write_simulation, write_spikes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPIKES = {"a": ([1.0, 2.0, 3.0], [0, 1, 2])}
LARGEST = 2**64 - 1


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    status: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run a command in this process."""

    def run_command(*words: object) -> Outcome:
        capsys.readouterr()
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run_command


def files_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def assert_refused(outcome: Outcome, says: tuple[str, ...], results: Path) -> None:
    """Check that a command failed as it should: one line, which says all of `says`, and nothing left behind."""
    assert outcome.status == 1, outcome
    assert outcome.out == ""
    lines = outcome.err.splitlines()
    assert len(lines) == 1, outcome.err
    assert lines[0].startswith("spikelib: error: ")
    for text in says:
        assert text in lines[0]
    assert not results.exists(), files_below(results)


# --- sources that cannot be read: whatever the command, one line and nothing left ---


def missing(folder: Path) -> Path:
    return folder / "absent.h5"


def not_hdf5(folder: Path) -> Path:
    path = folder / "spikes.h5"
    path.write_text("times ids\n1.0 5\n")
    return path


def empty_file(folder: Path) -> Path:
    path = folder / "spikes.h5"
    path.touch()
    return path


def no_spikes_group(folder: Path) -> Path:
    path = folder / "spikes.h5"
    with h5py.File(path, "w") as file:
        file["nodes/a/node_type_id"] = [1, 2]
    return path


def spikes_is_a_dataset(folder: Path) -> Path:
    path = folder / "spikes.h5"
    with h5py.File(path, "w") as file:
        file["spikes"] = [1.0, 2.0]
    return path


def write_arrays(folder: Path, times: Any, ids: Any, **options: Any) -> Path:
    """Write two arrays of any kind as the population "a"."""
    path = folder / "spikes.h5"
    with h5py.File(path, "w") as file:
        for name, data in (("timestamps", times), ("node_ids", ids)):
            if data is not None:
                file.create_dataset(f"spikes/a/{name}", data=data, **options)
    return path


def corrupt_chunk(folder: Path) -> Path:
    ids = np.random.default_rng(1).integers(0, 10, 5000)
    path = write_arrays(folder, np.sort(np.random.default_rng(0).random(5000)), ids, compression="gzip")
    with h5py.File(path, "r") as file:
        chunk = file["spikes/a/timestamps"].id.get_chunk_info(0)
    content = bytearray(path.read_bytes())
    for place in range(chunk.byte_offset + 100, chunk.byte_offset + 140):
        content[place] ^= 0xFF
    path.write_bytes(content)
    return path


def never_written(folder: Path, **options: Any) -> Path:
    """Write datasets that were made but never filled, as a simulator that is killed leaves them."""
    path = folder / "spikes.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("spikes/a/timestamps", (100,), "f8", **options)
        file.create_dataset("spikes/a/node_ids", (100,), "u8", **options)
    return path


def half_written(folder: Path) -> Path:
    path = never_written(folder, chunks=(10,))
    with h5py.File(path, "r+") as file:
        for dataset in file["spikes/a"].values():
            dataset[:50] = 1
    return path


def broken_config(folder: Path) -> Path:
    path = folder / "simulation_config.json"
    path.write_text('{"run": {"tstop": 100, run}}')
    return path


def config_without_output(folder: Path) -> Path:
    path = folder / "simulation_config.json"
    path.write_text(json.dumps({"run": {"tstop": 100.0, "dt": 0.1}}))
    return path


def config_of_list(folder: Path) -> Path:
    path = folder / "simulation_config.json"
    path.write_text("[1, 2]")
    return path


def config_with_text_as_tstop(folder: Path) -> Path:
    return write_simulation(folder, SPIKES, run={"tstop": "1000"})


def config_naming_missing_spikes(folder: Path) -> Path:
    path = write_simulation(folder, SPIKES)
    (folder / "output" / "spikes.h5").unlink()
    return path


def broken_nodes(folder: Path) -> Path:
    path = write_simulation(folder, SPIKES)
    nodes = folder / "a_nodes.h5"
    nodes.write_bytes(nodes.read_bytes()[:1000])
    return path


def broken_circuit(folder: Path) -> Path:
    path = write_simulation(folder, SPIKES)
    (folder / "circuit_config.json").write_text("{")
    return path


SOURCES: dict[str, tuple[Callable[[Path], Path], tuple[str, ...]]] = {
    "missing file": (missing, ("absent.h5", "there is no such", "name a simulation config")),
    "a folder": (
        lambda folder: folder,
        ("this is a folder that holds no simulation config", "name the simulation config"),
    ),
    "not HDF5": (not_hdf5, ("spikes.h5", "not an HDF5 file but a text table", "SONATA format")),
    "empty file": (empty_file, ("spikes.h5", "not an HDF5 file but empty", "again")),
    "no /spikes": (no_spikes_group, ("spikes.h5", "no group /spikes", "SONATA spike report?")),
    "/spikes is a dataset": (spikes_is_a_dataset, ("spikes.h5", "no group /spikes")),
    "lengths differ": (
        lambda folder: write_arrays(folder, [1.0, 2.0], [0]),
        ("spikes.h5", "'a'", "differ in length (2 and 1)", "simulate it again"),
    ),
    "no node_ids": (lambda folder: write_arrays(folder, [1.0], None), ("'a'", "node_ids is missing", "again")),
    "no timestamps": (lambda folder: write_arrays(folder, None, [1]), ("'a'", "timestamps is missing", "again")),
    "negative int64 ids": (
        lambda folder: write_arrays(folder, [1.0, 2.0], np.array([4, -1], np.int64)),
        ("spikes.h5", "'a'", "1 negative node ids, the first is -1", "simulate it again"),
    ),
    "negative int32 ids": (
        lambda folder: write_arrays(folder, [1.0, 2.0], np.array([-7, -8], np.int32)),
        ("spikes.h5", "'a'", "2 negative node ids, the first is -7", "simulate it again"),
    ),
    "two-dimensional times": (
        lambda folder: write_arrays(folder, [[1.0], [2.0]], [0, 1]),
        ("'a'", "timestamps is not a one-dimensional array of numbers", "again"),
    ),
    "scalar ids": (
        lambda folder: write_arrays(folder, [1.0], 0),
        ("'a'", "node_ids is not a one-dimensional array of integers", "again"),
    ),
    "times as texts": (
        lambda folder: write_arrays(folder, np.array([b"1.0", b"2.0"]), [0, 1]),
        ("'a'", "timestamps is not a one-dimensional array of numbers", "again"),
    ),
    "ids as floats": (
        lambda folder: write_arrays(folder, [1.0, 2.0], [0.0, 1.0]),
        ("'a'", "node_ids is not a one-dimensional array of integers", "again"),
    ),
    "corrupt gzip chunk": (corrupt_chunk, ("spikes.h5", "'a'", "damaged", "copy or simulate it again")),
    "datasets never written": (never_written, ("'a'", "never written to its end", "simulate it again")),
    "chunks missing": (half_written, ("'a'", "never written to its end", "simulate it again")),
    "config is not JSON": (broken_config, ("simulation_config.json", "line 1, column 24", "correct the file")),
    "config is a list": (config_of_list, ("simulation_config.json", "must be an object", "not list")),
    "config without output": (config_without_output, ("out.h5", "no such spike file", "output.spikes_file")),
    "config names missing spikes": (config_naming_missing_spikes, ("spikes.h5", "did the simulation run")),
    "tstop is a text": (config_with_text_as_tstop, ("simulation_config.json", "run.tstop", "'1000'")),
    "broken nodes file": (broken_nodes, ("a_nodes.h5", "the HDF5 file is truncated; copy")),
    "broken circuit config": (broken_circuit, ("circuit_config.json", "not valid JSON")),
}


@pytest.mark.parametrize("command", ["inspect", "extract", "report"])
@pytest.mark.parametrize("name", SOURCES)
def test_unreadable_source_is_refused(run: Callable[..., Outcome], tmp_path: Path, name: str, command: str) -> None:
    (tmp_path / "in").mkdir()
    make, says = SOURCES[name]
    source, results = make(tmp_path / "in"), tmp_path / "results"
    words: dict[str, list[object]] = {
        "inspect": [],
        "extract": ["--population", "a", "--out", results / "spikes" / "a.parquet"],
        "report": ["--out", results / "report.html", "--keep", results],
    }
    assert_refused(run(command, source, *words[command]), says, results)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo"))


@pytest.mark.parametrize("part", [0.001, 0.01, 0.3, 0.7, 0.999999])
def test_truncated_file_is_refused(run: Callable[..., Outcome], tmp_path: Path, demo: Path, part: float) -> None:
    content = (demo.parent / "output" / "spikes.h5").read_bytes()
    short = tmp_path / "short.h5"
    short.write_bytes(content[: int(len(content) * part)])
    outcome = run("extract", short, "--population", "cortex", "--out", tmp_path / "results")
    assert_refused(outcome, ("short.h5", "truncated", "copy or simulate it again"), tmp_path / "results")


def test_unreadable_permissions_are_refused(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "locked.h5", SPIKES)
    path.chmod(0)
    # Root reads what nobody may: take from it what lets it.
    like_others = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    command = [*like_others, sys.executable, "-m", "spikelib", "inspect", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    outcome = Outcome(done.returncode, done.stdout, done.stderr)
    assert_refused(outcome, ("locked.h5", "permission denied", "readable"), tmp_path / "results")


def test_overlong_path_is_refused(run: Callable[..., Outcome], tmp_path: Path) -> None:
    assert_refused(
        run("inspect", tmp_path / ("x" * 400)), ("File name too long", "check the path"), tmp_path / "results"
    )


# --- right sources, wrong wishes ---


@dataclass(frozen=True)
class Wish:
    """A command on a valid simulation with tables that are extracted already, and what its refusal says."""

    words: tuple[str, ...]
    """Of the command line; {source}, {tables}, {results} and {below} (a place inside a file) are filled in."""
    says: tuple[str, ...]
    config: str | None = None
    """Content of the file {config}."""


FILTER = ("filter", "{source}", "--tables", "{tables}", "--out", "{results}/f")
PAGE = ("report", "{source}", "--out", "{results}/report.html", "--config", "{config}")
REPORT = (*PAGE, "--keep", "{results}")
WISHES = {
    "unknown population": Wish(
        ("extract", "{source}", "--population", "b", "--out", "{results}"),
        ("spikes.h5", "no population 'b'", "it has 'a'"),
    ),
    "unknown node set": Wish((*FILTER, "--group", '"Layer7"'), ("simulation_config.json", "'Layer7'", "Layer1")),
    "misspelt property": Wish((*FILTER, "--group", '{{"laier": 1}}'), ("simulation_config.json", "laier", "layer")),
    "id of no population": Wish((*FILTER, "--group", "[0, 10]"), ("node 10", "ids 0 to 9")),
    "float as id": Wish((*FILTER, "--group", "[0.5]"), ("population 'a'", "0.5", "a group is")),
    "group is not JSON": Wish((*FILTER, "--group", "Layer1"), ("--group", "'Layer1'", "'\"Name\"'")),
    "group is nested too deeply": Wish((*FILTER, "--group", "[" * 100_000), ("--group", "nested too deeply")),
    "negative t_start": Wish((*FILTER, "--t-start", "-5"), ("filter 'f'", "t_start=-5", "None")),
    "NaN t_start": Wish((*FILTER, "--t-start", "nan"), ("filter 'f'", "t_start=nan", "None")),
    "NaN t_stop": Wish((*FILTER, "--t-stop", "nan"), ("filter 'f'", "t_stop=nan", "None")),
    "infinite t_stop": Wish((*FILTER, "--t-stop", "inf"), ("filter 'f'", "t_stop=inf", "leave it out")),
    "infinite t_start": Wish((*FILTER, "--t-start", "inf"), ("filter 'f'", "t_start=inf", "leave it out")),
    "t_start after t_stop": Wish(
        (*FILTER, "--t-start", "9", "--t-stop", "8"), ("filter 'f'", "t_start=9 is later than t_stop=8", "exchange")
    ),
    "no tables": Wish(
        ("filter", "{source}", "--tables", "{below}", "--out", "{results}"), ("a.parquet", "run `spikelib extract`")
    ),
    "no filter": Wish(("summarise", "{source}", "--filter", "{results}/f"), ("spikes.parquet", "run `spikelib")),
    "table of a population as filter": Wish(
        ("summarise", "{source}", "--filter", "{tables}/as_filter"), ("spikes.parquet", "`spikelib filter`")
    ),
    "no summary": Wish(("figure", "{results}/s.npz", "--out", "{results}"), ("s.npz", "run `spikelib summarise`")),
    "summary is something else": Wish(
        ("figure", "{source}", "--out", "{results}"), ("simulation_config.json", "not a summary", "again")
    ),
    "figures is not JSON": Wish(
        ("figure", "s.npz", "--out", "{results}", "--figures", "{{"), ("--figures", "not JSON", "quote it")
    ),
    "unknown figure": Wish(
        ("figure", "s.npz", "--out", "{results}", "--figures", '{{"rasta": {{}}}}'),
        ("figures.rasta", "there are raster, rate, spectrum, isi, rates, "),
    ),
    "unknown option of a figure": Wish(
        ("figure", "s.npz", "--out", "{results}", "--figures", '{{"isi": {{"bin": 1}}}}'),
        ("figures.isi.bin", "there are use_frequency, binsize"),
    ),
    "no results": Wish(
        ("report", "{source}", "--from", "{below}", "--out", "{results}/r.html"), ("a.parquet", "run `spikelib")
    ),
    "no folder of results": Wish(
        ("report", "--index", "{below}", "--out", "{results}/index.html"), ("no such folder of results", "name the one")
    ),
    "table below a file": Wish(
        ("extract", "{source}", "--population", "a", "--out", "{below}"), ("part-00000.parquet", "folder that you may")
    ),
    "filter below a file": Wish((*FILTER[:-1], "{below}"), ("spikes.parquet", "cannot be written", "folder that you")),
    "page below a file": Wish(("report", "{source}", "--out", "{below}"), ("cannot be written", "folder that you may")),
    "page is a folder": Wish(("report", "{source}", "--out", "{tables}"), ("it is a folder", "name a file")),
    "page without a name": Wish(("report", "{source}", "--out", "."), ("it is a folder", "name a file")),
    "results below a file": Wish(
        ("report", "{source}", "--out", "{results}/r.html", "--keep", "{below}"), ("cannot be written", "you may write")
    ),
    "table in /proc": Wish(
        ("extract", "{source}", "--population", "a", "--out", "/proc/spikelib"), ("/proc/spikelib", "cannot be written")
    ),
    "demo below a file": Wish(("demo", "{below}"), ("cannot be written", "Not a directory")),
    "no config": Wish(REPORT, ("config.yaml", "No such file", "filters and figures")),
    "config is no YAML": Wish(REPORT, ("config.yaml", "cannot be read as YAML"), "filters: {"),
    "config is binary": Wish(REPORT, ("config.yaml", "cannot be read as YAML"), "\0"),
    "config is a list": Wish(REPORT, ("config.yaml", "expected the keys filters and figures"), "[1]"),
    "unknown config key": Wish(REPORT, ("config.yaml", "'filter'", "there are filters, figures"), "filter: {}"),
    "unknown key of a filter": Wish(
        REPORT, ("config.yaml", "filters.x.tstart", "there are group, t_start, t_stop"), "filters: {x: {tstart: 1}}"
    ),
    "unknown figure in the config": Wish(
        REPORT, ("config.yaml", "figures.isis", "there are raster"), "figures: {isis: {}}"
    ),
    "filters are a list": Wish(REPORT, ("config.yaml", "filters", "got ['x']"), "filters: [x]"),
    "a filter is a text": Wish(REPORT, ("config.yaml", "filters.x", "expected group"), "filters: {x: Layer1}"),
    "a filter leaves its folder": Wish(REPORT, ("config.yaml", "filters.../x", "a name"), "filters: {../x: {}}"),
    "a time is a text": Wish(REPORT, ("config.yaml", "filters.x.t_stop", "ms"), "filters: {x: {t_stop: 5s}}"),
    "a time is true": Wish(REPORT, ("config.yaml", "filters.x.t_stop", "ms"), "filters: {x: {t_stop: true}}"),
    "a window is turned": Wish(
        REPORT, ("config.yaml", "filters.x", "exchange them"), "filters: {x: {t_start: 9, t_stop: 8}}"
    ),
    "unknown node set in the config": Wish(REPORT, ("filter 'x'", "Nope", "Layer1"), "filters: {x: {group: Nope}}"),
    "raster by an unknown property": Wish(
        REPORT, ("simulation_config.json", "'laier'", "there are layer"), "figures: {raster: {y_axis: laier}}"
    ),
    "raster by a list": Wish(REPORT, ("figures.raster.y_axis", "name of a node"), "figures: {raster: {y_axis: [1]}}"),
    "rate in too narrow bins": Wish(
        PAGE, ("filter 'all'", "time_binsize=1e-09", "wider"), "figures: {rate: {time_binsize: 1.0e-9}}"
    ),
    "intervals in too narrow bins": Wish(
        PAGE, ("filter 'all'", "binsize=1e-30", "wider"), "figures: {isi: {binsize: 1.0e-30}}"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a valid simulation with its table."""
    folder = tmp_path_factory.mktemp("valid")
    layers = {"layer": [1] * 5 + [2] * 5}
    source = write_simulation(folder, SPIKES, {"a": layers}, node_sets={"Layer1": {"layer": 1}})
    table = folder / "tables" / "a.parquet"
    assert main(["extract", str(source), "--population", "a", "--out", str(table)]) == 0
    (folder / "tables" / "as_filter").mkdir()
    (folder / "tables" / "as_filter" / "spikes.parquet").symlink_to(table / "part-00000.parquet")
    return folder


@pytest.mark.parametrize("name", WISHES)
def test_wrong_wish_is_refused(run: Callable[..., Outcome], tmp_path: Path, valid: Path, name: str) -> None:
    wish, results = WISHES[name], tmp_path / "results"
    if wish.config is not None:
        (tmp_path / "config.yaml").write_text(wish.config)
    places = {
        "source": valid / "simulation_config.json",
        "tables": valid / "tables",
        "results": results,
        "below": valid / "simulation_config.json" / "below",
        "config": tmp_path / "config.yaml",
    }
    before = files_below(valid)
    outcome = run(*(word.format(**places) for word in wish.words))
    assert_refused(outcome, wish.says, results)
    assert files_below(valid) == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("inspect", "absent.json"), "absent.json: there is no such file"),
        (("extract", "spikes.h5", "--population", "b", "--out", "results"), "no population 'b'"),
        (("report", "spikes.h5", "--out", "spikes.h5/report.html"), "cannot be written"),
    ],
    ids=["inspect", "extract", "report"],
)
def test_refused_by_a_process_of_its_own(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    write_spikes(tmp_path / "spikes.h5", SPIKES)
    command = [sys.executable, "-m", "spikelib", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment())
    assert_refused(Outcome(done.returncode, done.stdout, done.stderr), (says,), tmp_path / "results")
    assert files_below(tmp_path) == ["spikes.h5"]


def environment() -> dict[str, str]:
    """Return an environment in which this spikelib is importable from any folder."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_message_stays_one_line_whatever_the_names(run: Callable[..., Outcome], tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "a\nb.h5", {"two\nlines": ([1.0], [0])})
    outcome = run("extract", path, "--population", "x", "--out", tmp_path / "results")
    assert_refused(outcome, ("no population 'x'", "two\\nlines"), tmp_path / "results")


# --- spikes that are rejected, and spikes that are kept and reported ---


@dataclass(frozen=True)
class Oddity:
    """Spikes of a population of ten nodes in a run of 100 ms, and what is said about them."""

    times: list[float]
    ids: list[int]
    rejected: dict[str, int] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    """Further entries of the audit."""
    page: tuple[str, ...] = ()
    """Texts on the page."""
    shown: tuple[str, ...] = ()
    """Texts that inspect prints."""
    options: dict[str, Any] = field(default_factory=dict)
    """How the file is written."""


NAN, INF = float("nan"), float("inf")
SET_ASIDE = {
    "NaN": Oddity([1.0, NAN, 3.0], [1, 2, 3], {"not_a_number": 1}, page=("1 (time is not a number)",)),
    "infinite": Oddity([1.0, INF, -INF], [1, 2, 3], {"infinite": 2}, page=("2 (infinite time)",)),
    "negative": Oddity([-0.5, 1.0, 3.0], [1, 2, 3], {"negative_time": 1}, page=("1 (negative time)",)),
    "beyond": Oddity([1.0, 2.0], [9, 10], {"id_out_of_range": 1}, page=("1 (node id beyond the population)",)),
    "far beyond": Oddity([1.0, 2.0, 3.0], [9, LARGEST, 2**63], {"id_out_of_range": 2}, page=("2 (node id beyond",)),
    "big-endian": Oddity(
        [1.0, 2.0], [9, LARGEST], {"id_out_of_range": 1}, page=("1 (node id",), options={"id_dtype": ">u8"}
    ),
    "small integers": Oddity(
        [1.0, 2.0], [9, 255], {"id_out_of_range": 1}, page=("1 (node id",), options={"id_dtype": "u1"}
    ),
    "all at once": Oddity(
        [NAN, 1.0, INF, -1.0, 2.0, -INF, 3.0, NAN],
        [1, 1, 2, 3, 10, 99, 4, LARGEST],
        {"not_a_number": 2, "infinite": 2, "negative_time": 1, "id_out_of_range": 1},
        page=("2 (time is not a number)", "2 (infinite time)", "1 (negative time)", "1 (node id beyond the"),
    ),
    "nothing valid": Oddity([NAN, -1.0], [1, 2], {"not_a_number": 1, "negative_time": 1}, page=("1 (negative time)",)),
}  # fmt: skip
REPORTED = {
    "after the end": Oddity(
        [1.0, 100.0, 100.5], [1, 2, 3], counts={"n_after_end": 1, "time_last": 100.5},
        page=("1 spike after 100 ms (the last at 100.5 ms), kept",), shown=("1 after the run's end (kept)",),
    ),
    "duplicates": Oddity(
        [1.0, 1.0, 1.0, 2.0], [3, 1, 3, 3], counts={"n_duplicates": 1},
        page=("1 spike of the same node at the same time as another, kept",), shown=("1 duplicate spikes (kept)",),
    ),
    "false claim of time": Oddity(
        [3.0, 1.0, 2.0], [1, 1, 0], counts={"sorting_claim": "by_time", "sorting_found": "none"},
        page=("the file claims “by_time”, but its spikes are not sorted",), shown=("which is false: sorted here",),
    ),
    "false claim of id": Oddity(
        [1.0, 2.0, 3.0], [2, 1, 0], counts={"sorting_claim": "by_id", "sorting_found": "by_time"},
        page=("the file claims “by_id”, but its spikes are sorted by time",), shown=("which is false: sorted here",),
        options={"sorting": "by_id"},
    ),
    "no units": Oddity(
        [1.0, 2.0], [1, 1], counts={"units": None, "to_ms": 1.0},
        page=("the file names none; read as ms",), shown=("units are missing: taken as ms",), options={"units": None},
    ),
    "empty units": Oddity(
        [1.0, 2.0], [1, 1], counts={"units": None, "to_ms": 1.0},
        page=("the file names none; read as ms",), shown=("units are missing: taken as ms",), options={"units": ""},
    ),
    "odd units": Oddity(
        [1.0, 2.0], [1, 1], counts={"units": "jiffies", "to_ms": 1.0},
        page=("“jiffies” is unknown; read as ms",), shown=("unknown units 'jiffies': taken as ms",),
        options={"units": "jiffies"},
    ),
    "seconds": Oddity(
        [0.001, 0.002], [1, 1], counts={"units": "s", "to_ms": 1000.0, "time_last": 2.0},
        page=("“s”, converted to ms (times 1,000)",), shown=("times are stored in 's'",), options={"units": "s"},
    ),
    "microseconds": Oddity(
        [1000.0, 2000.0], [1, 1], counts={"units": "μs", "to_ms": 0.001, "time_last": 2.0},
        page=("“μs”, converted to ms",), shown=("times are stored in 'μs'",), options={"units": "\u03bcs"},
    ),
}  # fmt: skip


def write_odd(folder: Path, oddity: Oddity) -> Path:
    return write_simulation(folder / "in", {"a": (oddity.times, oddity.ids)}, **oddity.options)


def page_text(path: Path) -> str:
    """Read the text of a page, tags and spaces removed."""
    html = re.sub(r"<(style|script)\b.*?</\1>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("name", [*SET_ASIDE, *REPORTED])
def test_odd_spikes_are_counted_everywhere(run: Callable[..., Outcome], tmp_path: Path, name: str) -> None:
    oddity = {**SET_ASIDE, **REPORTED}[name]
    source = write_odd(tmp_path, oddity)
    n_read, n_rejected = len(oddity.times), sum(oddity.rejected.values())

    (audit,) = json.loads(run("inspect", "--json", source).out)["populations"]
    assert {reason: count for reason, count in audit["rejected"].items() if count} == oddity.rejected
    assert (audit["n_read"], audit["n_kept"]) == (n_read, n_read - n_rejected)
    assert {key: audit[key] for key in oddity.counts} == oddity.counts

    text = run("inspect", source).out
    assert (f"{n_rejected} spike{'s' * (n_rejected > 1)} rejected" in text) == bool(n_rejected)
    for part in oddity.shown:
        assert part in text

    table = tmp_path / "a.parquet"
    assert run("extract", source, "--population", "a", "--out", table) == Outcome(0, "", "")
    info = read_info(table)
    assert info.n_spikes == n_read - n_rejected
    assert info.metadata["audit"] == audit
    assert info.metadata["counts"] == {"read": n_read, "written": info.n_spikes, "rejected": audit["rejected"]}


@pytest.mark.parametrize("name", ["NaN", "all at once", "nothing valid", *REPORTED])
@pytest.mark.filterwarnings("ignore:filter 'all'. none of its:spikelib.errors.SpikelibWarning")
def test_odd_spikes_are_on_the_page(run: Callable[..., Outcome], tmp_path: Path, name: str) -> None:
    oddity = {**SET_ASIDE, **REPORTED}[name]
    source = write_odd(tmp_path, oddity)
    (tmp_path / "config.yaml").write_text("figures: {raster: false, isi: false, rate: false, animation: false}")
    page = tmp_path / "report.html"
    assert run("report", source, "--out", page, "--config", tmp_path / "config.yaml").status == 0
    text = page_text(page)
    for part in oddity.page:
        assert part in text


@pytest.mark.parametrize("name", SET_ASIDE)
def test_strict_refuses_what_would_be_set_aside(run: Callable[..., Outcome], tmp_path: Path, name: str) -> None:
    source, results = write_odd(tmp_path, SET_ASIDE[name]), tmp_path / "results"
    n_rejected = sum(SET_ASIDE[name].rejected.values())
    says = ("spikes.h5", "'a'", f"{n_rejected} spike", "rejected", "correct the file, or leave out --strict")
    table = results / "spikes" / f"{safe_name('a')}.parquet"
    assert_refused(run("inspect", "--strict", source), says, results)
    assert_refused(run("extract", "--strict", source, "--population", "a", "--out", table), says, results)
    assert_refused(run("report", "--strict", source, "--out", results / "r.html", "--keep", results), says, results)


@pytest.mark.parametrize("name", REPORTED)
def test_strict_lets_pass_what_is_only_reported(run: Callable[..., Outcome], tmp_path: Path, name: str) -> None:
    source = write_odd(tmp_path, REPORTED[name])
    assert run("inspect", "--strict", source).status == 0
    assert run("extract", "--strict", source, "--population", "a", "--out", tmp_path / "t") == Outcome(0, "", "")


@pytest.mark.parametrize("node", [2**41, 2**63 - 1, LARGEST], ids=["2**41", "2**63-1", "2**64-1"])
def test_absurd_id_without_a_circuit_is_rejected(run: Callable[..., Outcome], tmp_path: Path, node: int) -> None:
    path = write_spikes(tmp_path / "spikes.h5", {"a": ([1.0, 2.0], [3, node])})
    (audit,) = json.loads(run("inspect", "--json", path).out)["populations"]
    assert audit["rejected"]["id_out_of_range"] == 1
    assert audit["id_max"] == 3


def test_high_ids_can_be_asked_for_without_a_circuit(tmp_path: Path) -> None:
    report = open_report(write_spikes(tmp_path / "spikes.h5", {"a": ([1.0, 2.0, 3.0], [3, 2**35, 3])}))
    assert report["a"].get(2**39).tolist() == []
    assert report["a"].get([2**35, 3], t_start=2).tolist() == [2**35, 3]
    assert report.filter([2**35]).report["ids"].tolist() == [2**35]


def test_high_id_without_a_circuit_fills_no_memory(run: Callable[..., Outcome], tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "spikes.h5", {"a": ([1.0, 2.0], [3, 2**35])})
    assert run("report", path, "--out", tmp_path / "report.html").status == 0
    assert "2 fired" in page_text(tmp_path / "report.html")


@pytest.mark.parametrize("time", [1e10, 1e300])
def test_absurd_time_is_kept_in_the_table_and_refused_as_a_window(
    run: Callable[..., Outcome], tmp_path: Path, time: float
) -> None:
    source = write_simulation(tmp_path / "in", {"a": ([1.0, 2.0, time], [3, 3, 3])})
    outcome = run("report", source, "--out", tmp_path / "results" / "report.html")
    assert_refused(outcome, ("simulation_config.json", "filter 'all'", "give t_start and t_stop"), tmp_path / "results")
    (tmp_path / "config.yaml").write_text("filters: {run: {t_stop: 100}}\nfigures: {animation: false}")
    page = tmp_path / "report.html"
    assert run("report", source, "--out", page, "--config", tmp_path / "config.yaml").status == 0
    assert "1 spike after 100 ms" in page_text(page)
