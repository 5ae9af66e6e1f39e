"""Results state what they were made from, each in its own way; a damaged one states nothing."""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from spikelib.demo import write_demo
from spikelib.options.figures import figure_options
from spikelib.provenance.stated import read_drawn, read_made_from
from spikelib.results import SimulationResults, part_path, table_folder
from spikelib.steps.report import report_simulation

if TYPE_CHECKING:
    from pathlib import Path

FIGURES = {
    "others": False,
    "raster": {},
    "rates": {},
    "isi": {"use_frequency": True},
    "animation": {"fps": 5, "dt": 50.0},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SimulationResults:
    folder = tmp_path_factory.mktemp("stated")
    results = folder / "results"
    report_simulation(write_demo(folder / "demo"), results / "report.html", {"figures": FIGURES}, keep=results)
    return SimulationResults(results)


def files(made: SimulationResults) -> list[Path]:
    chosen = made.filter("all")
    table = part_path(table_folder(made.tables, "cortex"), 0)
    pictures = [chosen.figure(name, "png") for name in ("raster", "isi", "rates")]
    return [table, chosen.spikes, chosen.summary, chosen.statistics, *pictures, chosen.poster, made.page]


def test_every_kind_of_result_states_what_it_was_made_from(made: SimulationResults) -> None:
    stated = [read_made_from(path) for path in files(made)]
    assert all(len(text or "") == 64 for text in stated), stated
    # A summary and its statistics are made from the same, all others from something of their own.
    assert len(set(stated)) == len(stated) - 1


def test_what_is_not_there_states_nothing(tmp_path: Path) -> None:
    assert [read_made_from(tmp_path / f"a{suffix}") for suffix in (".parquet", ".json", ".npz", ".png", ".html")] == [
        None
    ] * 5


@pytest.mark.parametrize("cut", [0, 1, 0.5], ids=["empty", "one-byte", "half"])
def test_damaged_results_state_nothing(made: SimulationResults, tmp_path: Path, cut: float) -> None:
    for path in files(made):
        content = path.read_bytes()
        broken = tmp_path / path.name
        broken.write_bytes(content[: cut if cut in (0, 1) else len(content) // 2])
        # The head of a page, or of a picture, states it for the whole: their halves are told by other means.
        if not (cut == 0.5 and path.suffix in (".html", ".png")):
            assert read_made_from(broken) == "", path


@pytest.mark.parametrize("text", ["[]", "5", "{}", '{"made_from": 5}', '{"made_from": null}', "[" * 100_000])
def test_other_json_states_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "statistics.json").write_text(text)
    assert read_made_from(tmp_path / "statistics.json") == ""


def test_pictures_of_others_state_nothing(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    assert read_made_from(tmp_path / "a.png") == ""
    assert read_drawn(tmp_path / "a.png") == {}
    assert read_drawn(tmp_path / "absent.png") == {}


def test_a_picture_larger_than_libraries_like_states_it_too(tmp_path: Path) -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 20_000, 10_000, 8, 2, 0, 0, 0)  # 200 million pixels: Pillow refuses these
    stated = chunk(b"tEXt", b'spikelib\0{"made_from": "ab12"}')
    picture = tmp_path / "a.png"
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    picture.write_bytes(start + stated + chunk(b"IDAT", b"") + chunk(b"IEND", b""))
    with pytest.raises(Image.DecompressionBombError):
        Image.open(picture)
    assert read_made_from(picture) == "ab12"
    picture.write_bytes(start + stated.replace(b"ab12", b"ab13"))  # damaged: it does not fit its checksum
    assert read_made_from(picture) == ""


def test_pictures_state_how_they_were_drawn(made: SimulationResults) -> None:
    chosen, options = made.filter("all"), figure_options(FIGURES)
    assert read_drawn(chosen.figure("isi", "png")) == options.choices()["isi"]
    assert read_drawn(chosen.poster)["fps"] == 5


def test_statistics_hold_what_was_counted_and_not_how_it_looks(made: SimulationResults) -> None:
    content = json.loads(made.filter("all").statistics.read_text())
    assert content["figures"] == figure_options(FIGURES).counted()
    assert "fps" not in json.dumps(content["figures"])
