"""What did not run is counted in the last lines of pytest, also where several processes run the tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import missing

TESTS = """
import pytest
from {module} import BROWSER, SLURM, skip_without

@pytest.mark.parametrize("number", range(3))
def test_page(number):
    skip_without(BROWSER)

@pytest.mark.slow
@pytest.mark.slurm
@pytest.mark.parametrize("number", range(4))
def test_jobs(number):
    skip_without(SLURM)

@pytest.mark.slow
@pytest.mark.parametrize("number", range(5))
def test_long(number):
    pass

def test_short():
    pass
"""
INI = "[pytest]\nmarkers =\n    slow: takes long\n    slurm: needs SLURM\n"


def run_pytest(folder: Path, *options: str, **variables: str) -> list[str]:
    """Run the tests above with the plugin and return the lines that pytest prints."""
    (folder / "pytest.ini").write_text(INI)
    (folder / "test_them.py").write_text(TESTS.format(module=missing.__name__))
    root = Path(str(missing.__file__)).parents[missing.__name__.count(".")]
    environment = {key: value for key, value in os.environ.items() if key != "CI"} | variables
    command = [sys.executable, "-m", "pytest", "-p", missing.__name__, *options]
    done = subprocess.run(
        command, cwd=folder, env={**environment, "PYTHONPATH": str(root)}, capture_output=True, text=True, check=False
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("processes", ["0", pytest.param("2", marks=pytest.mark.slow)])
def test_last_lines_of_the_default_tests(tmp_path: Path, processes: str) -> None:
    *_, head, browser, slurm, slow, total = run_pytest(tmp_path, "-n", processes, "-m", "not slow and not slurm")
    assert "not run here, and how to run it" in head
    assert browser.startswith("Tests that need a browser (3): apt-get install chromium")
    assert slurm.startswith("Tests that need SLURM (4): .venv/bin/pytest -m slurm -n 0; where there is none")
    assert slow == 'Tests that take more than about ten seconds (5): .venv/bin/pytest -m "slow and not slurm"'
    assert "1 passed, 3 skipped" in total


@pytest.mark.slow
def test_last_lines_where_slurm_is_asked_for_and_absent(tmp_path: Path) -> None:
    *_, head, slurm, slow, total = run_pytest(tmp_path, "-n", "0", "-m", "slurm")
    assert "not run here" in head
    assert slurm.startswith("Tests that need SLURM (4): ")
    assert slow.startswith("Tests that take more than about ten seconds (5): ")
    assert "4 skipped, 9 deselected" in total


@pytest.mark.slow
def test_nothing_is_said_where_nothing_is_missing(tmp_path: Path) -> None:
    for options in (["-k", "short"], ["-m", "slow and not slurm", "-k", "long"]):
        assert "not run here" not in "\n".join(run_pytest(tmp_path, "-n", "0", *options))


@pytest.mark.slow
def test_ci_fails_instead(tmp_path: Path) -> None:
    lines = run_pytest(tmp_path, "-n", "0", CI="true")
    assert re.search("7 failed, 6 passed", lines[-1])
    assert any("there is no Chromium, and CI must not skip the tests that need it" in line for line in lines)


def test_other_reasons_are_counted_too() -> None:
    assert missing.closing_lines(["Skipped: could not import 'nest'"], {}) == [
        "Tests that were skipped for other reasons (1): they stand above"
    ]
