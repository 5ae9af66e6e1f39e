"""The HTML pages: one self-contained file per simulation, and the list of simulations.

A page takes files and JSON and computes nothing scientific: every number on it stands in the
description of the source or in a filter's ``statistics.json``.
"""

from __future__ import annotations

from spikelib.page.index import write_index
from spikelib.page.report import write_report

__all__ = ["write_index", "write_report"]
