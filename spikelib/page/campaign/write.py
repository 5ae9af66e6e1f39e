"""The campaign page: one row for each simulation, with its state, its pictures and its numbers, and a comparison."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from spikelib import errors
from spikelib.campaign.logs import Jobs, find_jobs
from spikelib.campaign.record import Member, read_campaign
from spikelib.files import write_text
from spikelib.page.campaign.curves import RATE_LEVELS, filter_names, filter_of, pack_filter
from spikelib.page.campaign.digest import POPULATION_KEYS, SHARE_DIGITS
from spikelib.page.campaign.rows import COLUMNS, SPARK_HEIGHT, Row, read_row, row_context, state_counts
from spikelib.page.campaign.words import LEFT_OUT, SIGNS, glossary
from spikelib.page.format import milliseconds
from spikelib.page.measures import MEASURES
from spikelib.page.provenance import page_date
from spikelib.page.templating import render
from spikelib.provenance.made_from import campaign_page_text
from spikelib.results import DAMAGE, find_folders
from spikelib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from spikelib.page.measures import Measure

__all__ = ["PAGE_BYTES", "write_index"]

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")

PAGE_BYTES = 4_800_000
"""A larger page opens slowly: what is least missed is left out until the page is smaller."""


def write_index(
    results: Path,
    out: Path,
    campaign: Path | None = None,
    logs: Path | None = None,
    run_logs: Sequence[Path] = (),
) -> None:
    """Write the page of all simulations of a campaign.

    A simulation that failed, waits, or cannot be read has a row that says so and does not keep the others from being
    shown.

    Parameters
    ----------
    results
        Folder with a folder for each simulation.
    out
        The HTML file.
    campaign
        JSON file that the workflow writes (`spikelib.campaign.record.write_campaign`). By default every
        folder of `results` with a ``report.html`` or a ``description.json`` is a simulation.
    logs
        Folder of the workflow's logs, which say what failed; by default nothing is known of failures.
    run_logs
        What the workflow wrote of a run that has just failed: it names the logs of the failed jobs.

    Raises
    ------
    MissingFileError
        If there is no such folder or campaign file.
    TableError
        If the campaign file is damaged.
    OutputError
        If the page cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_index(Path(folder), Path(folder, "index.html"))
    ...     "There are no simulations here yet" in Path(folder, "index.html").read_text(encoding="utf-8")
    True
    """
    results, out = Path(results), Path(out)
    if campaign is None and not results.is_dir():
        msg = f"{results}: there is no such folder of results; name the one that holds a folder for each simulation"
        raise errors.MissingFileError(msg)
    folders = find_folders(results)
    members = _bare_members(folders) if campaign is None else read_campaign(Path(campaign)).members
    names = [member.name for member in members]
    # Before they are read: of what changes meanwhile, the page states what it was.
    record = None if campaign is None else Path(campaign)
    # The page of a run that failed shows its failures: after a run that goes well it is another one.
    made_from = "" if run_logs else campaign_page_text(record, results, names)
    jobs = {} if logs is None else find_jobs(Path(logs), results, names, run_logs)
    rows = [read_row(number, member, jobs.get(member.name, Jobs()), results) for number, member in enumerate(members)]
    absent = [read_row(0, Member(name), Jobs(), results) for name in folders if name not in set(names)]
    frame = _frame(results, out, made_from)
    try:
        page = _fitting_page(rows, absent, frame)
    except (*DAMAGE, TemplateError):
        rows, absent = [_readable(row, frame) for row in rows], [_readable(row, frame) for row in absent]
        page = _fitting_page(rows, absent, frame)
    write_text(out, page)


def _readable(row: Row, frame: Mapping[str, Any]) -> Row:
    """Return a row that a page can be made of: without its numbers if these are not what spikelib writes."""
    try:
        _fitting_page([row], [], frame)
    except (*DAMAGE, TemplateError):
        remarks = ("cannot be read: one of its JSON files is damaged; run it again",)
        return replace(row, digest={}, state="warning", remarks=remarks)
    return row


def _bare_members(folders: Sequence[str]) -> tuple[Member, ...]:
    return tuple(Member(name) for name in folders)


def _frame(results: Path, out: Path, made_from: str) -> dict[str, Any]:
    """Return what stays the same however much has to be left out."""
    folder = results.absolute()
    return {
        # The workflow calls every folder of results so: the folder above is what tells campaigns apart.
        "name": folder.parent.name if folder.name == "results" and folder.parent.name else folder.name,
        "out": out,
        "made_from": made_from,
        "date": page_date(),
        "version": __version__,
        "state_signs": SIGNS,
        "spark_height": SPARK_HEIGHT,
    }


def _fitting_page(rows: Sequence[Row], absent: Sequence[Row], frame: Mapping[str, Any]) -> str:
    """Return the page, with as much as `PAGE_BYTES` allow; if nothing helps, the smallest."""
    digests = {row.number: row.digest for row in rows if row.digest}
    filters = filter_names(list(digests.values()))
    packed = [
        pack_filter({number: found for number, digest in digests.items() if (found := filter_of(digest, name))})
        for name in filters
    ]
    html = ""
    for left_out in _choices():
        context = _context(rows, absent, filters, left_out, frame["out"])
        context["data"] = _data(rows, context["filters"], packed, left_out) | {"metadata": _metadata(context)}
        html = render("index.html.j2", {**frame, **context}, made_from=frame["made_from"])
        if len(html.encode(errors="backslashreplace")) <= PAGE_BYTES:
            break
    return html


def _choices() -> Iterator[frozenset[str]]:
    """Return sets of things to leave out: nothing, the first, the first two, and so on."""
    things = list(LEFT_OUT)
    return (frozenset(things[:n_left_out]) for n_left_out in range(len(things) + 1))


def _context(
    rows: Sequence[Row], absent: Sequence[Row], filters: Sequence[str], left_out: frozenset[str], out: Path
) -> dict[str, Any]:
    columns = list(dict.fromkeys(column for row in rows for column in row.member.metadata))
    first = filters[0] if filters else ""
    comparable = "comparison" not in left_out and any(row.drawn for row in rows)
    contexts = [row_context(row, first, columns, out, left_out) for row in rows]
    return {
        "rows": contexts,
        "troubled": [row for row in contexts if row["state"] in ("failed", "waiting", "unfinished")],
        "absent": [row_context(row, first, (), out, frozenset(LEFT_OUT)) for row in absent],
        "counts": state_counts(rows),
        "metadata": [{"name": column, "numeric": _is_numeric(rows, column)} for column in columns],
        "measures": COLUMNS,
        "filters": _filter_contexts(rows, filters),
        "left_out": [text for thing, text in LEFT_OUT.items() if thing in left_out],
        "comparable": comparable,
        "glossary": glossary(COLUMNS, comparable=comparable),
    }


def _is_numeric(rows: Sequence[Row], column: str) -> bool:
    """Return whether all texts of a column of the sample sheet that are not empty are numbers."""
    texts = [text for row in rows if (text := row.member.metadata.get(column, ""))]
    return bool(texts) and all(_NUMBER.fullmatch(text) for text in texts)


def _metadata(context: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "columns": [column["name"] for column in context["metadata"]],
        "values": [row["metadata"] for row in context["rows"]],
    }


def _filter_contexts(rows: Sequence[Row], filters: Sequence[str]) -> list[dict[str, str]]:
    """Return what each filter selects; simulations of one campaign may use one name for different choices of nodes."""
    described = []
    for name in filters:
        found = [chosen for row in rows if row.digest and (chosen := filter_of(row.digest, name))]
        groups = " or ".join(dict.fromkeys(chosen["group"] for chosen in found))
        windows = list(dict.fromkeys((chosen["window"][0], chosen["window"][1]) for chosen in found))
        window = f"{milliseconds(windows[0][0])} to {milliseconds(windows[0][1])}"
        described.append({"name": name, "text": f"{groups}; {window if len(windows) == 1 else 'windows differ'}"})
    return described


def _data(
    rows: Sequence[Row],
    filters: Sequence[Mapping[str, str]],
    packed: Sequence[Mapping[str, Any]],
    left_out: frozenset[str],
) -> dict[str, Any]:
    """Return what the page's scripts read; lists follow the order of filters and of rows."""
    chosen = [[filter_of(row.digest, name["name"]) if row.digest else None for row in rows] for name in filters]
    return {
        "names": [row.member.name for row in rows],
        "filters": [each["name"] for each in filters],
        "texts": [each["text"] for each in filters],
        "levels": RATE_LEVELS,
        "shares": 10**SHARE_DIGITS,
        "measures": [_measure(measure) for measure in COLUMNS],
        "values": [
            [found and [found["statistics"].get(measure.key) for measure in COLUMNS] for found in each]
            for each in chosen
        ],
        "populations": [_population_values(each) for each in chosen],
        "curves": [None if _lacks_curves(place, left_out) else pack for place, pack in enumerate(packed)],
        "thumbnails": [
            None if place == 0 or "thumbnails" in left_out else [found and found.get("thumbnail") for found in each]
            for place, each in enumerate(chosen)
        ],
    }


def _measure(measure: Measure) -> dict[str, str]:
    """Describe a measure to the scripts; `form` names one of their ways to write numbers."""
    form = {"integer": "integer", "percent": "percent"}.get(measure.write.__name__, "number")
    return {"key": measure.key, "label": measure.label, "unit": measure.unit, "form": form}


def _lacks_curves(place: int, left_out: frozenset[str]) -> bool:
    return "comparison" in left_out or (place > 0 and "curves" in left_out)


def _population_values(found: Sequence[Mapping[str, Any] | None]) -> dict[str, Any]:
    """Return the populations' numbers of all simulations: names once, then lists in the order of the names."""
    names = list(dict.fromkeys(name for one in found if one for name in one["populations"]))
    values = [one and [_values(one["populations"].get(name)) for name in names] for one in found]
    return {"names": names, "measures": [_measure(MEASURES[key]) for key in POPULATION_KEYS], "values": values}


def _values(population: Mapping[str, Any] | None) -> list[Any] | None:
    return None if population is None else [population.get(key) for key in POPULATION_KEYS]
