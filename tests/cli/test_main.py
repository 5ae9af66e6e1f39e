"""Exit statuses, errors and warnings in one line, and what the command line imports."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import spikelib
from spikelib.cli.main import main
from tests.cli.running import ENVIRONMENT, run_python
from tests.writing import write_simulation, write_spikes

HEAVY = ("pandas", "matplotlib", "numba", "pyarrow", "duckdb", "jinja2", "yaml", "tqdm", "PIL")
SPIKES = {"a": ([1.0, 2.0, 3.0], [0, 1, 2])}


def imported(code: str, *words: str) -> set[str]:
    """Run code in a fresh Python and tell which of the heavy packages it has loaded."""
    script = f"import sys\n{code}\nprint(*[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    done = run_python("-c", script, *words)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"spikelib {spikelib.__version__}\n"


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


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            ImportError("x.so: failed to map segment"),
            r"there is not enough memory \(x.so: failed to map segment\)",
        ),
        (MemoryError(), r"there is not enough memory \(MemoryError\); give the job more"),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            r"the output: the disk is full \(No space left",
        ),
        (OSError(errno.EACCES, "denied", "a/b"), r"a/b: denied; check the path"),
    ],
    ids=["import", "memory", "disk", "permission"],
)
def test_shortages_are_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, told: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("spikelib.steps.inspect.inspect", fail)
    monkeypatch.setattr("spikelib.cli.main._forget_output", lambda: None)
    assert main(["inspect", "a.h5"]) == 1
    assert re.fullmatch(f"spikelib: error: {told}[^\\n]*\n", capsys.readouterr().err)


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


@pytest.mark.slow
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
