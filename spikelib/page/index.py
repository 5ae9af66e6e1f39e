"""The list of simulations: one row each, with a link to its report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib import errors
from spikelib.files import write_text
from spikelib.page.checks import check_populations, verdict
from spikelib.page.provenance import page_date
from spikelib.page.results import find_filters, read_json, relative_url
from spikelib.page.templating import render

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["write_index"]


def write_index(results: Path, out: Path) -> None:
    """Write the list of the simulations that lie in a folder of results.

    A simulation is a folder with a ``report.html`` or a ``description.json``. One that cannot be read gets a
    row that says so and does not keep the others from being listed.

    Raises
    ------
    MissingFileError
        If there is no such folder.
    OutputError
        If the page cannot be written.
    """
    results, out = Path(results), Path(out)
    if not results.is_dir():
        msg = f"{results}: there is no such folder of results; name the one that holds a folder for each simulation"
        raise errors.MissingFileError(msg)
    found = {path.parent for name in ("report.html", "description.json") for path in results.glob(f"*/{name}")}
    rows = [_row(folder, out) for folder in sorted(found)]
    context = {"name": results.absolute().name, "rows": rows, "date": page_date()}
    write_text(out, render("index.html.j2", context))


def _row(folder: Path, out: Path) -> dict[str, Any]:
    report = folder / "report.html"
    row = {
        "name": folder.name,
        "url": relative_url(report, out) if report.is_file() else None,
        "problem": None,
        "filter": None,
        "overall": None,
    }
    try:
        return {**row, **_contents(read_json(folder / "description.json")), **_first_filter(folder)}
    except errors.MissingFileError:
        return {**row, "problem": "not summarised: its description.json is missing"}
    except errors.TableError:
        return {**row, "problem": "cannot be read: one of its JSON files is damaged; run it again"}
    except (KeyError, TypeError):
        return {**row, "problem": "cannot be read: another version of spikelib wrote it; run it again"}


def _contents(description: Mapping[str, Any]) -> dict[str, Any]:
    checks = check_populations(description)
    sizes = [audit["n_nodes"] for audit in description["populations"]]
    return {
        "populations": [population.name for population in checks],
        "n_nodes": None if None in sizes else sum(sizes),
        "n_spikes": sum(population.n_kept for population in checks),
        "n_set_aside": sum(population.n_set_aside for population in checks),
        "verdict": verdict(checks),
    }


def _first_filter(folder: Path) -> dict[str, Any]:
    found = find_filters(folder)
    if not found:
        return {}
    overall = found[0].statistics["overall"]
    return {
        "filter": found[0].name,
        "overall": {key: overall.get(key) for key in ("n_nodes", "n_spikes", "rate_mean_hz", "cv_mean")},
    }
