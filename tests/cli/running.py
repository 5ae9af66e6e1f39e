"""The command line in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from tests import PROJECT

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8:strict"}


def run_python(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
