"""What is counted while spikes are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikelib.errors import ConservationError, RejectedSpikesError, SpikeFileError
from spikelib.findings import Finding, Kind
from spikelib.sonata.spikes import audit as audit_module
from spikelib.sonata.spikes.arrays import RunFacts
from spikelib.sonata.spikes.audit import Audit, valid_chunks
from spikelib.sonata.spikes.order import OrderCheck
from spikelib.sonata.spikes.spike_file import spike_sources
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path

TIMES = [np.nan, -1.0, 5.0, np.inf, 7.0, -np.inf, 120.0, 6.0, np.nan]
IDS = [0, 1, 2, 3, 4, 5, 6, 99, 99]


def audit_of(path: Path, facts: RunFacts) -> tuple[list[tuple[float, int]], Audit]:
    source = spike_sources(path)["a"]
    audit, found = Audit.of(source, facts), []
    with source.open() as reader:
        for times, ids in valid_chunks(reader, facts, audit):
            found += list(zip(times.tolist(), ids.tolist(), strict=True))
    return found, audit


@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_every_spike_is_kept_or_counted_by_its_first_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(audit_module, "CHUNK", chunk)
    path = write_spikes(tmp_path / "s.h5", {"a": (TIMES, IDS)})
    found, audit = audit_of(path, RunFacts(10, "virtual", start=6.0, stop=100.0))
    assert found == [(5.0, 2), (7.0, 4), (120.0, 6)]
    assert audit.rejected == {"not_a_number": 2, "infinite": 2, "negative_time": 1, "id_out_of_range": 1}
    assert (audit.n_read, audit.n_kept, audit.n_rejected) == (9, 3, 6)
    assert (audit.time_first, audit.time_last, audit.id_min, audit.id_max) == (5.0, 120.0, 2, 6)
    assert (audit.n_before_start, audit.n_after_end) == (1, 1)
    assert (audit.n_nodes, audit.in_circuit, audit.type) == (10, True, "virtual")
    audit.check_conserved(path)


def test_times_within_the_tolerance_are_within_the_run(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", {"a": ([-5e-7, 9.9999995, 100.0000005], [0, 1, 2])})
    found, audit = audit_of(path, RunFacts(3, start=0.0, stop=100.0))
    assert (len(found), audit.n_before_start, audit.n_after_end) == (3, 0, 0)


def test_unknown_size_lets_all_sane_ids_pass(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", {"a": ([1.0, 2.0], [0, 10**6])})
    found, audit = audit_of(path, RunFacts())
    assert (len(found), audit.n_nodes, audit.in_circuit) == (2, None, False)


def test_ids_beyond_int64_are_out_of_range(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", {"a": ([1.0, 2.0], np.array([0, 2**63 + 5], np.uint64))})
    found, audit = audit_of(path, RunFacts())
    assert (found, audit.rejected["id_out_of_range"]) == ([(1.0, 0)], 1)


def test_negative_id_is_fatal(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", {"a": ([1.0, 2.0], [-3, -1])}, id_dtype="int32")
    with pytest.raises(SpikeFileError, match="population 'a': 2 negative node ids, the first is -3"):
        audit_of(path, RunFacts())


def test_strict_and_conservation(tmp_path: Path) -> None:
    path = write_spikes(tmp_path / "s.h5", {"a": (TIMES, IDS)})
    audit = audit_of(path, RunFacts(10))[1]
    with pytest.raises(RejectedSpikesError, match=r"s\.h5, population 'a': 6 spikes rejected: .*leave out --strict"):
        audit.check_strict(path)
    audit.n_kept += 1
    with pytest.raises(ConservationError, match="9 spikes read, but 4 kept and 6 rejected; this is a bug of spikelib"):
        audit.check_conserved(path)


def test_audit_comes_back_from_json(tmp_path: Path) -> None:
    audit = audit_of(write_spikes(tmp_path / "s.h5", {"a": ([1.0], [0])}), RunFacts(10))[1]
    assert Audit.from_dict(audit.to_dict()) == audit


SPIKES = st.lists(st.tuples(st.integers(0, 4).map(float), st.integers(0, 3)), max_size=8)


@given(spikes=SPIKES, cut=st.integers(0, 8), claim=st.sampled_from(["by_time", "by_id", "none", None]))
def test_order_that_is_found(spikes, cut, claim):
    order = OrderCheck()
    for piece in (spikes[:cut], spikes[cut:]):
        order.see(np.array([time for time, _ in piece]), np.array([node for _, node in piece], np.int64))
    holds = []
    if [time for time, _ in spikes] == sorted(time for time, _ in spikes):
        holds.append("by_time")
    if spikes == sorted(spikes, key=lambda spike: spike[::-1]):
        holds.append("by_id")
    assert order.found(claim) == (claim if claim in holds else (holds or ["none"])[0])


def test_false_claim_is_noted(tmp_path: Path) -> None:
    audit = audit_of(write_spikes(tmp_path / "s.h5", {"a": ([1.0], [0])}), RunFacts())[1]
    order = OrderCheck()
    order.see(np.array([2.0, 1.0]), np.array([0, 1]))
    audit.close(order)
    assert audit.sorting_found == "by_id"
    text = "the file claims sorting 'by_time', which is false: sorted here"
    assert audit.notes == [Finding(Kind.SORTING_CLAIM_FALSE, text)]


def test_audit_survives_a_dictionary() -> None:
    audit = Audit("a", 3, True, None, None, None, 1.0, "uint64", "float64", None)
    audit.notes.append(Finding(Kind.UNITS_MISSING, "units are missing: taken as ms"))
    assert Audit.from_dict(audit.to_dict()) == audit


def test_sentences_in_the_audit_of_an_older_table_are_findings_of_no_kind() -> None:
    values = Audit("a", 3, True, None, None, None, 1.0, "uint64", "float64", None).to_dict() | {"notes": ["odd"]}
    assert Audit.from_dict(values).notes == [Finding(Kind.OTHER, "odd")]
