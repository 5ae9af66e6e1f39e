"""PATH and TMPDIR of the jobs of a workflow."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

__all__ = ["prepare_process"]


def prepare_process() -> None:
    """Set PATH and TMPDIR of this process, and with it those of the jobs that it starts.

    The ``spikelib`` of the environment that runs this Python comes first in PATH, even where nobody has activated
    that environment. Where a cluster names the disk of a node ``SLURM_TMPDIR``, temporary files go there.
    """
    command = Path(sys.executable).with_name("spikelib")
    if command.is_file() and shutil.which("spikelib") != str(command):
        os.environ["PATH"] = os.pathsep.join([str(command.parent), os.environ.get("PATH", os.defpath)])
    if os.environ.get("SLURM_TMPDIR"):
        # Snakemake tells its jobs what `tempfile` knows.
        os.environ["TMPDIR"] = tempfile.tempdir = os.environ["SLURM_TMPDIR"]
