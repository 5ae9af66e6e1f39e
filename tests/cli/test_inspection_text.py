"""A description as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from spikelib.cli.inspection_text import inspection_text
from spikelib.steps.inspect import inspect
from tests.writing import write_simulation, write_spikes

if TYPE_CHECKING:
    from pathlib import Path

SPIKES = {"b": ([1.0, 2.0], [0, 1]), "a": ([], [])}


def test_text_of_a_description(tmp_path: Path) -> None:
    path = write_spikes(
        tmp_path / "spikes.h5", {"a": ([1.0, 1.0, 2.5, float("nan")], [1, 1, 1200, 3])}, compression="gzip", units=None
    )
    text = inspection_text(inspect(path)).splitlines()
    assert text == [
        str(path),
        "  run         0 ms to unknown, simulator unknown",
        "  circuit     none",
        f"  spike file  {path} ({path.stat().st_size:,} bytes)",
        (
            "  note        the spike file was opened without a simulation config: "
            "node properties and run times are unknown"
        ),
        "population a: 3 spikes, unknown number of nodes",
        "  times       1 to 2.5 ms",
        "  ids         1 to 1200",
        "  order       by_time (the file claims by_time)",
        "  storage     float64 and uint64, gzip, units missing",
        "  WARNING     1 spike rejected: 1 not a number",
        "  note        1 duplicate spikes (kept)",
        "  note        units are missing: taken as ms",
    ]


def test_text_of_a_description_survives_json(tmp_path: Path) -> None:
    description = inspect(write_simulation(tmp_path, SPIKES))
    text = inspection_text(json.loads(json.dumps(description)))
    assert "population a: 0 spikes, 10 nodes" in text
    assert "run         0 ms to 100 ms" in text


def test_simulator_that_the_config_was_written_for_is_called_so(tmp_path: Path) -> None:
    described = inspect(write_simulation(tmp_path, SPIKES))
    described["simulation"] |= {"simulator": "NEURON", "content": {"target_simulator": "NEURON"}}
    assert "100 ms, target simulator NEURON\n" in inspection_text(described)
    described["simulation"] |= {"simulator": "NEST", "content": {"metadata": {"simulator": "NEST"}}}
    assert "100 ms, simulator NEST\n" in inspection_text(described)
