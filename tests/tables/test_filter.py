"""The table of a filter: chosen nodes and times of all populations, in one order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from spikelib.errors import ConservationError, MissingFileError
from spikelib.results import table_folder
from spikelib.sonata.spikes.chosen_ids import ChosenIds
from spikelib.tables import filter as filter_module
from spikelib.tables import writer
from spikelib.tables.filter import filtering
from spikelib.tables.schema import read_info
from tests.tables.spikes import canonical, extracted, random_spikes

if TYPE_CHECKING:
    from pathlib import Path

POPULATIONS = ("a", "b;c", "empty")
EVERYTHING = (-np.inf, np.inf)


def spikes_of(name: str) -> Any:
    return random_spikes(0 if name == "empty" else 300, seed=len(name))


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "ROW_GROUP", 50)
        for name in POPULATIONS:
            extracted(table_folder(folder, name), *canonical(*spikes_of(name)))
    return folder


def write_filtered(tables: Path, members: Any, window: Any, out: Path, description: Any) -> int:
    """Write a filtered table from whole tables, and give the number of spikes passed on meanwhile."""
    chosen = {name: None if mask is None else ChosenIds(np.flatnonzero(mask)) for name, mask in members.items()}
    paths = {name: table_folder(tables, name) for name in members}
    with filtering(paths, chosen, window, out, description) as spikes:
        return sum(len(times) for times, _, _ in spikes)


def expected(window: tuple[float, float], members: dict[str, Any]) -> pd.DataFrame:
    """Filter with pandas."""
    frames = []
    for name in POPULATIONS:
        times, ids = spikes_of(name)
        mask = members[name]
        kept = (times >= window[0] - 1e-6) & (times <= window[1] + 1e-6)
        kept &= True if mask is None else np.isin(ids, np.flatnonzero(mask))
        frames.append(pd.DataFrame({"times": times[kept], "ids": ids[kept], "population": name}))
    return pd.concat(frames).sort_values(["times", "ids", "population"]).reset_index(drop=True)


@pytest.mark.parametrize("window", [EVERYTHING, (1.0, 2.0), (9.0, 10.0)], ids=str)
@pytest.mark.parametrize(
    "members",
    [
        dict.fromkeys(POPULATIONS),
        {"a": np.arange(20) < 5, "b;c": None, "empty": None},
        dict.fromkeys(POPULATIONS, np.zeros(20, np.bool_)),
    ],
    ids=["all nodes", "some nodes", "no nodes"],
)
def test_rows_are_those_that_pandas_chooses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tables: Path, members: dict[str, Any], window: Any
) -> None:
    monkeypatch.setattr(writer, "ROW_GROUP", 64)
    out = tmp_path / "f" / "spikes.parquet"
    written = write_filtered(tables, members, window, out, {"name": "f", "group": [1]})
    found, wanted = pd.read_parquet(out), expected(window, members)
    assert isinstance(found["population"].dtype, pd.CategoricalDtype)
    pd.testing.assert_frame_equal(
        found.astype({"population": str}), wanted.astype({"population": str}), check_dtype=len(wanted) > 0
    )
    info = read_info(out)
    assert written == info.n_spikes == len(wanted)
    assert info.metadata["filter"] == {"name": "f", "group": [1]}
    assert info.metadata["counts"] == {"read": {"a": 300, "b;c": 300, "empty": 0}, "written": len(wanted)}
    assert info.metadata["source"] == {"tables": {name: str(table_folder(tables, name)) for name in POPULATIONS}}
    groups = pq.read_metadata(out)
    assert [groups.row_group(k).num_rows for k in range(groups.num_row_groups - 1)] == [64] * (len(wanted) // 64)


def test_missing_table_leaves_nothing(tmp_path: Path, tables: Path) -> None:
    with pytest.raises(MissingFileError, match=r"ghost\.parquet: there is no such table; run `spikelib extract`"):
        write_filtered(tables, {"a": None, "ghost": None}, EVERYTHING, tmp_path / "f" / "spikes.parquet", {})
    assert list(tmp_path.iterdir()) == []


def test_lost_spikes_are_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tables: Path) -> None:
    original = filter_module.merged

    def lossy(streams: Any) -> Any:
        for times, ids, codes in original(streams):
            yield times[1:], ids[1:], codes[1:]

    monkeypatch.setattr(filter_module, "merged", lossy)
    with pytest.raises(ConservationError, match=r"\{'a': 300\} spikes were chosen, \d+ written"):
        write_filtered(tables, {"a": None}, EVERYTHING, tmp_path / "spikes.parquet", {})
    assert list(tmp_path.iterdir()) == []


def test_failure_midway_leaves_the_old_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tables: Path) -> None:
    out = tmp_path / "spikes.parquet"
    write_filtered(tables, {"a": None}, (1.0, 2.0), out, {})
    before = out.read_bytes()

    def broken(_: Any) -> Any:
        yield np.array([1.0]), np.array([2]), np.array([0], np.int32)
        message = "lost"
        raise ConservationError(message)

    monkeypatch.setattr(filter_module, "merged", broken)
    with pytest.raises(ConservationError, match="lost"):
        write_filtered(tables, {"a": None}, EVERYTHING, out, {})
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["spikes.parquet"]
