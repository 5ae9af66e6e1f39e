"""What each command does and prints."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from spikelib.cli.main import main
from tests.writing import write_simulation, write_spikes

SPIKES = {"a": ([1.0, 2.0, 3.0], [0, 1, 2])}


OF_POPULATIONS = ["populations", "silent", "unrecorded"]


def test_inspect_json_has_the_keys_of_the_seam(capsys: pytest.CaptureFixture[str], demo: Path) -> None:
    assert main(["inspect", "--json", str(demo)]) == 0
    description = json.loads(capsys.readouterr().out)
    assert list(description) == ["schema", "spikelib", "source", "simulation", "spike_file", *OF_POPULATIONS]
    assert set(description["simulation"]) == {
        "config", "time_start", "time_stop", "dt", "node_set", "simulator", "circuit", "notes", "inputs", "content",
    }  # fmt: skip
    assert set(description["spike_file"]) == {"path", "size_bytes", "sha256", "layout"}
    assert [audit["population"] for audit in description["populations"]] == ["cortex", "thalamus"]
    assert set(description["populations"][0]) == {
        "population", "n_nodes", "in_circuit", "type", "n_read", "n_kept", "rejected", "sorting_claim", "sorting_found",
        "units", "to_ms", "id_dtype", "time_dtype", "compression", "time_first", "time_last", "id_min", "id_max",
        "n_after_end", "n_before_start", "n_duplicates", "notes",
    }  # fmt: skip
    assert set(description["populations"][0]["rejected"]) == {
        "not_a_number", "infinite", "negative_time", "id_out_of_range",
    }  # fmt: skip


def test_inspect_json_is_json_even_of_a_config_that_is_not(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    source = write_simulation(tmp_path, SPIKES, content={"conditions": {"v_init": float("nan"), "x": [float("inf")]}})
    assert main(["inspect", "--json", str(source)]) == 0

    def refuse(constant: str) -> None:
        message = f"{constant} is not JSON"
        raise ValueError(message)

    description = json.loads(capsys.readouterr().out, parse_constant=refuse)
    assert description["simulation"]["content"]["conditions"] == {"v_init": "nan", "x": ["inf"]}


def test_inspect_tells_of_a_file_without_populations(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["inspect", str(write_spikes(tmp_path / "none.h5", {}))]) == 0
    assert "the spike file holds no population" in capsys.readouterr().out


@pytest.mark.slow
def test_report_leaves_only_the_page(capsys: pytest.CaptureFixture[str], tmp_path: Path, demo: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"figures": {"animation": False}}))
    page = tmp_path / "new" / "report.html"
    assert main(["report", str(demo), "--out", str(page), "--config", str(tmp_path / "config.json")]) == 0
    assert capsys.readouterr() == ("", "")
    assert list((tmp_path / "new").iterdir()) == [page]
    html = page.read_text(encoding="utf-8")
    assert html.count("<img") >= 3
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', html) == []


def test_report_takes_its_config_as_json_as_well(tmp_path: Path) -> None:
    source = write_simulation(tmp_path, {"a": ([1.0, 2.0], [0, 1])}, {"a": 2})
    config = {
        "filters": {"late": {"t_start": 1e-7}},
        "figures": {"animation": False},
        "simulations": {},
        "jobs": "per_step",
    }
    words = ["report", str(source), "--out", str(tmp_path / "a.html"), "--keep", str(tmp_path / "kept")]
    assert main([*words, "--config", json.dumps(config)]) == 0
    assert [path.name for path in (tmp_path / "kept/filters").iterdir()] == ["late"]
    told = json.loads((tmp_path / "kept/filters/late/statistics.json").read_text())
    assert told["filter"]["t_start"] == 1e-7


def test_wrong_config_in_json_is_told_in_a_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["report", "x.json", "--out", str(tmp_path / "a.html"), "--config"]
    assert main([*words, '{"filter": 1}']) == 1
    assert "spikelib: error: --config: unknown key 'filter'" in capsys.readouterr().err
    assert main([*words, "{filters: ["]) == 1
    assert "spikelib: error: --config: cannot be read as YAML or JSON" in capsys.readouterr().err


def test_name_of_a_filter_is_that_of_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from spikelib.tables.schema import read_info

    source = write_simulation(tmp_path, SPIKES)
    tables = tmp_path / "tables"
    assert main(["extract", str(source), "--population", "a", "--out", str(tables / "a.parquet")]) == 0
    (tmp_path / "early").mkdir()
    monkeypatch.chdir(tmp_path / "early")
    assert main(["filter", str(source), "--tables", str(tables), "--out", ".", "--t-stop", "2"]) == 0
    metadata = dict(read_info(tmp_path / "early" / "spikes.parquet").metadata["filter"])
    assert len(metadata.pop("made_from")) == 64
    assert metadata == {
        "name": "early", "group": None, "t_start": None, "t_stop": 2.0, "id_max": {"a": 2},
        "time_range": [1.0, 3.0],
    }  # fmt: skip


def test_steps_give_what_the_whole_job_gives(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_simulation(tmp_path, SPIKES)
    folder, place = tmp_path / "steps", tmp_path / "steps" / "filters" / "all"
    figures = '{"others": false, "raster": {}, "rate": {}, "correlations": {}}'
    for words in (
        ["extract", source, "--population", "a", "--out", folder / "spikes" / "a.parquet"],
        ["filter", source, "--tables", folder / "spikes", "--out", place],
        ["summarise", source, "--filter", place, "--figures", figures],
        ["figure", place / "summary.npz", "--out", place / "figures", "--figures", figures],
        ["report", source, "--from", folder, "--out", folder / "report.html"],
        ["report", "--index", tmp_path, "--out", tmp_path / "index.html"],
    ):
        assert main([str(word) for word in words]) == 0
    drawn = capsys.readouterr().out.split()
    names = [f"{kind}.{suffix}" for kind in ("raster", "rate", "correlations") for suffix in ("png", "svg")]
    assert [Path(line).name for line in drawn] == names

    (tmp_path / "config.json").write_text(f'{{"figures": {figures}}}')
    whole = tmp_path / "whole"
    words = ["report", source, "--out", whole / "report.html", "--keep", whole, "--config", tmp_path / "config.json"]
    assert main([str(word) for word in words]) == 0
    assert [path.relative_to(whole) for path in sorted(whole.rglob("*"))] == [
        path.relative_to(folder) for path in sorted(folder.rglob("*"))
    ]
    for name in ("filters/all/statistics.json", "filters/all/figures/rate.png", "spikes/a.parquet/part-00000.parquet"):
        assert (whole / name).read_bytes() == (folder / name).read_bytes()
    assert "steps" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_limits_of_the_config_of_report_hold_and_an_option_beats_them(
    capsys: pytest.CaptureFixture[str], demo: Path, tmp_path: Path
) -> None:
    off = {"others": False}
    given = json.dumps({"limits": {"json_depth": 1}, "figures": off})
    words = ["report", str(demo), "--out", str(tmp_path / "r.html"), "--config", given]
    assert main(words) == 1
    assert "the limit json_depth is 1" in capsys.readouterr().err
    assert main([*words, "--limit", "json_depth=100"]) == 0
    assert main(["inspect", str(demo)]) == 0
