"""The commands that a page gives make the same results again."""

from __future__ import annotations

import html
import json
import re
import shlex
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from spikelib.cli.main import main
from spikelib.steps.assemble import write_page
from spikelib.steps.report import report_simulation
from tests.writing import write_simulation

if TYPE_CHECKING:
    from pathlib import Path

SPIKES = {"a b": ([1.0, 2.0, 3.0, 120.0, 130.0], [0, 1, 2, 0, 1]), "c": ([2.0, 50.0], [0, 3])}
CONFIG: dict[str, Any] = {
    "filters": {"all": {}, "few": {"group": {"layer": [1]}, "t_start": 1, "t_stop": 125.5}},
    "figures": {
        "raster": {"y_axis": "layer"},
        "isi": {"binsize": 5},
        "rates": False,
        "animation": False,
        "files": {"formats": ["png", "pdf"], "width_mm": 120},
    },
    "properties": ["layer"],
}

pytestmark = pytest.mark.filterwarnings("ignore:filter 'few'. its window ends:spikelib.errors.SpikelibWarning")
"""That filter ends after the run, on purpose."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_simulation(tmp_path / "in", SPIKES, {"a b": {"layer": [1, 1, 2, 2]}, "c": 4})


def commands(page: Path) -> list[list[str]]:
    """Return the words of the commands on a page, in their order."""
    text = html.unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8")))
    return [shlex.split(line)[1:] for line in text.splitlines() if line.startswith("spikelib ")]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("config", [pytest.param(CONFIG, marks=pytest.mark.slow), {}], ids=["chosen", "default"])
def test_commands_of_the_steps_make_the_same_files(source: Path, tmp_path: Path, config: dict[str, Any]) -> None:
    results = tmp_path / "results"
    report_simulation(source, results / "report.html", config, keep=results)
    before = {part: contents(results / part) for part in ("spikes", "filters")}
    steps = commands(results / "report.html")
    for part in before:
        shutil.rmtree(results / part)
    assert [main(words) for words in steps] == [0] * len(steps)
    assert {part: contents(results / part) for part in before} == before


def test_commands_draw_as_each_figure_states_it_was_drawn(source: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    report_simulation(source, results / "report.html", {"figures": {"isi": {"binsize": 5}}}, keep=results)
    path = results / "filters/all/statistics.json"
    content = json.loads(path.read_text())
    del content["properties"], content["figures"]
    path.write_text(json.dumps(content))
    write_page(source, results, results / "report.html")
    words = {each[0]: each for each in commands(results / "report.html")}
    assert "--figures" not in words["filter"]
    assert words["figure"][-1] == '{"isi": {"binsize": 5}}'


@pytest.mark.slow
def test_command_of_a_page_alone_makes_the_same_page(source: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    report_simulation(source, page, CONFIG)
    before = page.read_bytes()
    (command,) = commands(page)
    page.unlink()
    assert main(command) == 0
    assert page.read_bytes() == before
