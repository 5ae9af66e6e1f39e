"""What is odd about a filter is in its statistics, on standard error, and with its remedy on the page."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from spikelib.errors import SpikelibWarning
from spikelib.findings import WARNINGS, Kind, read_findings
from spikelib.options.filters import Filter
from spikelib.page.advice import ADVICE
from spikelib.steps.report import report_simulation
from tests.steps.builders import NOTHING_DRAWN, extract_all, summarised
from tests.unusual import FILTERS, SPIKES
from tests.writing import write_simulation

if TYPE_CHECKING:
    from pathlib import Path


def found(source: Path, folder: Path, chosen: Filter) -> tuple[list[Kind], list[str]]:
    """Return the kinds of findings about a filter, and what was warned of."""
    extract_all(source, folder / "tables")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", SpikelibWarning)
        statistics = summarised(source, folder / "tables", folder / "f", chosen, NOTHING_DRAWN)
    kinds = [finding.kind for finding in read_findings(statistics["notes"])]
    return kinds, [str(warning.message) for warning in told]


@pytest.mark.parametrize("kind", FILTERS)
def test_each_kind_is_found_and_warnings_are_told(tmp_path: Path, kind: Kind) -> None:
    write, chosen = FILTERS[kind]
    kinds, told = found(write(tmp_path / "in"), tmp_path, chosen)
    assert kinds.count(kind) == 1
    assert len(told) == sum(each in WARNINGS for each in kinds)
    assert all(text.startswith(f"filter {chosen.name!r}: ") for text in told)


@pytest.mark.parametrize(
    "chosen",
    [
        Filter(),
        Filter("f", [0]),
        Filter("f", None, 0.0, 100.0),
        Filter("f", None, 1.0, 2.0),
        Filter("f", {"node_id": 1}),
    ],
    ids=str,
)
def test_ordinary_filters_have_no_finding(tmp_path: Path, chosen: Filter) -> None:
    assert found(write_simulation(tmp_path / "in", SPIKES), tmp_path, chosen) == ([], [])


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        (Filter("f", None, 200.0), "its window begins at 200 ms, after the end of the run at 100 ms"),
        (Filter("f", None, None, 5.0), "its window ends at 5 ms, before the start of the run at 10 ms"),
        (Filter("f", None, 20.0, 101.0), "its window ends at 101 ms, after the end of the run at 100 ms"),
        (Filter("f", None, 5.0, 50.0), "its window begins at 5 ms, before the start of the run at 10 ms"),
    ],
    ids=str,
)
def test_windows_outside_of_the_run(tmp_path: Path, chosen: Filter, says: str) -> None:
    source = write_simulation(tmp_path / "in", {"a": ([20.0, 30.0], [0, 1])}, run={"tstart": 10.0})
    kinds, told = found(source, tmp_path, chosen)
    assert Kind.WINDOW_OUTSIDE_RUN in kinds
    assert f"filter 'f': {says}" in told


@pytest.mark.parametrize("kind", FILTERS)
@pytest.mark.filterwarnings("ignore:filter:spikelib.errors.SpikelibWarning")
def test_page_tells_meaning_and_remedy(tmp_path: Path, kind: Kind) -> None:
    write, chosen = FILTERS[kind]
    ends = {"t_start": chosen.t_start, "t_stop": chosen.t_stop}
    choice: dict[str, Any] = {key: value for key, value in ends.items() if value is not None}
    choice |= {"group": chosen.group, "classes": chosen.classes}
    config = {"filters": {"f": choice}, "figures": NOTHING_DRAWN}
    report_simulation(write(tmp_path / "in"), tmp_path / "r.html", config, keep=tmp_path / "kept")
    page = (tmp_path / "r.html").read_text()
    assert ADVICE[kind].meaning in page
    assert ADVICE[kind].remedy in page
    statistics = json.loads((tmp_path / "kept/filters/f/statistics.json").read_text())
    assert kind in {finding.kind for finding in read_findings(statistics["notes"])}
