"""The audit of all spikes of a population, and its duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.sonata.spikes import audit as audit_module
from spikelib.sonata.spikes import full_audit
from spikelib.steps.extract import extract_table
from spikelib.steps.inspect import inspect
from spikelib.tables.extract import ExtractOptions
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    spikes=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=25),
    order=st.sampled_from(["by_time", "by_id", "none"]),
    claim=st.sampled_from(["by_time", "by_id", "none", None]),
    chunk=st.integers(1, 6),
)
def test_inspection_and_extraction_count_alike(
    tmp_path_factory: pytest.TempPathFactory, spikes: list[tuple[int, int]], order: str, claim: str | None, chunk: int
) -> None:
    if order != "none":
        spikes = sorted(spikes, key=lambda spike: spike[0] if order == "by_time" else spike[::-1])
    folder = tmp_path_factory.mktemp("alike")
    times, ids = [float(time) for time, _ in spikes], [node for _, node in spikes]
    path = write_spikes(folder / "spikes.h5", {"a": (times, ids)}, sorting=claim)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit_module, "CHUNK", chunk)
        (seen,) = inspect(path)["populations"]
        assert seen == extract_table(path, "a", folder / "t", ExtractOptions())
    assert seen["n_duplicates"] == len(spikes) - len(set(spikes))


def test_duplicates_of_a_large_report_in_no_order_are_left_to_extract(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(full_audit, "IN_MEMORY", 3)
    path = write_spikes(tmp_path / "s.h5", {"a": ([3.0, 3.0, 1.0, 2.0, 1.0], [1, 1, 0, 1, 0])}, sorting="none")
    (audit,) = inspect(path)["populations"]
    assert audit["n_duplicates"] == 1
    text = "duplicates were counted among neighbours only; `extract` counts them all"
    assert audit["notes"] == [{"kind": "duplicates_uncounted", "text": text}]
