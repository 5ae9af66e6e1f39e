"""The command line itself: help, exit statuses, what it prints where, and what it imports."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import termios
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import spikelib
from spikelib.cli.main import main
from spikelib.cli.progress import progress_bar
from spikelib.demo import write_demo
from tests import PROJECT
from tests.writing import write_simulation, write_spikes

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = ("inspect", "extract", "filter", "summarise", "figure", "report", "demo")
HEAVY = ("pandas", "matplotlib", "numba", "pyarrow", "duckdb", "jinja2", "yaml", "tqdm", "PIL")
SPIKES = {"a": ([1.0, 2.0, 3.0], [0, 1, 2])}
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8:strict"}


def run_python(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo"))


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"spikelib {spikelib.__version__}\n"


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    listed = re.findall(r"^    (\w+)\s+[a-z]", capsys.readouterr().out, flags=re.MULTILINE)
    assert tuple(listed) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_has_help(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    text = capsys.readouterr().out
    _, sentence, *arguments = re.split(r"\n\n", text)
    assert re.match(r"[A-Z].+\.$", sentence, flags=re.DOTALL)
    entries = re.findall(r"^  (-?-?\S[^\n]*(?:\n {10,}\S[^\n]*)*)", "\n".join(arguments), flags=re.MULTILINE)
    assert len(entries) > 1
    assert [entry for entry in entries if not re.search(r"( {2,}|\n +)[a-z]", entry)] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_in_the_documents(command: str) -> None:
    pages = [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]
    assert any(f"spikelib {command}" in page.read_text() for page in pages)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["draw"],
        ["inspect"],
        ["inspect", "a.h5", "b.h5"],
        ["extract", "a.h5", "--out", "x"],
        ["filter", "a.h5", "--tables", "t", "--out", "x", "--t-start", "soon"],
        ["extract", "a.h5", "--population", "a", "--out", "x", "--memory-limit", "much"],
        ["figure", "s.npz", "--out", "x", "--only", "histogram"],
        ["report", "--out", "x.html"],
        ["report", "a.h5", "--index", "results", "--out", "x.html"],
        ["report", "a.h5", "--out", "x.html", "--from", "a", "--keep", "b"],
    ],
    ids=" ".join,
)
def test_bad_usage(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("usage: spikelib")


def test_traceback_only_with_debug(tmp_path: Path) -> None:
    absent = str(tmp_path / "absent.h5")
    plain, debug = (
        run_python("-m", "spikelib", "inspect", absent),
        run_python("-m", "spikelib", "inspect", "--debug", absent),
    )
    assert plain.returncode == debug.returncode == 1
    assert (
        plain.stderr
        == f"spikelib: error: {absent}: there is no such file; name a simulation config (.json) or a spike file (.h5)\n"
    )
    assert "Traceback (most recent call last)" in debug.stderr
    assert f"MissingFileError: {absent}" in debug.stderr


def test_interruption_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("spikelib.steps.inspect.inspect", interrupt)
    assert main(["inspect", "a.h5"]) == 130
    assert capsys.readouterr().err == "spikelib: interrupted\n"


def test_lack_of_memory_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def exhaust(*_: object, **__: object) -> None:
        message = "Unable to allocate 8.00 EiB"
        raise MemoryError(message)

    monkeypatch.setattr("spikelib.steps.inspect.inspect", exhaust)
    assert main(["inspect", "a.h5"]) == 1
    assert re.fullmatch(
        r"spikelib: error: there is not enough memory \(Unable to allocate 8.00 EiB\); [^\n]+\n",
        capsys.readouterr().err,
    )


def imported(code: str, *words: str) -> set[str]:
    """Run code in a fresh Python and tell which of the heavy packages it has loaded."""
    script = f"import sys\n{code}\nprint(*[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    done = run_python("-c", script, *words)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_importing_spikelib_is_light() -> None:
    assert imported("import spikelib; spikelib.__version__") == set()


def test_help_is_light() -> None:
    code = "from spikelib.cli.main import main\ntry: main(['report', '--help'])\nexcept SystemExit: pass"
    assert imported(code) == set()


def test_inspecting_is_light(demo: Path) -> None:
    assert imported("from spikelib.cli.main import main\nmain(['inspect', sys.argv[1]])", str(demo)) == set()


def test_extracting_needs_no_pandas(demo: Path, tmp_path: Path) -> None:
    arguments = "['extract', sys.argv[1], '--population', 'cortex', '--out', sys.argv[2]]"
    code = f"from spikelib.cli.main import main\nmain({arguments})"
    assert imported(code, str(demo), str(tmp_path / "t")) & {"pandas", "matplotlib", "jinja2", "duckdb"} == set()


def test_inspect_json_has_the_keys_of_the_seam(capsys: pytest.CaptureFixture[str], demo: Path) -> None:
    assert main(["inspect", "--json", str(demo)]) == 0
    description = json.loads(capsys.readouterr().out)
    assert list(description) == ["schema", "spikelib", "source", "simulation", "spike_file", "populations"]
    assert set(description["simulation"]) == {
        "config", "time_start", "time_stop", "dt", "node_set", "simulator", "circuit", "notes", "inputs", "content",
    }  # fmt: skip
    assert set(description["spike_file"]) == {"path", "size_bytes", "sha256", "layout"}
    assert [audit["population"] for audit in description["populations"]] == ["cortex", "thalamus"]
    assert set(description["populations"][0]) == {
        "population", "n_nodes", "in_circuit", "type", "n_read", "n_kept", "rejected", "sorting_claim", "sorting_found",
        "units", "to_ms", "id_dtype", "time_dtype", "compression", "time_first", "time_last", "id_min", "id_max",
        "n_after_end", "n_before_start", "n_duplicates", "notes",
    }  # fmt: skip
    assert set(description["populations"][0]["rejected"]) == {
        "not_a_number", "infinite", "negative_time", "id_out_of_range",
    }  # fmt: skip


def test_inspect_json_is_json_even_of_a_config_that_is_not(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    source = write_simulation(tmp_path, SPIKES, content={"conditions": {"v_init": float("nan"), "x": [float("inf")]}})
    assert main(["inspect", "--json", str(source)]) == 0

    def refuse(constant: str) -> None:
        message = f"{constant} is not JSON"
        raise ValueError(message)

    description = json.loads(capsys.readouterr().out, parse_constant=refuse)
    assert description["simulation"]["content"]["conditions"] == {"v_init": "nan", "x": ["inf"]}


def test_inspect_tells_of_a_file_without_populations(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["inspect", str(write_spikes(tmp_path / "none.h5", {}))]) == 0
    assert "the spike file holds no population" in capsys.readouterr().out


def test_report_leaves_only_the_page(capsys: pytest.CaptureFixture[str], tmp_path: Path, demo: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"figures": {"animation": False}}))
    page = tmp_path / "new" / "report.html"
    assert main(["report", str(demo), "--out", str(page), "--config", str(tmp_path / "config.json")]) == 0
    assert capsys.readouterr() == ("", "")
    assert list((tmp_path / "new").iterdir()) == [page]
    html = page.read_text(encoding="utf-8")
    assert html.count("<img") >= 3
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', html) == []


def test_report_takes_its_config_as_json_as_well(tmp_path: Path) -> None:
    source = write_simulation(tmp_path, {"a": ([1.0, 2.0], [0, 1])}, {"a": 2})
    config = {
        "filters": {"late": {"t_start": 1e-7}},
        "figures": {"animation": False},
        "simulations": {},
        "jobs": "per_step",
    }
    words = ["report", str(source), "--out", str(tmp_path / "a.html"), "--keep", str(tmp_path / "kept")]
    assert main([*words, "--config", json.dumps(config)]) == 0
    assert [path.name for path in (tmp_path / "kept/filters").iterdir()] == ["late"]
    told = json.loads((tmp_path / "kept/filters/late/statistics.json").read_text())
    assert told["filter"]["t_start"] == 1e-7


def test_wrong_config_in_json_is_told_in_a_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["report", "x.json", "--out", str(tmp_path / "a.html"), "--config"]
    assert main([*words, '{"filter": 1}']) == 1
    assert "spikelib: error: --config: unknown key 'filter'" in capsys.readouterr().err
    assert main([*words, "{filters: ["]) == 1
    assert "spikelib: error: --config: cannot be read as YAML or JSON" in capsys.readouterr().err


@pytest.mark.filterwarnings("default")
def test_warning_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    source = write_simulation(tmp_path, {"a": ([1.0], [0]), "ghost\nx": ([1.0], [0])}, {"a": 2})
    for name in ("a", "ghost\nx"):
        table = tmp_path / "tables" / f"{name}.parquet".replace("\n", "%0A")
        assert main(["extract", str(source), "--population", name, "--out", str(table)]) == 0
    words = ["filter", str(source), "--tables", str(tmp_path / "tables"), "--out", str(tmp_path / "f"), "--group", "0"]
    capsys.readouterr()
    shown = warnings.showwarning
    assert main(words) == 0
    assert warnings.showwarning is shown
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert re.match(r"spikelib: warning: \S+spikes.h5: population 'ghost\\nx' is not in the circuit; ", lines[0])


def read_all(handle: int) -> str:
    """Read what a process wrote on a terminal."""
    parts: list[bytes] = []
    try:
        while part := os.read(handle, 4096):
            parts.append(part)
    except OSError:  # Linux says so at the end
        pass
    return b"".join(parts).decode()


@pytest.mark.parametrize("command", [["inspect"], ["extract", "--population", "a", "--out", "t"]], ids=lambda w: w[0])
def test_progress_is_shown_on_a_terminal_only(tmp_path: Path, command: Sequence[str]) -> None:
    source = write_spikes(tmp_path / "spikes.h5", SPIKES)
    words = [sys.executable, "-m", "spikelib", *command, str(source)]
    plain = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True, env=ENVIRONMENT)
    assert plain.stderr == ""
    terminal, end = os.openpty()
    termios.tcsetwinsize(end, (24, 80))
    subprocess.run(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=end, check=True, env=ENVIRONMENT)
    os.close(end)
    shown = read_all(terminal)
    os.close(terminal)
    assert command[0] in shown
    assert "spikes" in shown


def test_progress_bar_off_a_terminal_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("work", unit="things") as advance:
        advance(5)
    assert capsys.readouterr() == ("", "")


def test_closed_pipe_ends_without_words(demo: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "spikelib", "inspect", "--json", str(demo)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_name_of_a_filter_is_that_of_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from spikelib.tables.schema import read_info

    source = write_simulation(tmp_path, SPIKES)
    tables = tmp_path / "tables"
    assert main(["extract", str(source), "--population", "a", "--out", str(tables / "a.parquet")]) == 0
    (tmp_path / "early").mkdir()
    monkeypatch.chdir(tmp_path / "early")
    assert main(["filter", str(source), "--tables", str(tables), "--out", ".", "--t-stop", "2"]) == 0
    assert read_info(tmp_path / "early" / "spikes.parquet").metadata["filter"] == {
        "name": "early", "group": None, "t_start": None, "t_stop": 2.0, "id_max": {"a": 2},
        "time_range": [1.0, 3.0],
    }  # fmt: skip


def test_steps_give_what_the_whole_job_gives(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_simulation(tmp_path, SPIKES)
    folder, place = tmp_path / "steps", tmp_path / "steps" / "filters" / "all"
    figures = '{"animation": false, "isi": false}'
    for words in (
        ["extract", source, "--population", "a", "--out", folder / "spikes" / "a.parquet"],
        ["filter", source, "--tables", folder / "spikes", "--out", place],
        ["summarise", source, "--filter", place, "--figures", figures],
        ["figure", place / "summary.npz", "--out", place / "figures", "--figures", figures],
        ["report", source, "--from", folder, "--out", folder / "report.html"],
        ["report", "--index", tmp_path, "--out", tmp_path / "index.html"],
    ):
        assert main([str(word) for word in words]) == 0
    drawn = capsys.readouterr().out.split()
    names = [f"{kind}.{suffix}" for kind in ("raster", "rate", "rates") for suffix in ("png", "svg")]
    assert [Path(line).name for line in drawn] == names

    (tmp_path / "config.json").write_text(f'{{"figures": {figures}}}')
    whole = tmp_path / "whole"
    words = ["report", source, "--out", whole / "report.html", "--keep", whole, "--config", tmp_path / "config.json"]
    assert main([str(word) for word in words]) == 0
    assert [path.relative_to(whole) for path in sorted(whole.rglob("*"))] == [
        path.relative_to(folder) for path in sorted(folder.rglob("*"))
    ]
    for name in ("filters/all/statistics.json", "filters/all/figures/rate.png", "spikes/a.parquet/part-00000.parquet"):
        assert (whole / name).read_bytes() == (folder / name).read_bytes()
    assert "steps" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_path_that_is_not_utf8(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    source = str(write_spikes(folder / "spikes.h5", SPIKES))
    page = tmp_path / "page.html"
    for words in (["inspect"], ["inspect", "--json"], ["report", "--out", str(page), "--keep", str(tmp_path / "kept")]):
        done = run_python("-m", "spikelib", *words, source)
        assert (done.returncode, done.stderr) == (0, "")
    assert r"caf\udce9" in page.read_text(encoding="utf-8")
    done = run_python("-m", "spikelib", "report", source, "--out", str(folder / "page.html"))
    assert done.returncode == 1
    assert re.fullmatch(
        r"spikelib: error: .*page\.html: cannot be written \(the path is not UTF-8\); [^\n]+\n", done.stderr
    )
    assert [path.name for path in folder.iterdir()] == ["spikes.h5"]
