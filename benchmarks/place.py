"""Where a work finds its simulation and leaves its files."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
FRAMES = 1000
"""Frames of an animation."""


@dataclass(frozen=True)
class Place:
    """A simulation made by ``generate``, and a folder for what is written."""

    data: Path
    out: Path

    @property
    def config(self) -> Path:
        """The simulation config."""
        return self.data / "simulation_config.json"

    @property
    def spikes_file(self) -> Path:
        """The spike report."""
        return self.data / "output/spikes.h5"

    @cached_property
    def n_spikes(self) -> int:
        """Spikes of all populations."""
        return int(json.loads((self.data / "parameters.json").read_text())["spikes"])

    @cached_property
    def tstop(self) -> float:
        """End of the run, ms."""
        return float(json.loads(self.config.read_text())["run"]["tstop"])

    @property
    def frame_ms(self) -> float:
        """Duration of a frame that makes `FRAMES` of the run."""
        return self.tstop / FRAMES
