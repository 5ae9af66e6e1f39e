"""Files with random damage end in an error of spikelib, or every spike is accounted for: never anything else."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest

from spikelib.demo import write_demo
from spikelib.errors import ConservationError, SpikelibError
from spikelib.simulation.simulation import open_report
from spikelib.steps.extract import extract_table
from spikelib.steps.inspect import inspect
from spikelib.tables.extract import ExtractOptions
from spikelib.tables.schema import read_info

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo")).parent


def damage(content: bytes, seed: int) -> bytes:
    """Cut a file short, or change some of its bytes, half of them near its beginning, where HDF5 has its headers."""
    dice = random.Random(seed)
    if seed % 5 == 0:
        return content[: dice.randrange(len(content))]
    changed = bytearray(content)
    for _ in range(dice.choice([1, 2, 4, 16, 64])):
        place = dice.randrange(len(content) if dice.random() < 0.5 else 4096)
        changed[place] = dice.choice([changed[place] ^ (1 << dice.randrange(8)), dice.randrange(256), 0, 255])
    return bytes(changed)


def read_everything(source: Path, folder: Path) -> None:
    """Inspect, extract, load and ask for properties, and check that each way accounts for every spike."""
    audits = {audit["population"]: audit for audit in inspect(source)["populations"]}
    report = open_report(source)
    for name, audit in audits.items():
        assert audit["n_read"] == report.sources[name].n_spikes == audit["n_kept"] + sum(audit["rejected"].values())
        assert extract_table(source, name, folder / str(len(name)), ExtractOptions()) == audit
        assert read_info(folder / str(len(name))).n_spikes == audit["n_kept"]
    assert len(report.filter().report) == sum(audit["n_kept"] for audit in audits.values())
    for nodes in report.simulation.circuit.nodes.values():
        for name in nodes.property_names:
            assert len(nodes.values(name)) == nodes.size


@pytest.mark.filterwarnings("ignore::spikelib.errors.SpikelibWarning")
@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("name", ["output/spikes.h5", "nodes/thalamus.h5"])
def test_damage_is_told_or_harmless(tmp_path: Path, demo: Path, name: str, seed: int) -> None:
    shutil.copytree(demo, tmp_path / "demo")
    file = tmp_path / "demo" / name
    file.write_bytes(damage(file.read_bytes(), seed))
    told: list[SpikelibError] = []
    try:
        read_everything(tmp_path / "demo" / "simulation_config.json", tmp_path / "tables")
    except SpikelibError as error:
        told.append(error)
    for error in told:
        assert not isinstance(error, ConservationError)
        assert file.name in str(error)
        assert len(str(error).splitlines()) == 1
