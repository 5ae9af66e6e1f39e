"""Findings: what is unusual about the files of a simulation, as values made by the readers that notice it.

A finding has a kind, by which programs and pages recognise it, and a text for people, which may be reworded freely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class Kind(StrEnum):
    """All kinds of findings; the values are written to files and never change."""

    NO_CONFIG = "no_config"
    """A spike file was opened without a simulation config."""
    KEY_REPEATED = "key_repeated"
    """A JSON file gives a key twice."""
    BMTK_COPY = "bmtk_copy"
    """The config is a copy that BMTK wrote into the output folder."""
    BMTK_ORIGIN_MISSING = "bmtk_origin_missing"
    """The folder of the config that BMTK copied does not exist here."""
    VARIABLE_UNDEFINED = "variable_undefined"
    """A path has a variable that the manifest does not define."""
    CIRCUIT_ASSUMED = "circuit_assumed"
    """The config names no circuit, and the file with the default name is used."""
    CIRCUIT_MISSING = "circuit_missing"
    """There is no circuit: none is named, or the file named does not exist."""
    NODES_FILE_UNNAMED = "nodes_file_unnamed"
    """A circuit config names no nodes file."""
    FILE_MISSING = "file_missing"
    """A file that a config names does not exist."""
    RUN_VALUE_MISSING = "run_value_missing"
    """The config does not give the end or the time step of the run."""
    NODE_SET_IGNORED = "node_set_ignored"
    """The value of "node_set" is not a name."""
    OUTPUT_ASSUMED = "output_assumed"
    """The config does not name the folder or the file of its spikes."""
    WINDOWS_PATH = "windows_path"
    """A path of the output was written on Windows."""
    SORT_ORDER_UNKNOWN = "sort_order_unknown"
    """The config asks for an order of spikes that is unknown."""
    OLD_LAYOUT = "old_layout"
    """A spike file was written before populations existed."""
    NO_DATASETS = "no_datasets"
    """A population of a spike file has no arrays."""
    POPULATION_MISNAMED = "population_misnamed"
    """The circuit lacks a population of the spike file, but has others that may be meant."""
    NODE_IDS_UNUSUAL = "node_ids_unusual"
    """The ``node_id`` of a nodes file are not 0 to N - 1 in this order."""
    RUN_VALUE_WRONG = "run_value_wrong"
    """The end or the time step of the run cannot be what the config says."""
    UNITS_MISSING = "units_missing"
    """A spike file does not name the unit of its times."""
    UNITS_UNKNOWN = "units_unknown"
    """A spike file names a unit of time that is unknown."""
    UNITS_CONVERTED = "units_converted"
    """The times of a spike file are in another unit than ms."""
    SORTING_UNKNOWN = "sorting_unknown"
    """A spike file claims an order that is unknown."""
    SORTING_CLAIM_FALSE = "sorting_claim_false"
    """A spike file claims an order that its spikes are not in."""
    DUPLICATES_UNCOUNTED = "duplicates_uncounted"
    """Duplicates were counted among neighbours only."""
    NODES_UNKNOWN = "nodes_unknown"
    """A filter has nodes of a population whose size is unknown: silent ones are missing from its numbers."""
    SELECTS_NO_NODES = "selects_no_nodes"
    """A filter has no node that was simulated."""
    SELECTS_NO_SPIKES = "selects_no_spikes"
    """None of a filter's nodes fired in its window."""
    WINDOW_OUTSIDE_RUN = "window_outside_run"
    """The window that was chosen for a filter is not within the run."""
    WINDOW_IN_SECONDS = "window_in_seconds"
    """The window of a filter looks as if it were given in seconds."""
    WINDOW_WIDENED = "window_widened"
    """The window of a filter is longer than the run, since spikes lie outside of it."""
    CLASSES_UNKNOWN = "classes_unknown"
    """No population has the properties that classes were asked for by: each population is one."""
    CV_OF_FEW = "cv_of_few"
    """Fewer than half of the active nodes of a class have enough intervals for a CV."""
    TRANSIENT = "transient"
    """The first tenth of the window differs from the rest."""
    OTHER = "other"
    """A sentence without a kind, from results that an older version wrote, or of a kind that is unknown here."""


OF_FILTERS = frozenset(
    {
        Kind.NODES_UNKNOWN,
        Kind.SELECTS_NO_NODES,
        Kind.SELECTS_NO_SPIKES,
        Kind.WINDOW_OUTSIDE_RUN,
        Kind.WINDOW_IN_SECONDS,
        Kind.WINDOW_WIDENED,
        Kind.CLASSES_UNKNOWN,
        Kind.CV_OF_FEW,
        Kind.TRANSIENT,
    }
)
"""Kinds that are about a filter; they stand in its ``statistics.json``."""

WARNINGS = OF_FILTERS - {Kind.NODES_UNKNOWN, Kind.WINDOW_WIDENED, Kind.CV_OF_FEW, Kind.TRANSIENT}
"""Kinds that are more than a note: what was asked for is hardly what was meant."""


@dataclass(frozen=True)
class Finding:
    """Something unusual that a reader noticed."""

    kind: Kind
    text: str
    """One sentence for people, which names the file where that is not clear."""


def read_findings(values: Iterable[str | Mapping[str, Any]]) -> list[Finding]:
    """Rebuild findings from JSON.

    Parameters
    ----------
    values
        Objects with ``kind`` and ``text``, or plain sentences, as they were written before findings had kinds.

    Examples
    --------
    >>> [finding] = read_findings([{"kind": "units_missing", "text": "units are missing: taken as ms"}])
    >>> finding.kind is Kind.UNITS_MISSING
    True
    >>> [str(finding.kind) for finding in read_findings(["a sentence", {"kind": "of tomorrow", "text": "new"}])]
    ['other', 'other']
    """
    return [_read_finding(value) for value in values]


def _read_finding(value: str | Mapping[str, Any]) -> Finding:
    if not isinstance(value, Mapping):
        return Finding(Kind.OTHER, value)
    kind = value["kind"]
    return Finding(Kind(kind) if kind in set(Kind) else Kind.OTHER, value["text"])


@dataclass(frozen=True)
class Reason:
    """Why a spike is rejected."""

    sentence: str
    """What is wrong with it, in a few words."""
    cause: str
    """Key of the explanation that the page gives; reasons with one cause share it."""


REASONS = {
    "not_a_number": Reason("time is not a number", "solver_diverged"),
    "infinite": Reason("infinite time", "solver_diverged"),
    "negative_time": Reason("negative time", "time_offset"),
    "id_out_of_range": Reason("node id beyond the population", "other_circuit"),
}
"""All reasons, in the order in which spikes are checked: one spike is counted under the first that holds."""
